// Indexes: pg_indexes and pg_index.
#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {

using catalog::Kind;
using catalog::Object;

bool make_index_views(Database& database, std::string_view name, Relation& view) {
  const bool short_form = name == "pg_indexes";
  if (!short_form && name != "pg_index")
    return false;
  if (short_form)
    view.columns = {"schemaname", "tablename", "indexname"};
  else
    view.columns = {"indexrelid", "indrelid", "indisunique", "indisprimary", "indisvalid"};
  for (const Object* const object : objects(database)) {
    const Object* const table = database.catalog().get(object->table);
    if (object->kind != Kind::index || !table)
      continue;
    const auto& index = object->as<catalog::Index>();
    if (short_form)
      view.add(
          {Cell::of(schema_of(database, *table)), Cell::of(table->name), Cell::of(object->name)});
    else
      view.add({Cell::id(object->id), Cell::id(object->table), Cell::of(index.unique),
                Cell::of(index.primary), Cell::of(index.valid)});
  }
  if (short_form)
    add_system(view, "schemaname", false);
  else
    view.add({Cell::id(kPgCatalog), Cell::id(kPgCatalog), Cell::unknown(), Cell::unknown(),
              Cell::of(true)});
  return true;
}

}  // namespace retort::alembic
