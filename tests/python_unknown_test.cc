// What happens to values that cannot be known, and to branches that they decide.
#include "common/parallel.h"
#include "tests/evaluate.h"

#include <doctest/doctest.h>

using namespace retort;
using namespace retort::tests;

TEST_CASE("an unknown value poisons what it touches and keeps its first cause") {
  Evaluated it("from shop.settings import A\n"
               "b = A.x[0](1) + 2\n"
               "c = f'{b}!'\n"
               "d = [b, 1]\n"
               "e = d[1]\n"
               "f = len(d)\n"
               "g = '%s' % (b,)\n"
               "h = b == 1\n"
               "i = not h\n"
               "j = {'k': b}['k']\n"
               "k = ','.join(['x', A])\n");
  for (const char* const name : {"b", "c", "d", "g", "h", "i", "j", "k"}) {
    INFO(name);
    CHECK(it[name] == "unknown: `shop.settings.A` is imported from package `shop`");
  }
  CHECK(it["e"] == "1");
  CHECK(it["f"] == "2");
  CHECK(it.holes() == "");
}

TEST_CASE("what is known of a text with unknown pieces is kept") {
  Evaluated it("from shop.settings import A, B\n"
               "formatted = f'UPDATE {A} SET a = {1 + 1}'\n"
               "braces = 'UPDATE {} SET a = {!r}'.format('t', A)\n"
               "percent = 'a %s, b %d' % (A, 2)\n"
               "several = 'a %s, b %s' % A\n"
               "named = 'a %(a)s, b %(b)s' % {'a': 1, 'b': B}\n"
               "sum = 'DELETE ' + A + ' WHERE ' + B\n"
               "joined = ', '.join(['a', A, 'c'])\n"
               "inside = f'({formatted})'\n"
               "method = formatted.strip().replace('a', 'b')\n"
               "two = (sum + '; DROP TABLE t').strip()\n"
               "alone = A\n"
               "number = A + 1\n");
  const auto sketch = [&](std::string_view name) {
    std::string text(py::sketch_of(it.in->member(it.module, name)));
    for (size_t at; (at = text.find(py::kGap)) != text.npos;)
      text.replace(at, py::kGap.size(), "?");
    return text;
  };
  CHECK(sketch("formatted") == "UPDATE ? SET a = 2");
  CHECK(sketch("braces") == "UPDATE t SET a = ?");
  CHECK(sketch("percent") == "a ?, b 2");
  CHECK(sketch("several") == "a ?, b ?");
  CHECK(sketch("named") == "a 1, b ?");
  CHECK(sketch("sum") == "DELETE ? WHERE ?");
  CHECK(sketch("joined") == "a, ?, c");
  CHECK(sketch("inside") == "(UPDATE ? SET a = 2)");
  CHECK(sketch("method") == "UPDATE");
  CHECK(sketch("two") == "");
  CHECK(sketch("alone") == "");
  CHECK(sketch("number") == "");
}

TEST_CASE("a branch on an unknown value keeps what comes out the same") {
  Evaluated it("import os\n"
               "same = other = only = 0\n"
               "log = []\n"
               "grown = []\n"
               "if os.environ['STAGE'] == 'prod':\n"
               "    same = 'x'\n"
               "    other = 1\n"
               "    only = 2\n"
               "    log.append(1)\n"
               "    grown.append(1)\n"
               "else:\n"
               "    same = 'x'\n"
               "    other = 3\n"
               "    log.append(1)\n"
               "after = same + '!'\n");
  CHECK(it["same"] == "'x'");
  CHECK(it["after"] == "'x!'");
  CHECK(it["other"] == "unknown: environment variable `STAGE`");
  CHECK(it["only"] == "unknown: environment variable `STAGE`");
  CHECK(it["log"] == "[1]");
  CHECK(it["grown"] == "unknown: environment variable `STAGE`");
  CHECK(it.holes() == "");
}

