// What connections execute: statements with values beside them.
#include "common/run.h"
#include "common/text.h"
#include "compiler/alembic/objects.h"
#include "compiler/python/loader.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/render.h"
#include "tests/fake_disk.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

constexpr std::string_view kPrelude = R"(
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

t = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("data", sa.JSON))
)";

// `example` is "statement, parameters"; statements with `;`, or the reason why there are none.
std::string executed(std::string_view example) {
  const std::string program = std::string(kPrelude) + "pair = (" + std::string(example) + ")\n";
  FakeDisk disk({{"/repo/main.py", program}});
  Run run{disk, 1, {}, {}};
  std::string text;
  on_large_stack([&] {
    py::ProjectFiles files(run, std::vector<std::string>{"/repo"});
    py::ProjectLoader loader(files);
    alembic::Operations operations({});
    const alembic::Surroundings around;
    alembic::Modules modules(operations, around);
    py::Interpreter in(run.sources, loader);
    in.set_effects(operations);
    in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
    py::Module* const module = in.run_module(*loader.load("/repo/main.py", "main"));
    REQUIRE(module);
    const py::Value pair = in.member(module, "pair");
    const auto* const both = pair.as<py::Tuple>();
    REQUIRE(both);
    const Answer<Statements> made = sa::statement_sql(in, both->items[0], both->items[1]);
    if (!made) {
      text = "problem: " + made.error().message;
      return;
    }
    for (const DdlStatement& statement : *made)
      text += (text.empty() ? "" : "\n") + statement.sql + ";";
  });
  return text;
}

}  // namespace

TEST_CASE("parameters of text become literals") {
  CHECK(executed(R"py("SELECT :a, ':a', :b::int", {"a": 1, "b": "x"})py") ==
        "SELECT 1, ':a', :b::int;");
  CHECK(executed(R"py(sa.text("SELECT :a, :b"), {"a": None, "b": "it's"})py") ==
        "SELECT NULL, 'it''s';");
  CHECK(executed(R"py(sa.text("DELETE FROM t WHERE id = :i"), [{"i": 1}, {"i": 2}])py") ==
        "DELETE FROM t WHERE id = 1;\nDELETE FROM t WHERE id = 2;");
  CHECK(executed(R"py(sa.text("SELECT 1 WHERE a IN :a"), {"a": (1, 2)})py") ==
        "SELECT 1 WHERE a IN (1, 2);");
  CHECK(executed(R"py(sa.text("SELECT 1 WHERE a = ANY(:a)"), {"a": [1, 2]})py") ==
        "SELECT 1 WHERE a = ANY(ARRAY[1, 2]);");
  CHECK(
      executed(R"py(sa.text("SELECT 1 WHERE a IN :a").bindparams(sa.bindparam("a", expanding=True)),
                   {"a": [1, 2]})py") == "SELECT 1 WHERE a IN (1, 2);");
  CHECK(executed(R"py(sa.text("SELECT :d").bindparams(sa.bindparam("d", type_=postgresql.JSONB)),
                   {"d": {"k": "v"}})py") == "SELECT '{\"k\": \"v\"}';");
  CHECK(executed(R"py(sa.text("SELECT :a"), {"b": 1})py").starts_with("problem: parameter `:a`"));
  CHECK(executed(R"py(sa.text("SELECT :a"), None)py").starts_with("problem: parameter `:a`"));
}

TEST_CASE("parameters of INSERT and UPDATE are values of columns") {
  CHECK(executed(R"py(t.insert(), {"id": 1, "name": "a"})py") ==
        "INSERT INTO t (id, name) VALUES (1, 'a');");
  CHECK(executed(R"py(t.insert(), [{"id": 1, "data": {"k": [1]}}, {"id": 2, "data": None}])py") ==
        "INSERT INTO t (id, data) VALUES (1, '{\"k\": [1]}');\n"
        "INSERT INTO t (id, data) VALUES (2, 'null');");
  CHECK(executed(
            R"py(t.update().where(t.c.id == sa.bindparam("b_id")), {"b_id": 5, "name": "x"})py") ==
        "UPDATE t SET name='x' WHERE t.id = 5;");
  CHECK(executed(R"py(t.update().where(t.c.id == sa.bindparam("i")).values(name=sa.bindparam("n")),
                   [{"i": 1, "n": "a"}, {"i": 2, "n": "b"}])py") ==
        "UPDATE t SET name='a' WHERE t.id = 1;\nUPDATE t SET name='b' WHERE t.id = 2;");
  CHECK(executed(R"py(t.insert().values(name=sa.bindparam("n")), {"n": "a", "id": 1})py") ==
        "INSERT INTO t (id, name) VALUES (1, 'a');");
  CHECK(executed(R"py(t.delete().where(t.c.name == sa.bindparam("n")), {"n": "a"})py") ==
        "DELETE FROM t WHERE t.name = 'a';");
  CHECK(executed(R"py(sa.select(t.c.id).where(t.c.id == sa.bindparam("i")), {"i": 3})py") ==
        "SELECT t.id \nFROM t \nWHERE t.id = 3;");
  CHECK(executed(R"py(t.insert(), {"nothing": 1})py").starts_with("problem: "));
  CHECK(executed(R"py(t.update().where(t.c.id == sa.bindparam("i")), {"name": "x"})py")
            .starts_with("problem: parameter `:i`"));
  CHECK(executed(R"py(sa.func.now(), None)py") == "SELECT now() AS now_1;");
  CHECK(executed(R"py(5, None)py").starts_with("problem: "));
}
