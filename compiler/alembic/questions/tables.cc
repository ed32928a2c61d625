// Tables, views and sequences: information_schema.tables, pg_tables, pg_class and their kin.
#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;

std::string table_type(const Object& object) {
  switch (object.kind) {
  case Kind::view: return "VIEW";
  case Kind::foreign_table: return "FOREIGN";
  default:
    return object.as<catalog::Table>().persistence == forms::Persistence::temporary
               ? "LOCAL TEMPORARY"
               : "BASE TABLE";
  }
}

std::string relation_kind(const Object& object) {
  switch (object.kind) {
  case Kind::view: return "v";
  case Kind::materialized_view: return "m";
  case Kind::foreign_table: return "f";
  case Kind::sequence: return "S";
  default: return object.as<catalog::Table>().strategy.empty() ? "r" : "p";
  }
}

void pg_class(Database& database, Relation& view) {
  view.columns = {"oid", "relname", "relnamespace", "relkind", "relispartition", "relrowsecurity"};
  for (const Object* const object : objects(database)) {
    if (!object->is_relation())
      continue;
    const Object* const table = database.catalog().get(object->table);
    const int64_t schema = object->schema ? object->schema : table ? table->schema : 0;
    const auto* const data = object->maybe<catalog::Table>();
    std::string kind = object->kind == Kind::index ? "i" : relation_kind(*object);
    if (object->kind == Kind::index && table && table->maybe<catalog::Table>() &&
        !table->as<catalog::Table>().strategy.empty())
      kind = "I";
    view.add({Cell::id(object->id), Cell::of(object->name), Cell::id(schema),
              Cell::of(std::move(kind)), data ? Cell::of(data->partition) : Cell::unknown(),
              Cell::of(data && data->row_security)});
  }
  add_system(view, "relnamespace", true);
}

}  // namespace

bool make_table_views(Database& database, std::string_view name, Relation& view) {
  if (name == "pg_class")
    return pg_class(database, view), true;
  const bool all = name == "information_schema.tables";
  const bool views = name == "information_schema.views" || name == "pg_views";
  const bool tables = name == "pg_tables";
  const bool materialized = name == "pg_matviews";
  const bool sequences = name == "information_schema.sequences" || name == "pg_sequences";
  if (!all && !views && !tables && !materialized && !sequences)
    return false;
  const bool standard = name.starts_with("information_schema.");
  const std::string what = sequences ? "sequence" : materialized ? "matview" : "table";
  if (sequences && standard)
    view.columns = {"sequence_schema", "sequence_name", "sequence_catalog"};
  else if (standard)
    view.columns = {"table_schema", "table_name", "table_catalog", "table_type"};
  else
    view.columns = {"schemaname", views ? "viewname" : what + "name"};
  for (const Object* const object : objects(database)) {
    const bool plain = object->kind == Kind::table;
    const bool wanted =
        (all && (plain || object->kind == Kind::view || object->kind == Kind::foreign_table)) ||
        (views && object->kind == Kind::view) || (tables && plain) ||
        (materialized && object->kind == Kind::materialized_view) ||
        (sequences && object->kind == Kind::sequence);
    if (!wanted || (sequences && standard && object->as<catalog::Sequence>().identity))
      continue;
    Cells row = {Cell::of(schema_of(database, *object)), Cell::of(object->name)};
    if (standard)
      row.push_back({.kind = Cell::Kind::database});
    if (all || (views && standard))
      row.push_back(Cell::of(table_type(*object)));
    view.add(std::move(row));
  }
  if (!sequences && !materialized)
    add_system(view, view.columns[0], false);
  return true;
}

}  // namespace retort::alembic
