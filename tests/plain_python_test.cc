// The reader of plain files gives the grammar's tree, or declines.
#include "common/disk.h"
#include "grammars/python/plain.h"

#include <array>
#include <doctest/doctest.h>
#include <random>

using namespace retort;

namespace {

// Everything that is plain, with comments and line ends where the grammar is particular about them.
constexpr std::string_view kPlain = R"py(
"""Doc \n ok
more
"""
# c1
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
import a.b, c as d
from sqlalchemy.dialects import postgresql as pg, foo
from y import (z, w as v,)
from k import *

# revision
revision: str = 'abc'
down_revision: Union[str, None] = None
branch_labels: Union[str, Sequence[str], None] = ('a', 'b',)
x: str | None = ["a", -1, 1.5, True, False]
y = (1,)
z = ()
w = ('a' 'b'
   "c\'" '')
d1 = {'a': 1, 'b': {}}
depends_on = None  # é


def upgrade() -> None:
    # comment first
    op.add_column('t', sa.Column('a', sa.String(length=3), nullable=True,), *args, **kw)
    # middle
    op.execute("""
  x %s é
""", (f, 3))
    with op.batch_alter_table('t', schema=None) as batch_op:
        batch_op.add_column(x[0])  # same line
        batch_op.drop(1)
        # inner
      # between

    # trailing
# left
    # after left

def downgrade():
    '''Doc'''
    pass
    with a.b():
        c
    return
    return None # x
    raise NotImplementedError("a")
    # ### end ###
def f(a, b): # x
    # y
   return "a".format(x)(y)[z]

x = foo(a  # c
 , b  # d
) # e
y = foo(a=3  # c
 , b=(4  # d
) # e
)
z = ['a'  # c
 'b'  # d
]
from a import (b as c,  # d
   e  # f
)
)py";

constexpr std::array<std::string_view, 40> kPieces = {
    "(",        ")",    ",",      "\n", " ",       "    ", "#",     "\"",   "'",  "[",
    "]",        ".",    "=",      ":",  "a",       "1",    "-",     "None", "\\", "*",
    "{",        "}",    "\"\"\"", "|",  "@",       "\\\n", "# c\n", "\r\n", "if", "0",
    "with a: ", " as ", "é",      "\t", "return ", "f'",   ";",     "+",    "_",  "\n# c\n"};

// Whether it is plain.
bool compare(std::string_view source) {
  const std::optional<py::Tree> plain = py::parse_plain(source);
  if (!plain)
    return false;
  const py::Tree tree = py::parse_by_grammar(source);
  CHECK_MESSAGE(tree.errors().empty(), source);
  CHECK_MESSAGE(py::to_text(*plain) == py::to_text(tree), source);
  return true;
}

std::string changed(std::string text, std::mt19937& random) {
  const auto below = [&](size_t end) { return static_cast<size_t>(random()) % end; };
  for (size_t change = below(3) + 1; change > 0; --change) {
    const size_t at = below(text.size() + 1);
    switch (below(3)) {
    case 0: text.insert(at, kPieces[below(kPieces.size())]); break;
    case 1: text.erase(at, 1 + below(3)); break;
    default: text.insert(at, text.substr(below(text.size() + 1), below(20))); break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("plain Python: the tree is the grammar's") {
  CHECK(compare(kPlain));
  for (const std::string_view source : {"", "\n", "  \n", "# c", "\n\n# c\nx\n", "x", "x # c"})
    CHECK_MESSAGE(compare(source), source);
}

TEST_CASE("plain Python: whatever is not plain is left to the grammar") {
  for (const std::string_view source : {"x = 1 + 2",
                                        "x = r'a'",
                                        "x = f'{a}'",
                                        "x = 'a\\x41'",
                                        "x: int",
                                        "x = y = 1",
                                        "x, y = 1",
                                        "x = 01",
                                        "x = 1_000",
                                        "x = 1.",
                                        "x = 1e3",
                                        "x = a[1:2]",
                                        "x = a[1,]",
                                        "x = {**a}",
                                        "x = [*a]",
                                        "def f(a=1):\n pass",
                                        "def f(): pass",
                                        "if x:\n pass",
                                        "x = lambda: 1",
                                        "print('a')",
                                        "x.match(1)",
                                        "from . import x",
                                        "from __future__ import x",
                                        "x\r\n",
                                        "\tx",
                                        " x",
                                        "def f():\npass",
                                        "x = a.\\\nb",
                                        "x; y",
                                        "x = not y",
                                        "x = 'a",
                                        "x = (a",
                                        "with (a):\n b",
                                        "with a, b:\n c",
                                        "x = -y",
                                        "f(a for a in b)",
                                        "é = 1",
                                        "x = b'a'",
                                        "x = ''''a'",
                                        "def f():\n  x\n y",
                                        "@a\ndef f():\n  x",
                                        "async def f():\n  x"})
    CHECK_MESSAGE(!compare(source), source);
}

TEST_CASE("plain Python: files of this repository and changed ones") {
  size_t plain = 0;
  for (const char* const folder : {"/tests/python/", "/examples/shop/migrations/versions/"}) {
    const std::string path = std::string(RETORT_SOURCE) + folder;
    const auto entries = real_disk().list(path);
    REQUIRE(entries);
    for (const auto& entry : *entries)
      if (entry.name.ends_with(".py"))
        plain += compare(*real_disk().read(path + entry.name)) ? 1 : 0;
  }
  CHECK(plain >= 5);
  std::mt19937 random(1);  // the same numbers everywhere
  plain = 0;
  for (int i = 0; i < 4000; ++i)
    plain += compare(changed(std::string(kPlain), random)) ? 1 : 0;
  CHECK(plain >= 400);
}
