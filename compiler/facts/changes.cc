// What went and what came, whatever the statement was: seen from the catalog on both sides.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::Constraint;
using forms::ConstraintKind;
using Change = catalog::Catalog::Change;

bool concurrently(const std::vector<forms::Form>& forms) {
  if (forms.empty())
    return false;
  if (const auto* drop = std::get_if<forms::Drop>(&forms[0]))
    return drop->concurrently;
  const auto* create = std::get_if<forms::CreateIndex>(&forms[0]);
  return create && create->concurrently;
}

void drop_lock(Study& s, Id table, LockMode mode, std::string_view reason) {
  if (s.before.get(table))
    s.touch(table, mode, reason);
}

void gone_constraint(Study& s, const Object& object, const Constraint& constraint) {
  const Object* owner = s.before.get(object.table);
  if (!owner || !owner->is_table_like())
    return;
  drop_lock(s, object.table, LockMode::access_exclusive, "loses a constraint");
  if (constraint.kind != ConstraintKind::foreign_key || constraint.references == 0)
    return;
  // Up to 14 only the partitions of a referenced table, and not the table.
  const bool root = s.partitioned(constraint.references);
  if (!root || s.server >= 15)
    drop_lock(s, constraint.references, LockMode::access_exclusive,
              fmt::format("referenced by {}", forms::quoted(object.name)));
  for (const Id partition : s.partitions(constraint.references))
    drop_lock(s, partition, LockMode::access_exclusive, "a partition of the referenced table");
}

void gone(Study& s, const Change& change, bool concurrent, bool replaces) {
  const Object& object = *change.before;
  if (object.is_relation()) {
    const bool index = object.kind == Kind::index;
    Touched& touched =
        s.touch(change.id, index && concurrent ? LockMode::none : LockMode::access_exclusive);
    touched.dropped = true;
    if (index)
      drop_lock(s, object.table,
                concurrent ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                "loses an index");
    if (object.kind == Kind::table || object.kind == Kind::materialized_view)
      s.lose(object.kind == Kind::table ? Loss::Kind::table : Loss::Kind::other, change.id,
             fmt::format("{} {}", object.kind == Kind::table ? "table" : "materialized view",
                         s.name_of(change.id)));
    const auto* data = object.maybe<catalog::Table>();
    if (data && data->partition)
      for (const Id parent : data->parents) {
        drop_lock(s, parent, LockMode::access_exclusive, "loses a partition");
        if (const Id other = s.default_partition(parent); other != 0 && other != change.id)
          drop_lock(s, other, LockMode::access_exclusive, "the default partition");
      }
    return;
  }
  if (const auto* constraint = object.maybe<Constraint>();
      constraint && object.kind == Kind::constraint)
    return gone_constraint(s, object, *constraint);
  switch (object.kind) {
  case Kind::trigger:
    if (replaces)
      break;
    [[fallthrough]];
  case Kind::column_default:
  case Kind::policy:
  case Kind::rule:
    drop_lock(s, object.table, LockMode::access_exclusive,
              fmt::format("loses a {}", object.kind == Kind::column_default
                                            ? "default"
                                            : forms::to_string(object.kind)));
    break;
  case Kind::statistics:
    drop_lock(s, object.table, LockMode::share_update_exclusive, "loses statistics");
    break;
  case Kind::type:
  case Kind::domain: s.lose(Loss::Kind::type, change.id, "type " + s.name_of(change.id)); break;
  default: break;
  }
}

void changed(Study& s, const Change& change) {
  const auto* old = change.before->maybe<catalog::Table>();
  const auto* now = change.after->maybe<catalog::Table>();
  if (!old || !now)
    return;
  for (const catalog::Column& column : now->columns)
    if (column.dropped)
      for (const catalog::Column& before : old->columns)
        if (before.number == column.number && !before.dropped) {
          drop_lock(s, change.id, LockMode::access_exclusive, "loses a column");
          const std::string what = "column " + s.column_name(change.id, before.name);
          const bool said = std::any_of(s.facts.lost.begin(), s.facts.lost.end(),
                                        [&](const Loss& loss) { return loss.what == what; });
          if (!said)
            s.lose(Loss::Kind::column, change.id, what);
        }
}

