// What happens to values that cannot be known, and to branches that they decide.
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
                      "decided -> `x.count` is imported from package `x`\n"
                      "5:8 compile/unknown guard: whether this revision refuses to run cannot be "
                      "decided -> `x.count` is imported from package `x`\n");
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
  CHECK(Evaluated("match 1:\n    case 1: pass\n").holes() ==
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
