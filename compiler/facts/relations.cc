// Relations that belong together: parents and partitions, indexes, sequences, what queries read.
#include "compiler/facts/study.h"

#include <algorithm>

namespace retort::facts {

bool Study::partitioned(Id id) const {
  const catalog::Table* data = table(id);
  return data && !data->strategy.empty();
}

bool Study::stored(Id id) const {
  const Object* object = get(id);
  return object && (object->kind == Kind::table || object->kind == Kind::materialized_view) &&
         !partitioned(id);
}

std::vector<Id> Study::descendants(Id id, bool only) const {
  std::vector<Id> all;
  if (only)
    return all;
  std::vector<Id> level = look.children(id);
  while (!level.empty()) {
    std::vector<Id> next;
    for (const Id child : level) {
      if (std::find(all.begin(), all.end(), child) != all.end())
        continue;
      all.push_back(child);
      for (const Id below : look.children(child))
        next.push_back(below);
    }
    level = std::move(next);
  }
  return all;
}

std::vector<Id> Study::partitions(Id id) const {
  return partitioned(id) ? descendants(id) : std::vector<Id>{};
}

Id Study::default_partition(Id root) const {
  for (const Id child : look.children(root))
    if (const catalog::Table* data = table(child); data && data->bound == "DEFAULT")
      return child;
  return 0;
}

std::vector<Id> Study::indexes(Id id) const {
  if (!before.get(id))
    return {};
  std::vector<Id> found = before.members(id, Kind::index);
  return found;
}

std::vector<Id> Study::owned_sequences(Id id) const {
  std::vector<Id> found;
  for (const Id dependent : before.dependents(id))
    if (const auto* sequence = before.get(dependent)->maybe<catalog::Sequence>();
        sequence && sequence->table == id)
      found.push_back(dependent);
  return found;
}

namespace {

bool is_common(const std::vector<const forms::Query*>& around, const forms::Name& name) {
  if (!name.schema.empty())
    return false;
  for (const forms::Query* query : around)
    for (const auto& common : query->with)
      if (common.name == name.name)
        return true;
  return false;
}

struct Reading {
  Study& s;
  LockMode mode;
  bool planned;
  std::vector<const forms::Query*> around;

  void relation(const forms::Name& name) {
    if (is_common(around, name))
      return;
    const Id id = s.find(name);
    if (id == 0) {
      if (!s.look.is_system(name) && !s.look.certain(name))
        s.touch(name, mode);
      return;
    }
    s.touch(id, mode).named = true;
    one(id);
    if (planned)
      for (const Id below : s.descendants(id)) {
        s.touch(below, mode);
        one(below);
      }
  }

  // The planner opens every index of what it plans for; of a view, what is behind it.
  void one(Id id) {
    if (!planned)
      return;
    const Object* object = s.get(id);
    if (object && object->kind == Kind::view)
      for (const catalog::Need& need : std::vector<catalog::Need>(object->needs)) {
        const Object* behind = s.get(need.object);
        if (behind && behind->is_table_like() && need.object != id) {
          s.touch(need.object, LockMode::access_share, "behind a view");
          one(need.object);
        }
      }
    s.lock_indexes(id, mode);
  }

  void mentions(const forms::Mentions& all) {
    for (const auto& inner : all.queries)
      if (inner)
        query(*inner);
  }

  void query(const forms::Query& one_query) {
    around.push_back(&one_query);
    for (const auto& common : one_query.with)
      if (common.query)
        query(*common.query);
    for (const auto& source : one_query.from) {
      if (source.query)
        query(*source.query);
      if (source.kind == forms::Query::Source::Kind::relation)
        relation(source.relation);
    }
    mentions(one_query.mentions);
    for (const auto& branch : one_query.branches)
      if (branch)
        query(*branch);
    around.pop_back();
  }
};

// The sequences of nextval and setval; 'x'::regclass alone locks nothing.
void take_numbers(Study& s, const forms::Mentions& mentions) {
  const bool called = std::any_of(mentions.functions.begin(), mentions.functions.end(),
                                  [](const forms::FunctionUse& use) {
                                    return use.name.name == "nextval" || use.name.name == "setval";
                                  });
  if (!called)
    return;
  for (const forms::Name& name : mentions.relations)
    if (const Id id = s.find(name); s.get(id) && s.get(id)->kind == Kind::sequence)
      s.touch(id, LockMode::row_exclusive).named = true;
}

}  // namespace

void Study::read(const forms::Query& query, LockMode mode) {
  Reading{*this, query.locks ? LockMode::row_share : mode, true, {}}.query(query);
  take_numbers(*this, query.mentions);
  // A query of one table that leaves nothing out reads all of it.
  const bool whole = forms::reads_all(query);
  for (Touched& touched : facts.touched)
    if (touched.lock <= LockMode::row_share && touched.id != 0 && stored(touched.id))
      touched.scanned = std::max(touched.scanned, whole ? Answer::yes : Answer::unknown);
}

void Study::read(const forms::Mentions& mentions) {
  Reading{*this, LockMode::access_share, true, {}}.mentions(mentions);
  take_numbers(*this, mentions);
}

void Study::mention(const forms::Query& query) {
  Reading{*this, LockMode::access_share, false, {}}.query(query);
}

void Study::mention(const forms::Mentions& mentions) {
  Reading{*this, LockMode::access_share, false, {}}.mentions(mentions);
}

}  // namespace retort::facts
