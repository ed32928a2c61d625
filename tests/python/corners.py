#: star-unpacking everywhere
a, *b, c = range(5)
*d, = "xy"
(e, (f, *g)), h = (1, [2, 3, 4]), 5
print(a, b, c, d, e, f, g, h)
def k(*args, **kw):
    return args, kw
print(k(*[1, 2], 3, *"ab", **{"x": 1}, y=2, **{"z": 3}))
print([*range(2), *"ab"], (*[1], 2), {*[1, 1]}, {**{"a": 1}, "a": 2, **{"b": 3}})
for i, (x, *rest) in enumerate([(1, 2, 3), "ab"]):
    print(i, x, rest)
#: walrus
if (n := len("abc")) > 2:
    print(n)
print([y := 5, y ** 2], [last := x for x in range(3)], last)
while (n := n - 1) > 0:
    print(n)
print(any((hit := v) > 2 for v in [1, 3, 5]), hit)
#: nonlocal and closures
def counter():
    count = 0
    def step(by=1):
        nonlocal count
        count += by
        return count
    return step
c = counter()
print(c(), c(5), c(), counter()())
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
print([f() for f in fs], [g() for g in gs])
#: global
x = 1
def f():
    global x, y
    x += 1
    y = x * 2
f()
print(x, y)
#: decorators with arguments
def repeat(n):
    def deco(f):
        def inner(*args):
            return [f(*args) for _ in range(n)]
        return inner
    return deco
@repeat(2)
@repeat(3)
def hi(x):
    return x
print(hi(1))
class Register:
    names = []
    def __call__(self, f):
        self.names.append(f.__name__)
        return f
reg = Register()
@reg
def one(): pass
@reg
def two(): pass
print(reg.names)
#: properties, class methods and static methods
class T:
    kind = "t"
    def __init__(self, v):
        self._v = v
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, value):
        self._v = value * 2
    @classmethod
    def make(cls, v):
        return cls(v + 1)
    @staticmethod
    def add(a, b):
        return a + b
class U(T):
    kind = "u"
t = U.make(1)
t.v = 5
print(t.v, type(t).__name__, T.add(1, 2), t.add(3, 4), t.kind, T.kind, U.make(0).v)
try:
    class R:
        @property
        def x(self):
            return 1
    R().x = 2
except AttributeError:
    print("read only")
#: special methods
class V:
    def __init__(self, *items):
        self.items = list(items)
    def __repr__(self):
        return f"V{tuple(self.items)}"
    def __len__(self):
        return len(self.items)
    def __getitem__(self, key):
        return self.items[key]
    def __setitem__(self, key, value):
        self.items[key] = value
    def __delitem__(self, key):
        del self.items[key]
    def __contains__(self, item):
        return item in self.items
    def __iter__(self):
        return iter(self.items)
    def __eq__(self, other):
        return isinstance(other, V) and self.items == other.items
    def __hash__(self):
        return hash(tuple(self.items))
    def __add__(self, other):
        return V(*self.items, *other)
    def __radd__(self, other):
        return V(*other, *self.items)
    def __iadd__(self, other):
        self.items.extend(other)
        return self
    def __mul__(self, n):
        return V(*self.items * n)
    def __neg__(self):
        return V(*[-x for x in self.items])
    def __bool__(self):
        return bool(self.items)
    def __lt__(self, other):
        return len(self) < len(other)
    def __call__(self, x):
        return [x, *self.items]
v = V(1, 2)
print(v, len(v), v[0], v[-1], v[0:1], 2 in v, list(v), v == V(1, 2), v != V(1), v + [3], [0] + v, v * 2, -v, bool(V()), v(9))
v[0] = 7
del v[1]
v += [8]
print(v, {V(1): "x"}[V(1)], sorted([V(1, 2), V(3)]), max(V(1), V(1, 2)), [*v], min(v))
a, b = v
print(a, b, f"{v}", "%s" % v, str(v), V(1) < V(1, 2), V(1, 2) > V(1))
#: inheritance and super
class A:
    def __init__(self, x):
        self.x = x
    def show(self):
        return f"A{self.x}"
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def show(self):
        return "B" + super().show() + str(self.y)
