// What brings new relations. The relations themselves are seen from the changes; here is whom else
// it concerns.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {

void new_partition(Study& s, Id root, std::string_view bound);  // partition.cc

namespace {

void reference(Study& s, const forms::Constraint& constraint, const forms::Name& own) {
  if (constraint.kind != forms::ConstraintKind::foreign_key || constraint.references == own)
    return;
  Touched& touched = s.touch(constraint.references, LockMode::share_row_exclusive);
  if (touched.reason.empty())
    touched.reason = "referenced by the new table";
  for (const Id partition : s.partitions(s.find(constraint.references)))
    s.touch(partition, LockMode::share_row_exclusive, "a partition of the referenced table");
}

}  // namespace

void study(Study& s, const forms::CreateTable& form) {
  if (form.if_not_exists && s.find(form.table) != 0)
    return;
  for (const forms::Column& column : form.columns)
    for (const forms::Constraint& constraint : column.constraints)
      reference(s, constraint, form.table);
  for (const forms::Constraint& constraint : form.constraints)
    reference(s, constraint, form.table);
  for (const forms::Like& like : form.likes)
    s.touch(like.table, LockMode::access_share);
  for (const forms::Name& parent : form.inherits)
    s.touch(parent, LockMode::share_update_exclusive);
  if (!form.of_type.name.empty())
    if (const Id type = s.look.type_named(form.of_type))
      s.touch(type, LockMode::access_share).named = true;
  if (form.partition_of.name.empty())
    return;
  if (const Id root = s.find(form.partition_of))
    new_partition(s, root, form.bound);
  else
    s.touch(form.partition_of, LockMode::access_exclusive);
}

void study(Study& s, const forms::CreateTableAs& form) {
  if (form.if_not_exists && s.find(form.table) != 0)
    return;
  if (form.with_data)
    s.read(form.query);
  else
    s.mention(form.query);
}

void study(Study& s, const forms::CreateView& form) {
  if (form.or_replace && s.find(form.view) != 0)
    s.touch(form.view, LockMode::access_exclusive);
  s.mention(form.query);
}

void study(Study& s, const forms::Refresh& form) {
  s.touch(form.view, form.concurrently ? LockMode::exclusive : LockMode::access_exclusive);
  const Id id = s.find(form.view);
  if (id == 0)
    return;
  if (!form.with_data) {
    s.touch(id, LockMode::access_exclusive).new_file = true;
    for (const Id index : s.indexes(id))
      s.rebuild(index, "its table is emptied");
    return;
  }
  if (form.concurrently) {
    bool unique = s.look.partial(id);
    for (const Id index : s.indexes(id)) {
      const auto& data = s.before.get(index)->as<catalog::Index>();
      unique |= data.unique && data.where.empty() &&
                std::all_of(data.columns.begin(), data.columns.end(),
                            [](const catalog::IndexPart& part) { return part.column != 0; });
      s.touch(index, LockMode::row_exclusive);
    }
    if (const catalog::Table* data = s.table(id); data && !data->partial && !data->populated)
      s.fail("0A000", "CONCURRENTLY cannot be used when the materialized view is not populated",
             form.at);
    if (!unique)
      s.fail("55000",
             fmt::format("cannot refresh materialized view \"{}\" concurrently",
                         forms::quoted(s.get(id)->name)),
             form.at);
    s.scan(id, "compared with what the query gives");
    s.touch(id, LockMode::exclusive).changed = true;
  } else {
    s.rewrite(id, "filled anew");
  }
  const catalog::Table* data = s.table(id);
  const bool whole = data && data->whole;
  for (const catalog::Need& need : std::vector<catalog::Need>(s.get(id)->needs)) {
    const Object* source = s.get(need.object);
    if (!source || !source->is_table_like() || need.object == id)
      continue;
    s.touch(need.object, LockMode::access_share, "read by the query");
    if (s.stored(need.object))
      s.scan(need.object, "read by the query", whole ? Answer::yes : Answer::unknown);
    s.lock_indexes(need.object, LockMode::access_share);
  }
}

void study(Study&, const forms::AlterFunction&) {}

void study(Study& s, const forms::CreateTrigger& form) {
  s.touch(form.table, LockMode::share_row_exclusive);
  if (!form.from.name.empty())
    s.touch(form.from, LockMode::access_share);
  if (form.row)
    for (const Id partition : s.partitions(s.find(form.table)))
      s.touch(partition, LockMode::share_row_exclusive, "a partition");
}

void study(Study& s, const forms::CreatePolicy& form) {
  s.touch(form.table, LockMode::access_exclusive);
  s.mention(form.using_);
  s.mention(form.check);
}

void study(Study& s, const forms::CreateRule& form) {
  s.touch(form.table, LockMode::access_exclusive);
  s.mention(form.mentions);
}

}  // namespace retort::facts
