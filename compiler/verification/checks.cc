#include "compiler/verification/checks.h"

#include "common/text.h"
#include "compiler/verification/text.h"
#include "compiler/verification/words.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::verification {

namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Constraint;
using catalog::Id;
using catalog::Index;
using catalog::Kind;
using catalog::Object;
using catalog::Sequence;
using catalog::Table;
using catalog::Trigger;
using catalog::TypeData;
using Change = Catalog::Change;

constexpr std::string_view kNull = "NULL";

std::string truth(bool value) { return value ? "true" : "false"; }

std::string array(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values)
    quoted.push_back(literal(value));
  return "ARRAY[" + join(quoted, ", ") + "]::pg_catalog.text[]";
}

class Collector {
public:
  Collector(const Catalog& catalog, const Doubts& doubts) : catalog_(catalog), doubts_(doubts) {}

  void everything() {
    for (Id id = 1; id < catalog_.size(); ++id)
      if (const Object* const object = catalog_.get(id)) {
        add(*object, nullptr);
        if (object->kind == Kind::table)
          gone_columns(*object, nullptr);
      }
  }

  void since(size_t mark) {
    for (const Change& change : catalog_.changes(mark)) {
      if (change.before && change.after && same(*change.before, *change.after))
        continue;
      if (change.after) {
        add(*change.after, change.before.get());
        if (change.after->kind == Kind::table)
          gone_columns(*change.after, change.before.get());
      }
      if (change.before)
        gone(*change.before, change.after.get());
    }
  }

  Checks take() { return std::move(checks_); }

private:
  // --- what is sure ---

  enum class Sure : uint8_t { not_at_all, that_it_is_there, wholly };

  bool blurred(const std::string& name) const {
    return doubts_.names.contains(name) ||
           (catalog_.blurred.contains(name) && !doubts_.unmade.contains(name));
  }
  bool blurred(const Object& object) const {
    const Object* const schema = catalog_.get(object.schema);
    return blurred(object.name) || (schema && blurred(schema->name));
  }

  // It was there when something may have changed it, and whether it still was the same then.
  const Object* old(const Object& object) const {
    return doubts_.unknown_then ? doubts_.unknown_then->get(object.id) : nullptr;
  }

  Sure sure(const Object& object) {
    const Object* const owner = catalog_.get(object.table);
    if (blurred(object) || (owner && blurred(*owner)))
      return leave_out(object, "named by a statement whose effect is not known");
    const auto* const table = object.maybe<Table>();
    if (table && table->unmade)
      return leave_out(object, "not made by these revisions");
    const Object* const then = old(object);
    if (!then)
      return Sure::wholly;
    if (then == &object || same(*then, object))
      return leave_out(object, "older than a statement that may have changed anything");
    return Sure::that_it_is_there;
  }

  Sure leave_out(const Object& object, const std::string& reason) {
    std::string name = plain_name(catalog_, object);
    if (const Object* const owner = catalog_.get(object.table))
      name = plain_name(catalog_, *owner) + "." + object.name;
    checks_.left_out[reason].push_back(fmt::format("{} {}", word(object), name));
    return Sure::not_at_all;
  }

  static std::string_view word(const Object& object) {
    if (const auto* const type = object.maybe<TypeData>();
        type && type->form == TypeData::Form::enumeration)
      return "enum";
    return to_string(object.kind);
  }

  static bool temporary(const Object& object) {
    const auto* const table = object.maybe<Table>();
    return table && table->persistence == forms::Persistence::temporary;
  }

  // --- rows ---

  template <class... Cells>
  void row(Section section, const Cells&... cells) {
    const std::vector<std::string> all = {std::string(cells)...};
    checks_.rows[static_cast<size_t>(section)].push_back(join(all, ", "));
    ++checks_.count;
  }

  std::string schema_of(const Object& object) const {
    const Object* const schema = catalog_.get(object.schema);
    return schema ? literal(schema->name) : "''";
  }

  // "'shop', 'orders', 'name'" of a member of a table.
  std::string member(const Object& table, std::string_view name) const {
    return fmt::format("{}, {}, {}", schema_of(table), literal(table.name), literal(name));
  }

  void thing(std::string_view kind, const Object& object, bool there) {
    const Object* const owner = catalog_.get(object.table);
    const std::string place =
        owner ? member(*owner, object.name)
              : fmt::format("{}, '', {}", schema_of(object), literal(object.name));
    row(Section::things, literal(kind), place, truth(there));
  }

  static std::string words(Sure how, const std::optional<std::string>& text) {
    return how == Sure::wholly && text ? literal(*text) : std::string(kNull);
  }

  // The table of what is looked at: its absence is said once.
  void need(const Object& table) {
    if (tables_.insert(table.id).second)
      relation(table, Sure::that_it_is_there);
  }

