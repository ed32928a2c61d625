// Every example of tests/expressions, compared with what SQLAlchemy printed.
#include "common/disk.h"
#include "common/run.h"
#include "common/text.h"
#include "compiler/alembic/objects.h"
#include "compiler/python/loader.h"
#include "compiler/sqlalchemy/render.h"
#include "tests/fake_disk.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <memory>

using namespace retort;

namespace {

struct Example {
  std::string code;
  std::string expected;    // of retort
  bool different = false;  // on purpose
  bool refused = false;
};

struct ExampleFile {
  std::string prelude;
  std::vector<Example> examples;
};

void finish(Example& example, std::vector<Example>& examples) {
  if (!example.code.empty())
    examples.push_back(example);
  example = {};
}

ExampleFile read_examples(std::string_view text) {
  ExampleFile file;
  enum class Where : uint8_t { prose, prelude, block } where = Where::prose;
  Example example;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("```")) {
      finish(example, file.examples);
      where = where != Where::prose         ? Where::prose
              : line == "```python prelude" ? Where::prelude
              : line == "```python"         ? Where::block
                                            : Where::prose;
    } else if (where == Where::prelude) {
      file.prelude += std::string(line) + "\n";
    } else if (where == Where::block) {
      if (line.empty()) {
        finish(example, file.examples);
      } else if (line.starts_with("#>refused")) {
        example.refused = true;
      } else if (line.starts_with("#> ")) {
        example.expected += std::string(line.substr(3)) + "\n";
      } else if (line.starts_with("#!")) {
        if (!example.different)
          example.expected.clear();
        example.different = true;
        example.refused = line.starts_with("#!refused");
        if (!example.refused)
          example.expected += std::string(line.substr(3)) + "\n";
      } else if (!line.starts_with("#")) {
        example.code += std::string(line) + "\n";
      }
    }
  }
  return file;
}

// The last statement is what the example is about.
std::string as_function(const std::string& code, size_t number) {
  std::vector<std::string_view> lines =
      split(std::string_view(code).substr(0, code.size() - 1), '\n');
  size_t last = 0;
  for (size_t i = 0; i < lines.size(); ++i)
    if (lines[i].find_first_of(" )]}\"") != 0)
      last = i;
  std::string text = "def example" + std::to_string(number) + "():\n";
  for (size_t i = 0; i < lines.size(); ++i)
    text += "    " + std::string(i == last ? "return " : "") + std::string(lines[i]) + "\n";
  return text + "\n";
}

std::string holes_of(const py::Interpreter& in, size_t from) {
  std::string text;
  for (size_t i = from; i < in.holes().size(); ++i) {
    text += "hole: " + in.holes()[i].message;
    for (const Note& note : in.holes()[i].notes)
      text += " -> " + note.text;
    text += "\n";
  }
  return text;
}

struct Outcome {
  std::string text;
  bool refused = false;
};

// All examples of a file in one interpreter.
std::vector<Outcome> run_examples(const ExampleFile& file) {
  std::string program = file.prelude + "\n";
  for (size_t i = 0; i < file.examples.size(); ++i)
    program += as_function(file.examples[i].code, i);
  FakeDisk disk({{"/repo/main.py", program}});
  Run run{disk, 1, {}, {}};
  std::vector<Outcome> outcomes(file.examples.size());
  on_large_stack([&] {
    py::ProjectFiles files(run, std::vector<std::string>{"/repo"});
    py::ProjectLoader loader(files);
    alembic::Operations operations({});
    const alembic::Surroundings around;
    alembic::Modules modules(operations, around);
    py::Interpreter in(run.sources, loader);
    in.set_effects(operations);
    in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
    const py::ModuleSource* const source = loader.load("/repo/main.py", "main");
    py::Module* const module = in.run_module(*source);
    INFO(holes_of(in, 0));
    REQUIRE(module);
    for (size_t i = 0; i < file.examples.size(); ++i) {
      Outcome& outcome = outcomes[i];
      const size_t holes = in.holes().size();
      const py::Value value = in.run(in.member(module, "example" + std::to_string(i)), {});
      std::string text;
      if (!value || value.is_unknown()) {
        outcome.refused = true;
        if (value)
          text = "unknown: " + value.object()->cause->text + "\n";
      } else if (value.is_none()) {
      } else if (sa::is_statement(value) || value.is(py::Type::string)) {
        const Answer<Statements> made = sa::statement_sql(in, value);
        outcome.refused = !made;
        if (made)
          for (const DdlStatement& statement : *made)
            text += statement.sql + ";\n";
        else
          text = "problem: " + made.error().message + "\n";
      } else {
        const Answer<Sql> made = sa::clause_sql(in, value, sa::Names::qualified);
        outcome.refused = !made;
        text = made ? made->text + "\n" : "problem: " + made.error().message + "\n";
      }
      Body made;
      operations.take_items(made);
      const std::vector<BodyItem>& items = made.items;
      for (size_t n = 0; n < items.size(); ++n)
        text += executed_text(items, n) + ";\n";
      outcome.refused = outcome.refused || in.holes().size() > holes;
      outcome.text = text + holes_of(in, holes);
    }
  });
  return outcomes;
}

void compare(const std::string& path) {
  const DiskResult<std::string> text = real_disk().read(path);
  REQUIRE(text);
  const ExampleFile file = read_examples(*text);
  const std::vector<Outcome> outcomes = run_examples(file);
  size_t different = 0;
  for (size_t i = 0; i < file.examples.size(); ++i) {
    const Example& example = file.examples[i];
    CAPTURE(example.code);
    CHECK_MESSAGE(outcomes[i].refused == example.refused, outcomes[i].text);
    if (!example.refused && !outcomes[i].refused)
      CHECK(outcomes[i].text == example.expected);
    different += example.different ? 1 : 0;
  }
  MESSAGE(path.substr(path.rfind('/') + 1), ": ", file.examples.size() - different,
          " as SQLAlchemy, ", different, " different on purpose");
}

}  // namespace

TEST_CASE("expressions and statements print what SQLAlchemy prints") {
  const std::string folder = std::string(RETORT_SOURCE) + "/tests/expressions/";
  const char* const one = std::getenv("RETORT_EXPRESSIONS");
  if (one) {
    compare(one);
    return;
  }
  const DiskResult<std::vector<Entry>> entries = real_disk().list(folder);
  REQUIRE(entries);
  for (const Entry& entry : *entries)
    if (entry.name.ends_with(".md")) {
      CAPTURE(entry.name);
      compare(folder + entry.name);
    }
}
