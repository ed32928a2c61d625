#: assignment and unpacking
a, *b, c = range(5)
[d, (e, f)] = 1, (2, 3)
x = y = []
x.append(1)
(g), h = "ab"
print(a, b, c, d, e, f, x, y, x is y, g, h)
#: swapping and nested targets
a = [1, 2, 3]
a[0], a[2] = a[2], a[0]
(i, a[i]) = (1, "x")
print(a)
*init, last = "hello"
print(init, last)
first, *rest = [1]
print(first, rest)
#: augmented assignment
x = 5
x += 2; x -= 1; x *= 3; x //= 2; x **= 2; x %= 50; x <<= 2; x >>= 1; x |= 1; x &= 7; x ^= 2
print(x)
l = m = [1]
l += [2]
l *= 2
print(m)
d = {"a": [1]}
d["a"] += [2]
d["b"] = d.get("b", 0) + 1
print(d)
t = (1,)
u = t
t += (2,)
print(t, u)
s = "a"
s += "b"
s *= 3
print(s)
#: annotated assignment
x: int = 3
y: "str"
def f(a: int = 2, *, b: str = "x") -> str:
    z: float = 1.5
    return f"{a}{b}{z}"
print(x, f())
#: del
a = [1, 2, 3, 4, 5]
del a[0], a[1:3]
d = {"x": 1, "y": 2}
del d["x"]
b = 1
del b
print(a, d)
try:
    b
except NameError as e:
    print(e)
#: if elif else
def kind(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "small"
    else:
        return "large"
print([kind(n) for n in (-1, 0, 5, 50)])
#: for else and break
for n in range(2, 10):
    for x in range(2, n):
        if n % x == 0:
            print(n, "=", x, "*", n // x)
            break
    else:
        print(n, "is prime")
#: while else and continue
n = 0
out = []
while n < 10:
    n += 1
    if n % 2:
        continue
    if n == 8:
        break
    out.append(n)
else:
    out.append("done")
print(out)
while n < 10:
    n += 1
else:
    print("else", n)
#: try except else finally
def f(x):
    try:
        r = 10 / x
    except ZeroDivisionError as e:
        return "zero " + str(e)
    except TypeError:
        return "type"
    else:
        return r
    finally:
        print("finally", x)
print(f(2), f(0), f("a"))
#: nested exceptions and reraise
def f():
    try:
        try:
            raise ValueError("inner")
        except ValueError as e:
            raise KeyError("outer") from e
    except KeyError as e:
        print(repr(e), e.args)
        raise
try:
    f()
except LookupError as e:
    print(type(e).__name__)
#: finally overrides return
def f():
    try:
        return 1
    finally:
        return 2
def g():
    for i in range(3):
        try:
            continue
        finally:
            print(i)
    return i
print(f(), g())
#: the name of an exception goes away
e = 1
try:
    raise ValueError("x")
except ValueError as e:
    pass
try:
    print(e)
except NameError:
    print("gone")
#: exception hierarchy and tuples
for exc in (IndexError("i"), KeyError("k"), ValueError("v"), OSError("o")):
    try:
        raise exc
    except (IndexError, KeyError) as e:
        print("lookup", e)
    except (ValueError,) as e:
        print("value", e)
    except Exception as e:
        print("other", e)
#: custom exceptions
class AppError(Exception):
    def __init__(self, code, message="none"):
        super().__init__(message)
        self.code = code
class Missing(AppError):
    pass
try:
    raise Missing(404, "not here")
except AppError as e:
    print(e.code, e, e.args, repr(e), isinstance(e, Missing))
#: assert
try:
    assert 1 == 2, "numbers"
except AssertionError as e:
    print("assert", e)
assert True
#: uncaught exceptions have a type
d = {}
print("before")
d["missing"]
#: uncaught by hand
raise RuntimeError("no way back")
#: with statements on instances
class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()
    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind and kind.__name__, value)
        return self.swallow
with Manager("a") as a, Manager("b", True) as b:
    print(a, b)
    raise ValueError("inside")
print("after")
def f():
    with Manager("c"):
        return "returned"
print(f())
#: context managers made of generators
from contextlib import contextmanager, suppress, nullcontext
@contextmanager
def tag(name):
    print("<" + name + ">")
    try:
        yield name
    finally:
        print("</" + name + ">")
with tag("p") as p:
    print(p)
def f():
    for i in range(3):
        with tag(str(i)):
            if i == 1:
                return i
print(f())
try:
    with tag("x"):
        raise KeyError("k")
except KeyError as e:
    print(e)
with suppress(KeyError, ValueError):
    {}["x"]
with nullcontext(5) as n:
    print(n)
@contextmanager
def swallow():
    try:
        yield
    except ValueError as e:
        print("swallowed", e)
with swallow():
    raise ValueError("v")
#: scopes
x = "global"
def outer():
    x = "outer"
    def inner():
        nonlocal x
        x = "changed"
        return x
    inner()
    return x
def changes():
    global x
    x = "new"
print(outer(), x)
changes()
print(x)
#: closures keep variables, not values
fs = []
for i in range(3):
    fs.append(lambda: i)
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
def counter():
    n = 0
    def up(by=1):
        nonlocal n
        n += by
        return n
    return up
c = counter()
print(c(), c(5), c())
#: arguments
def f(a, b=2, *args, c, d=4, **kw):
    return (a, b, args, c, d, kw)
print(f(1, c=3))
print(f(1, 2, 3, 4, c=5, e=6))
print(f(*[1, 2], **{"c": 3, "z": 9}))
def g(a, /, b, *, c):
    return a, b, c
print(g(1, b=2, c=3))
def h(**kw):
    return kw
print(h(a=1, **{"b": 2}))
#: argument errors
def f(a, b): pass
for call in (lambda: f(1), lambda: f(), lambda: f(1, 2, 3), lambda: f(1, b=2, c=3), lambda: f(1, a=2)):
    try:
        call()
    except TypeError as e:
        print(e)
def k(*, x): pass
try:
    k()
except TypeError as e:
    print(e)
#: defaults are evaluated once
def f(x, acc=[]):
    acc.append(x)
    return acc
f(1)
print(f(2))
n = 5
def g(v=n):
    return v
n = 6
print(g())
#: lambdas
add = lambda a, b=1, *c, **d: (a + b, c, d)
print(add(1), add(1, 2, 3, x=4))
print((lambda: None)(), (lambda *a: a)(1, 2))
print(sorted([(1, "b"), (0, "c"), (1, "a")], key=lambda t: (-t[0], t[1])))
#: recursion
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fact(15), fib(12))
#: comprehensions
print([x * y for x in range(3) for y in range(x) if x != y])
print({x: x ** 2 for x in range(4) if x % 2})
print(sorted({len(w) for w in ["a", "bb", "cc"]}))
print([[c for c in row] for row in ["ab", "cd"]])
print([(k, v) for k, v in {"a": 1}.items()])
x = "outer"
print([x for x in range(2)], x)
print([y for x in [[1, 2], [3]] for y in x if y > 1])
print([a for a, *b in [(1, 2), (3, 4)]])
#: generators
def numbers(n):
    print("start")
    for i in range(n):
        yield i
    print("end")
