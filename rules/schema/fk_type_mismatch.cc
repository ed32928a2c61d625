// A foreign key between columns of different types: allowed where the types compare, but each check
// casts, an index may serve one way only, and the smaller side cannot hold every key.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;

bool same_family(const catalog::Type& a, const catalog::Type& b) {
  if (a.object != b.object || a.array != b.array)
    return false;
  const auto string = [](const std::string& type) { return type == "text" || type == "varchar"; };
  return a.internal == b.internal || (string(a.internal) && string(b.internal));
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const key = object ? object->maybe<catalog::Constraint>() : nullptr;
    const Maker* const maker = visit.maker(id);
    if (!key || !maker || key->kind != forms::ConstraintKind::foreign_key || key->parent != 0)
      continue;
    const catalog::Object* const table = catalog.get(object->table);
    const catalog::Object* const other = catalog.get(key->references);
    if (!table || !other)
      continue;
    for (size_t i = 0; i < key->columns.size() && i < key->referenced_columns.size(); ++i) {
      const catalog::Column* const own = table->column_at(key->columns[i]);
      const catalog::Column* const target = other->column_at(key->referenced_columns[i]);
      if (!own || !target || !own->type.known || !target->type.known ||
          same_family(own->type, target->type))
        continue;
      const bool small = own->type.internal == "int4" && target->type.internal == "int8";
      Diagnostic* const finding = visit.report(
          id, definition_of(*maker->statement, *object, catalog),
          fmt::format("{}.{} is {}, and {}.{}, which it refers to, is {}", visit.name_of(*table),
                      forms::quoted(own->name), visit.text_of(own->type), visit.name_of(*other),
                      forms::quoted(target->name), visit.text_of(target->type)));
      if (finding)
        finding->note(small ? "keys above 2147483647 cannot be referred to (22003)"
                            : "give both sides the same type");
      break;
    }
  }
}

}  // namespace

const Rule schema_fk_type_mismatch{
    .name = "schema/fk-type-mismatch", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
