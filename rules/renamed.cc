#include "rules/renamed.h"

#include "common/text.h"
#include "rules/around.h"

#include <algorithm>

namespace retort::rules {
namespace {

bool same_type(const Visit& visit, const catalog::Type& old, const forms::TypeName& added) {
  if (old.object != 0) {
    const catalog::Object* const type = visit.type({added.schema, added.name, {}});
    return type && type->id == old.object;
  }
  return old.internal == added.name && old.modifiers == added.modifiers && old.array == added.array;
}

// One is a part of the other, or few letters differ.
bool alike(std::string_view a, std::string_view b) {
  if (a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos)
    return true;
  return edit_distance(a, b) * 2 <= std::max(a.size(), b.size());
}

}  // namespace

Renamed renamed_to(const Visit& visit, const forms::DropColumn& drop) {
  const catalog::Object* const table = visit.relation(drop.table);
  const catalog::Column* const column = table ? table->column_named(drop.column) : nullptr;
  if (!column || visit.down())
    return {};
  Renamed result;
  size_t added = 0, dropped = 0;
  bool written = false;
  for (const LintStatement& statement : visit.side().statements)
    for (const forms::Form& form : statement.forms) {
      if (const auto* const add = std::get_if<forms::AddColumn>(&form);
          add && same_relation(visit, add->table, drop.table) &&
          same_type(visit, column->type, add->column.type)) {
        ++added;
        result = {add, &statement};
      } else if (const auto* const other = std::get_if<forms::DropColumn>(&form);
                 other && same_relation(visit, other->table, drop.table)) {
        ++dropped;
      } else if (const auto* const update = std::get_if<forms::Update>(&form)) {
        written |= same_relation(visit, update->table, drop.table);
      } else if (std::holds_alternative<forms::Opaque>(form)) {
        written = true;
      }
    }
  if (added != 1 || written || result.add->column.generated ||
      (dropped != 1 && !alike(drop.column, result.add->column.name)))
    return {};
  const bool plain = alike(drop.column, result.add->column.name);
  // A flag for a flag says nothing when the names do not.
  return plain ? result : Renamed{};
}

}  // namespace retort::rules