for v in numbers(2):
    print("got", v)
print(list(numbers(1)), sum(x for x in range(5)))
g = (x * 2 for x in [1, 2, 3])
print(next(g), list(g), list(g))
def outer():
    yield 0
    yield from [1, 2]
    yield from (x for x in "ab")
print(list(outer()))
def early():
    try:
        yield 1
        yield 2
    finally:
        print("closed")
for x in early():
    break
def mixed():
    return
    yield
print(list(mixed()))
#: generators run lazily
log = []
def gen():
    for i in range(3):
        log.append(("make", i))
        yield i
for i in gen():
    log.append(("use", i))
    if i == 1:
        break
print(log)
#: conditional and boolean
print(1 if [] else 2, 0 or "x", 1 and "y", None or [] or 0, not 0, not "a")
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, "a" != "b", 1 is None, None is None)
def t(x):
    print("t", x)
    return x
t(0) and t(1)
t(1) or t(2)
print(t(1) < t(2) < t(0) < t(9))
#: walrus
if (n := len("abc")) > 2:
    print(n)
print([y for x in range(4) if (y := x * 2) > 2], y)
while (n := n - 1) > 0:
    print(n)
#: starred calls and literals
a = [1, 2]
d = {"x": 1}
print([*a, 3, *"ab"], (*a, *a), {**d, "y": 2, **{"x": 9}}, sorted({*a, 3}))
print(*a, *[3], sep="-")
print(max(*a, 5))
#: integer arithmetic
print(7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3, 2 ** 10, 2 ** -1, 7 / 2, 6 / 3)
print(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -16 >> 2, -1 >> 70, 0xff, 0o17, 0b101, 1_000_000)
print(divmod(-7, 2), abs(-3), round(2.5), round(3.5), round(-2.5), round(2.675, 2), pow(2, 5))
print(True + True, True * 3, True & False, True | 1, -True, +False)
#: float arithmetic
print(0.1 + 0.2, 1e16, 1e15, 1e22, 1.5e-5, 0.0001, 1e-4, 123456789.123, -0.0, 1e100, 3.0)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, 2 ** 0.5, 0.1 * 3, 1 / 3)
print(int(3.9), int(-3.9), float("1.5"), float("  -2e3 "), int("42"), int(" -7 "), int("ff", 16), int("0x1f", 0), int("1_000"))
print(1e300 * 10, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308)
#: number errors
for f in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 1.0 / 0, lambda: int("x"), lambda: int("1.5"), lambda: float("abc"), lambda: int(None), lambda: "a" + 1, lambda: 1 + "a", lambda: [] + (), lambda: -"a", lambda: 1 < "a", lambda: None + 1):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
#: comparison of mixed numbers
print(1 == True, 1.0 == True, 2 > 1.5, 2 ** 53 + 1 == 2.0 ** 53, 10 ** 18 < 1e18 + 1000, {1: "a", 1.0: "b", True: "c"})
print([1, 2] < [1, 3], (1, "a") < (1, "b"), [1] < [1, 0], "abc" < "abd", "Z" < "a", "" < "a")
#: identity and membership
print("a" in "abc", "" in "abc", "d" not in "abc", 1 in [1.0], None in [None], "k" in {"k": 1}, 3 in range(0, 10, 3), 4 in range(0, 10, 3), (1,) in [(1,)])
#: globals dispatch
def upgrade_one():
    return "one"
