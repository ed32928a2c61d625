#include "common/parallel.h"
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/forms/expression.h"
#include "compiler/script/script.h"
#include "grammars/postgres/parse.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace retort;

TEST_CASE("names: quoted as SQLAlchemy does") {
  for (const std::string_view bare : {"orders", "a", "_x", "a1", "v$1", "name", "type", "public"})
    CHECK(quoted(bare) == bare);
  for (const std::string_view name :
       {"Orders", "1a", "$a", "a b", "a.b", "a-b", "größe", "order", "user", "new", "off", "over",
        "between", "lateral", "collation", "tablesample", "concurrently", "system_user"})
    CHECK(quoted(name) == '"' + std::string(name) + '"');
  CHECK(quoted("a\"b") == "\"a\"\"b\"");
  CHECK(quoted("") == "\"\"");
  CHECK(qualified("", "orders") == "orders");
  CHECK(qualified("shop", "Orders") == "shop.\"Orders\"");
  CHECK(qualified("a.b", "t") == "\"a.b\".t");
}

TEST_CASE("names: strings keep their backslashes") {
  CHECK(literal("it's") == "'it''s'");
  CHECK(literal("a\\b") == "'a\\b'");
  CHECK(literal("").size() == 2);
}

TEST_CASE("names: every keyword can name a table and a column") {
  // pg_get_keywords() of PostgreSQL 15.
  constexpr std::string_view kKeywords =
      "abort absolute access action add admin after aggregate all also alter always analyse "
      "analyze and any array as asc asensitive assertion assignment asymmetric at atomic "
      "attach attribute authorization backward before begin between bigint binary bit "
      "boolean both breadth by cache call called cascade cascaded case cast catalog chain "
      "char character characteristics check checkpoint class close cluster coalesce collate "
      "collation column columns comment comments commit committed compression concurrently "
      "configuration conflict connection constraint constraints content continue conversion "
      "copy cost create cross csv cube current current_catalog current_date current_role "
      "current_schema current_time current_timestamp current_user cursor cycle data "
      "database day deallocate dec decimal declare default defaults deferrable deferred "
      "definer delete delimiter delimiters depends depth desc detach dictionary disable "
      "discard distinct do document domain double drop each else enable encoding encrypted "
      "end enum escape event except exclude excluding exclusive execute exists explain "
      "expression extension external extract false family fetch filter finalize first float "
      "following for force foreign forward freeze from full function functions generated "
      "global grant granted greatest group grouping groups handler having header hold hour "
      "identity if ilike immediate immutable implicit import in include including increment "
      "index indexes inherit inherits initially inline inner inout input insensitive insert "
      "instead int integer intersect interval into invoker is isnull isolation join key "
      "label language large last lateral leading leakproof least left level like limit "
      "listen load local localtime localtimestamp location lock locked logged mapping match "
      "matched materialized maxvalue merge method minute minvalue mode month move name "
      "names national natural nchar new next nfc nfd nfkc nfkd no none normalize normalized "
      "not nothing notify notnull nowait null nullif nulls numeric object of off offset "
      "oids old on only operator option options or order ordinality others out outer over "
      "overlaps overlay overriding owned owner parallel parameter parser partial partition "
      "passing password placing plans policy position preceding precision prepare prepared "
      "preserve primary prior privileges procedural procedure procedures program "
      "publication quote range read real reassign recheck recursive ref references "
      "referencing refresh reindex relative release rename repeatable replace replica reset "
      "restart restrict return returning returns revoke right role rollback rollup routine "
      "routines row rows rule savepoint schema schemas scroll search second security select "
      "sequence sequences serializable server session session_user set setof sets share "
      "show similar simple skip smallint snapshot some sql stable standalone start "
      "statement statistics stdin stdout storage stored strict strip subscription substring "
      "support symmetric sysid system table tables tablesample tablespace temp template "
      "temporary text then ties time timestamp to trailing transaction transform treat "
      "trigger trim true truncate trusted type types uescape unbounded uncommitted "
      "unencrypted union unique unknown unlisten unlogged until update user using vacuum "
      "valid validate validator value values varchar variadic varying verbose version view "
      "views volatile when where whitespace window with within without work wrapper write "
      "xml xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse "
      "xmlpi xmlroot xmlserialize xmltable year yes zone";
  on_large_stack([&] {
    for (const std::string_view word : split(kKeywords, ' ')) {
      const std::string name = quoted(word);
      CAPTURE(name);
      CHECK(!pg::check(fmt::format("CREATE TABLE {0} ({0} int)", name)));
      CHECK(!pg::check(fmt::format("ALTER TABLE {1} ADD CONSTRAINT {0} CHECK ({0} > 0)", name,
                                   qualified(word, word))));
      // What the replay writes has quotes only where the grammar asks for them.
      const std::string own = forms::quoted(word);
      CHECK(!pg::check(fmt::format("CREATE TABLE {0} ({0} int)", own)));
      CHECK(pg::check(fmt::format("ALTER TABLE t RENAME {0} TO x", word)).has_value() ==
            (own != word));
    }
  });
}

static std::string ended(std::string sql) {
  BodyItem item;
  item.sql = std::move(sql);
  return terminated(item);
}

TEST_CASE("statements end in a semicolon, as Alembic ends them") {
  CHECK(ended("SELECT 1") == "SELECT 1;");
  CHECK(ended("  SELECT 1\n") == "SELECT 1;");
  CHECK(ended("SELECT 1;") == "SELECT 1;;");
  CHECK(ended("SELECT 1; -- done") == "SELECT 1; -- done;");
  CHECK(ended("SELECT 1 -- done") == "SELECT 1 -- done\n;");
  CHECK(ended("SELECT 1 /* done */") == "SELECT 1 /* done */;");
  CHECK(ended("SELECT 1; SELECT 2") == "SELECT 1; SELECT 2;");
  CHECK(ended("SELECT ';'") == "SELECT ';';");
  CHECK(ended("SELECT '-- no'") == "SELECT '-- no';");
  CHECK(ended("DO $$ BEGIN END; $$") == "DO $$ BEGIN END; $$;");
  CHECK(ended("SELECT '\t'") == "SELECT '\t';");
  CHECK(ended("-- nothing") == "-- nothing");
  CHECK(ended("") == ";");
}

TEST_CASE("data follows the statement that copies it") {
  BodyItem item;
  item.sql = "COPY t FROM stdin";
  item.data = "1\n2\n";
  CHECK(terminated(item) == "COPY t FROM stdin;\n1\n2\n\\.");
  item.data = "1";
  CHECK(terminated(item) == "COPY t FROM stdin;\n1\n\\.");
  item.data = "";
  CHECK(terminated(item) == "COPY t FROM stdin;\n\\.");
}