void came(Study& s, const Change& change, bool concurrent) {
  const Object& object = *change.after;
  if (!object.is_relation())
    return;
  const auto* data = object.maybe<catalog::Table>();
  if (data && data->partial && s.touch(change.id, LockMode::none).made == false)
    return;
  const bool index = object.kind == Kind::index;
  Touched& touched =
      s.touch(change.id, index && concurrent ? LockMode::none : LockMode::access_exclusive);
  touched.made = true;
  if (!index)
    return;
  if (!s.partitioned(object.table))
    touched.built = Answer::yes;
  // One that a statement brings along: a partition's, when it is attached.
  const auto* owner = s.change(object.table);
  if (s.stored(object.table) && !(owner && !owner->before))
    s.build(object.table, "an index is built");
}

}  // namespace

void study_changes(Study& s, const std::vector<forms::Form>& forms) {
  const bool concurrent = concurrently(forms);
  const bool replaces = !forms.empty() && std::holds_alternative<forms::CreateTrigger>(forms[0]);
  for (const Change& change : s.facts.changes)
    if (!change.after)
      gone(s, change, concurrent, replaces);
    else if (!change.before)
      came(s, change, concurrent);
    else
      changed(s, change);
}

namespace {

// What an extension brought is not in the catalog; the language plpgsql is known.
void drop_extension(Study& s, const forms::Drop& form) {
  if (form.behavior == forms::Behavior::cascade)
    return s.unknown(fmt::format("what uses what {} brought", form.object.name.name));
  s.may_fail("2BP01");
  if (form.object.name.name != "plpgsql")
    return;
  for (Id id = 1; id < s.before.size(); ++id)
    if (const Object* object = s.before.get(id))
      if (const auto* function = object->maybe<catalog::Function>();
          function && function->language == "plpgsql")
        s.fail("2BP01", "cannot drop extension plpgsql because other objects depend on it",
               form.at);
}

}  // namespace

void study(Study& s, const forms::Drop& form) {
  const forms::Object& object = form.object;
  switch (object.kind) {
  case Kind::table:
  case Kind::view:
  case Kind::materialized_view:
  case Kind::foreign_table:
  case Kind::sequence:
  case Kind::index: {
    const Id id = s.find(object.name);
    const bool index = object.kind == Kind::index;
    if (id != 0) {
      Touched& touched =
          s.touch(id, index && form.concurrently ? LockMode::none : LockMode::access_exclusive);
      touched.named = true;
    } else if (!form.if_exists && !s.look.certain(object.name)) {
      Touched& touched = s.touch(
          object.name, index && form.concurrently ? LockMode::none : LockMode::access_exclusive);
      touched.dropped = true;
      touched.kind = object.kind;
      if (index)
        s.unknown(fmt::format("the table of the index {}", forms::to_text(object.name)));
      else if (object.kind == Kind::table)
        s.lose(Loss::Kind::table, 0, "table " + forms::to_text(object.name));
    } else if (form.if_exists && !s.look.certain(object.name)) {
      s.unknown(fmt::format("whether {} is there", forms::to_text(object.name)));
    }
    if (index && form.concurrently && id != 0 && s.partitioned(s.get(id)->table))
      s.fail("0A000",
             fmt::format("cannot drop partitioned index \"{}\" concurrently", s.get(id)->name),
             form.at);
    break;
  }
  case Kind::trigger:
  case Kind::policy:
  case Kind::rule: {
    const Id table = s.find(object.table);
    const catalog::Space space = object.kind == Kind::trigger  ? catalog::Space::trigger
                                 : object.kind == Kind::policy ? catalog::Space::policy
                                                               : catalog::Space::rule;
    const bool there = table != 0 && s.before.find(space, object.name.name, table) != 0;
    if (there || !s.look.certain(object.table) || (table != 0 && s.look.partial(table)))
      s.touch(object.table, LockMode::access_exclusive);
    break;
  }
  case Kind::extension: drop_extension(s, form); break;
  default: break;
  }
}

}  // namespace retort::facts
