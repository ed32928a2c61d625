// Any bytes as a revision that is run: no crash, no endless run, limits that hold, findings that
// can be printed.
#include "common/parallel.h"
#include "compiler/python/loader.h"
#include "linter/report/text.h"
#include "tests/fake_disk.h"
#include "tests/fuzz/seeds.h"
#include "versions/read_python.h"

using namespace retort;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::write_seeds(
      *argc, *argv,
      {
          "import re\nfor m in re.finditer(r'(?P<a>\\w+)|(?<=b)[^c-e]*?\\b', 'ab c'):\n"
          "    print(m.groupdict(), re.sub('(a)|', r'\\1x', m[0]))\n",
          "from enum import Enum\nclass E(str, Enum):\n    A = 'a'\nprint([e.value for e in E])\n",
          "match x:\n    case [a, *b] if a: pass\n    case {'k': 1, **r}: print(r)\n    case "
          "P(x=_): "
          "pass\n",
          "def g(n):\n    yield from range(n)\nprint(*g(3), next(g(1)), dict(zip('ab', g(2))))\n",
          "from os import environ\nif environ['X']:\n    a = 1\nelse:\n    a = [2]\nfor i in "
          "environ: "
          "a += 1\nprint(f'{a!r:>{i}}')\n",
          "class A:\n    def __getitem__(self, k): return k\n    @property\n    def p(self): "
          "return "
          "super().q\nx = A()[1:2, ...]\ntry:\n    A().p\nexcept (KeyError, AttributeError) as e:\n"
          "    raise ValueError from e\nfinally:\n    del x\n",
          "from dataclasses import dataclass, field\n@dataclass(order=True)\nclass D:\n    a: int "
          "= "
          "field(default=1)\nprint(D(2) < D(3), {**{1: 2}}, {i: j for i, j in [(1, 2)]})\n",
          "import json, datetime, uuid, base64, hashlib, itertools, string, decimal\n"
          "print(json.dumps({'a': [1.5, None]}), datetime.datetime(2024, 2, 29).isoformat(),\n"
          "  base64.b64encode(b'x'), hashlib.blake2b(b'').hexdigest(), '%5.2f|%r' % (1, 'a'))\n",
          "x = 'a' * 10 ** 9\n",
          "while True: pass\n",
          "def f(): f()\nf()\n",
      });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string text = decode_python(std::string(reinterpret_cast<const char*>(data), size));
  FakeDisk disk(FakeDisk::Files{{"/repo/main.py", text}});
  Run run{disk, 1, {}, {}};
  py::ProjectFiles files(run, {"/repo"});
  py::ProjectLoader loader(files);
  on_large_stack([&] {
    const py::ModuleSource* const source = loader.load("/repo/main.py", "main");
    MUST(source);
    py::Limits limits;
    limits.steps = 20'000;
    limits.memory = size_t{32} << 20;
    limits.text = size_t{1} << 20;
    limits.items = 50'000;
    py::Interpreter in(run.sources, loader, limits);
    size_t printed = 0;
    in.print = [&](std::string_view words) { printed += words.size(); };
    if (size % 2 == 0)
      in.stand_ins = py::Interpreter::StandIns{"seed", 1'700'000'000'000'000};
    in.run_module(*source);
    // One piece of what is made may go beyond the limit before it is noticed.
    MUST(in.heap().used() <= 4 * limits.memory);
    to_text(in.holes(), run.sources, true);
    to_text(in.notices(), run.sources, true);
  });
  return 0;
}
