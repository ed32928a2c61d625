#: literals and the rest
def f(x):
    match x:
        case 0 | 1:
            return "small"
        case -1:
            return "minus"
        case 2.5 | "two":
            return "two"
        case None | True:
            return "singleton"
        case _:
            return "other"
print([f(v) for v in (0, 1, -1, 2.5, "two", None, True, False, [], 0.0)])
#: sequences
def f(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return ("one", a)
        case [1, *rest]:
            return ("from one", rest)
        case (a, [b, c]):
            return (a, b, c)
        case [*_, "end"]:
            return "ends"
        case [first, *middle, last]:
            return (first, middle, last)
    return None
for v in ([], [5], (1, 2, 3), (2, [3, 4]), ["x", "y", "end"], range(3), [7, 8], "ab", {1}, 5):
    print(v, f(v))
#: mappings
def f(x):
    match x:
        case {"type": "add", "name": str(name), **rest}:
            return (name, rest)
        case {"type": "drop", "names": [first, *_]}:
            return first
        case {1: one, -1: minus}:
            return one, minus
        case {}:
            return "mapping"
        case _:
            return "no"
for v in ({"type": "add", "name": "n", "x": 1}, {"type": "drop", "names": ["a", "b"]}, {1: 2, -1: 3}, {"q": 1}, {}, []):
    print(f(v))
#: classes
from dataclasses import dataclass
from collections import namedtuple
@dataclass
class Point:
    x: int
    y: int = 0
class Named:
    __match_args__ = ("name",)
    def __init__(self, name):
        self.name = name
        self.size = len(name)
Pair = namedtuple("Pair", "a b")
def f(v):
    match v:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(x=y, y=0):
            return ("axis", y)
        case Point(x, y) if x == y:
            return ("diagonal", x)
        case Point():
            return "point"
        case Named("abc", size=n):
            return ("abc", n)
        case Named(name):
            return name
        case Pair(a, b):
            return (b, a)
        case int(n) | float(n):
            return ("number", n)
        case str() as s:
            return s.upper()
        case list([x, *_]):
            return x
        case bool():
            return "never"
print([f(v) for v in (Point(0), Point(0, 3), Point(4, 0), Point(2, 2), Point(1, 2), Named("abc"), Named("q"), Pair(1, 2), 3, 2.5, True, "s", [9, 8])])
#: dotted names and enumerations
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
def f(c):
    match c:
        case Color.RED:
            return "red"
        case Color.BLUE:
            return "blue"
        case other:
            return other
print(f(Color.RED), f(Color.BLUE), f(1))
#: guards, several subjects and names
def f(*v):
    match v:
        case (x, y) if x > y:
            return "falls"
        case (x, y) if x < y:
            return "rises"
        case (x, _):
            return f"stays at {x}"
print(f(1, 2), f(2, 1), f(3, 3), f(1))
a, b = 1, 2
match a, b:
    case 1, 2:
        print("both")
match a:
    case 1 | 2 as which:
        print(which)
print(which)
match [1, [2, (3, 4)]]:
    case [x, [y, (z, _) as pair]]:
        print(x, y, z, pair)
#: a name is bound even when the guard fails
match 5:
    case n if n > 10:
        print("big")
    case m:
        print(n, m)
#: control flow within match
def f(items):
    for item in items:
        match item:
            case "skip":
                continue
            case "stop":
                break
            case {"return": v}:
                return v
        print(item)
    return "end"
print(f([1, "skip", 2, "stop", 3]), f([{"return": 9}]))
#: match is a name too
match = 3
case = [match]
print(match, case[0], match == 3)
#: too many positions
class P:
    pass
match P():
    case P(1):
        print("no")
#: no class
match 1:
    case print():
        pass