TEST_CASE("recursion over what is not known ends") {
  Evaluated it("from shop import data\n"
               "def walk(x):\n"
               "    if isinstance(x, list):\n"
               "        return [walk(y) for y in x]\n"
               "    if isinstance(x, dict):\n"
               "        return {k: walk(v) for k, v in x.items()}\n"
               "    return x\n"
               "def sum(n):\n"
               "    return 0 if n == 0 else n + sum(n - 1)\n"
               "unknown = walk(data)\n"
               "known = walk([1, {'a': [2]}])\n"
               "if data:\n"
               "    deep = sum(50)\n"
               "else:\n"
               "    deep = 1275\n");
  CHECK(it["unknown"].substr(0, 8) == "unknown:");
  CHECK(it["known"] == "[1, {'a': [2]}]");
  CHECK(it["deep"] == "1275");
  CHECK(it.holes() == "");
}

TEST_CASE("functions that return early on an unknown value") {
  Evaluated it("from x import flag\n"
               "def f():\n"
               "    if flag:\n"
               "        return 'a'\n"
               "    return 'b'\n"
               "def g():\n"
               "    if flag:\n"
               "        return 'a'\n"
               "    return 'a'\n"
               "def h(xs):\n"
               "    out = []\n"
               "    for x in xs:\n"
               "        if x == flag:\n"
               "            continue\n"
               "        out.append(x)\n"
               "    return out\n"
               "def i(xs):\n"
               "    n = 0\n"
               "    for x in xs:\n"
               "        if flag:\n"
               "            break\n"
               "        n += 1\n"
               "    return n, len(xs)\n"
               "a, b, c, d = f(), g(), h([1, 2]), i([1])\n"
               "e = d[1]\n"
               "k = 'yes' if flag else 'no'\n"
               "l = 'yes' if flag else 'yes'\n"
               "m = flag or 'default'\n"
               "n = [x for x in range(3) if flag]\n"
               "o = any([flag, True])\n"
               "p = all([flag, False])\n"
               "q = any([flag, False])\n"
               "r = [x for x in flag]\n");
  CHECK(it["a"].starts_with("unknown"));
  CHECK(it["b"] == "'a'");
  CHECK(it["c"].starts_with("unknown"));
  CHECK(it["d"].starts_with("unknown"));
  CHECK(it["e"] == "1");
  CHECK(it["k"].starts_with("unknown"));
  CHECK(it["l"] == "'yes'");
  CHECK(it["m"].starts_with("unknown"));
  CHECK(it["n"].starts_with("unknown"));
  CHECK(it["o"] == "True");
  CHECK(it["p"] == "False");
  CHECK(it["q"].starts_with("unknown"));
  CHECK(it["r"].starts_with("unknown"));
  CHECK(it.holes() == "");
}

TEST_CASE("loops whose rounds are unknown blur what they change") {
  Evaluated it("from x import rows\n"
               "total, fixed, last = 0, 'f', None\n"
               "seen = []\n"
               "for row in rows:\n"
               "    total += 1\n"
               "    fixed = 'f'\n"
               "    last = row\n"
               "    seen.append(row.id)\n"
               "n = 0\n"
               "while rows.more():\n"
               "    n = n + 1\n"
               "    if n > 5:\n"
               "        break\n"
               "def first():\n"
               "    for row in rows:\n"
               "        if row:\n"
               "            return row\n"
               "    return None\n"
               "x = first()\n");
  CHECK(it["total"].starts_with("unknown"));
  CHECK(it["fixed"] == "'f'");
  CHECK(it["last"].starts_with("unknown"));
  CHECK(it["seen"].starts_with("unknown"));
  CHECK(it["n"].starts_with("unknown"));
  CHECK(it["x"].starts_with("unknown"));
  CHECK(it.holes() == "");
}

