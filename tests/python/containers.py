#: list methods
l = [3, 1, 2]
l.append(4); l.extend((5, 6)); l.insert(0, 0); l.insert(-1, 9); l.remove(3)
print(l, l.pop(), l.pop(0), l.index(2), l.count(9), l)
l.reverse(); print(l); l.sort(); print(l); l.sort(reverse=True); print(l, l.copy(), len(l))
l.clear(); print(l)
#: list errors
for f in (lambda: [].pop(), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].pop(5)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
#: dict methods
d = {"a": 1, "b": 2}
print(d.get("a"), d.get("z"), d.get("z", 0), list(d), list(d.keys()), list(d.values()), list(d.items()), d.pop("a"), d.pop("q", None), d)
d.update({"c": 3}, e=5); d.update([("f", 6)]); d.setdefault("g", []).append(1); d.setdefault("c", 99)
print(d, len(d), d.copy() == d, d.popitem(), "c" in d)
print(dict(a=1), dict([("x", 1)]), dict({"y": 2}, z=3), dict.fromkeys("ab"), dict.fromkeys([1], []), dict(zip("ab", [1, 2])))
#: dict order and views
d = {"b": 1, "a": 2}
d["c"] = 3
del d["b"]
d["b"] = 4
v = d.keys()
d["z"] = 5
print(d, v, len(v), "z" in v, d.items(), d.values(), sorted(d), sorted(d.items(), key=lambda kv: kv[1]), d.keys() & {"a"}, sorted(d.keys() - {"a"}), d == {"z": 5, "a": 2, "c": 3, "b": 4})
#: dict merge
a = {"x": 1}
b = a | {"y": 2}
a |= {"z": 3}
print(a, b)
#: many keys
d = {i: str(i) for i in range(100)}
for i in range(0, 100, 2):
    del d[i]
print(len(d), d[51], 50 in d, list(d)[:5], sum(d))
d.update({i: "again" for i in range(5)})
print(list(d)[-3:], d[1])
#: keys of several types
d = {1: "int", "1": "str", (1, 2): "tuple", None: "none", True: "bool", 1.5: "float", b"1": "bytes", frozenset([1]): "set"}
print(d[1], d["1"], d[(1, 2)], d[None], d[1.5], d[1.0], d[b"1"], d[frozenset([1])], len(d))
for k in ([], {}, set()):
    try:
        d[k] = 1
    except TypeError as e:
        print(e)
#: sets
s = {1, 2}
s.add(3); s.add(1); s.discard(9); s.remove(2); s.update([5, 6])
print(sorted(s), len(s), 3 in s, sorted(s | {9}), sorted(s & {1, 3}), sorted(s - {1}), sorted(s ^ {1, 7}), s >= {1}, s == {1, 3, 5, 6}, {1} < {1, 2})
print(sorted(s.union([7], [8])), sorted(s.intersection([1, 5])), sorted(s.difference([1])), s.issuperset([1]), {1}.issubset(s), s.isdisjoint([9]), sorted(s.symmetric_difference([1])), set(), frozenset(), {1}, frozenset([2]))
try:
    s.remove(99)
except KeyError as e:
    print(e)
#: tuples
t = (1, 2, 3, 2)
print(t.index(2), t.count(2), t + (4,), t[1:], (1,), (), tuple("ab"), tuple([1]), len(t), t * 2)
try:
    t[0] = 1
except TypeError as e:
    print(e)
#: range
print(list(range(5)), list(range(2, 8, 3)), list(range(5, 0, -2)), len(range(10)), range(3)[-1], 3 in range(5), list(range(0)), range(5) == range(0, 5), range(2, 5), range(0, 10, 2), sum(range(101)))
#: builtins on sequences
print(sum([1, 2]), sum([[1], [2]], []), min(3, 1), max([1, 5]), min([], default=0), any([0, 1]), all([]), all([1, 0]), len("abc"), sorted([3, 1], reverse=True), list(reversed([1, 2])), list(enumerate("ab")))
print(list(zip([1, 2], "ab", (True, False))), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2])), max("a", "bb", key=len), min([("a", 2), ("b", 1)], key=lambda p: p[1]))
#: sorting is stable
rows = [("b", 1), ("a", 1), ("c", 0), ("d", 1)]
print(sorted(rows, key=lambda r: r[1]), sorted(rows, key=lambda r: r[1], reverse=True))
rows.sort(key=lambda r: r[0], reverse=True)
print(rows, sorted([3, 1.5, True, 2]), sorted(["b", "B", "a"]), sorted([(1, "b"), (1, "a")]))
try:
    sorted([1, "a"])
