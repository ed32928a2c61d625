#: attributes and methods
class Point:
    dims = 2
    def __init__(self, x, y=0):
        self.x = x
        self.y = y
    def move(self, dx):
        self.x += dx
        return self
    @property
    def double(self):
        return self.x * 2
    @staticmethod
    def origin():
        return Point(0)
    @classmethod
    def named(cls, name):
        return (cls.__name__, name)
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
p = Point(1)
print(p.move(3), p.double, Point.origin(), Point.named("n"), p.named("m"), p.dims, Point.dims, Point.move(p, 1), [p], {"k": p})
p.dims = 3
print(p.dims, Point.dims)
#: inheritance and super
class A:
    def __init__(self, a): self.a = a
    def who(self): return "A" + self.name()
    def name(self): return "a"
class B(A):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b
    def name(self): return "b" + super().name()
b = B(1, 2)
print(b.a, b.b, b.who(), isinstance(b, A), issubclass(B, A), type(b).__name__, B.__mro__ if False else 0)
#: diamond
class A:
    def f(self): return ["A"]
class B(A):
    def f(self): return ["B"] + super().f()
class C(A):
    def f(self): return ["C"] + super().f()
class D(B, C):
    def f(self): return ["D"] + super().f()
print(D().f())
#: operators of classes
class V:
    def __init__(self, n): self.n = n
    def __add__(self, o): return V(self.n + (o.n if isinstance(o, V) else o))
    def __radd__(self, o): return V(o + self.n)
    def __mul__(self, k): return V(self.n * k)
    def __eq__(self, o): return isinstance(o, V) and self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __neg__(self): return V(-self.n)
    def __len__(self): return self.n
    def __getitem__(self, i): return self.n * i
    def __contains__(self, x): return x == self.n
    def __call__(self, *a): return (self.n, a)
    def __bool__(self): return self.n > 1
    def __str__(self): return "v%d" % self.n
    def __repr__(self): return "V(%d)" % self.n
print(V(1) + V(2), 5 + V(1), V(2) * 3, V(1) == V(1), V(1) != V(2), V(1) < V(2), sorted([V(3), V(1)]), -V(2), len(V(4)), V(3)[5], 3 in V(3), V(1)(2, 3), bool(V(1)), bool(V(2)), str(V(1)), f"{V(1)}", f"{V(1)!r}", sum([V(1), V(2)]), max(V(1), V(5)))
#: properties with setters
class T:
    def __init__(self): self._v = 0
    @property
    def v(self): return self._v
    @v.setter
    def v(self, n): self._v = n * 2
t = T()
t.v = 5
t.v += 1
print(t.v)
try:
    class R:
        @property
        def x(self): return 1
    R().x = 2
except AttributeError:
    print("read only")
#: class attributes shared
class S:
    items = []
    def add(self, x): self.items.append(x)
S().add(1); S().add(2)
print(S.items)
#: getattr fallback
class G:
    def __getattr__(self, name):
        return name + "!"
print(G().foo, getattr(G(), "bar"))
#: enum basics
from enum import Enum, IntEnum, auto, unique
class Color(Enum):
    RED = 1
    GREEN = "g"
    ALSO_RED = 1
print(Color.RED, Color.RED.name, Color.RED.value, repr(Color.GREEN), list(Color), len(Color), Color(1), Color["GREEN"], Color.ALSO_RED is Color.RED, Color.RED == Color.RED, Color.RED == 1, Color.RED in Color, [c.name for c in Color], Color.RED != Color.GREEN, {Color.RED: 1}[Color.RED], isinstance(Color.RED, Color))
print(str(Color.RED), f"{Color.RED}", "%s" % Color.RED, "{}".format(Color.RED), list(Color.__members__), bool(Color.RED))
for f in (lambda: Color("x"), lambda: Color["x"], lambda: Color.X):
    try:
        f()
    except Exception as e:
        print(type(e).__name__)
#: enum with text
import enum
class Mood(str, enum.Enum):
    sad = "sad"
    happy = "happy!"
    def loud(self): return self.value.upper()
print(Mood.sad == "sad", Mood.sad.value, [m.value for m in Mood], Mood("sad"), Mood.happy.loud(), "x" + Mood.sad, Mood.sad.upper(), ", ".join(Mood), Mood.happy in ["happy!"], {"sad": 1}[Mood.sad], str(Mood.sad), "%s" % Mood.sad, isinstance(Mood.sad, str), repr(Mood.sad), sorted(Mood), len(Mood.sad), Mood.sad in (Mood.sad,), f"{Mood.sad.value}")
#: enum with auto
from enum import Enum, auto
class E(Enum):
    A = auto()
    B = auto()
    C = 10
    D = auto()
print([(e.name, e.value) for e in E])
#: IntEnum and StrEnum
from enum import IntEnum, StrEnum, auto
class N(IntEnum):
    ONE = 1
    TWO = 2
class S(StrEnum):
    A = "x"
    BIG = auto()
print(N.ONE + 1, N.TWO > N.ONE, N.ONE == 1, [n.value for n in N], f"{N.TWO}", N.TWO * 2, max(N).name, S.A, f"{S.A}", str(S.BIG), S.A == "x", "%s" % S.A, sorted([N.TWO, N.ONE])[0].name, list(range(N.TWO)), [10, 20, 30][N.ONE], repr(N.ONE))
#: enum with attributes
class Planet(Enum):
    EARTH = (1, "e")
    MARS = (2, "m")
    def __init__(self, number, letter):
        self.number = number
        self.letter = letter
    @property
    def both(self): return f"{self.number}{self.letter}"
    @classmethod
    def first(cls): return list(cls)[0]