TEST_CASE("a refusal that cannot be decided is a hole, and the run goes on") {
  Evaluated it("from x import count\n"
               "if count > 5:\n"
               "    raise Exception('too many')\n"
               "after = 1\n"
               "assert count\n"
               "last = 2\n");
  CHECK(it["after"] == "1");
  CHECK(it["last"] == "2");
  CHECK(it.holes() == "2:4 compile/unknown guard: whether this revision refuses to run cannot be "
                      "decided -> `x.count` is imported from package `x` "
                      "-> set `\"x.count\"` below `[values]` in retort.toml\n"
                      "5:8 compile/unknown guard: whether this revision refuses to run cannot be "
                      "decided -> `x.count` is imported from package `x` "
                      "-> set `\"x.count\"` below `[values]` in retort.toml\n");
}

TEST_CASE("handlers are the other outcome when the body touches something unknown") {
  Evaluated it("try:\n"
               "    import fast_json as json\n"
               "    have = True\n"
               "except ImportError:\n"
               "    import json\n"
               "    have = False\n"
               "try:\n"
               "    import json as known\n"
               "    good = known.dumps([1])\n"
               "except ImportError:\n"
               "    good = None\n"
               "from settings import S\n"
               "try:\n"
               "    v = S.value\n"
               "    w = 1\n"
               "except AttributeError:\n"
               "    v, w = 5, 1\n");
  CHECK(it["have"].starts_with("unknown"));
  CHECK(it["good"] == "'[1]'");
  CHECK(it["v"].starts_with("unknown"));
  CHECK(it["w"] == "1");
  CHECK(it.holes() == "");
}

TEST_CASE("foreign code may change what it is given") {
  Evaluated it("from x import frob, log\n"
               "import random\n"
               "a, b, c = [1], {'k': [2]}, [3]\n"
               "r = frob(a, b)\n"
               "random.shuffle(c)\n"
               "d = [1, 2]\n"
               "import logging\n"
               "logging.getLogger('x').info('%s', d)\n");
  CHECK(it["a"].starts_with("unknown"));
  CHECK(it["b"].starts_with("unknown"));
  CHECK(it["c"] == "unknown: `shuffle()` is random");
  CHECK(it["d"] == "[1, 2]");
  CHECK(it.holes() == "");
}

TEST_CASE("a foreign function that is called for what it does is a hole") {
  Evaluated it("from shop.helpers import create_everything\n"
               "create_everything()\n"
               "import click\n"
               "click.echo('x')\n");
  CHECK(it.holes() == "2:1 compile/unknown call: what this call does is unknown -> "
                      "`shop.helpers.create_everything` is imported from package `shop`\n");
}

TEST_CASE("an unknown key makes the whole dictionary unknown") {
  Evaluated it("from x import k\n"
               "d = {'a': 1}\n"
               "d[k] = 2\n"
               "e = {k: 1}\n"
               "f = {'a': 1}.get(k)\n"
               "s = {1, k}\n"
               "t = {'a': k}['a']\n");
  for (const char* const name : {"d", "e", "f", "s", "t"}) {
    INFO(name);
    CHECK(it[name].starts_with("unknown"));
  }
}

TEST_CASE("failures say what Python would say, and where") {
  CHECK(Evaluated("d = {}\nd['x']\n").holes() ==
        "2:1 compile/raises error: this revision would fail: KeyError: 'x'\n");
  CHECK(Evaluated("raise NotImplementedError('no way back')\n").holes() ==
        "1:1 compile/raises raise: this revision raises NotImplementedError: no way back\n");
  CHECK(Evaluated("def f(:\n  pass\n").holes().find("compile/unsupported syntax") !=
        std::string::npos);
  CHECK(Evaluated("async with a: pass\n").holes() ==
        "1:1 compile/unsupported statement: this statement is not interpreted\n");
  CHECK(Evaluated("async def f(): pass\nx = f()\n")["x"] ==
        "unknown: asynchronous functions are not interpreted");
}

TEST_CASE("the order of a set is as written, and noted") {
  Evaluated it("x = ','.join({'b', 'a'})\n");
  CHECK(it["x"] == "'b,a'");
  REQUIRE(it.in->notices().size() == 1);
  CHECK(it.in->notices()[0].variant == "order");
}