class M:
    def show(self):
        return "M" + super().show()
class C(M, B):
    pass
c = C(1, 2)
print(c.show(), isinstance(c, A), issubclass(C, M), [k.__name__ for k in C.__mro__] if False else "", B(3, 4).show())
#: dataclasses
from dataclasses import dataclass, field, asdict, replace
@dataclass
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list)
    hidden: str = field(default="h", repr=False)
    total: int = field(init=False)
    def __post_init__(self):
        self.total = self.x + self.y
@dataclass(frozen=True)
class Q(P):
    z: int = 0
p = P(1)
p.tags.append("a")
print(p, P(1) == P(1), P(1) != P(2), asdict(p), replace(p, x=5).total, P(1).tags)
@dataclass(frozen=True)
class F:
    a: int
    b: str = "b"
f = F(1)
try:
    f.a = 2
except AttributeError as error:
    print(type(error).__mro__[1].__name__ if False else "frozen")
print(f, {f: 1}[F(1)])
#: enumerations
from enum import Enum, IntEnum, auto, unique
@unique
class S(str, Enum):
    A = "a"
    B = "b"
class N(IntEnum):
    ONE = 1
    TWO = auto()
class W(Enum):
    X = 1
    ALIAS = 1
    Y = "y"
    def label(self):
        return self.name.lower()
    @property
    def loud(self):
        return self.name * 2
    @classmethod
    def first(cls):
        return list(cls)[0]
print(list(S), S.A, S("b"), S["A"].value, S.A == "a", [s.value for s in S], N.TWO + 1, N(1).name, W.ALIAS is W.X, len(W), list(W.__members__))
print(W.X.label(), W.Y.loud, W.first(), W.X in W, isinstance(S.A, str), repr(N.ONE), W("y"), sorted(N, reverse=True), {W.X: 1}[W.X], S.A.upper(), f"{N.TWO:>3}")
try:
    W(5)
except ValueError as error:
    print(error)
#: try, else, finally
def f(x):
    try:
        print("try", x)
        if x == 0:
            return "returned"
        if x == 1:
            raise ValueError("v")
        if x == 2:
            {}["k"]
    except ValueError as error:
        print("value", error)
    except (KeyError, IndexError) as error:
        print("lookup", repr(error))
        return "handled"
    else:
        print("else")
    finally:
        print("finally")
    return "end"
for i in range(4):
    print(f(i))
#: raise from and re-raise
class MyError(Exception):
    def __init__(self, message, code=1):
        super().__init__(message)
        self.code = code
try:
    try:
        int("x")
    except ValueError as error:
        raise MyError("wrapped", code=5) from error
except MyError as error:
    print(error, error.code, error.args, isinstance(error, Exception))
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise
except LookupError as error:
    print("again", error)
#: finally overrides
def f():
    for i in range(3):
        try:
            continue
        finally:
            print("f", i)
    try:
        return 1
    finally:
        return 2
print(f())
#: contexts of our own
class Ctx:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self
    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind.__name__ if kind else None, value)
        return self.swallow
with Ctx("a") as a, Ctx("b", True) as b:
    print(a.name, b.name)
    raise ValueError("inside")
with (Ctx("c") as c, Ctx("d")):
    print("in")
def f():
    with Ctx("e"):
        return "out"
print(f())
#: del
a = [1, 2, 3, 4]
d = {"x": 1, "y": 2}
del a[0], d["x"]
del a[1:]
b = 5
del b
print(a, d)
try:
    b
except NameError:
    print("gone")
#: chained comparisons evaluate once
def f(x):
    print("f", x)
    return x
