#: hashes
import hashlib
print(hashlib.md5(b"abc").hexdigest(), hashlib.sha1("ä".encode()).hexdigest(), hashlib.sha256().hexdigest())
print(hashlib.sha512(b"x" * 200).hexdigest()[:20], hashlib.blake2b(b"data", digest_size=8).hexdigest(), hashlib.blake2b(b"y" * 300).hexdigest()[-10:], hashlib.blake2b(b"z" * 128, digest_size=20).hexdigest(), hashlib.blake2b(b"").hexdigest()[:16])
h = hashlib.new("sha256")
h.update(b"a")
c = h.copy()
h.update(b"b")
print(h.hexdigest() == hashlib.sha256(b"ab").hexdigest(), c.digest()[:4], h.digest_size, h.name, h.block_size)
print(int(hashlib.md5(b"k").hexdigest()[:8], 16) % 100, hashlib.md5("n".encode("utf-8")).digest().hex()[:6])
#: base64 and hexadecimal
import base64, binascii
print(base64.b64encode(b"hello"), base64.b64encode(b"a\xff\xfe").decode(), base64.urlsafe_b64encode(b"\xfb\xff"), base64.b64decode("aGVsbG8="), base64.b64decode(b"YQ=="), base64.b64encode(b""))
print(binascii.hexlify(b"ab"), binascii.unhexlify("6162"), base64.b16encode(b"\xab"), binascii.crc32(b"hello"), base64.urlsafe_b64decode("-_8="))
#: urlparse
from urllib.parse import urlparse, urlsplit
u = urlparse("postgresql://user:p%40ss@Host.example:5432/shop/main?sslmode=require&x=1#frag")
print(u.scheme, u.netloc, u.path, u.query, u.fragment, u.hostname, u.port, u.username, u.password, u.params)
print(u.geturl(), u._replace(scheme="https", fragment="").geturl(), u[1], len(u), u == urlparse(u.geturl()))
print(urlparse("/a/b?c"), urlsplit("http://h").hostname, urlparse("mailto:a@b").path, urlsplit("x://y:/z").port, urlparse("nothing").scheme == "")
#: quote and urlencode
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode, parse_qs, parse_qsl
print(quote("a b/c?ä"), quote("a/b", safe=""), quote_plus("a b&c"), unquote("a%20b+c"), unquote_plus("a+b"), urlencode({"a": 1, "b c": "d&e"}), urlencode([("x", "y")]))
print(parse_qs("a=1&a=2&b=3"), parse_qsl("a=1&b=x+y"), unquote("100%"), unquote("%zz"))
#: uuids made from names
import uuid
print(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), uuid.uuid3(uuid.NAMESPACE_URL, "http://x"), uuid.uuid5(uuid.UUID("12345678123456781234567812345678"), "n").hex)
#: string templates
from string import Template
import string
t = Template("$a and ${b}c $$5 $d")
print(t.substitute(a=1, b="x", d=None), t.safe_substitute({"a": 2}), t.safe_substitute({"a": 2}, b=3), t.template)
print(string.ascii_lowercase[:3], string.digits, string.octdigits, len(string.punctuation), Template("${").safe_substitute())
try:
    t.substitute(a=1)
except KeyError as error:
    print(error)
try:
    Template("$ x").substitute()
except ValueError:
    print("bad")
#: html
import html
print(html.escape("<a href=\"x\">'&"), html.escape("\"", quote=False))
#: SimpleNamespace
from types import SimpleNamespace
n = SimpleNamespace(a=1, b="x")
n.c = [2]
print(n, n.a, n == SimpleNamespace(a=1, b="x", c=[2]), n != 1, hasattr(n, "d"), vars(n) if False else "", getattr(n, "zz", 7))
try:
    n.missing
except AttributeError:
    print("no")
#: translate
print("hello".translate(str.maketrans("el", "ip")), "a-b_c".translate(str.maketrans("-", " ", "_")), "abc".translate({97: None, 98: "BB", 99: 120}), "äb".translate(str.maketrans({"ä": "ae"})))
print("Hello World".istitle(), "Hello world".istitle(), "a\n".isprintable(), "ab c".isprintable(), "".istitle())
#: import_module of the library
import importlib
print(importlib.import_module("json").dumps([1]))
j = __import__("json")
print(j.loads("[1, 2]"))
#: wraps, partial and reduce
import functools
def deco(f):
    @functools.wraps(f)
    def inner(*args, **kw):
        return ("wrapped", f(*args, **kw))
    return inner
@deco
def hello(x, y=2):
    return x + y
print(hello(1), hello.__name__, functools.partial(hello, y=5)(1), functools.reduce(lambda a, b: a * b, [1, 2, 3], 10))
@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(10))
#: operator
import operator as o
print(o.itemgetter(1, 0)([5, 6]), o.attrgetter("real")(3), o.add(1, 2), sorted([{"k": 2}, {"k": 1}], key=o.itemgetter("k")), o.eq(1, 1.0), o.and_(6, 3))
#: contexts
import contextlib
with contextlib.suppress(KeyError, ValueError):
    {}["x"]
    print("not here")
with contextlib.nullcontext(5) as v:
    print(v)
@contextlib.contextmanager
def tag(name):
    print("<" + name)
    try:
        yield name.upper()
    finally:
        print(name + ">")
with tag("a") as x, tag("b") as y:
    print(x, y)
try:
    with tag("c"):
        raise RuntimeError("boom")
except RuntimeError as error:
    print(error)
#: deep copies
import copy
a = {"k": [1, {"x": 2}], "t": (1, [2])}
b = copy.deepcopy(a)
c = copy.copy(a)
b["k"][1]["x"] = 3
c["k"].append(4)
print(a, b, c)
#: random values are unknown without stand-ins
#? `random()` is random
import random
print(random.random())
#: a seeded generator
#? random
import random
random.seed(4)
print(random.randint(1, 6))
#: tokens
#? `token_hex()` is random
import secrets
print(secrets.token_hex(4))
#: addresses with brackets
#? this address is not interpreted
from urllib.parse import urlparse
print(urlparse("http://[::1]/"))
#: parts of an address that are not interpreted
#? is not interpreted
from urllib.parse import urlparse
print(urlparse("http://h").encode())
#: methods of text that are not interpreted
#? `format_map` is not interpreted
print("{a}".format_map({"a": 1}))
