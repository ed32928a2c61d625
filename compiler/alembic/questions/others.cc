// Schemas, extensions, functions and triggers.
#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {

using catalog::Kind;
using catalog::Object;

bool make_other_views(Database& database, std::string_view name, Relation& view) {
  const std::vector<const Object*> all = objects(database);
  if (name == "pg_namespace" || name == "information_schema.schemata") {
    view.columns = {"oid", name == "pg_namespace" ? "nspname" : "schema_name"};
    for (const Object* const object : all)
      if (object->kind == Kind::schema)
        view.add({Cell::id(object->id), Cell::of(object->name)});
    view.add({Cell::id(kPgCatalog), Cell::of("pg_catalog")});
    view.add({Cell::id(kInformationSchema), Cell::of("information_schema")});
    view.add({Cell::id(kToast), Cell::of("pg_toast")});
    return true;
  }
  if (name == "pg_extension") {
    view.columns = {"extname"};
    bool language = false;
    for (const Object* const object : all)
      if (object->kind == Kind::extension) {
        view.add({Cell::of(object->name)});
        language |= object->name == "plpgsql";
      }
    if (!language)
      view.add({Cell::of("plpgsql")});
    return true;
  }
  if (name == "pg_proc") {
    view.columns = {"oid", "proname", "pronamespace"};
    for (const Object* const object : all)
      if (object->maybe<catalog::Function>())
        view.add({Cell::id(object->id), Cell::of(object->name), Cell::id(object->schema)});
    // Any name may be one of the system's thousands.
    view.add({Cell::unknown(), Cell::unknown(), Cell::id(kPgCatalog)});
    view.add({Cell::unknown(), Cell::unknown(), Cell::id(kInformationSchema)});
    return true;
  }
  if (name == "information_schema.routines") {
    view.columns = {"routine_schema", "routine_name"};
    for (const Object* const object : all)
      if (object->maybe<catalog::Function>())
        view.add({Cell::of(schema_of(database, *object)), Cell::of(object->name)});
    view.add({Cell::of("pg_catalog"), Cell::unknown()});
    return true;
  }
  if (name == "pg_trigger") {
    view.columns = {"oid", "tgname", "tgrelid", "tgisinternal"};
    for (const Object* const object : all)
      if (object->kind == Kind::trigger)
        view.add({Cell::id(object->id), Cell::of(object->name), Cell::id(object->table),
                  Cell::of(false)});
    // Those that foreign keys have.
    view.add({Cell::unknown(), Cell::system(), Cell::unknown(), Cell::of(true)});
    return true;
  }
  return false;
}

}  // namespace retort::alembic
