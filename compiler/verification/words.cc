#include "compiler/verification/words.h"

#include "common/text.h"
#include "compiler/verification/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::verification {

using catalog::Catalog;
using catalog::Column;
using catalog::Constraint;
using catalog::Id;
using catalog::Index;
using catalog::IndexPart;
using catalog::Kind;
using catalog::Object;
using catalog::Table;
using catalog::TypeData;

namespace {

std::string listed(const std::vector<std::string>& words) { return "(" + join(words, ", ") + ")"; }

std::optional<std::string> columns_words(const Catalog& catalog, Id table,
                                         const std::vector<int>& numbers, bool sorted = false) {
  const Object* const object = catalog.get(table);
  std::vector<std::string> names;
  for (const int number : numbers) {
    const Column* const column = object ? object->column_at(number) : nullptr;
    if (!column)
      return std::nullopt;
    names.push_back(column->name);
  }
  if (sorted) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
  return listed(names);
}

bool is_partial(const Catalog& catalog, Id table) {
  const Object* const object = catalog.get(table);
  const Table* const data = object ? object->maybe<Table>() : nullptr;
  return !data || data->partial;
}

std::string part_words(const Object& table, const std::vector<IndexPart>& parts) {
  std::vector<std::string> words;
  for (const IndexPart& part : parts) {
    const Column* const column = table.column_at(part.column);
    std::string text = column ? column->name : "expression";
    if (part.descending)
      text += " desc";
    if (part.nulls_first != part.descending)
      text += part.nulls_first ? " nulls first" : " nulls last";
    words.push_back(std::move(text));
  }
  return listed(words);
}

// Of a system's type, or of one that the chain has made.
std::optional<std::string> sure_type(const Catalog& catalog, const catalog::Type& type) {
  std::optional<TypeWords> words = type_words(catalog, type);
  if (!words || words->by_name)
    return std::nullopt;
  return std::move(words->text);
}

std::optional<std::string> domain_words(const Catalog& catalog, const Object& domain) {
  const TypeData& data = domain.as<TypeData>();
  const std::optional<std::string> base = sure_type(catalog, data.base);
  if (!base)
    return std::nullopt;
  std::vector<std::string> checks;
  for (const Id id : catalog.members(domain.id, Kind::domain_constraint)) {
    const Object& check = *catalog.get(id);
    checks.push_back(check.name + (check.as<Constraint>().valid ? "" : " not valid"));
  }
  std::sort(checks.begin(), checks.end());
  return fmt::format("domain over {}{}{}{}", *base, data.not_null ? " not null" : "",
                     data.fallback.empty() ? "" : " default",
                     checks.empty() ? "" : " check " + listed(checks));
}

}  // namespace

std::string relation_words(const Catalog& catalog, const Object& relation) {
  const Table& table = relation.as<Table>();
  std::string text(to_string(relation.kind));
  if (table.persistence == forms::Persistence::unlogged)
    text += " unlogged";
  if (!table.strategy.empty()) {
    std::vector<std::string> parts;
    for (const int number : table.key) {
      const Column* const column = relation.column_at(number);
      parts.push_back(column ? column->name : "expression");
    }
    text += fmt::format(" partitioned by {} {}", table.strategy, listed(parts));
  }
  std::vector<std::string> parents;
  for (const Id parent : table.parents)
    if (const Object* const found = catalog.get(parent))
      parents.push_back(plain_name(catalog, *found));
  if (!parents.empty())
    text += (table.partition ? " partition of " : " inherits ") + join(parents, ", ");
  if (table.row_security)
    text += " with row security";
  return text;
}

