#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

// Stronger answers stay: yes over unknown over no.
void raise(Answer& answer, Answer to) { answer = std::max(answer, to); }

void give_reason(Touched& touched, std::string_view reason) {
  if (touched.reason.empty())
    touched.reason = reason;
}

}  // namespace

const catalog::Catalog::Change* Study::change(Id id) const {
  const auto& changes = facts.changes;
  const auto found =
      std::lower_bound(changes.begin(), changes.end(), id,
                       [](const catalog::Catalog::Change& c, Id wanted) { return c.id < wanted; });
  return found != changes.end() && found->id == id ? &*found : nullptr;
}

const Object* Study::get(Id id) const {
  if (const Object* object = before.get(id))
    return object;
  const auto* made = change(id);
  return made ? made->after.get() : nullptr;
}

const catalog::Table* Study::table(Id id) const {
  const Object* object = get(id);
  return object ? object->maybe<catalog::Table>() : nullptr;
}

bool Study::dropped(Id id) const {
  const auto* found = change(id);
  return found && found->before && !found->after;
}

Id Study::find(const forms::Name& name) const {
  if (name.name.empty())
    return 0;
  if (const Id id = look.relation(name))
    return id;
  // ALTER TABLE knows a table by what happens to it, though the chain did not make it.
  for (const auto& made : facts.changes)
    if (!made.before && made.after && made.after->name == name.name)
      if (const auto* data = made.after->maybe<catalog::Table>(); data && data->partial)
        return made.id;
  return 0;
}

std::string Study::name_of(Id id) const {
  const Object* object = get(id);
  if (!object)
    return "";
  const Object* schema = get(object->schema);
  return schema ? forms::quoted(schema->name) + "." + forms::quoted(object->name)
                : forms::quoted(object->name);
}

std::string Study::column_name(Id id, std::string_view column) const {
  return name_of(id) + "." + forms::quoted(column);
}

Touched& Study::touch(Id id, LockMode mode, std::string_view reason) {
  for (Touched& touched : facts.touched)
    if (touched.id == id) {
      touched.lock = std::max(touched.lock, mode);
      give_reason(touched, reason);
      return touched;
    }
  Touched& touched = facts.touched.emplace_back();
  touched.id = id;
  touched.lock = mode;
  touched.name = name_of(id);
  touched.reason = reason;
  if (const Object* object = get(id))
    touched.kind = object->kind;
  if (const auto* made = change(id); made && !made->before) {
    const auto* data = made->after->maybe<catalog::Table>();
    // A table that is only noticed was there.
    touched.made = !(data && data->unmade);
  }
  return touched;
}

Touched& Study::touch(const forms::Name& name, LockMode mode) {
  if (const Id id = find(name)) {
    Touched& touched = touch(id, mode);
    touched.named = true;
    return touched;
  }
  std::string text = forms::to_text(name);
  // Where it would be found, if it is there.
  if (const std::vector<Id> path = look.path();
      name.schema.empty() && !path.empty() && !look.is_system(name))
    text = forms::quoted(before.get(path.front())->name) + "." + text;
  for (Touched& touched : facts.touched)
    if (touched.id == 0 && touched.name == text) {
      touched.lock = std::max(touched.lock, mode);
      return touched;
    }
  Touched& touched = facts.touched.emplace_back();
  touched.name = text;
  touched.lock = mode;
  touched.named = true;
  if (!look.is_system(name))
    unknown(fmt::format("{} is not in the chain", text));
  return touched;
}

std::vector<Id> Study::alter(const forms::Name& name, bool if_exists, bool only, LockMode mode) {
  const Id id = find(name);
  if (id == 0) {
    if (!if_exists && !look.certain(name))
      touch(name, mode);
    return {};
  }
  touch(id, mode).named = true;
  std::vector<Id> all = {id};
  for (const Id below : descendants(id, only)) {
    touch(below, mode, partitioned(id) ? "a partition" : "inherits");
    all.push_back(below);
  }
  return all;
}

void Study::scan(Id id, std::string_view reason, Answer answer) {
  Touched& touched = touch(id, LockMode::none);
  if (answer > touched.scanned)
    touched.reason = reason;
  raise(touched.scanned, answer);
}

void Study::rewrite(Id id, std::string_view reason, Answer answer) {
  if (!stored(id))
    return;
  Touched& touched = touch(id, LockMode::access_exclusive);
  if (answer > touched.rewritten)
    touched.reason = reason;
  raise(touched.rewritten, answer);
  raise(touched.scanned, answer);
  for (const Id index : indexes(id))
    rebuild(index, reason, answer);
}

void Study::build(Id table, std::string_view reason, Answer answer) {
  Touched& touched = touch(table, LockMode::none);
  if (answer > touched.built)
    touched.reason = reason;
  raise(touched.built, answer);
  raise(touched.scanned, answer);
}

void Study::rebuild(Id index, std::string_view reason, Answer answer) {
  if (dropped(index))
    return;
  const Object* object = get(index);
  if (object && partitioned(object->table))
    return;
  Touched& touched =
      touch(index, answer == Answer::yes ? LockMode::access_exclusive : LockMode::none, reason);
  raise(touched.built, answer);
}

void Study::lock_indexes(Id table, LockMode mode) {
  // Up to 15 the planner did not look at the indexes of a partitioned table.
  if (partitioned(table) && server < 16)
    return;
  for (const Id index : indexes(table))
    touch(index, mode);
}

void Study::lose(Loss::Kind kind, Id id, std::string what) {
  facts.lost.push_back({kind, id, std::move(what)});
}

void Study::unknown(std::string what) {
  facts.certain = Answer::unknown;
  if (facts.missing.empty())
    facts.missing = std::move(what);
}

void Study::fail(std::string_view sqlstate, std::string message, Span at) {
  if (!facts.fails)
    facts.fails = catalog::Problem{sqlstate, std::move(message), {}, at};
}

void Study::fail_with_rows(std::string_view sqlstate, std::string message, Span at) {
  if (!facts.fails_with_rows)
    facts.fails_with_rows = catalog::Problem{sqlstate, std::move(message), {}, at};
}

void Study::may_fail(std::string_view sqlstate) {
  if (std::find(facts.may_fail.begin(), facts.may_fail.end(), sqlstate) == facts.may_fail.end())
    facts.may_fail.push_back(sqlstate);
}

}  // namespace retort::facts