print(f(1) < f(2) < f(3), f(3) < f(2) < f(1), 1 == 1.0 == True, 1 < 3 > 2, "a" in "ab" in ["ab"], 1 is not None is not True)
#: f-strings
x, y, name = 3.14159, 42, "bob"
w = 10
print(f"{x:.2f}|{x:{w}.3f}|{y:05d}|{y:#x}|{y:b}|{name!r:>8}|{name:^{w}}|{name:*<6}|{y:,}|{y:+}|{x:e}|{x:g}|{y!s:>4}")
print(f"{x=} {y = } {name=!s} {y + 1=}", f"{{}} {'nested' + f'{y}'}", f"{[i for i in range(2)]} { {'a': 1}['a'] }", f"{name.upper()!r}")
print(f"{'a' if y else 'b'}{y:>{w}}", f'{name:{"<"}{5}}|', f"{y:_}", f"{1234567:,.2f}", f"{0.5:%}", f"{True:d} {None} {y!a}", f"{'ä'!a}")
#: format and percent
print("{} {} {0}".format(1, 2) if False else "{0} {1} {0}".format(1, 2), "{a[k]} {b.real} {c[0]}".format(a={"k": 1}, b=2, c=[3]), "{:>5}|{:<5}|{:^5}".format("a", "b", "c"), "{:{}}".format(1, 4))
print("%s %d %5.2f %-5s| %05d %x %% %r %c" % ("a", 1, 2.5, "b", 3, 255, "q", "z"), "%(a)s-%(b)03d" % {"a": 1, "b": 2}, "%s" % (1,), "%.3s|" % "abcdef", "%+d % d" % (1, 2), "%e" % 12345.678, "%g" % 1e10)
#: bytes
b = b"ab\x00\xff"
print(b, len(b), b[0], b[1:3], b + b"c", b * 2, b.hex(), list(b), b"a" in b, bytes([65, 66]), b"x".decode(), "é".encode(), bytes.fromhex("0aff"), b == b"ab\x00\xff", b"a" < b"b")
#: conditional expressions and lambda defaults
f = lambda x, y=2, *rest, z=3, **kw: (x, y, rest, z, kw)
print(f(1), f(1, 5, 6, z=7, q=8), (lambda: None)(), (lambda *a: a)(1, 2), [(lambda v: v * 2)(v) for v in (1, 2)], 1 if [] else 2 if 0 else 3)
#: comprehension scoping
x = "outer"
print([x for x in range(3)], x, {x: y for x, y in [(1, 2)]}, x, [[j for j in range(i)] for i in range(3)], [i for row in [[1, 2], [3]] for i in row if i != 2])
class K:
    n = 2
    items = [1, 2]
    doubled = [i for i in items]
print(K.doubled)
#: annotations everywhere
from __future__ import annotations
from typing import TYPE_CHECKING, Optional, Union, List, Dict, Any, Callable, TypeVar, Generic, NamedTuple, cast
if TYPE_CHECKING:
    from nowhere import Thing
T = TypeVar("T")
x: int = 5
y: Optional[Dict[str, "Thing"]] = None
z: List[int]
def f(a: int, *args: Any, b: Union[int, None] = None, **kw: Callable[[int], str]) -> Thing | None:
    c: int = a
    return c
class G(Generic[T]):
    field: T
    def get(self: G[T], x: T) -> T:
        return x
class NT(NamedTuple):
    a: int
    b: str = "d"
print(x, y, f(1), G().get(3), NT(1), NT(1, "q").b, cast("int", 4), NT(1)._asdict())
#: the name of a module
print(__name__ == "__main__", __name__)
if __name__ == "__main__":
    print("never")
