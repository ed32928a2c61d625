#include "compiler/facts/study.h"
#include "compiler/facts/volatility.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace retort::facts {
namespace {

using catalog::Index;

// Casts that look at a setting of the session, such as the time zone.
bool is_stable(std::string_view from, std::string_view to) {
  constexpr std::pair<std::string_view, std::string_view> kStable[] = {{"timestamp", "timestamptz"},
                                                                       {"timestamptz", "timestamp"},
                                                                       {"timestamptz", "date"},
                                                                       {"timestamptz", "time"},
                                                                       {"timestamptz", "timetz"},
                                                                       {"date", "timestamptz"},
                                                                       {"time", "timetz"},
                                                                       {"text", "date"},
                                                                       {"text", "timestamp"},
                                                                       {"text", "timestamptz"},
                                                                       {"text", "time"},
                                                                       {"text", "timetz"},
                                                                       {"text", "regclass"}};
  return std::find(std::begin(kStable), std::end(kStable), std::pair(from, to)) !=
         std::end(kStable);
}

// The wall clock and the settings of a session must not stand in an index.
void refuse_mutable(Study& s, Id table, const forms::Expression& expression, Span at) {
  if (!expression)
    return;
  if (expression.types.size() == 1 && expression.columns.size() == 1) {
    const catalog::Column* column = s.before.column(
        table, expression.columns[0].names.empty() ? std::string_view{}
                                                   : expression.columns[0].names.back());
    const auto type = s.look.type(expression.types[0]);
    if (column && type && !column->type.array && !type->array &&
        is_stable(column->type.internal, type->internal) &&
        expression.text == forms::quoted(column->name) + "::" + forms::to_text(expression.types[0]))
      return s.fail("42P17", "functions in index expression must be marked IMMUTABLE", at);
  }
  const Verdict verdict = volatility_of(s, expression);
  const bool certain = verdict.worst == Volatility::volatile_ ||
                       (verdict.worst == Volatility::stable && verdict.every_overload);
  if (certain && verdict.every_overload)
    s.fail("42P17", "functions in index expression must be marked IMMUTABLE", at);
  else if (verdict.worst != Volatility::immutable)
    s.may_fail("42P17");
}

}  // namespace

void study(Study& s, const forms::CreateIndex& form) {
  const LockMode mode = form.concurrently ? LockMode::share_update_exclusive : LockMode::share;
  s.touch(form.table, mode);
  const Id table = s.find(form.table);
  if (table == 0)
    return;
  for (const forms::IndexColumn& column : form.columns)
    refuse_mutable(s, table, column.expression, form.at);
  if (form.where) {
    const Verdict verdict = volatility_of(s, form.where);
    if (verdict.worst == Volatility::volatile_ && verdict.every_overload)
      s.fail("42P17", "functions in index predicate must be marked IMMUTABLE", form.at);
    else if (verdict.worst != Volatility::immutable)
      s.may_fail("42P17");
  }
  if (form.if_not_exists && !form.index.name.empty()) {
    if (s.before.find(catalog::Space::relation, form.index.name, s.get(table)->schema) != 0)
      return;
    if (!s.look.certain({"", form.index.name, {}}))
      s.unknown(fmt::format("whether {} is there already", form.index.name));
  }
  if (!form.only)
    for (const Id partition : s.partitions(table)) {
      s.touch(partition, mode, "a partition");
      if (s.stored(partition))
        s.build(partition, "the index is built");
    }
  if (s.stored(table))
    s.build(table, "the index is built");
  std::vector<std::string> columns;
  for (const forms::IndexColumn& column : form.columns)
    columns.push_back(column.column);
  if (form.unique && !is_unique_already(s, table, columns))
    s.may_fail("23505");
}

void study(Study& s, const forms::Reindex& form) {
  const LockMode mode = form.concurrently ? LockMode::share_update_exclusive : LockMode::share;
  const auto index = [&](Id id) {
    if (s.partitioned(s.get(id)->table))
      return;
    // Others take its place while they are built; the old ones are locked for a moment only.
    Touched& touched = s.touch(id, form.concurrently ? LockMode::none : LockMode::access_exclusive);
    touched.built = Answer::yes;
    touched.reason = "built anew";
  };
  const auto table = [&](Id id) {
    s.touch(id, mode);
    if (!s.stored(id))
      return;
    const std::vector<Id> all = s.indexes(id);
    if (!all.empty())
      s.scan(id, "its indexes are built anew");
    for (const Id each : all)
      index(each);
  };
  if (form.kind == Kind::index) {
    s.touch(form.name, form.concurrently ? LockMode::none : LockMode::access_exclusive);
    const Id id = s.find(form.name);
    if (id == 0)
      return;
    const Id owner = s.get(id)->table;
    s.touch(owner, mode, "the index's table");
    if (s.stored(owner)) {
      s.scan(owner, "the index is built anew");
      index(id);
    }
    return;
  }
  if (form.kind == Kind::table) {
    s.touch(form.name, mode);
    const Id id = s.find(form.name);
    if (id == 0)
      return;
    table(id);
    // Up to 13 there was only a warning.
    if (s.server >= 14)
      for (const Id partition : s.partitions(id))
        table(partition);
    return;
  }
  // A schema or the database: each table in a transaction of its own.
  const Id schema =
      form.kind == Kind::schema ? s.before.find(catalog::Space::schema, form.name.name, 0) : 0;
  for (Id id = 1; id < s.before.size(); ++id) {
    const Object* object = s.before.get(id);
    if (object && object->is_table_like() && s.stored(id) &&
        (schema == 0 || object->schema == schema))
      table(id);
  }
}

}  // namespace retort::facts