  void add(const Object& object, const Object* before) {
    if (temporary(object) ||
        (object.table != 0 && catalog_.get(object.table) && temporary(*catalog_.get(object.table))))
      return;
    switch (object.kind) {
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view: add_relation(object, before); break;
    case Kind::constraint: add_constraint(object, object.as<Constraint>()); break;
    case Kind::index: add_index(object, object.as<Index>()); break;
    case Kind::sequence: add_sequence(object, object.as<Sequence>()); break;
    case Kind::type:
    case Kind::domain: add_type(object, object.as<TypeData>()); break;
    case Kind::domain_constraint:
      if (const Object* const domain = catalog_.get(object.table);
          domain && types_.insert(domain->id).second)
        add_type(*domain, domain->as<TypeData>());
      break;
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate: add_function(object); break;
    case Kind::trigger: add_trigger(object, object.as<Trigger>()); break;
    case Kind::schema:
      if (object.name == "public" || doubts_.schemas.contains(object.name))
        break;
      [[fallthrough]];
    case Kind::extension:
    case Kind::rule:
    case Kind::policy:
    case Kind::statistics:
      if (sure(object) != Sure::not_at_all)
        thing(to_string(object.kind), object, true);
      break;
    default: break;  // comments, owners and rights are not looked at
    }
  }

  void relation(const Object& object, Sure how) {
    row(Section::relations, literal(to_string(object.kind)), schema_of(object),
        literal(object.name), words(how, relation_words(catalog_, object)));
  }

  void add_relation(const Object& object, const Object* before) {
    if (object.schema == 0)
      return;
    const Sure how = sure(object);
    const Table& table = object.as<Table>();
    // Columns that came after what is not known are known, whatever their table is.
    const bool columns = object.kind == Kind::table || object.kind == Kind::foreign_table;
    if (how != Sure::not_at_all && tables_.insert(object.id).second)
      relation(object, how);
    if (!columns || blurred(object))
      return;
    for (const Column& column : table.columns) {
      const Column* const was = before ? before->column_at(column.number) : nullptr;
      if (!column.dropped && !(was && *was == column))
        add_column(object, column);
    }
  }

  void add_column(const Object& table, const Column& column) {
    if (blurred(table) || temporary(table) || !columns_.insert({table.id, column.number}).second)
      return;
    // What is the same as when something unknown happened may not be so any more.
    const Object* const then_table = old(table);
    const Column* const then = then_table ? then_table->column_at(column.number) : nullptr;
    const auto changed = [&](auto part) { return !then || !(then->*part == column.*part); };
    if (then && *then == column)
      return;
    std::string parts;
    std::vector<std::string> words;
    const bool typed = changed(&Column::type);
    const std::optional<TypeWords> type = typed ? type_words(catalog_, column.type) : std::nullopt;
    if (type) {
      parts += type->by_name ? 'T' : 't';
      words.push_back(type->text);
    }
    if (changed(&Column::not_null)) {
      parts += 'n';
      if (column.not_null)
        words.emplace_back("not null");
    }
    if (changed(&Column::identity)) {
      parts += 'i';
      if (column.identity != forms::Identity::none)
        words.emplace_back(column.identity == forms::Identity::always ? "identity always"
                                                                      : "identity by default");
    }
    std::string value(kNull);
    if (changed(&Column::fallback))
      value = add_default(column, parts, words);
    if (!column.collation.empty() && (typed || changed(&Column::collation))) {
      parts += 'c';
      words.push_back("collate " + column.collation);
    }
    need(table);
    row(Section::columns, member(table, column.name), literal(parts), value,
        literal(join(words, " ")));
  }

  std::string add_default(const Column& column, std::string& parts,
                          std::vector<std::string>& words) const {
    parts += 'd';
    if (!catalog_.get(column.fallback))
      return std::string(kNull);
    const Object* const type = catalog_.get(column.type.object);
    const std::optional<PrintedDefault> printed =
        printed_default(catalog_, column, type && doubts_.relabelled.contains(type->name));
    words.emplace_back(column.generated ? "generated" : "default");
    if (!printed)
      return std::string(kNull);
    parts += printed->how;
    words.back() += " " + printed->text;
    return literal(printed->text);
  }

  void add_constraint(const Object& object, const Constraint& constraint) {
    const Object* const table = catalog_.get(object.table);
    if (constraint.parent != 0 || !table)  // a partition's follows its table's
      return;
    const Sure how = sure(object);
    if (how == Sure::not_at_all)
      return;
    need(*table);
    row(Section::constraints, member(*table, object.name),
        words(how, constraint_words(catalog_, object)));
  }

  void add_index(const Object& object, const Index& index) {
    const Object* const table = catalog_.get(object.table);
    if (index.parent != 0 || !table)
      return;
    const Sure how = sure(object);
    if (how == Sure::not_at_all)
      return;
    need(*table);
    // One that was made ON ONLY becomes valid with its last partition.
    row(Section::indexes, member(*table, object.name), truth(index.valid && !index.only),
        words(how, index_words(catalog_, object)));
  }

