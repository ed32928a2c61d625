// Columns: information_schema.columns and pg_attribute.
#include "compiler/alembic/questions/questions.h"
#include "compiler/ddl/identifier.h"

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;

// `numeric(10,2)` and `timestamp(3) with time zone` without their modifiers.
std::string without_modifiers(std::string text) {
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (open != text.npos && close != text.npos)
    text.erase(open, close - open + 1);
  return text;
}

Cell data_type(Database& database, const catalog::Type& type) {
  if (!type.known)
    return Cell::unknown();
  if (type.array)
    return Cell::of("ARRAY");
  const Object* const object = database.catalog().get(type.object);
  if (!object)
    return Cell::of(without_modifiers(database.type_text(type)));
  if (object->kind == Kind::domain)
    return Cell::unknown();
  return Cell::of("USER-DEFINED");
}

Cell internal_name(const Database& database, const catalog::Type& type) {
  if (!type.known)
    return Cell::unknown();
  const Object* const object = database.catalog().get(type.object);
  if (object && object->kind == Kind::domain)
    return Cell::unknown();
  return Cell::of((type.array ? "_" : "") + (object ? object->name : type.internal));
}

Cell length(const catalog::Type& type) {
  if (!type.known || type.object || type.array)
    return Cell::unknown();
  if (type.internal != "varchar" && type.internal != "bpchar")
    return {};
  if (type.modifiers.size() != 1)
    return type.internal == "varchar" ? Cell() : Cell::unknown();
  return Cell::of(int64_t{std::stoll(type.modifiers[0])});
}

// A type by its plain name, and no domain.
bool names_no_domain(Database& database, std::string_view name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789_.";
  if (name.find_first_not_of(kPlain) != name.npos)
    return false;
  name.remove_prefix(name.rfind('.') + 1);
  for (const Object* const object : objects(database))
    if (object->kind == Kind::domain && object->name == name)
      return false;
  return true;
}

// The server prints a default after its own analysis; what comes out is known for labels of an
// enum.
Cell column_default(Database& database, const catalog::Column& column) {
  if (!column.fallback || column.generated)
    return {};
  const Object* const type = database.catalog().get(column.type.object);
  const Object* const fallback = database.catalog().get(column.fallback);
  if (!type || !fallback || column.type.array || type->kind != Kind::type ||
      type->as<catalog::TypeData>().form != catalog::TypeData::Form::enumeration)
    return Cell::unknown();
  const std::string schema = schema_of(database, *type);
  const std::string name = written(schema == "public" ? "" : schema, type->name);
  const std::string& text = fallback->as<catalog::Default>().text;
  for (const std::string& label : type->as<catalog::TypeData>().labels) {
    const std::string literal = "'" + label + "'";
    if (label.find_first_of("'\\") != label.npos || !text.starts_with(literal))
      continue;
    // A cast names this very type, perhaps as it was called then.
    const std::string cast = text.substr(literal.size());
    if (cast.empty() || (cast.starts_with("::") && names_no_domain(database, cast.substr(2))))
      return Cell::of(literal + "::" + name);
  }
  return Cell::unknown();
}

}  // namespace

bool make_column_views(Database& database, std::string_view name, Relation& view) {
  const bool standard = name == "information_schema.columns";
  if (!standard && name != "pg_attribute")
    return false;
  if (standard)
    view.columns = {"table_schema", "table_name",   "column_name",      "table_catalog",
                    "is_nullable",  "data_type",    "udt_name",         "character_maximum_length",
                    "is_identity",  "is_generated", "ordinal_position", "column_default"};
  else
    view.columns = {"attrelid",     "attname",     "attnum",       "attnotnull", "atthasdef",
                    "attisdropped", "attidentity", "attgenerated", "atttypid"};
  for (const Object* const object : objects(database)) {
    if (!object->is_table_like() || (standard && object->kind == Kind::materialized_view))
      continue;
    for (const catalog::Column& column : object->as<catalog::Table>().columns) {
      if (column.dropped) {
        if (!standard)
          view.add({Cell::id(object->id), Cell::unknown(), Cell::of(int64_t{column.number}),
                    Cell::unknown(), Cell::unknown(), Cell::of(true)});
        continue;
      }
      const bool identity = column.identity != forms::Identity::none;
      if (standard)
        view.add({Cell::of(schema_of(database, *object)), Cell::of(object->name),
                  Cell::of(column.name), Cell{.kind = Cell::Kind::database},
                  yes_no(!column.not_null), data_type(database, column.type),
                  internal_name(database, column.type), length(column.type), yes_no(identity),
                  Cell::of(column.generated ? "ALWAYS" : "NEVER"), Cell::of(int64_t{column.number}),
                  column_default(database, column)});
      else
        view.add({Cell::id(object->id), Cell::of(column.name), Cell::of(int64_t{column.number}),
                  Cell::of(column.not_null), Cell::of(column.fallback != 0), Cell::of(false),
                  identity ? Cell::unknown() : Cell::of(""),
                  Cell::of(column.is_virtual  ? "v"
                           : column.generated ? "s"
                                              : ""),
                  column.type.object ? Cell::id(column.type.object) : Cell::unknown()});
    }
    if (!standard && object->kind == Kind::table)
      for (const auto& [own, number] :
           {std::pair{"tableoid", -6}, std::pair{"cmax", -5}, std::pair{"xmax", -4},
            std::pair{"cmin", -3}, std::pair{"xmin", -2}, std::pair{"ctid", -1}})
        view.add({Cell::id(object->id), Cell::of(own), Cell::of(int64_t{number}), Cell::of(true),
                  Cell::of(false), Cell::of(false), Cell::of(""), Cell::of("")});
  }
  if (standard) {
    add_system(view, "table_schema", false);
  } else {
    // Columns of the system's own tables.
    view.add({Cell{.kind = Cell::Kind::id, .number = kPgCatalog}, Cell::system()});
    for (const Object* const object : objects(database))
      if (object->kind == Kind::index)
        view.add({Cell::id(object->id)});
  }
  return true;
}

}  // namespace retort::alembic
