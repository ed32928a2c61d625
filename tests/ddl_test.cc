// What the recorded examples do not reach.
#include "compiler/ddl/identifier.h"
#include "compiler/ddl/named_types.h"
#include "compiler/ddl/naming.h"
#include "compiler/types/json.h"
#include "compiler/types/literals.h"
#include "compiler/types/types.h"

#include "common/md5.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

std::string text_of(const Answer<std::string>& answer) {
  return answer ? *answer : "refused: " + answer.error().message;
}

std::string sql_of(const TypeCall& call) {
  const Answer<Type> type = describe(call);
  return type ? type->sql : "refused: " + type.error().message;
}

std::string clause(std::string_view text) {
  const Answer<Sql> sql = text_clause(text);
  return sql ? sql->text : "refused: " + sql.error().message;
}

}  // namespace

TEST_CASE("types of other libraries print what reaches PostgreSQL") {
  CHECK(sql_of({"sqlalchemy_utils", "UUIDType"}) == "UUID");
  CHECK(sql_of({"sqlalchemy_utils", "UUIDType", {}, {{"native", false}}}) == "BINARY(16)");
  CHECK(sql_of({"sqlalchemy_utils", "UUIDType", {false, false}}) == "CHAR(32)");
  CHECK(sql_of({"sqlalchemy_utils", "EmailType"}) == "VARCHAR(255)");
  CHECK(sql_of({"sqlalchemy_utils", "EmailType", {80}}) == "VARCHAR(80)");
  CHECK(sql_of({"sqlalchemy_utils", "PhoneNumberType", {"FI"}}) == "VARCHAR(20)");
  CHECK(sql_of({"sqlalchemy_utils", "PasswordType", {}, {{"schemes", List{{"pbkdf2"}}}}}) ==
        "BYTEA");
  CHECK(sql_of({"sqlalchemy_utils", "ChoiceType", {List{}}}) == "VARCHAR(255)");
  CHECK(
      sql_of(
          {"sqlalchemy_utils", "ChoiceType", {List{}}, {{"impl", TypeCall{.name = "Integer"}}}}) ==
      "INTEGER");
  CHECK(sql_of({"sqlalchemy_utils", "TSVectorType", {"name", "body"}}) == "TSVECTOR");
  CHECK(sql_of({"geoalchemy2", "Geometry"}) == "geometry(GEOMETRY,-1)");
  CHECK(sql_of({"geoalchemy2",
                "Geometry",
                {},
                {{"geometry_type", "point"}, {"srid", 4326}, {"from_text", "ST_GeomFromEWKT"}}}) ==
        "geometry(POINT,4326)");
  CHECK(sql_of({"geoalchemy2", "Geography", {Datum()}}) == "geography");
  CHECK(sql_of({"geoalchemy2", "Raster"}) == "raster");
  CHECK(sql_of({"pgvector", "Vector", {3}}) == "VECTOR(3)");
  CHECK(sql_of({"pgvector", "Vector", {}, {{"dim", 1536}}}) == "VECTOR(1536)");
  CHECK(sql_of({"pgvector", "HALFVEC"}) == "HALFVEC");
  CHECK(sql_of({"citext", "CIText"}) == "CITEXT");
  CHECK(sql_of({"sqlmodel", "AutoString"}) == "VARCHAR");
  CHECK(sql_of({"sqlmodel", "AutoString", {}, {{"length", 9}}}) == "VARCHAR(9)");
  CHECK(sql_of({"fastapi_users_db_sqlalchemy", "GUID"}) == "UUID");
}

TEST_CASE("types without DDL of their own need to be told") {
  CHECK(sql_of({"sqlalchemy", "TypeDecorator", {TypeCall{.name = "Text"}}}) == "TEXT");
  CHECK(sql_of({"sqlalchemy", "TypeDecorator"}) ==
        "refused: the impl of this TypeDecorator is not known");
  CHECK(sql_of({"sqlalchemy", "UserDefinedType", {"point"}}) == "point");
  CHECK(sql_of({"mysql", "LONGTEXT"}) == "refused: type `mysql.LONGTEXT` is not known");
}