  void add_sequence(const Object& object, const Sequence& sequence) {
    const Object* const table = catalog_.get(sequence.table);
    if ((table && (blurred(*table) || temporary(*table))) || object.schema == 0)
      return;
    const Sure how = sure(object);
    if (how == Sure::not_at_all)
      return;
    row(Section::sequences, schema_of(object), literal(object.name),
        words(how, sequence_words(catalog_, object)));
  }

  void add_type(const Object& object, const TypeData& data) {
    types_.insert(object.id);
    if (data.multirange_of != 0 || object.schema == 0)
      return;
    const Sure how = sure(object);
    if (how == Sure::not_at_all)
      return;
    if (data.form == TypeData::Form::enumeration && how == Sure::wholly) {
      row(Section::enums, schema_of(object), literal(object.name), array(data.labels));
      return;
    }
    row(Section::types, schema_of(object), literal(object.name),
        words(how, type_words(catalog_, object)));
  }

  void add_function(const Object& object) {
    if (object.schema == 0 || sure(object) == Sure::not_at_all)
      return;
    const std::optional<std::vector<std::string>> inputs = input_words(catalog_, object);
    row(Section::functions, schema_of(object), literal(object.name),
        inputs ? array(*inputs) : std::string(kNull),
        literal(to_string(object.as<catalog::Function>().kind)));
  }

  void add_trigger(const Object& object, const Trigger& trigger) {
    const Object* const table = catalog_.get(object.table);
    if (trigger.cloned || !table)
      return;
    const Sure how = sure(object);
    if (how == Sure::not_at_all)
      return;
    need(*table);
    row(Section::triggers, member(*table, object.name), truth(catalog_.get(trigger.function)),
        words(how, trigger_words(catalog_, object)));
  }

  // --- what must be gone ---

  void gone_columns(const Object& table, const Object* before) {
    if (blurred(table) || temporary(table))
      return;
    const std::vector<Column>& columns = table.as<Table>().columns;
    for (const Column& column : columns) {
      if (before && was_dropped(*before, column.number))
        continue;
      // It may have been renamed onto, or made again.
      if (!column.dropped || table.column_named(column.name))
        continue;
      if (const Object* const then = old(table); then && was_dropped(*then, column.number))
        continue;
      if (!gone_.insert({table.id, column.name}).second)
        continue;
      need(table);
      row(Section::things, "'column'", member(table, column.name), "false");
    }
  }

  static bool was_dropped(const Object& table, int number) {
    const auto* const data = table.maybe<Table>();
    return data && std::any_of(data->columns.begin(), data->columns.end(),
                               [&](const Column& c) { return c.number == number && c.dropped; });
  }

  // Something else, or the same made anew, has the name now.
  bool named_again(const Object& object) const {
    for (Id id = 1; id < catalog_.size(); ++id) {
      const Object* const other = catalog_.get(id);
      if (other && other->name == object.name && other->table == object.table &&
          (object.table != 0 || other->schema == object.schema))
        return true;
    }
    return false;
  }

  void gone(const Object& before, const Object* after) {
    // What belongs to a table goes where that goes.
    if (after && after->name == before.name &&
        (after->schema == before.schema || before.table != 0))
      return;
    if (temporary(before) || blurred(before) || named_again(before))
      return;
    const Object* const owner = catalog_.get(before.table);
    if (before.table != 0 && (!owner || temporary(*owner) || blurred(*owner)))
      return;  // gone with its table
    if (before.schema != 0 && !catalog_.get(before.schema))
      return;
    if (const auto* const table = before.maybe<Table>(); table && table->unmade)
      return;
    switch (before.kind) {
    case Kind::index:
      if (before.as<Index>().parent != 0 || before.as<Index>().constraint != 0)
        return;
      break;
    case Kind::constraint:
      if (before.as<Constraint>().parent != 0)
        return;
      break;
    case Kind::trigger:
      if (before.as<Trigger>().cloned)
        return;
      break;
    case Kind::type:
      if (before.as<TypeData>().multirange_of != 0)
        return;
      break;
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::sequence:
    case Kind::domain:
    case Kind::schema:
    case Kind::extension:
    case Kind::rule:
    case Kind::policy:
    case Kind::statistics: break;
    default: return;  // a function's name may be that of others
    }
    thing(to_string(before.kind), before, false);
  }

  const Catalog& catalog_;
  const Doubts& doubts_;
  Checks checks_;
  std::set<Id> tables_, types_;
  std::set<std::pair<Id, int>> columns_;
  std::set<std::pair<Id, std::string>> gone_;
};

}  // namespace

Checks checks_of(const Catalog& catalog, const Doubts& doubts, std::optional<size_t> since) {
  Collector collector(catalog, doubts);
  if (since)
    collector.since(*since);
  else
    collector.everything();
  return collector.take();
}

}  // namespace retort::verification