from enum import Enum
#: enum with attributes, imported first
from enum import Enum
class Planet(Enum):
    EARTH = (1, "e")
    MARS = (2, "m")
    def __init__(self, number, letter):
        self.number = number
        self.letter = letter
    @property
    def both(self): return f"{self.number}{self.letter}"
    @classmethod
    def first(cls): return list(cls)[0]
    def __str__(self): return self.letter
print(Planet.MARS.both, Planet.first(), Planet.EARTH.value, Planet.MARS.number, str(Planet.EARTH), f"{Planet.EARTH}")
#: the text of a mixed member depends on the version
#? depends on the version of Python
from enum import Enum
class Mood(str, Enum):
    sad = "sad"
print(f"{Mood.sad}")
#: the text of an IntEnum depends on the version
#? depends on the version of Python
from enum import IntEnum
class N(IntEnum):
    ONE = 1
print(str(N.ONE))
#: dataclasses
from dataclasses import dataclass, field, asdict, replace
@dataclass
class Row:
    id: int
    name: str = "none"
    tags: list = field(default_factory=list)
    hidden: int = field(default=0, repr=False)
    def label(self): return f"{self.id}:{self.name}"
a, b = Row(1), Row(1, "none")
a.tags.append("x")
print(a, b, a == b, Row(1) == Row(1), a.label(), asdict(a), replace(a, id=5), Row(id=3, name="q").name)
@dataclass
class More(Row):
    extra: str = "e"
print(More(1, extra="z"))
try:
    Row()
except TypeError as e:
    print("type error")
#: frozen dataclass
from dataclasses import dataclass
@dataclass(frozen=True)
class F:
    x: int
    y: int = 2
    def __post_init__(self):
        print("post", self.x)
f = F(1)
try:
    f.x = 5
except AttributeError:
    print("frozen")
print(f)
#: named tuples as classes
from typing import NamedTuple, Optional, List
class Col(NamedTuple):
    name: str
    type: str = "text"
    def sql(self): return f"{self.name} {self.type}"
c = Col("a")
n, t = c
print(c, c.sql(), n, t, c == ("a", "text"), Col("b", type="int").type, c._replace(name="z"), [x for x in c])
#: typing means nothing
from typing import Any, Dict, Generic, TypeVar, Union, cast, TYPE_CHECKING
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
def f(x: Dict[str, Any]) -> "Union[int, None]":
    return cast(int, x["a"])
if TYPE_CHECKING:
    import nothing_here
print(Box[int](5).v, f({"a": 1}))
#: abstract classes
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def run(self): ...
    def go(self): return self.run() + 1
class Impl(Base):
    def run(self): return 41
print(Impl().go())
#: subclasses of builtins
class MyDict(dict):
    def twice(self): return {k: v * 2 for k, v in self.items()}
class MyList(list):
    def first(self): return self[0]
class MyStr(str):
    def shout(self): return self.upper() + "!"
d = MyDict(a=1)
d["b"] = 2
l = MyList([1, 2])
l.append(3)
print(d, d.twice(), len(d), l, l.first(), l + [4], MyStr("x").shout(), MyStr("a") + "b", isinstance(d, dict), "a" in d, sorted(d), sum(l), list(d.items()))
#: missing keys
class Default(dict):
    def __missing__(self, key): return key + "?"
print(Default(a=1)["b"], "{a} {b}".format_map(Default(a=1)) if False else Default()["z"])
#: instances as keys
class K: pass
a, b = K(), K()
d = {a: 1, b: 2}
print(d[a], d[b], a in d, K() in d, a == a, a == b)
#: no arguments for a plain class
class P: pass
try:
    P(1)
except TypeError as e:
    print(e)
try:
    P().nope()
except AttributeError as e:
    print(e)
#: nested classes and class methods as factories
class Outer:
    class Inner:
        v = 5
    @classmethod
    def make(cls, **kw):
        o = cls()
        for k, v in kw.items():
            setattr(o, k, v)
        return o
print(Outer.Inner.v, Outer.make(a=1, b=2).b, Outer.Inner().v)
#: methods stored and passed
class A:
    def __init__(self, n): self.n = n
    def get(self, k=0): return self.n + k
g = A(5).get
print(g(), g(2), list(map(A(1).get, [1, 2])), [m() for m in (A(1).get, A(2).get)])
#: class body code
class C:
    names = ["a", "b"]
    for n in names:
        pass
    size = len(names)
    if size > 1:
        many = True
print(C.size, C.many, C.n)
#: cached property and functools
from functools import cached_property
class C:
    @cached_property
    def v(self): return [1, 2]
print(C().v)
#: sorting by several keys
class Dep:
    def __init__(self, name, needs): self.name, self.needs = name, needs
items = [Dep("b", ["a"]), Dep("a", [])]
done, order = set(), []
while items:
    for d in items[:]:
        if all(n in done for n in d.needs):
            order.append(d.name); done.add(d.name); items.remove(d)
print(order)
#: an enumeration that prints as its data
from enum import ReprEnum
class Mix:
    @property
    def loud(self): return self.name.upper()
class Base(Mix, int, ReprEnum): pass
class T(Base):
    a = 1
    b = 2
print([t.value for t in T], str(T.a), f"{T.b} {T.b!r}", T.a.loud, T.a + 1, T["b"] is T.b)