def upgrade(name):
    return globals()["upgrade_" + name]()
print(upgrade("one"), "upgrade" in globals(), globals().get("nope"), globals().get("upgrade_two", "no"))
#: decorators
def twice(f):
    def inner(*args, **kwargs):
        return f(*args, **kwargs) * 2
    return inner
def times(n):
    def deco(f):
        return lambda *a: f(*a) * n
    return deco
@twice
def a():
    return 2
@times(3)
@twice
def b(x):
    return x
print(a(), b("x"))
#: functools
from functools import wraps, lru_cache, partial, reduce
def deco(f):
    @wraps(f)
    def w(*a):
        return f(*a) + 1
    return w
@deco
def named(x):
    return x
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
p = partial(int, base=2)
print(named(1), named.__name__, fib(15), p("101"), reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(lambda a, b: a + b, [], 7))
#: slices
l = list(range(10))
print(l[2:5], l[:3], l[7:], l[::2], l[::-1], l[-3:], l[5:2], l[8:100], l[-100:2], l[5:1:-2], l[:])
s = "hello world"
print(s[0], s[-1], s[1:4], s[::-1], s[::2], s[20:], s[-3:-1])
print((1, 2, 3)[1:], range(10)[2:8:2], range(10)[3], b"abc"[1], b"abc"[:2])
l[2:4] = ["a"]
l[0:0] = [9, 9]
l[-1:] = []
l[::3] = ["s"] * len(l[::3])
print(l)
#: slices by step and text beyond ASCII
s = "äöü€😀x"
print(s[0], s[1:3], s[::-1], s[4], len(s), s[-2:], s.index("€"), s.find("😀"), "😀" in s)
#: index errors
for f in (lambda: [][0], lambda: "a"[5], lambda: (1,)[2], lambda: {}[1], lambda: [1]["a"], lambda: "a"["b"], lambda: 5[0], lambda: None["x"]):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
#: semicolons and one-liners
x = 1; y = 2
if x: print("x"); print("y")
for i in range(2): print(i)
class A: pass
def f(): return 3
print(f(), x + y)
#: string literals side by side
x = ("a" 'b'
     """c
d""" r"\n" f"{1 + 1}" "{not}")
print(x, repr(x))
#: escapes
print(repr("\t\n\\\'\"\x41\u00e9\U0001F600\101\0"), "a\
b", r"\x", b"\x00\xff'", "\q" == "\\q")
#: f-strings
name, n, f, d = "x", 42, 3.14159, {"k": "v"}
print(f"{name}{n:5d}|{n:<5}|{n:^5}|{n:05}|{f:.2f}|{f:8.3f}|{d['k']}|{name!r}|{name!s:>4}")
print(f"{{}}{n + 1}{'a' if n else 'b'}{n=}{ n = }{f=:.1f}{name=!s}")
w = 10
print(f"{name:>{w}}|{f:{w}.{2}}|{n:#x}|{n:,}|{1234567:_}|{0.5:%}|{n:b}|{n:e}")
print(f"""multi
{name}
line""", f'{"nested " + f"{n}"}')
print(f"{[x for x in range(3)]}", f"{ {'a': 1}['a'] }", f"{lambda_}" if False else f"{(lambda: 5)()}")
#: percent formatting
print("%s %d %5.2f %r %x %o %c %%" % ("a", 42, 3.14159, "b", 255, 8, "z"))
print("%(a)s-%(b)05d" % {"a": 1, "b": 2}, "%s" % "x", "%s" % (1,), "%-5s|%5s|" % ("a", "b"), "%+d % d" % (1, 2))
print("%s" % [1, 2], "%s %s" % (None, True), "%.3s" % "abcdef", "%e" % 12345.678, "%g" % 0.0001, "%5d|%-5d|%05d" % (1, 2, 3), "%*d" % (5, 3))
for f in (lambda: "%d" % "a", lambda: "%s %s" % (1,), lambda: "%s" % (1, 2), lambda: "%(a)s" % {}):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
#: format method
print("{} {}".format(1, "a"), "{0}{1}{0}".format("x", "y"), "{a} {b!r}".format(a=1, b="c"))
print("{0[a]} {1.real}".format({"a": 5}, 3) if False else "{0[a]} {1[0]}".format({"a": 5}, [7]))
print("{:>8}|{:<8}|{:^8}|{:*^9}|{:08.3f}|{:+}".format("r", "l", "c", "m", 3.14159, 5), "{{}}".format())
print("{:{}}|{:{w}.{p}f}".format("x", 5, 3.14159, w=8, p=2))
for f in (lambda: "{}".format(), lambda: "{a}".format(), lambda: "{0} {}".format(1, 2), lambda: "{".format(), lambda: "}".format()):
    try:
        f()
    except Exception as e:
        print(type(e).__name__)
