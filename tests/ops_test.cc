// Every example of tests/ops, compared with what Alembic printed.
#include "common/disk.h"
#include "common/text.h"
#include "compiler/ops/ops.h"
#include "compiler/types/literals.h"
#include "grammars/postgres/parse.h"
#include "tests/golden_python.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>

using namespace retort;
using namespace retort::tests;

namespace {

const std::string kFolder = std::string(RETORT_SOURCE) + "/tests/ops/";

// A section: blocks by what stands behind the fence, and its marks.
struct Golden {
  std::string title;
  std::map<std::string, std::string> blocks;
  bool any_order = false;
  bool refused = false;  // by PostgreSQL
};

std::vector<Golden> read_goldens(const std::string& file) {
  const DiskResult<std::string> text = real_disk().read(kFolder + file);
  REQUIRE(text);
  std::vector<Golden> goldens;
  std::string* block = nullptr;
  for (const std::string_view line : split(*text, '\n')) {
    if (block) {
      if (line == "```")
        block = nullptr;
      else
        *block += std::string(line) + "\n";
    } else if (line.substr(0, 3) == "## ") {
      goldens.push_back({std::string(line.substr(3)), {}});
    } else if (line == "<!-- any order -->") {
      goldens.back().any_order = true;
    } else if (line == "<!-- PostgreSQL refuses this -->") {
      goldens.back().refused = true;
    } else if (line.substr(0, 3) == "```") {
      block = &goldens.back().blocks[std::string(line.substr(3))];
    }
  }
  return goldens;
}

// The words of the text without commas between them, in order: enough where Alembic has none.
std::string sorted_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view line : split(text, '\n'))
    for (std::string_view word : split(line, ' ')) {
      if (word.ends_with(','))
        word.remove_suffix(1);
      if (!word.empty())
        words.emplace_back(word);
    }
  std::sort(words.begin(), words.end());
  return join(words, " ");
}

struct Tally {
  size_t equal = 0;
  size_t different = 0;
};

void compare(const Golden& golden, Tally& tally) {
  CAPTURE(golden.title);
  const Body body = run_python(golden.blocks.at("python"));
  std::string problem;
  std::string printed;
  for (const Diagnostic& hole : body.holes)
    if (hole.rule != "sql/syntax")
      problem += hole.message + "\n";
  for (size_t i = 0; i < body.items.size(); ++i) {
    const std::string sql = executed_text(body.items, i);
    printed += sql + ";\n";
    CHECK_MESSAGE(pg::check(sql).has_value() == golden.refused, sql);
  }
  const bool own = golden.blocks.contains("sql retort") || golden.blocks.contains("error retort");
  ++(own ? tally.different : tally.equal);
  const std::string suffix = own ? " retort" : "";
  if (golden.blocks.contains("error" + suffix)) {
    CHECK_MESSAGE(!problem.empty(), printed);
    return;
  }
  CHECK(problem == "");
  if (!problem.empty())
    return;
  std::string expected = golden.blocks.at("sql" + suffix);
  if (expected == "\n")
    expected.clear();
  if (golden.any_order) {
    printed = sorted_words(printed);
    expected = sorted_words(expected);
  }
  CHECK(printed == expected);
}

std::vector<std::string> files() {
  const DiskResult<std::vector<Entry>> entries = real_disk().list(kFolder);
  REQUIRE(entries);
  std::vector<std::string> names;
  for (const Entry& entry : *entries)
    if (entry.name.size() > 3 && entry.name.substr(entry.name.size() - 3) == ".md")
      names.push_back(entry.name);
  return names;
}

}  // namespace

TEST_CASE("operations print what Alembic prints") {
  Tally tally;
  for (const std::string& file : files()) {
    CAPTURE(file);
    for (const Golden& golden : read_goldens(file))
      compare(golden, tally);
  }
  MESSAGE("examples equal to Alembic: ", tally.equal, ", different on purpose: ", tally.different);
}

TEST_CASE("types print what SQLAlchemy prints") {
  const DiskResult<std::string> text = real_disk().read(kFolder + "types.md");
  REQUIRE(text);
  size_t rows = 0;
  for (const std::string_view line : split(*text, '\n')) {
    if (line.substr(0, 3) != "| `")
      continue;
    const size_t middle = line.find("` | ");
    const std::string python(line.substr(3, middle - 3));
    std::string expected(line.substr(middle + 4));
    expected = expected.substr(0, expected.size() - 2);
    CAPTURE(python);
    const Answer<Type> type = type_from_python(python);
    ++rows;
    if (expected.substr(0, 7) == "refused")
      CHECK(!type);
    else
      CHECK("`" + (type ? type->sql : type.error().message) + "`" == expected);
  }
  CHECK(rows > 140);
}

TEST_CASE("signatures are those of Alembic and SQLAlchemy") {
  const DiskResult<std::string> text = real_disk().read(kFolder + "signatures.txt");
  REQUIRE(text);
  // Classes that no revision calls: bases and types without DDL.
  constexpr std::string_view kNotTypes[] = {"AbstractMultiRange",  "AbstractRange",
                                            "AbstractSingleRange", "NamedType",
                                            "TupleType",           "TypeDecorator"};
  std::map<std::string, std::string> known;
  for (const OpSignature* op : op_signatures()) {
    if (op->signature)
      known["op." + std::string(op->name)] = *op->signature;
    if (op->batch_signature)
      known["batch_op." + std::string(op->name)] = *op->batch_signature;
  }
  for (const std::string_view line : split(*text, '\n')) {
    const size_t open = line.find('(');
    if (open == line.npos)
      continue;
    const std::string name(line.substr(0, open));
    const std::string_view signature = line.substr(open + 1, line.size() - open - 2);
    CAPTURE(name);
    const size_t dot = name.find('.');
    const std::string short_name = name.substr(dot + 1);
    if (name.substr(0, dot) == "op" || name.substr(0, dot) == "batch_op") {
      CHECK(known[name] == signature);
      known.erase(name);
      continue;
    }
    if (std::find(std::begin(kNotTypes), std::end(kNotTypes), short_name) != std::end(kNotTypes))
      continue;
    const TypeRow* row = find_type(name.substr(0, dot), short_name);
    REQUIRE(row);
    CHECK(row->signature == signature);
  }
  CHECK(known.empty());
}