TEST_CASE("modules of the project are evaluated when a name of them is touched") {
  Evaluated it("from app.consts import NAME, missing_later\n"
               "from app import models\n"
               "from app.models import Status as S\n"
               "import app.consts as consts\n"
               "import app.sub.deep\n"
               "from unused.package import never\n"
               "x = NAME + consts.SUFFIX\n"
               "y = [s.value for s in S]\n"
               "z = models.helper(2)\n"
               "w = app.sub.deep.V\n"
               "v = models.broken\n",
               {{"/repo/app/__init__.py", ""},
                {"/repo/app/consts.py", "NAME = 'n'\nfrom .models import Status\n"
                                        "SUFFIX = '-' + Status.A.value\n"},
                {"/repo/app/models.py", "import sqlmodel\nfrom enum import Enum\n"
                                        "class Base(sqlmodel.Model): pass\n"
                                        "broken = {}['x']\n"
                                        "class Status(Enum):\n    A = 'a'\n    B = 'b'\n"
                                        "def helper(n): return n * 2\n"},
                {"/repo/app/sub/deep.py", "V = 5\n"},
                {"/repo/app/consts2.py", "raise Exception\n"}});
  CHECK(it["x"] == "'n-a'");
  CHECK(it["y"] == "['a', 'b']");
  CHECK(it["z"] == "4");
  CHECK(it["w"] == "5");
  CHECK(it["v"] == "unknown: this statement raises KeyError");
  CHECK(it.holes() == "");
  CHECK_FALSE(it.disk->was_read("/repo/app/consts2.py"));
}

TEST_CASE("nothing outside of the project's folders is read") {
  Evaluated it("from ..secret import X\nfrom ...etc import Y\nimport secret\nx = X\n",
               {{"/secret.py", "X = 1\n"}, {"/etc.py", "Y = 1\n"}});
  CHECK(it["x"].starts_with("unknown"));
  CHECK_FALSE(it.disk->was_read("/secret.py"));
  CHECK_FALSE(it.disk->was_read("/etc.py"));
}

TEST_CASE("an unknown in any part of an expression makes the whole unknown") {
  const char* const expressions[] = {
      "f'{1:{U}}'",
      "f'{U!r:>5}'",
      "'{}'.format(U)",
      "'{:{}}'.format('a', U)",
      "'%s%d' % (1, U)",
      "'abc'[U]",
      "'abc'[U:]",
      "[1, 2][:U]",
      "{'a': 1}[U]",
      "{U: 1}",
      "{'a': 1}.get(U, 2)",
      "U < 1",
      "1 < U < 3",
      "1 in U",
      "U in [1, 2]",
      "U in {'a': 1}",
      "1 in [2, U]",
      "'a' in U",
      "any([0, U])",
      "all([1, U])",
      "sorted([3, U, 1])",
      "sorted([1, 2], key=lambda x: U)",
      "max(1, U)",
      "min([1, U])",
      "sum([1, U])",
      "not U",
      "-U",
      "U or 1",
      "1 and U",
      "str(U)",
      "int(U)",
      "len(U)",
      "isinstance(U, int)",
      "[x for x in [1, 2] if x == U]",
      "{x: 1 for x in U}",
      "list(map(str, U))",
      "list(filter(lambda x: U, [1]))",
      "list(zip([1], U))",
      "','.join(str(x) for x in [1, U])",
      "dict(a=1, **{'b': 2})[U]",
      "list(range(U))",
      "'a' * U",
      "[1] * U",
      "divmod(U, 2)",
      "round(U, 1)",
      "hash(U)",
      "'abc'.replace('a', U)",
      "'abc'.split(U)",
      "'abc'.startswith(U)",
      "b'a' + U",
      "next(iter(U))",
      "[*[1], *U]",
      "{**{'a': 1}, **U}",
      "(lambda x, y=U: y)(1)",
      "getattr(U, 'x', 1)",
      "[1, 2].index(U)",
      "[1, 2].count(U)",
      "set([1, U])",
      "tuple(U)",
      "type(U)",
      "re.sub('a', U, 'abc')",
      "re.match(U, 'abc')",
      "re.findall('a', U)",
      "re.sub('a', lambda m: U, 'abc')",
      "re.split('a', 'bab', maxsplit=U)",
      "json.dumps({'a': U})",
      "hashlib.md5(U).hexdigest()",
      "base64.b64encode(U)",
      "string.Template('$a').substitute(a=U)",
      "string.Template('$a').substitute(U)",
      "urlencode({'a': U})",
      "'abc'.translate({97: U})",
      "quote(U)",
      "urlparse(U).path",
      "list(itertools.islice([1, 2], U))",
      "list(itertools.takewhile(lambda x: U, [1]))",
      "list(itertools.chain([1], U))",
      "functools.reduce(lambda a, b: a + b, [1, U])",
      "1 if U else 2",
      "any(x for x in [1] if U)",
      "all(x for x in [0] if U)",
      "sum(x for x in [1] if U)",
      "max(x for x in [1, 2] if x != U)",
      "max([U])",
      "next((x for x in [1] if U), 5)",
      "list(enumerate(x for x in [1] if U))",
      "any(x == 1 for x in U)",
  };
  for (const char* const expression : expressions) {
    Evaluated it(std::string("from outside import U\nimport re, json, hashlib, base64, string\n"
                             "import itertools, functools\n"
                             "from urllib.parse import quote, urlencode, urlparse\nr = ") +
                 expression + "\n");
    INFO(expression);
    INFO(it.holes());
    CHECK((it["r"] == "unknown: `outside.U` is imported from package `outside`" ||
           it["r"].starts_with("unknown")));
  }
}