except TypeError as e:
    print(e)
#: nested data
data = {"users": [{"name": "a", "tags": ["x", "y"]}, {"name": "b", "tags": []}]}
print([u["name"] for u in data["users"] if u["tags"]], {u["name"]: len(u["tags"]) for u in data["users"]}, data["users"][0]["tags"][-1])
data["users"][1]["tags"].append("z")
print(data)
#: aliasing and copies
a = [[1], [2]]
b = a[:]
c = list(a)
b[0].append(9)
b.append(3)
print(a, b, c)
m = [[0] * 2] * 2
m[0][0] = 1
print(m)
#: equality of containers
print([1, 2] == [1, 2], [1] == (1,), {"a": 1} == {"a": 1.0}, {1, 2} == {2, 1}, [] == [], [[1]] == [[1]], (1, 2) != (1, 3), {"a": [1]} == {"a": [1]})
#: isinstance
print(isinstance(1, int), isinstance(True, int), isinstance("a", (int, str)), isinstance([], list), isinstance({}, dict), isinstance(1.0, int), isinstance(None, type(None)) if False else True, isinstance((), tuple), isinstance(b"", bytes), isinstance(int, type), type(1) is int, type("a") == str, type([]) is list, type(1).__name__, type("x").__name__)
#: conversion between containers
print(list("abc"), tuple([1, 2]), list({"a": 1}), dict([[1, 2]]), list(range(3)), set([1, 1]), list((1,)), str([1]), list({1: 2}.items()), [*{"k": 1}])
#: itertools
import itertools
from itertools import chain, product, combinations, permutations, islice, count, repeat, zip_longest, accumulate, groupby
print(list(chain([1], "ab")), list(chain.from_iterable([[1], [2]])), list(product("ab", [1, 2])), list(product([0, 1], repeat=2)), list(combinations("abc", 2)), list(permutations([1, 2, 3], 2)))
print(list(islice(range(10), 2, 8, 3)), list(islice(count(5), 3)), list(repeat("x", 2)), list(zip_longest([1], [2, 3], fillvalue=0)), list(accumulate([1, 2, 3])), [(k, list(g)) for k, g in groupby("aabc")])
print(list(zip(count(), "ab")) if False else list(zip("ab", range(5))), list(combinations([1, 2], 3)), list(permutations("ab")), list(product()))
#: collections
from collections import defaultdict, OrderedDict, namedtuple, Counter
d = defaultdict(list)
d["a"].append(1); d["b"]
print(sorted(d), d["a"], len(d), dict(d) == {"a": [1], "b": []}, "c" in d, d.get("c"))
n = defaultdict(int)
for c in "hello":
    n[c] += 1
print(dict(n))
P = namedtuple("P", "x y z", defaults=[0])
p = P(1, y=2)
x, y, z = p
print(p, p.x, p[1], x + y, p._asdict(), p._replace(x=9), p == (1, 2, 0), P._fields, len(p), list(p), isinstance(p, tuple))
c = Counter("abca")
print(c["a"], c["z"], sorted(c.items()))
o = OrderedDict([("b", 1), ("a", 2)])
print(list(o.items()), o["b"])
#: operator
from operator import itemgetter, attrgetter, add, mul
print(sorted([{"a": 2}, {"a": 1}], key=itemgetter("a")), itemgetter(0, 2)("abc"), add(1, 2), mul(3, "a"))
#: copy
import copy
a = [[1], {"k": [2]}]
b, c = copy.copy(a), copy.deepcopy(a)
a[0].append(9)
print(b, c)
#: unpacking mistakes
for f in (lambda: dict([1]), lambda: list(5), lambda: len(5), lambda: sum(["a"]), lambda: {**5} if False else iter(5)):
    try:
        f()
    except TypeError as e:
        print(e)
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, b, c = [1, 2]
except ValueError as e:
    print(e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
#: recursion through containers
l = [1]
l.append(l)
#? nested
print(l)
