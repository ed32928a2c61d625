#include "compiler/alembic/questions/questions.h"

#include <algorithm>

namespace retort::alembic {

using catalog::Object;

const Relation* Views::find(std::string_view schema, std::string_view name) {
  std::string full(name);
  if (schema == "information_schema")
    full = "information_schema." + full;
  else if (!schema.empty() && schema != "pg_catalog")
    return nullptr;
  const auto [place, fresh] = made_.try_emplace(full);
  if (fresh) {
    Relation view;
    for (const auto make : {make_table_views, make_column_views, make_constraint_views,
                            make_index_views, make_type_views, make_other_views})
      if (make(database_, full, view)) {
        if (!database_.certain())  // there may be more
          view.add({});
        place->second = std::move(view);
        break;
      }
  }
  return place->second ? &*place->second : nullptr;
}

std::vector<const Object*> objects(const Database& database) {
  std::vector<const Object*> all;
  for (catalog::Id id = 1; id < database.catalog().size(); ++id)
    if (const Object* const object = database.catalog().get(id))
      all.push_back(object);
  return all;
}

std::string schema_of(const Database& database, const Object& object) {
  const Object* owner = &object;
  if (!object.schema)
    owner = database.catalog().get(object.table);
  const Object* const schema = owner ? database.catalog().get(owner->schema) : nullptr;
  return schema ? schema->name : "public";
}

Cell yes_no(bool value) { return Cell::of(value ? "YES" : "NO"); }

void add_system(Relation& view, std::string_view schema_column, bool by_id) {
  const std::pair<const char*, int64_t> schemas[] = {
      {"pg_catalog", kPgCatalog}, {"information_schema", kInformationSchema}, {"pg_toast", kToast}};
  for (const auto& [name, id] : schemas) {
    Cells row;
    for (const std::string& column : view.columns)
      row.push_back(column == schema_column ? (by_id ? Cell::id(id) : Cell::of(name))
                    : column == "oid" || column.ends_with("relid")          ? Cell::id(kSystem)
                    : column.ends_with("name") || column.ends_with("label") ? Cell::system()
                                                                            : Cell::unknown());
    view.add(std::move(row));
  }
}

}  // namespace retort::alembic