TEST_CASE("unknowns that may or may not match a pattern") {
  Evaluated it("from outside import U\n"
               "def f(x):\n"
               "    match x:\n"
               "        case 1:\n"
               "            return 'one'\n"
               "        case [a, b]:\n"
               "            return a\n"
               "        case {'k': v}:\n"
               "            return v\n"
               "    return 'none'\n"
               "def same(x):\n"
               "    match x:\n"
               "        case 1 | 2:\n"
               "            return 's'\n"
               "        case _:\n"
               "            return 's'\n"
               "def caught(x):\n"
               "    match x:\n"
               "        case y:\n"
               "            return 5\n"
               "def part(x):\n"
               "    match x:\n"
               "        case [1, y] if y > 3:\n"
               "            return 'big'\n"
               "        case [1, _]:\n"
               "            return 'small'\n"
               "a, b, c, d, e = f(U), same(U), caught(U), part([1, U]), part([U, 1])\n"
               "g, h = f([U, 2]), f({'k': U})\n"
               "i = part([1, 5])\n");
  CHECK(it["a"].starts_with("unknown"));
  CHECK(it["b"] == "'s'");
  CHECK(it["c"] == "5");
  CHECK(it["d"].starts_with("unknown"));
  CHECK(it["g"].starts_with("unknown"));
  CHECK(it["h"].starts_with("unknown"));
  CHECK(it["i"] == "'big'");
  // Branches within branches that leave are no more than a hole.
  CHECK((it["e"].starts_with("unknown") || !it.holes().empty()));
}

TEST_CASE("exceptions that depend on an unknown do not take a known way") {
  Evaluated it("from outside import U\n"
               "try:\n"
               "    x = int(U)\n"
               "    y = 'fine'\n"
               "except ValueError:\n"
               "    y = 'bad'\n"
               "try:\n"
               "    z = {'a': 1}[U]\n"
               "    w = 1\n"
               "except KeyError:\n"
               "    w = 1\n"
               "def f():\n"
               "    try:\n"
               "        return [1, 2].index(U)\n"
               "    except ValueError:\n"
               "        return -1\n"
               "g = f()\n"
               "def h():\n"
               "    if U:\n"
               "        raise KeyError('x')\n"
               "    return 1\n"
               "try:\n"
               "    i = h()\n"
               "except KeyError:\n"
               "    i = 2\n"
               "def j(a, **kw):\n"
               "    return a, kw\n"
               "k = j(1, **{'b': U})\n"
               "l = k[0]\n");
  CHECK(it["y"].starts_with("unknown"));
  CHECK(it["w"] == "1");
  CHECK(it["g"].starts_with("unknown"));
  CHECK(it["i"] != "1");
  CHECK(it["i"] != "2");
  CHECK(it["l"] == "1");
}

