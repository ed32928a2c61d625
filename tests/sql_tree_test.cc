#include "common/parallel.h"
#include "grammars/postgres/tree.h"

#include <doctest/doctest.h>
#include <functional>

using namespace retort;

namespace {

void with_tree(std::string_view sql, const std::function<void(const pg::Tree&)>& look) {
  on_large_stack([&] {
    const Expected<pg::Tree, pg::Reject> tree = pg::parse(sql);
    REQUIRE_MESSAGE(tree, sql);
    look(*tree);
  });
}

}  // namespace

TEST_CASE("a statement's tree has types, fields and lists") {
  with_tree("ALTER TABLE IF EXISTS ONLY s.t /* why */ DROP COLUMN \"a\\\"\"é\" CASCADE, ADD b int",
            [](const pg::Tree& tree) {
              const pg::Node root = tree.root();
              CHECK(root.is("AlterTableStmt"));
              CHECK(root.flag("missing_ok"));
              CHECK(root.field("relation").text("schemaname") == "s");
              CHECK(root.field("relation").number("location") == 27);
              REQUIRE(root.each("cmds").size() == 2);
              const pg::Node drop = root.each("cmds")[0];
              CHECK(drop.text("subtype") == "AT_DropColumn");
              CHECK(drop.text("name") == "a\\\"é");
              CHECK(root.each("cmds").last().field("def").is("ColumnDef"));
              CHECK(!root.field("nothing").field("at").flag("all"));
              CHECK(root.each("nothing").empty());
            });
  with_tree("", [](const pg::Tree& tree) { CHECK(!tree.root()); });
  with_tree("DROP TABLE a.b", [](const pg::Tree& tree) {
    const pg::Node name = tree.root().each("objects")[0];
    CHECK(name.is("List"));
    CHECK(name.size() == 2);
    CHECK(name.last().text("sval") == "b");
  });
}

TEST_CASE("a statement without a tree has a reason") {
  on_large_stack([] {
    const Expected<pg::Tree, pg::Reject> tree = pg::parse("SELEC 1");
    REQUIRE(!tree);
    CHECK(tree.error().message.find("syntax error") != std::string::npos);
  });
}

TEST_CASE("words of a later grammar are retold in their own room") {
  constexpr std::string_view kStatements[] = {
      "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * (c + 1)) VIRTUAL NOT NULL, ADD NOT NULL b",
      "CREATE TABLE t (a int, NOT NULL a, CONSTRAINT \"x y\" NOT  NULL\"a\", b int CHECK (b > 0)"
      " NOT ENFORCED, FOREIGN KEY (a) REFERENCES u ENFORCED)",
  };
  const auto keeps_its_room = [](const std::string& sql) {
    const Expected<pg::Tree, pg::Reject> tree = pg::parse(sql);
    if (tree)
      CHECK_MESSAGE(tree->text().size() == sql.size(), sql);
  };
  on_large_stack([&] {
    for (const std::string_view statement : kStatements)
      for (size_t at = 0; at < statement.size(); ++at) {
        std::string changed(statement);
        keeps_its_room(changed.substr(0, at));
        keeps_its_room(changed.replace(at, 1, " "));
        keeps_its_room(changed.erase(at, 1));
        keeps_its_room(changed.insert(at, " NOT NULL a "));
        keeps_its_room(changed.insert(at, "GENERATED ALWAYS AS()"));
      }
  });
  with_tree("ALTER TABLE t ADD CONSTRAINT x NOT NULL abc NOT VALID", [](const pg::Tree& tree) {
    if (tree.retold().empty())  // built with that later grammar
      return;
    CHECK(tree.retold().size() == 1);
    CHECK(tree.retold()[0].at.begin == 31);
    CHECK(tree.retold()[0].at.end == 43);
    CHECK(tree.text().substr(43) == " NOT VALID");
  });
}

TEST_CASE("negative integers are read where the JSON has none") {
  with_tree("CREATE SEQUENCE s MINVALUE -9223372036854775808 INCREMENT -3 START 7",
            [](const pg::Tree& tree) {
              const pg::Node options = tree.root().each("options");
              const auto value = [&](size_t i) {
                return tree.integer(options[i].field("arg"),
                                    static_cast<uint32_t>(options[i].number("location")));
              };
              CHECK(value(0) == INT64_MIN);
              CHECK(value(1) == -3);
              CHECK(value(2) == 7);
            });
  with_tree("SELECT -4, 0, 5", [](const pg::Tree& tree) {
    const pg::Node targets = tree.root().each("targetList");
    CHECK(tree.integer(targets[0].field("val"), 0) == -4);
    CHECK(tree.integer(targets[1].field("val"), 0) == 0);
    CHECK(tree.integer(targets[2].field("val"), 0) == 5);
  });
}

TEST_CASE("texts come out of a tree as they went into it") {
  std::string text;
  for (char c = 1; c > 0; ++c)
    text += c;
  text += "é\xF0\x9F\x98\x80\\u0041";
  std::string quoted = "SELECT '";
  for (const char c : text)
    quoted += c == '\'' ? "''" : std::string(1, c);
  with_tree(quoted + "'", [&](const pg::Tree& tree) {
    const pg::Node value = tree.root().each("targetList")[0].field("val");
    CHECK(value.field("sval").text("sval") == text);
  });
}

TEST_CASE("a tree may be deep") {
  constexpr size_t kLevels = 4'000;
  std::string sql = "SELECT ";
  for (size_t i = 0; i < kLevels; ++i)
    sql += "-(";
  sql += "a" + std::string(kLevels, ')');
  with_tree(sql, [&](const pg::Tree& tree) {
    pg::Node node = tree.root().each("targetList")[0].field("val");
    size_t levels = 0;
    for (; node.is("A_Expr"); node = node.field("rexpr"))
      ++levels;
    CHECK(levels == kLevels);
    CHECK(node.is("ColumnRef"));
  });
}