std::optional<std::string> constraint_words(const Catalog& catalog, const Object& object) {
  using K = forms::ConstraintKind;
  const Constraint& constraint = object.as<Constraint>();
  std::string text(forms::to_string(constraint.kind));
  if (constraint.kind != K::exclusion) {
    const std::optional<std::string> columns =
        columns_words(catalog, object.table, constraint.columns, constraint.kind == K::check);
    if (!columns || (constraint.kind == K::check && is_partial(catalog, object.table)))
      return std::nullopt;
    text += " " + *columns;
  }
  if (constraint.kind == K::foreign_key) {
    const std::optional<std::string> others =
        columns_words(catalog, constraint.references, constraint.referenced_columns);
    if (!others || constraint.referenced_columns.empty())
      return std::nullopt;
    text += fmt::format(" references {} {}",
                        plain_name(catalog, *catalog.get(constraint.references)), *others);
    if (!constraint.on_delete.empty())
      text += " on delete " + lower(constraint.on_delete);
    if (!constraint.on_update.empty())
      text += " on update " + lower(constraint.on_update);
    if (!constraint.match.empty())
      text += " match " + lower(constraint.match);
  }
  if (constraint.no_inherit && constraint.kind == K::check)
    text += " no inherit";
  if (constraint.deferrable)
    text += constraint.initially_deferred ? " deferrable initially deferred" : " deferrable";
  if (!constraint.valid)
    text += " not valid";
  return text;
}

std::optional<std::string> index_words(const Catalog& catalog, const Object& object) {
  const Index& index = object.as<Index>();
  if (is_partial(catalog, object.table))
    return std::nullopt;  // a name in it may be a column that is not known
  const Object& table = *catalog.get(object.table);
  std::string text = fmt::format("{}{} {}",
                                 index.primary  ? "primary "
                                 : index.unique ? "unique "
                                                : "",
                                 index.method, part_words(table, index.columns));
  if (!index.include.empty())
    text += " include " + part_words(table, index.include);
  if (index.nulls_not_distinct)
    text += " nulls not distinct";
  if (!index.where.empty())
    text += " where";
  return text;
}

std::string sequence_words(const Catalog& catalog, const Object& object) {
  const auto& sequence = object.as<catalog::Sequence>();
  std::string text = fmt::format("{} start {} increment {} from {} to {} cache {}{}",
                                 forms::type_spelling(sequence.type), sequence.start,
                                 sequence.increment, sequence.minimum, sequence.maximum,
                                 sequence.cache, sequence.cycle ? " cycle" : "");
  if (const Object* const table = catalog.get(sequence.table)) {
    const Column* const column = table->column_at(sequence.column);
    text += fmt::format(" {} {}.{}", sequence.identity ? "identity of" : "owned by",
                        plain_name(catalog, *table), column ? column->name : "");
  }
  return text;
}

std::optional<std::string> type_words(const Catalog& catalog, const Object& type) {
  const TypeData& data = type.as<TypeData>();
  if (data.form == TypeData::Form::domain)
    return domain_words(catalog, type);
  if (data.form == TypeData::Form::range) {
    const std::optional<std::string> base = sure_type(catalog, data.base);
    return base ? std::optional("range over " + *base) : std::nullopt;
  }
  if (data.form != TypeData::Form::composite)
    return std::nullopt;
  std::vector<std::string> parts;
  for (const Column& column : data.columns) {
    if (column.dropped)
      continue;
    const std::optional<std::string> words = sure_type(catalog, column.type);
    if (!words)
      return std::nullopt;
    parts.push_back(column.name + " " + *words);
  }
  return "composite " + listed(parts);
}

std::string trigger_words(const Catalog& catalog, const Object& object) {
  const auto& trigger = object.as<catalog::Trigger>();
  const Object* const function = catalog.get(trigger.function);
  return fmt::format("{} {}{}{}", trigger.timing, join(trigger.events, " or "),
                     trigger.row ? " each row" : "",
                     function ? " execute " + plain_name(catalog, *function) : "");
}

std::optional<std::vector<std::string>> input_words(const Catalog& catalog, const Object& object) {
  const auto& function = object.as<catalog::Function>();
  if (function.kind == Kind::aggregate)
    return std::nullopt;
  std::vector<std::string> words;
  for (catalog::Type input : function.inputs) {
    input.modifiers.clear();
    const std::optional<std::string> word = sure_type(catalog, input);
    if (!word)
      return std::nullopt;
    words.push_back(*word);
  }
  return words;
}

}  // namespace retort::verification
