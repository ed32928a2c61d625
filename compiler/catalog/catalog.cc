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

static bool same_columns(const std::vector<Column>& a, const std::vector<Column>& b) {
  auto one = a.begin();
  auto other = b.begin();
  while (true) {
    while (one != a.end() && one->dropped)
      ++one;
    while (other != b.end() && other->dropped)
      ++other;
    if (one == a.end() || other == b.end())
      return one == a.end() && other == b.end();
    if (!(*one++ == *other++))
      return false;
  }
}

static bool same(const Table& a, const Table& b) {
  return same_columns(a.columns, b.columns) && a.persistence == b.persistence &&
         a.parents == b.parents && a.partition == b.partition && a.bound == b.bound &&
         a.strategy == b.strategy && a.key == b.key && a.key_text == b.key_text &&
         a.row_security == b.row_security && a.partial == b.partial && a.unmade == b.unmade &&
         a.query == b.query && a.populated == b.populated && a.whole == b.whole;
}

bool same(const Object& a, const Object& b) {
  if (a.id != b.id || a.kind != b.kind || a.schema != b.schema || a.table != b.table ||
      a.column != b.column || a.name != b.name || a.signature != b.signature ||
      a.owner != b.owner || a.comment != b.comment || a.data.index() != b.data.index())
    return false;
  return std::visit(
      [&](const auto& data) {
        using Data = std::decay_t<decltype(data)>;
        const Data& other = std::get<Data>(b.data);
        if constexpr (std::is_same_v<Data, Table>)
          return same(data, other);
        else if constexpr (std::is_same_v<Data, Function>)
          return &a == &b;
        else
          return data == other;
      },
      a.data);
}

void Catalog::end_transaction() {
  if (path_behind)
    search_path = *std::exchange(path_behind, std::nullopt);
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
  case Kind::publication_table: return Space::published;
  case Kind::extension: return Space::extension;
  default: return Space::other;
  }
}

Id Catalog::scope_of(const Object& object) {
  switch (space_of(object)) {
  case Space::constraint:
  case Space::trigger:
  case Space::rule:
  case Space::policy:
  case Space::published: return object.table;
  case Space::schema:
  case Space::extension: return 0;
  default: return object.schema;
  }
}

Catalog::Key Catalog::key_of(const Object& object) const {
  std::string signature = object.signature;
  if (space_of(object) == Space::other)
    signature += "/" + std::to_string(static_cast<int>(object.kind));
  return {space_of(object), object.name, scope_of(object), std::move(signature)};
}

Id Catalog::find(Space space, std::string_view name, Id scope, std::string_view signature) const {
  const auto found = names_.find(TitleView{space, name});
  if (found != names_.end())
    for (const Bearer& bearer : found->second)
      if (bearer.scope == scope && bearer.signature == signature)
        return bearer.id;
  return 0;
}

std::vector<Id> Catalog::named(Space space, std::string_view name) const {
  std::vector<Id> ids;
  const auto found = names_.find(TitleView{space, name});
  if (found != names_.end())
    for (const Bearer& bearer : found->second)
      ids.push_back(bearer.id);
  return ids;
}

static bool needs(const Object& object, Id id) {
  return std::any_of(object.needs.begin(), object.needs.end(),
                     [&](const Need& need) { return need.object == id; });
}

