// What is said of objects of every kind: rename, move, own, comment, grant.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

bool is_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view ||
         kind == Kind::foreign_table || kind == Kind::sequence || kind == Kind::index;
}
bool is_member(Kind kind) {
  return kind == Kind::trigger || kind == Kind::rule || kind == Kind::policy ||
         kind == Kind::constraint;
}

void one(Study& s, const forms::Name& name, bool if_exists, LockMode mode) {
  if (s.find(name) != 0 || (!if_exists && !s.look.certain(name)))
    s.touch(name, mode);
}

}  // namespace

void study(Study& s, const forms::Rename& form) {
  const forms::Object& object = form.object;
  if (object.kind == Kind::column) {
    if (form.target == Kind::type || form.target == Kind::none) {
      if (const Id type = s.look.type_named(object.name)) {
        s.touch(type, LockMode::access_exclusive).named = true;
        return;
      }
    }
    s.alter(object.name, form.if_exists, false, LockMode::access_exclusive);
    return;
  }
  if (is_member(object.kind)) {
    const bool check = object.kind == Kind::constraint;
    s.alter(object.table, form.if_exists, !check, LockMode::access_exclusive);
    const Id table = s.find(object.table);
    const Id id = check && table != 0
                      ? s.before.find(catalog::Space::constraint, object.name.name, table)
                      : 0;
    if (const Object* constraint = s.before.get(id))
      if (const auto& data = constraint->as<catalog::Constraint>();
          data.index != 0 && data.kind != forms::ConstraintKind::foreign_key)
        s.touch(data.index, LockMode::share_update_exclusive, "renamed with its constraint");
    return;
  }
  if (!is_relation(object.kind))
    return;
  // Only ALTER INDEX knows beforehand that it will be an index.
  one(s, object.name, form.if_exists,
      form.target == Kind::index ? LockMode::share_update_exclusive : LockMode::access_exclusive);
}

void study(Study& s, const forms::SetSchema& form) {
  if (!is_relation(form.object.kind))
    return;
  one(s, form.object.name, form.if_exists, LockMode::access_exclusive);
  for (const Id sequence : s.owned_sequences(s.find(form.object.name)))
    s.touch(sequence, LockMode::access_exclusive, "owned by the table");
}

void study(Study& s, const forms::SetOwner& form) {
  if (!is_relation(form.object.kind))
    return;
  one(s, form.object.name, form.if_exists, LockMode::access_exclusive);
  const Id id = s.find(form.object.name);
  if (id == 0 || !s.before.get(id) || s.before.get(id)->owner == form.owner)
    return;
  if (s.before.get(id)->owner.empty())
    s.unknown(fmt::format("the owner of {}: with the same one, only it is locked", s.name_of(id)));
  for (const Id index : s.indexes(id))
    s.touch(index, LockMode::access_exclusive, "belongs to the table");
  for (const Id sequence : s.owned_sequences(id))
    s.touch(sequence, LockMode::access_exclusive, "owned by the table");
}

void study(Study& s, const forms::Comment& form) {
  const forms::Object& object = form.object;
  if (is_relation(object.kind))
    s.touch(object.name, LockMode::share_update_exclusive);
  else if (object.kind == Kind::column)
    s.touch(object.table.name.empty() ? object.name : object.table,
            LockMode::share_update_exclusive);
  else if (is_member(object.kind))
    s.touch(object.table, LockMode::access_share);
}

void study(Study& s, const forms::Grant& form) {
  if (s.server < 18)
    return;
  for (const forms::Object& object : form.objects)
    if (is_relation(object.kind))
      s.touch(object.name, LockMode::access_share);
}

void study(Study& s, const forms::LockTable& form) {
  const LockMode mode = lock_mode(form.mode);
  for (const forms::Name& name : form.tables) {
    s.touch(name, mode);
    const Id id = s.find(name);
    if (id == 0)
      continue;
    for (const Id below : s.descendants(id, form.only))
      s.touch(below, mode);
    if (const Object* object = s.get(id); object->kind == Kind::view)
      for (const catalog::Need& need : std::vector<catalog::Need>(object->needs))
        if (const Object* behind = s.get(need.object); behind && behind->is_table_like())
          s.touch(need.object, mode, "behind the view");
  }
}

void study(Study&, const forms::CreateSchema&) {}
void study(Study& s, const forms::CreateExtension&) {
  s.may_fail(s.server < 15 ? "58P01" : "0A000");  // where its files are not installed
}
void study(Study& s, const forms::Set& form) {
  if (form.name == "TRANSACTION" && s.transaction.statements > 0)
    s.may_fail("25001");  // behind a query
}
void study(Study&, const forms::Transaction&) {}

void study(Study& s, const forms::AlterExtension& form) {
  if (form.action == "update")
    s.unknown("what the update of extension " + forms::quoted(form.extension) + " does");
}

void study(Study& s, const forms::CreateStatistics& form) {
  if (s.find(form.table) != 0 || !s.look.certain(form.table))
    s.touch(form.table, LockMode::share_update_exclusive);
}

void study(Study& s, const forms::CreateOther& form) {
  if (form.object.kind == Kind::publication)
    for (const forms::Name& table : form.tables)
      s.touch(table, LockMode::share_update_exclusive);
}

void study(Study& s, const forms::AlterPublication& form) {
  for (const forms::Name& table : form.tables)
    s.touch(table, LockMode::share_update_exclusive);
}

void study(Study& s, const forms::Harmless& form) {
  const std::string_view action = form.action;
  const Id id = s.find(form.table);
  const auto sleep = [&](Id table, LockMode indexes) {
    for (const Id index : s.indexes(table))
      s.touch(index, indexes);
  };
  if (action == "analyze" || action == "vacuum") {
    std::vector<Id> tables;
    if (!form.table.name.empty()) {
      s.touch(form.table, LockMode::share_update_exclusive);
      if (id != 0)
        tables = {id};
      for (const Id below : s.partitions(id))
        tables.push_back(below);
    } else {
      for (Id each = 1; each < s.before.size(); ++each)
        if (const Object* object = s.before.get(each);
            object && (s.stored(each) || s.partitioned(each)))
          tables.push_back(each);
    }
    for (const Id table : tables) {
      Touched& touched = s.touch(table, LockMode::share_update_exclusive);
      if (action == "analyze")
        sleep(table, LockMode::access_share);
      else if (s.stored(table))
        touched.scanned = Answer::unknown;  // pages that are known to be clean are left out
    }
  } else if (action == "vacuum full" || action == "cluster") {
    if (!form.table.name.empty())
      s.touch(form.table, LockMode::access_exclusive);
    if (id != 0)
      s.rewrite(id, action == "cluster" ? "its rows are put in order" : "its rows are packed");
  } else if (form.statement == "DropRoleStmt" && action != "if exists") {
    s.may_fail("42704");
  } else if (form.statement == "AlterObjectDependsStmt") {
    s.touch(form.table, action == "trigger" ? LockMode::access_share : LockMode::access_exclusive);
  }
}

void study(Study& s, const forms::Opaque& form) {
  s.facts.work = Work::unknown;
  s.unknown(form.reason);
  if (form.reason == "DropOwnedStmt")
    s.may_fail("42704");
  for (const forms::Name& name : form.touches)
    if (const Id id = s.find(name)) {
      Touched& touched =
          s.touch(id, form.alters ? LockMode::access_exclusive : LockMode::none, form.reason);
      touched.scanned = touched.rewritten = Answer::unknown;
    }
}

}  // namespace retort::facts
