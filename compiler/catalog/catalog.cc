#include "compiler/catalog/catalog.h"

#include <algorithm>
#include <utility>

namespace retort::catalog {

const Column* Object::column_named(std::string_view wanted) const {
  const std::vector<Column>* columns = nullptr;
  if (const Table* own = maybe<Table>())
    columns = &own->columns;
  else if (const TypeData* composite = maybe<TypeData>())
    columns = &composite->columns;
  if (columns)
    for (const Column& candidate : *columns)
      if (!candidate.dropped && candidate.name == wanted)
        return &candidate;
  return nullptr;
}

const Column* Object::column_at(int number) const {
  const std::vector<Column>* columns = nullptr;
  if (const Table* own = maybe<Table>())
    columns = &own->columns;
  else if (const TypeData* composite = maybe<TypeData>())
    columns = &composite->columns;
  if (columns)
    for (const Column& candidate : *columns)
      if (candidate.number == number && !candidate.dropped)
        return &candidate;
  return nullptr;
}

Catalog::Catalog() : search_path{"$user", "public"} {
  objects_.emplace_back();  // no object
  Object schema;
  schema.kind = Kind::schema;
  schema.name = "public";
  add(std::move(schema));
  forget();
}

Space Catalog::space_of(const Object& object) {
  switch (object.kind) {
  case Kind::schema: return Space::schema;
  case Kind::table:
  case Kind::view:
  case Kind::materialized_view:
  case Kind::foreign_table:
  case Kind::sequence:
  case Kind::index: return Space::relation;
  case Kind::type:
  case Kind::domain: return Space::type;
  case Kind::function: return Space::function;
  case Kind::constraint:
  case Kind::domain_constraint: return Space::constraint;
  case Kind::trigger: return Space::trigger;
  case Kind::rule: return Space::rule;
  case Kind::policy: return Space::policy;
  case Kind::extension: return Space::extension;
  default: return Space::other;
  }
}

Id Catalog::scope_of(const Object& object) {
  switch (space_of(object)) {
  case Space::constraint:
  case Space::trigger:
  case Space::rule:
  case Space::policy: return object.table;
  case Space::schema:
  case Space::extension: return 0;
  default: return object.schema;
  }
}

Catalog::Key Catalog::key_of(const Object& object) const {
  std::string signature = object.signature;
  if (space_of(object) == Space::other)
    signature += "/" + std::to_string(static_cast<int>(object.kind)) +
                 (object.kind == Kind::column_default ? "/" + std::to_string(object.id) : "");
  return {space_of(object), object.name, scope_of(object), std::move(signature)};
}

Id Catalog::find(Space space, std::string_view name, Id scope, std::string_view signature) const {
  const auto found = names_.find(Key{space, std::string(name), scope, std::string(signature)});
  return found == names_.end() ? 0 : found->second;
}

std::vector<Id> Catalog::named(Space space, std::string_view name) const {
  std::vector<Id> ids;
  for (auto it = names_.lower_bound(Key{space, std::string(name), 0, ""}); it != names_.end();
       ++it) {
    if (std::get<0>(it->first) != space || std::get<1>(it->first) != name)
      break;
    ids.push_back(it->second);
  }
  return ids;
}

std::vector<Id> Catalog::dependents(Id id) const {
  std::vector<Id> ids;
  const auto found = dependents_.find(id);
  if (found == dependents_.end())
    return ids;
  for (const Id candidate : found->second) {
    const Object* object = get(candidate);
    const bool needs = object && std::any_of(object->needs.begin(), object->needs.end(),
                                             [&](const Need& need) { return need.object == id; });
    if (needs)
      ids.push_back(candidate);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<Id> Catalog::members(Id table, Kind kind) const {
  std::vector<Id> ids;
  for (const Id id : dependents(table))
    if (const Object* object = get(id); object->kind == kind && object->table == table)
      ids.push_back(id);
  return ids;
}

const Column* Catalog::column(Id table, std::string_view name) const {
  const Object* object = get(table);
  return object ? object->column_named(name) : nullptr;
}

void Catalog::set_name(const Key& key, Id id) {
  const auto found = names_.find(key);
  undo_.push_back({0, nullptr, key, found == names_.end() ? 0 : found->second});
  if (id != 0)
    names_[key] = id;
  else if (found != names_.end())
    names_.erase(found);
}

void Catalog::set_object(Id id, std::shared_ptr<const Object> object) {
  undo_.push_back({id, objects_[id], {}, 0});
  objects_[id] = std::move(object);
}

Id Catalog::add(Object object) {
  const Id id = static_cast<Id>(objects_.size());
  object.id = id;
  objects_.emplace_back();
  for (const Need& need : object.needs)
    dependents_[need.object].push_back(id);
  const Key key = key_of(object);
  set_object(id, std::make_shared<const Object>(std::move(object)));
  set_name(key, id);
  return id;
}

size_t Catalog::mark() {
  fresh_.clear();
  return undo_.size();
}

void Catalog::forget() {
  fresh_.clear();
  if (!keeping_)
    undo_.clear();
}

Object& Catalog::edit(Id id) {
  if (id < fresh_.size() && fresh_[id] && objects_[id].use_count() == 1)
    return const_cast<Object&>(*objects_[id]);
  auto copy = std::make_shared<Object>(*objects_[id]);
  Object& result = *copy;
  set_object(id, std::move(copy));
  if (fresh_.size() <= id)
    fresh_.resize(objects_.size());
  fresh_[id] = true;
  return result;
}

void Catalog::remove(Id id) {
  set_name(key_of(*objects_[id]), 0);
  set_object(id, nullptr);
}

void Catalog::rename(Id id, std::string name) {
  set_name(key_of(*objects_[id]), 0);
  edit(id).name = std::move(name);
  set_name(key_of(*objects_[id]), id);
}

void Catalog::move(Id id, Id schema) {
  set_name(key_of(*objects_[id]), 0);
  edit(id).schema = schema;
  set_name(key_of(*objects_[id]), id);
}

void Catalog::set_signature(Id id, std::string signature) {
  set_name(key_of(*objects_[id]), 0);
  edit(id).signature = std::move(signature);
  set_name(key_of(*objects_[id]), id);
}

void Catalog::need(Id id, Need need) {
  const std::vector<Need>& needs = objects_[id]->needs;
  if (need.object == 0 || std::find(needs.begin(), needs.end(), need) != needs.end())
    return;
  dependents_[need.object].push_back(id);
  edit(id).needs.push_back(need);
}

void Catalog::rollback(size_t mark) {
  back(mark);
  undo_.resize(mark);
}

void Catalog::exchange(Undo& undo) {
  if (undo.id != 0) {
    std::swap(objects_[undo.id], undo.object);
    return;
  }
  const auto found = names_.find(undo.key);
  const Id now = found == names_.end() ? 0 : found->second;
  if (undo.named != 0)
    names_[undo.key] = undo.named;
  else if (found != names_.end())
    names_.erase(found);
  undo.named = now;
}

void Catalog::back(size_t mark) {
  fresh_.clear();
  for (size_t i = undo_.size(); i > mark; --i)
    exchange(undo_[i - 1]);
}

void Catalog::forth(size_t mark) {
  fresh_.clear();
  for (size_t i = mark; i < undo_.size(); ++i)
    exchange(undo_[i]);
}

std::vector<Catalog::Change> Catalog::changes(size_t mark) const {
  std::map<Id, Change> by_id;
  for (size_t i = mark; i < undo_.size(); ++i)
    if (const Undo& undo = undo_[i]; undo.id != 0)
      by_id.try_emplace(undo.id, Change{undo.id, undo.object, objects_[undo.id]});
  std::vector<Change> result;
  for (auto& [id, change] : by_id)
    if (change.before || change.after)
      result.push_back(std::move(change));
  return result;
}

}  // namespace retort::catalog