#: integer corners
print(7 // -2, -7 % 3, divmod(-7, 2), 2 ** 10, -2 ** 2, 10 ** -2, 0x1f, 0b101, 0o17, 1_000, int("ff", 16), int("-12"), int(3.9), int(-3.9), bool(0), round(2.5), round(-1.5), round(1.25, 1), abs(-3), pow(2, 5, 7), ~5, 5 & 3 | 4, 1 << 40, (1).bit_length())
#: float corners
print(0.1 + 0.2, 1e16, 1e-5, 1.0, -0.0, 3.0 // 2, 5.5 % 2, 1 / 3, float("inf"), float("-1e3"), 1e22, 123456789.123, 2.0 ** 0.5, round(3.14159, 2), int(1e10), 1.5e300 * 1e10, float("nan") != float("nan"))
#: strings
s = "Hello, World"
print(s[::-1], s[1:5:2], s[-5:], s.find("o"), s.rfind("o"), s.index("W"), s.count("l"), s.partition(", "), s.rpartition("x"), s.center(20, "*"), s.zfill(15), s.split(", "), s.title(), s.swapcase(), "a\tb".expandtabs(4), "x".join("abc"), "abc".startswith(("x", "a")), "  x ".strip(), "xxaxx".strip("x"), "a,b,,c".split(","), " a  b ".split(), "a\nb\r\nc".splitlines(), "%s" % "p", "abc" < "abd", "é".upper() if False else "", "ab" * 3, "b" in "abc", ord("a"), chr(8364), "\N{BULLET}" if False else "\u2022", r"\n", "a" "b")
#: scopes of exceptions
try:
    raise ValueError("x")
except ValueError as e:
    pass
try:
    e
except NameError:
    print("unbound")
def f():
    try:
        return g
    except NameError as error:
        return str(error)
print(f())
#: local before assignment
x = 1
def f():
    try:
        print(x)
    except UnboundLocalError:
        print("local")
    x = 2
f()
#: mutable defaults are shared
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []))
#: keyword-only and positional-only
def f(a, /, b, *, c=3):
    return a, b, c
print(f(1, 2), f(1, b=2, c=4))
for bad in (lambda: f(a=1, b=2), lambda: f(1, 2, 3), lambda: f(1), lambda: f(1, 2, d=4)):
    try:
        bad()
    except TypeError as error:
        print(error)
#: while and for else
for i in range(3):
    if i == 5:
        break
else:
    print("no break")
n = 0
while n < 2:
    n += 1
    if n == 1:
        continue
    break
else:
    print("never")
print(n)
#: augmented assignment keeps identity
a = b = [1]
a += [2]
c = d = (1,)
c += (2,)
print(b, d, a is b, c is d)
x = {"k": 1}
x["k"] += 1
x["k"] **= 3
x |= {"z": 0}
print(x)
#: sorting
data = [("b", 2), ("a", 2), ("c", 1)]
print(sorted(data, key=lambda p: (p[1], p[0])), sorted(data, key=lambda p: p[1], reverse=True), sorted("bAc", key=str.lower), max(data, key=lambda p: p[1]), min([], default="none"), sum([[1], [2]], []))
#: dictionaries
d = {"a": 1, "b": 2}
print(d.get("z"), d.get("z", 0), d.setdefault("c", []), d.pop("a"), d.pop("q", None), list(d.items()), d.keys() & {"b"}, dict.fromkeys("xy", 0), d.popitem(), d, "b" in d, {**d}, dict(a=1), len(d), list(reversed({"p": 1, "q": 2})), {1: "a", True: "b", 1.0: "c"})
#: sets
s = {3, 1, 2}
print(sorted(s | {4}), sorted(s & {1, 9}), sorted(s - {1}), sorted(s ^ {1, 7}), s <= {1, 2, 3, 4}, s.isdisjoint({5}), 1 in s, len(s), frozenset([1]) == {1}, sorted(s.union([8], [9])))
#: nested functions see later definitions
def outer():
    def a():
        return b() + 1
    def b():
        return 1
    return a()
print(outer())
#: class bodies
class A:
    x = 1
    y = x + 1
    def f(self):
        return self.x, A.y
    g = f
    if y > 1:
        z = "cond"
    for i in range(2):
        last = i
print(A().f(), A().g(), A.z, A.last, A.i, hasattr(A, "q"), getattr(A, "x"), A.__name__)
a = A()
a.x = 9
print(a.x, A.x, a.__dict__, vars(a), a.__class__.__name__, type(a) is A)
#: assert
try:
    assert 1 == 2, "message"
except AssertionError as error:
    print("failed:", error)
assert True
#: attributes of functions
def f():
    """doc"""
    return f.count
f.count = 3
print(f(), f.__name__, callable(f), f.__doc__ if False else "")