TEST_CASE("wrong arguments of a type are named") {
  CHECK(sql_of({"sqlalchemy", "String", {1, "C", 3}}) ==
        "refused: `String` takes fewer positional arguments");
  CHECK(sql_of({"sqlalchemy", "String", {}, {{"size", 3}}}) ==
        "refused: `String` has no parameter `size`");
  CHECK(sql_of({"sqlalchemy", "String", {3}, {{"length", 3}}}) ==
        "refused: `String` is given `length` twice");
  CHECK(sql_of({"sqlalchemy", "ARRAY"}) == "refused: `ARRAY` misses its argument `item_type`");
  CHECK(sql_of({"sqlalchemy", "String", {"x"}}) == "refused: `length` must be an integer");
  CHECK(describe({"sqlalchemy", "String", {"x"}}).error().argument == "length");
}

TEST_CASE("modules lead to the library of their types") {
  CHECK(library_of("sqlalchemy") == "sqlalchemy");
  CHECK(library_of("sqlalchemy.sql.sqltypes") == "sqlalchemy");
  CHECK(library_of("sqlalchemy.dialects.postgresql") == "postgresql");
  CHECK(library_of("sqlalchemy.dialects.postgresql.base") == "postgresql");
  CHECK(library_of("sqlalchemy.dialects.mysql") == "mysql");
  CHECK(library_of("sqlalchemy_utils.types.uuid") == "sqlalchemy_utils");
  CHECK(library_of("geoalchemy2.types") == "geoalchemy2");
}

TEST_CASE("an enum class gives names, or what values_callable returned") {
  const EnumClass colour{"Colour", {{"RED", "r"}, {"ROUGE", "r", true}, {"GREEN", "g"}}};
  const Answer<Type> by_name = describe({"sqlalchemy", "Enum", {colour}});
  REQUIRE(by_name);
  CHECK(by_name->sql == "colour");
  CHECK(create_type_text(*by_name->named) == "CREATE TYPE colour AS ENUM ('RED', 'GREEN')");
  CHECK(text_of(literal_of(EnumMember{"GREEN", "g"}, *by_name)) == "'GREEN'");
  CHECK(text_of(literal_of(EnumMember{"ROUGE", "r"}, *by_name)) == "'RED'");
  CHECK(text_of(literal_of(EnumMember{"BLUE", "b"}, *by_name)) ==
        "refused: `BLUE` is not among the labels of the enum");

  const Answer<Type> by_value =
      describe({"sqlalchemy", "Enum", {colour}, {{"values_callable", List{{"r", "g"}}}}});
  REQUIRE(by_value);
  CHECK(create_type_text(*by_value->named) == "CREATE TYPE colour AS ENUM ('r', 'g')");
  CHECK(text_of(literal_of(EnumMember{"GREEN", "g"}, *by_value)) == "'g'");

  const Answer<Type> with_aliases =
      describe({"sqlalchemy", "Enum", {colour}, {{"omit_aliases", false}}});
  REQUIRE(with_aliases);
  CHECK(with_aliases->labels.size() == 3);
}

TEST_CASE("a run remembers the types of its tables") {
  TypesSeen seen;
  NamedType kind;
  kind.name = "kind";
  NamedType elsewhere = kind;
  elsewhere.schema = "s";
  CHECK(seen.add(kind));
  CHECK(!seen.add(kind));
  CHECK(seen.add(elsewhere));
  seen.forget(kind);
  CHECK(seen.add(kind));
}

