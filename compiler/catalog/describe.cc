// Objects and types as PostgreSQL's messages call them.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

using forms::quoted;

std::string Apply::visible_name(const Object& object) const {
  const Object* schema = catalog.get(object.schema);
  if (!schema)
    return quoted(object.name);
  const bool type = object.is_type();
  for (const Id candidate : path()) {
    if (candidate == object.schema)
      return quoted(object.name);
    // Another object of the name hides it.
    if (catalog.find(type ? Space::type : Space::relation, object.name, candidate) != 0)
      break;
  }
  return quoted(schema->name) + "." + quoted(object.name);
}

std::string Apply::text(const Type& type) const {
  std::string result;
  if (const Object* object = catalog.get(type.object)) {
    result = visible_name(*object);
    if (!type.modifiers.empty())
      result += "(" + join(type.modifiers, ",") + ")";
  } else {
    result = forms::type_spelling(type.internal, type.modifiers);
    if (result.empty())
      result =
          type.internal + (type.modifiers.empty() ? "" : "(" + join(type.modifiers, ",") + ")");
  }
  return type.array ? result + "[]" : result;
}

std::string Apply::describe(Id id, int column) const {
  const Object* object = catalog.get(id);
  if (!object)
    return "object";
  const Object* table = catalog.get(object->table);
  std::string kind(to_string(object->kind));
  if (const Index* index = object->maybe<Index>(); index && !index->columns.empty() && table)
    if (const Table* owner = table->maybe<Table>(); owner && !owner->strategy.empty())
      kind = "index";
  if (column != 0) {
    const Column* found = object->column_at(column);
    return fmt::format("column {} of {}", found ? quoted(found->name) : "?", describe(id));
  }
  switch (object->kind) {
  case Kind::column_default: {
    const Column* found = table ? table->column_at(object->column) : nullptr;
    return fmt::format("default value for column {} of {}", found ? quoted(found->name) : "?",
                       describe(object->table));
  }
  case Kind::constraint:
    return fmt::format("constraint {} on {}", quoted(object->name), describe(object->table));
  case Kind::publication_table:
    return fmt::format("publication of {} in publication {}", describe(object->table),
                       quoted(object->name));
  case Kind::domain_constraint: return fmt::format("constraint {}", quoted(object->name));
  case Kind::trigger:
  case Kind::rule:
  case Kind::policy:
    return fmt::format("{} {} on {}", kind, quoted(object->name), describe(object->table));
  case Kind::function: {
    const Function& function = object->as<Function>();
    std::vector<std::string> inputs;
    for (const Type& input : function.inputs)
      inputs.push_back(text(input));
    return fmt::format("function {}({})", visible_name(*object), join(inputs, ","));
  }
  case Kind::domain: return "type " + visible_name(*object);
  case Kind::schema:
  case Kind::extension: return kind + " " + quoted(object->name);
  default: return kind + " " + visible_name(*object);
  }
}

}  // namespace retort::catalog
