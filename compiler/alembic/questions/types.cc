// Types: pg_type and pg_enum.
#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;
using Form = catalog::TypeData::Form;

const char* letter_of(const Object& object) {
  if (object.kind == Kind::domain)
    return "d";
  switch (object.as<catalog::TypeData>().form) {
  case Form::enumeration: return "e";
  case Form::domain: return "d";
  case Form::composite: return "c";
  case Form::range: return object.as<catalog::TypeData>().multirange_of ? "m" : "r";
  case Form::base: return "b";
  }
  return "b";
}

}  // namespace

bool make_type_views(Database& database, std::string_view name, Relation& view) {
  if (name == "pg_enum") {
    view.columns = {"enumtypid", "enumlabel", "enumsortorder"};
    for (const Object* const object : objects(database))
      if (const auto* const type = object->maybe<catalog::TypeData>();
          type && type->form == Form::enumeration) {
        int64_t position = 0;
        for (const std::string& label : type->labels)
          view.add({Cell::id(object->id), Cell::of(label), Cell::of(++position)});
      }
    return true;
  }
  if (name != "pg_type")
    return false;
  view.columns = {"oid", "typname", "typnamespace", "typtype"};
  for (const Object* const object : objects(database)) {
    const bool row_type = object->is_table_like();
    if (!row_type && (!object->is_type() || !object->maybe<catalog::TypeData>()))
      continue;
    const Cell schema = Cell::id(object->schema);
    view.add({row_type ? Cell::unknown() : Cell::id(object->id), Cell::of(object->name), schema,
              Cell::of(row_type ? "c" : letter_of(*object))});
    view.add({Cell::unknown(), Cell::of("_" + object->name), schema, Cell::of("b")});
  }
  add_system(view, "typnamespace", true);
  if (database.catalog().extended())  // an extension brings types of its own
    view.add({});
  return true;
}

}  // namespace retort::alembic