TEST_CASE("a generator that branches on an unknown") {
  Evaluated it("from outside import U\n"
               "def g():\n"
               "    yield 1\n"
               "    if U:\n"
               "        yield 2\n"
               "    yield 3\n"
               "a = list(g())\n"
               "b = [x for x in g()]\n"
               "c = sum(g())\n"
               "d = next(x for x in [1, 2] if x == U)\n"
               "def walk(xs):\n"
               "    for x in xs:\n"
               "        yield x\n"
               "e = list(walk(U))\n"
               "def attempt():\n"
               "    try:\n"
               "        yield int(U)\n"
               "    except ValueError:\n"
               "        yield 1\n"
               "f = list(attempt())\n"
               "h = 0\n"
               "for x in g():\n"
               "    h += x\n");
  for (const char* const name : {"a", "b", "c", "d", "e", "f", "h"}) {
    INFO(name);
    const std::string value = it[name];
    INFO(value);
    CHECK((value.starts_with("unknown") || value == "missing"));
  }
}

TEST_CASE("stand-ins for random values are the same each time and noticed") {
  const std::string program = "import random, secrets\n"
                              "a = random.random()\nb = random.randint(1, 6)\n"
                              "c = random.choice('abc')\nd = [1, 2, 3, 4, 5]\n"
                              "random.shuffle(d)\ne = secrets.token_hex(4)\n"
                              "f = sorted(random.sample(range(5), 5))\n"
                              "g = 0 <= a < 1 and 1 <= b <= 6 and sorted(d) == [1, 2, 3, 4, 5]\n"
                              "random.seed(1)\nh = random.random()\n";
  const auto run = [&](const char* seed) {
    Evaluated it("", {{"/repo/dice.py", program}});
    on_large_stack([&] {
      it.in->stand_ins = py::Interpreter::StandIns{seed};
      it.module = it.in->run_module(*it.loader->load("/repo/dice.py", "dice"));
    });
    CHECK(it["g"] == "True");
    CHECK(it["f"] == "[0, 1, 2, 3, 4]");
    CHECK(it["h"].starts_with("unknown"));
    CHECK(it.in->notices().size() == 6);
    return it["a"] + it["b"] + it["c"] + it["d"] + it["e"];
  };
  CHECK(run("a") == run("a"));
  CHECK(run("a") != run("b"));
}

TEST_CASE("sources too large or too deep end with one finding each") {
  const std::string deep(5000, '(');
  const std::string sources[] = {
      "x = " + deep + "1" + std::string(5000, ')') + "\n",
      "x = " + std::string(5000, '[') + std::string(5000, ']') + "\n",
      "x = " + std::string(20000, '-') + "1\n",
      "def f(n):\n    return f(n + 1)\nf(0)\n",
      "x = 'a' * 10 ** 9\n",
      "x = [0] * 10 ** 9\n",
      "x = list(range(10 ** 12))\n",
      "while True:\n    pass\n",
      "import re\nre.match('(a*)*b', 'a' * 40)\n",
      "x = '%1000000000d' % 1\n",
      "x = f'{1:>1000000000}'\n",
      "import itertools\nx = list(itertools.count())\n",
      "x = []\nfor i in itertools.repeat(1) if False else iter(int, 1):\n    x.append(i)\n",
  };
  for (const std::string& source : sources) {
    Evaluated it(source);
    INFO(source.substr(0, 60));
    INFO(it.holes());
    CHECK(it.in->holes().size() <= 1);
  }
  std::string lines;
  while (lines.size() < (size_t{10} << 20))
    lines += "x = 'some text that is neither long nor short'\n";
  Evaluated large(lines);
  CHECK(large.in->holes().size() <= 1);
}