static void sort_ids(std::vector<Id>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

std::vector<Id> Catalog::dependents(Id id) const {
  std::vector<Id> ids;
  const auto found = dependents_.find(id);
  if (found == dependents_.end())
    return ids;
  for (const Id candidate : found->second)
    if (const Object* object = get(candidate); object && needs(*object, id))
      ids.push_back(candidate);
  sort_ids(ids);
  return ids;
}

std::vector<Id> Catalog::members(Id table, Kind kind) const {
  std::vector<Id> ids;
  const auto found = dependents_.find(table);
  if (found == dependents_.end())
    return ids;
  for (const Id candidate : found->second)
    if (const Object* object = get(candidate);
        object && object->kind == kind && object->table == table && needs(*object, table))
      ids.push_back(candidate);
  sort_ids(ids);
  return ids;
}

std::vector<Id> Catalog::children(Id table) const {
  std::vector<Id> ids;
  const auto found = dependents_.find(table);
  if (found == dependents_.end())
    return ids;
  for (const Id candidate : found->second) {
    const Object* const object = get(candidate);
    const Table* const data = object ? object->maybe<Table>() : nullptr;
    if (data && std::find(data->parents.begin(), data->parents.end(), table) != data->parents.end())
      ids.push_back(candidate);
  }
  sort_ids(ids);
  return ids;
}

const Column* Catalog::column(Id table, std::string_view name) const {
  const Object* object = get(table);
  return object ? object->column_named(name) : nullptr;
}

const Column* Catalog::not_null_named(Id table, std::string_view constraint) const {
  const Object* const object = get(table);
  const Table* const data = object ? object->maybe<Table>() : nullptr;
  if (!data || constraint.empty())
    return nullptr;
  const auto found =
      std::find_if(data->columns.begin(), data->columns.end(), [&](const Column& column) {
        return !column.dropped && column.not_null && *column.not_null_name == constraint;
      });
  return found == data->columns.end() ? nullptr : &*found;
}

Id Catalog::put_name(const Key& key, Id id) {
  const auto& [space, name, scope, signature] = key;
  auto found = names_.find(TitleView{space, name});
  if (found == names_.end()) {
    if (id == 0)
      return 0;
    found = names_.try_emplace(Title{space, name}).first;
  }
  std::vector<Bearer>& bearers = found->second;
  const auto at = std::lower_bound(bearers.begin(), bearers.end(), key,
                                   [](const Bearer& bearer, const Key& wanted) {
                                     return std::tie(bearer.scope, bearer.signature) <
                                            std::tie(std::get<2>(wanted), std::get<3>(wanted));
                                   });
  const bool there = at != bearers.end() && at->scope == scope && at->signature == signature;
  const Id before = there ? at->id : 0;
  if (space == Space::extension)
    extensions_ = extensions_ + (id != 0 ? 1 : 0) - (there ? 1 : 0);
  if (there && id != 0)
    at->id = id;
  else if (there)
    bearers.erase(at);
  else if (id != 0)
    bearers.insert(at, {scope, signature, id});
  if (bearers.empty())
    names_.erase(found);
  return before;
}

void Catalog::set_name(const Object& object, Id id) {
  if (object.kind == Kind::column_default)  // goes by its column
    return;
  Key key = key_of(object);
  const Id before = put_name(key, id);
  undo_.push_back({0, nullptr, std::move(key), before});
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
  set_object(id, std::make_shared<Object>(std::move(object)));
  set_name(*objects_[id], id);
  set_fresh(id);
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
  set_fresh(id);
  return result;
}

void Catalog::set_fresh(Id id) {
  if (fresh_.size() <= id)
    fresh_.resize(id + 1);
  fresh_[id] = true;
}

void Catalog::remove(Id id) {
  set_name(*objects_[id], 0);
  set_object(id, nullptr);
}

void Catalog::rename(Id id, std::string name) {
  set_name(*objects_[id], 0);
  edit(id).name = std::move(name);
  set_name(*objects_[id], id);
}

void Catalog::move(Id id, Id schema) {
  set_name(*objects_[id], 0);
  edit(id).schema = schema;
  set_name(*objects_[id], id);
}

void Catalog::set_signature(Id id, std::string signature) {
  set_name(*objects_[id], 0);
  edit(id).signature = std::move(signature);
  set_name(*objects_[id], id);
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
  undo.named = put_name(undo.key, undo.named);
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
  std::vector<Change> result;
  for (size_t i = mark; i < undo_.size(); ++i)
    if (const Undo& undo = undo_[i]; undo.id != 0)
      result.push_back({undo.id, undo.object, objects_[undo.id]});
  // Of one that changed several times, the first says what was before.
  std::stable_sort(result.begin(), result.end(),
                   [](const Change& a, const Change& b) { return a.id < b.id; });
  result.erase(std::unique(result.begin(), result.end(),
                           [](const Change& a, const Change& b) { return a.id == b.id; }),
               result.end());
  std::erase_if(result, [](const Change& change) { return !change.before && !change.after; });
  return result;
}

}  // namespace retort::catalog