#: print separators
print(1, 2, sep=", ", end="!\n")
print()
print("a", None, True, 1.0, [1], sep="|")
#: dynamic attributes
class A: pass
a = A()
a.x = 1
setattr(a, "y", 2)
print(a.x, getattr(a, "y"), getattr(a, "z", "none"), hasattr(a, "x"), hasattr(a, "z"), a.__dict__)
try:
    a.z
except AttributeError as e:
    print(e)
try:
    None.foo
except AttributeError as e:
    print(e)
#: locals in format
def f():
    a, b = 1, 2
    return "{a}-{b}".format(**locals())
print(f())
#: loops over changing lists
l = [1, 2, 3]
for x in l:
    if x < 3:
        l.append(x + 10)
    if len(l) > 6:
        break
print(l)
d = {"a": 1}
try:
    for k in d:
        d[k + "x"] = 1
except RuntimeError as e:
    print(e)
#: iterator protocol
class Count:
    def __init__(self, n): self.n = n
    def __iter__(self):
        self.i = 0
        return self
    def __next__(self):
        self.i += 1
        if self.i > self.n:
            raise StopIteration
        return self.i
print(list(Count(3)), sum(Count(4)), [x * 2 for x in Count(2)], max(Count(5)), 2 in Count(3))
class It:
    def __iter__(self):
        yield 1
        yield 2
print(list(It()), dict(zip(It(), "ab")))
#: next with default
it = iter([1, 2])
print(next(it), next(it), next(it, "end"))
try:
    next(it)
except StopIteration:
    print("stop")
print(next((x for x in [1, 2, 3] if x > 1), None), next((x for x in [] if x), "d"))
#: chained assignment evaluates once
calls = []
def f():
    calls.append(1)
    return []
a = b = f()
print(len(calls), a is b)
#: truth of values
print([bool(x) for x in (0, 1, "", "a", [], [0], {}, {1: 2}, None, 0.0, 0.1, (), (0,), set(), range(0), b"")])
#: comparison chains with in
x = 3
print(1 < x in [3, 4], x == 3 is not None, not x == 4)
#: the body of a class is no scope
x = "global"
class C:
    x = "class"
    y = [x for _ in range(1)]
    def f(self):
        return x
print(C().f(), C.x)
#: unicode identifiers and comments
größe = 3  # Größe
print(größe)
#: unbound methods as functions
print(list(map(str.upper, ["a", "b"])), sorted(["B", "a"], key=str.lower), list(map(int, "123")), list(map(len, ["a", "bb"])))
#: ellipsis and pass
def f(): ...
print(f(), ...)
#: exceptions in finally and else
try:
    try:
        pass
    except ValueError:
        print("no")
    else:
        raise KeyError("from else")
    finally:
        print("finally")
except KeyError as e:
    print(e)
#: loop variables stay
for i in range(3):
    pass
print(i)
[j for j in range(3)]
try:
    j
except NameError:
    print("no j")
#: long chains of operators
print(1 + 2 * 3 ** 2 - 4 // 3 % 2 << 1 | (8 & 12) ^ 5, -2 ** 2, (-2) ** 2, not 1 == 2, 2 ** 3 ** 2)
#: integers that grow beyond 64 bits
#? beyond 64 bits
print(2 ** 64)
#: multiplication beyond 64 bits
#? beyond 64 bits
print(99999999999 * 99999999999)
