#include "tests/golden_python.h"

#include "common/text.h"
#include "compiler/python_body.h"
#include "compiler/sqlalchemy/schema.h"
#include "tests/fake_disk.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace retort::tests {
namespace {

constexpr std::string_view kPrelude = "import datetime\n"
                                      "import decimal\n"
                                      "import enum\n"
                                      "import uuid\n"
                                      "import sqlalchemy as sa\n"
                                      "from alembic import op\n"
                                      "from sqlalchemy.dialects import postgresql\n"
                                      "from sqlalchemy import quoted_name\n"
                                      "from sqlalchemy.sql import quoted_name\n";

// `convention(uq="u_%(table_name)s", …)`
NamingConvention convention_of(std::string_view line) {
  NamingConvention naming;
  while (true) {
    const size_t equals = line.find("=\"");
    if (equals == line.npos)
      break;
    const size_t end = line.find('"', equals + 2);
    const size_t start = line.find_last_of(" (", equals) + 1;
    naming[std::string(line.substr(start, equals - start))] =
        line.substr(equals + 2, end - equals - 2);
    line.remove_prefix(end + 1);
  }
  return naming.empty() ? default_naming_convention() : naming;
}

template <class Use>
void with_revision(std::string program, const CompileOptions& options, const Use& use) {
  FakeDisk disk({{"/repo/revision.py", program}});
  Run run{disk, 1, {}, {}};
  Diagnostics diagnostics;
  const Chain chain = link({}, diagnostics);
  Revision revision;
  revision.id = "example";
  revision.path = "/repo/revision.py";
  revision.file = run.sources.add(revision.path, std::move(program));
  on_large_stack([&] {
    Compilation compilation(run, chain, options);
    use(compilation, revision);
  });
}

}  // namespace

Body run_python(std::string_view text) {
  CompileOptions options;
  std::string program = std::string(kPrelude) + "def upgrade():\n    pass\n";
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("convention("))
      options.naming = convention_of(line);
    else
      program += line.empty() ? "\n" : "    " + std::string(line) + "\n";
  }
  Body body;
  with_revision(program, options, [&](Compilation& compilation, const Revision& revision) {
    body = python_body(compilation, revision, false);
  });
  return body;
}

Answer<Type> type_from_python(std::string_view text) {
  Answer<Type> type = problem("not evaluated");
  const std::string program = std::string(kPrelude) + "made = " + std::string(text) + "\n";
  with_revision(program, {}, [&](Compilation& compilation, const Revision& revision) {
    const CompileOptions& options = compilation.options;
    py::ProjectLoader loader(compilation.files);
    alembic::Operations operations({});
    alembic::Modules modules(operations, options.around);
    py::Interpreter in(compilation.run.sources, loader);
    in.set_effects(operations);
    in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
    const py::Tree tree = py::parse(program);
    py::Module* const module =
        in.run_module(*loader.adopt(revision.path, "revision", revision.file, tree));
    const py::Value made = module ? in.member(module, "made") : py::Value();
    if (!made || made.is_unknown()) {
      type = problem(made                 ? made.object()->cause->text
                     : in.holes().empty() ? "nothing"
                                          : in.holes()[0].message);
      return;
    }
    const sa::TypeObject* const object = sa::type_of(in, made);
    type = object ? sa::describe_type(*object, {}) : problem("no type");
  });
  return type;
}

}  // namespace retort::tests