TEST_CASE("values without a column take their type from Python") {
  CHECK(text_of(literal_of(Datum())) == "NULL");
  CHECK(text_of(literal_of(true)) == "true");
  CHECK(text_of(literal_of(-3)) == "-3");
  CHECK(text_of(literal_of("it's")) == "'it''s'");
  CHECK(text_of(literal_of(Number{Number::Kind::real, "0.1"})) == "0.1");
  CHECK(text_of(literal_of(Moment{Moment::Kind::time, "13:05:00"})) == "'13:05:00'");
  CHECK(text_of(literal_of(Duration{-1'500'000})) == "make_interval(secs=>-1.5)");
  CHECK(text_of(literal_of(List{{1, List{{2}}}})) == "ARRAY[1, ARRAY[2]]");
  CHECK(text_of(literal_of(Dict{})) == "refused: there is no literal for a dictionary");
  CHECK(text_of(literal_of(List{})) == "refused: an empty list has no type");
}

TEST_CASE("floats print as Python's repr") {
  CHECK(python_float(86430.0) == "86430.0");
  CHECK(python_float(0.1) == "0.1");
  CHECK(python_float(0.0001) == "0.0001");
  CHECK(python_float(0.00001) == "1e-05");
  CHECK(python_float(1e15) == "1000000000000000.0");
  CHECK(python_float(1e16) == "1e+16");
  CHECK(python_float(-0.0) == "-0.0");
  CHECK(python_float(1.5e300) == "1.5e+300");
}

TEST_CASE("JSON prints as json.dumps does") {
  CHECK(json_text(Dict{{{"a", List{{1, true, Datum()}}}, {2, "\x1f/\\\"\n"}}}) ==
        R"({"a": [1, true, null], "2": "\u001f/\\\"\n"})");
  CHECK(json_text("😀é") == R"("\ud83d\ude00\u00e9")");
  CHECK(json_text(List{}) == "[]");
}

TEST_CASE("parameters in text are refused where they would be one") {
  CHECK(clause("a::int") == "a::int");
  CHECK(clause("a\\:\\:int") == "a::int");
  CHECK(clause("arr[1:2] || arr[a:b]") == "arr[1:2] || arr[a:b]");  // no word before a parameter
  CHECK(clause("x = ':y'") == "x = ':y'");
  CHECK(clause("x = \":y\"") == "x = \":y\"");
  CHECK(clause("-- :y\nx") == "-- :y\nx");
  CHECK(clause("/* :y */ x") == "/* :y */ x");
  CHECK(clause("$$ :y $$") == "$$ :y $$");
  CHECK(clause("$a$ :y $$ $a$") == "$a$ :y $$ $a$");
  CHECK(clause("x = :y") == "refused: parameter `:y` has no value; write `\\:` for a colon");
  CHECK(clause("'it''s' || :y") == "refused: parameter `:y` has no value; write `\\:` for a colon");
  CHECK(clause("") == "");
  CHECK(clause("a:") == "a:");
}

TEST_CASE("names that are too long are cut by characters") {
  CHECK(md5("") == "d41d8cd98f00b204e9800998ecf8427e");
  const std::string longest(63, 'x');
  CHECK(cut_name(longest) == longest);
  CHECK(cut_name(longest + "x") == std::string(55, 'x') + "_" + md5(longest + "x").substr(28));
  std::string umlauts;
  for (int i = 0; i < 64; ++i)
    umlauts += "ä";
  CHECK(cut_name(umlauts).size() == 2 * 55 + 5);
  CHECK(cut_name(umlauts.substr(2)) == umlauts.substr(2));
}

TEST_CASE("a schema is split at dots only in Alembic's own forms") {
  CHECK(written("a.b", "t") == "\"a.b\".t");
  CHECK(written_dotted("a.B", "t") == "a.\"B\".t");
  CHECK(written_dotted(Identifier("a.b", Quote::always), "t") == "\"a.b\".t");
  CHECK(written_dotted("", "T") == "\"T\"");
  CHECK(written(Identifier("A b", Quote::never)) == "A b");
  CHECK(written_type("", "time") == "\"time\"");
  CHECK(written_type("s", "time") == "s.time");
  CHECK(written_type("", "kind") == "kind");
}
