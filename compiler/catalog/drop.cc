// Dropping, by PostgreSQL's rules (dependency.c): what depends automatically goes along, what
// depends normally keeps the object unless CASCADE is said, what is internal goes only with its
// owner.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {
namespace {

struct Victim {
  Id id;
  int column;
  bool free;  // named by the statement, or reached by an automatic need
  Id because;
  int because_column;
};

class Collector {
public:
  explicit Collector(const Apply& apply) : apply_(apply) {}

  std::vector<Victim> victims;

  void add(Id id, int column, bool free, Id because, int because_column) {
    for (Victim& victim : victims)
      if (victim.id == id && (victim.column == column || victim.column == 0)) {
        victim.free |= free;
        return;
      }
    victims.push_back({id, column, free, because, because_column});
    for (const Id dependent : apply_.catalog.dependents(id)) {
      const Object* object = apply_.catalog.get(dependent);
      for (const Need& need : object->needs) {
        if (need.object != id || (column != 0 && need.column != column))
          continue;
        if (dependent == id && need.own_column == 0)
          continue;
        add(dependent, need.own_column, need.strength != Strength::normal, id, column);
      }
    }
    // What is internal to another object takes that along: an index its constraint.
    const Object* object = apply_.catalog.get(id);
    if (column == 0)
      for (const Need& need : object->needs)
        if (need.own_column == 0 && need.strength == Strength::internal)
          add(need.object, need.column, true, id, 0);
  }

private:
  const Apply& apply_;
};

}  // namespace

Done<> Apply::drop(const std::vector<Target>& targets, forms::Behavior behavior, Span at) {
  // An internal object can't be dropped alone.
  for (const Target& target : targets) {
    if (target.column != 0)
      continue;
    for (const Need& need : catalog.get(target.id)->needs) {
      const bool with_owner = std::any_of(targets.begin(), targets.end(), [&](const Target& other) {
        return other.id == need.object;
      });
      const bool part = need.strength == Strength::internal || need.strength == Strength::partition;
      if (need.own_column == 0 && part && !with_owner)
        return problem("2BP01", at,
                       fmt::format("cannot drop {} because {} requires it", describe(target.id),
                                   describe(need.object, need.column)));
    }
  }
  Collector collector(*this);
  for (const Target& target : targets)
    collector.add(target.id, target.column, true, 0, 0);
  if (behavior == forms::Behavior::restrict) {
    std::vector<std::string> details;
    for (const Victim& victim : collector.victims)
      if (!victim.free && catalog.is_sure(victim.id) && catalog.is_sure(victim.because))
        details.push_back(fmt::format("{} depends on {}", describe(victim.id, victim.column),
                                      describe(victim.because, victim.because_column)));
    if (!details.empty() && targets.size() == 1)
      return problem("2BP01", at,
                     fmt::format("cannot drop {} because other objects depend on it",
                                 describe(targets[0].id, targets[0].column)),
                     join(details, "\n"));
    if (!details.empty())
      return problem("2BP01", at,
                     "cannot drop desired object(s) because other objects depend on them",
                     join(details, "\n"));
  }
  for (const Victim& victim : collector.victims) {
    const Object* object = catalog.get(victim.id);
    if (!object)
      continue;
    if (victim.column != 0) {
      Object& edited = catalog.edit(victim.id);
      std::vector<Column>& columns =
          edited.maybe<Table>() ? edited.as<Table>().columns : edited.as<TypeData>().columns;
      for (Column& column : columns)
        if (column.number == victim.column) {
          column.dropped = true;
          column.fallback = 0;
        }
      std::erase_if(edited.needs,
                    [&](const Need& need) { return need.own_column == victim.column; });
      continue;
    }
    if (object->kind == Kind::column_default) {
      const Id table = object->table;
      const int number = object->column;
      if (catalog.get(table)) {
        Object& owner = catalog.edit(table);
        if (Table* data = std::get_if<Table>(&owner.data))
          for (Column& column : data->columns)
            if (column.number == number)
              column.fallback = 0;
      }
    } else if (const Sequence* sequence = object->maybe<Sequence>();
               sequence && sequence->identity && catalog.get(sequence->table)) {
      Object& owner = catalog.edit(sequence->table);
      for (Column& column : owner.as<Table>().columns)
        if (column.number == sequence->column)
          column.identity = forms::Identity::none;
    }
    catalog.remove(victim.id);
  }
  return Nothing{};
}

}  // namespace retort::catalog
