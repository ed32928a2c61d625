#: next, iter and defaults
it = iter([1, 2, 3])
print(next(it), next(it), list(it), next(it, "end"))
for x in iter("ab"):
    print(x)
try:
    next(iter(()))
except StopIteration:
    print("stop")
#: a loop that leaves early goes on
it = iter(range(6))
for x in it:
    if x == 2:
        break
print(list(it))
i = iter([1, 2, 3, 4])
print([(a, next(i)) for a in i])
#: pairs from one iterator
it = iter("abcdef")
print(list(zip(it, it)), list(zip(*[iter(range(6))] * 3)))
#: the first that fits
rows = [{"n": "a"}, {"n": "b", "v": 1}, {}]
print(next((r for r in rows if r["n"] == "b"), None), next((r["v"] for r in rows if r.get("v")), 0))
#: a generator that would raise later
def g():
    yield 1
    raise ValueError("later")
it = g()
print(next(it))
try:
    next(it)
except ValueError as error:
    print(error)
print(next(it, "over"))
#: counting without end
import itertools
ids = itertools.count(10, 5)
print(next(ids), next(ids), [next(ids) for _ in range(2)])
print(list(zip("abc", itertools.count(1))), list(zip(itertools.cycle("xy"), range(5))), list(itertools.islice(itertools.repeat(0), 2)))
for n in itertools.count():
    if n > 2:
        break
print(n, list(itertools.islice(itertools.count(3), 2, 8, 3)))
#: islice leaves the rest
import itertools
it = iter([1, 2, 3, 4, 5])
print(list(itertools.islice(it, 2)), list(it))
def numbers():
    n = 0
    while n < 5:
        yield n
        n += 1
g = numbers()
print(list(itertools.islice(g, 2)), list(g))
#: itertools
from itertools import *
print(list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(filterfalse(None, [0, 1, ""])))
#: more itertools
import itertools as t
print(list(t.starmap(pow, [(2, 3), (3, 2)])), list(t.compress("abc", [1, 0, 1])), list(t.pairwise([1, 2, 3])), list(t.accumulate([1, 2, 3])), list(t.accumulate([1, 2, 3], lambda a, b: a * b, initial=2)))
print(list(t.combinations_with_replacement("ab", 2)), [list(x) for x in t.tee([1, 2])], list(t.chain.from_iterable([[1], (2,)])), list(t.takewhile(str.isalpha, "ab1c")))
print(list(t.product("ab", repeat=2)), list(t.permutations([1, 2, 3], 2)), list(t.combinations(range(4), 3)), [(k, list(g)) for k, g in t.groupby("aabc")])
#: laziness shows in what is printed
def shout(x):
    print("called", x)
    return x
for v in map(shout, [1, 2]):
    print("got", v)
for v in filter(shout, [1, 0]):
    print("kept", v)
m = map(shout, [7])
print("made")
print(list(m), list(m))
#: generators push what they yield
def g(n):
    print("start")
    for i in range(n):
        got = yield i
        print("after", i, got)
    print("end")
for x in g(2):
    print("item", x)
#: yield from and return values that nobody asks for
def inner():
    yield 1
    yield 2
def outer():
    yield 0
    yield from inner()
    yield from "ab"
    yield from (x * x for x in range(3))
print(list(outer()), sum(inner()), max(outer(), key=str), sorted(inner(), reverse=True))
#: a recursive generator
def walk(tree):
    for node in tree:
        if isinstance(node, list):
            yield from walk(node)
        else:
            yield node
print(list(walk([1, [2, [3, 4]], 5])), ",".join(str(x) for x in walk([[1], 2])))
#: generators in unpacking and calls
def g():
    yield from (3, 1, 2)
a, *b = g()
print(a, b, [*g()], {*g()} == {1, 2, 3}, dict(zip("abc", g())), max(*g()), tuple(g()), 3 in g(), sorted(g()))
#: a generator with try and finally
def g():
    try:
        yield 1
        yield 2
    finally:
        print("closed")
print(list(g()))
for x in g():
    print(x)
#: exceptions in a consumer
def g():
    for i in range(3):
        yield i
try:
    for x in g():
        if x == 1:
            raise KeyError(x)
        print(x)
except KeyError as error:
    print("caught", error)
#: an iterator class
class Countdown:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n
print(list(Countdown(3)), sum(Countdown(4)), next(Countdown(2)))
c = Countdown(5)
for x in c:
    if x == 3:
        break
print(list(c))
#: enumerate, reversed and zip of unequal length
print(list(enumerate("ab", 5)), list(reversed((1, 2))), list(zip([1, 2], "a")), list(zip()), list(zip([1])), [x for x in reversed(range(3))])
try:
    list(zip([1], [1, 2], strict=True))
except ValueError:
    print("uneven")
#: any and all stop early
def f(x):
    print("f", x)
    return x
print(any(f(x) for x in [0, 1, 2]), all(f(x) for x in [1, 0, 2]))
#: a list that grows meanwhile
l = [1, 2]
for x in l:
    if len(l) < 5:
        l.append(x * 10)
print(l)
it = iter(l)
next(it)
l.append(99)
print(list(it))
#: a generator taken step by step that prints
#? changes something
def g():
    print("one")
    yield 1
    print("two")
    yield 2
print(next(g()))
#: a generator without an end
#? without an end
def g():
    n = 0
    while True:
        yield n
        n += 1
it = g()
print(next(it))
#: what a loop left in a generator
#? not interpreted
def g():
    yield from range(5)
it = g()
for x in it:
    break
print(list(it))
