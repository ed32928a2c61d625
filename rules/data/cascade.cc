// CASCADE takes along whatever depends on what is dropped, here and on every database where more
// depends on it than the chain knows; TRUNCATE … CASCADE empties every table that refers.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

std::string what(const Visit& visit, const catalog::Object& object) {
  const catalog::Object* const table = visit.object(object.table);
  if (const auto* const constraint = object.maybe<catalog::Constraint>(); constraint && table)
    return fmt::format("{} {} of {}", forms::to_string(constraint->kind),
                       forms::quoted(object.name), visit.name_of(*table));
  if (object.kind == Kind::column_default && table) {
    const catalog::Column* const column = table->column_at(object.column);
    return fmt::format("the default of {}.{}", visit.name_of(*table),
                       column ? forms::quoted(column->name) : "?");
  }
  if (object.kind == Kind::publication_table && table)
    return fmt::format("{} in publication {}", visit.name_of(*table), forms::quoted(object.name));
  if (table && object.kind != Kind::index)
    return fmt::format("{} {} of {}", forms::to_string(object.kind), forms::quoted(object.name),
                       visit.name_of(*table));
  return fmt::format("{} {}", forms::to_string(object.kind), visit.name_of(object));
}

// What goes and is neither named nor a part of what is.
std::vector<std::string> victims(const Visit& visit, const std::set<Id>& named) {
  std::vector<std::string> result;
  const auto part = [&](const catalog::Object& object) {
    const auto* const sequence = object.maybe<catalog::Sequence>();
    return named.contains(object.id) || named.contains(object.table) ||
           (sequence && sequence->table != 0);
  };
  std::set<Id> gone;
  for (const auto& change : visit.facts().changes)
    if (change.before && !change.after)
      gone.insert(change.id);
  for (const auto& change : visit.facts().changes) {
    if (!change.before || part(*change.before))
      continue;
    if (!change.after) {
      // What a victim takes along is told with it.
      const auto* const index = change.before->maybe<catalog::Index>();
      if (gone.contains(change.before->table) || (index && index->constraint != 0) ||
          change.before->name.empty() != (change.before->kind == Kind::column_default))
        continue;
      result.push_back(what(visit, *change.before));
      continue;
    }
    const auto* const old = change.before->maybe<catalog::Table>();
    const auto* const now = change.after->maybe<catalog::Table>();
    if (!old || !now)
      continue;
    for (const catalog::Column& column : now->columns)
      for (const catalog::Column& before : old->columns)
        if (before.number == column.number && column.dropped && !before.dropped)
          result.push_back(fmt::format("column {}.{}", visit.name_of(*change.before),
                                       forms::quoted(before.name)));
  }
  return result;
}

void report(Visit& visit, Span at, const std::set<Id>& named, bool known,
            const std::string& target) {
  const std::vector<std::string> gone = victims(visit, named);
  if (gone.empty() && known && !visit.before().opaque && !visit.before().incomplete)
    return;
  if (gone.empty()) {
    visit
        .report(at,
                fmt::format("what depends on {} goes with it, and the chain does not tell "
                            "what that is",
                            target),
                {.variant = "drop", .unknown = true})
        .note("without CASCADE the server says what is in the way");
    return;
  }
  // On the way down the revision may take back what it made itself.
  visit.report(at, fmt::format("CASCADE takes along {}", join(gone, ", ")), {.variant = "drop"})
      .note("drop them by name first, so that it is seen and can be made again");
}

void check_drop(const forms::Drop& drop, Visit& visit) {
  if (drop.behavior != forms::Behavior::cascade || !drop.first ||
      drop.object.kind == Kind::schema || drop.object.kind == Kind::extension)
    return;
  std::set<Id> named;
  bool known = true;
  for (const forms::Form& form : visit.statement().forms)
    if (const auto* const each = std::get_if<forms::Drop>(&form)) {
      const forms::Object& object = each->object;
      Id id = 0;
      if (const catalog::Object* const relation = visit.relation(object.name))
        id = relation->id;
      else if (const catalog::Object* const type = visit.type(object.name))
        id = type->id;
      if (object.kind == Kind::function || object.kind == Kind::procedure ||
          object.kind == Kind::trigger || object.kind == Kind::policy ||
          object.kind == Kind::rule) {
        // Which one is named by its arguments, or by its table: the one that goes.
        for (const auto& change : visit.facts().changes)
          if (change.before && !change.after && change.before->name == object.name.name &&
              change.before->kind == object.kind)
            named.insert(id = change.id);
      }
      if (id == 0 && each->if_exists && each->object.kind != Kind::table)
        continue;
      known &= id != 0;
      named.insert(id);
    }
  named.erase(0);
  // Made by this revision: what depends on it was as well.
  if (visit.down() &&
      std::all_of(named.begin(), named.end(),
                  [&](Id id) {
                    const Maker* const maker = visit.maker(id);
                    return maker && maker->unit == &visit.unit();
                  }) &&
      known)
    return;
  if (named.empty() && known)
    return;
  if (std::none_of(named.begin(), named.end(), [&](Id id) { return visit.released(id); }) && known)
    return;
  report(visit, drop.at, named, known, forms::to_text(drop.object.name));
}

void check_column(const forms::DropColumn& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  if (drop.behavior != forms::Behavior::cascade || (table && !visit.released(table->id)))
    return;
  std::vector<std::string> gone;
  for (const auto& change : visit.facts().changes)
    if (change.before && !change.after && table && change.before->table != table->id &&
        !change.before->name.empty() && !change.before->maybe<catalog::Index>() &&
        !change.before->maybe<catalog::Sequence>())
      gone.push_back(what(visit, *change.before));
  const std::string column =
      fmt::format("{}.{}", forms::to_text(drop.table), forms::quoted(drop.column));
  if (!gone.empty())
    visit
        .report(drop.at, fmt::format("CASCADE takes along {}", join(gone, ", ")),
                {.variant = "drop"})
        .note("drop them by name first, so that it is seen and can be made again");
  else if (!table || !visit.known(drop.table))
    visit
        .report(drop.at,
                fmt::format("what depends on {} goes with it, and the chain does not "
                            "tell what that is",
                            column),
                {.variant = "drop", .unknown = true})
        .note("without CASCADE the server says what is in the way");
}

void check_constraint(const forms::DropConstraint& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  if (drop.behavior != forms::Behavior::cascade || !table || !visit.released(table->id))
    return;
  std::vector<std::string> gone;
  for (const auto& change : visit.facts().changes)
    if (change.before && !change.after && change.before->table != table->id &&
        change.before->maybe<catalog::Constraint>())
      gone.push_back(what(visit, *change.before));
  if (!gone.empty())
    visit
        .report(drop.at, fmt::format("CASCADE takes along {}", join(gone, ", ")),
                {.variant = "drop"})
        .note("drop them by name first, so that it is seen and can be made again");
}

void check_truncate(const forms::Truncate& truncate, Visit& visit) {
  if (truncate.behavior != forms::Behavior::cascade)
    return;
  std::vector<std::string> others;
  for (const facts::Touched& touched : visit.facts().touched)
    if (touched.new_file && touched.kind == Kind::table && !touched.named && visit.live(touched.id))
      others.push_back(touched.name);
  bool known = true, live = false;
  for (const forms::Name& table : truncate.tables) {
    known &= visit.known(table);
    live |= visit.live(table);
  }
  if (!others.empty())
    visit
        .report(truncate.at, fmt::format("CASCADE empties {} as well", join(others, ", ")),
                {.variant = "truncate"})
        .note("name the tables that are to be emptied, without CASCADE");
  else if (!known && live)
    visit
        .report(truncate.at,
                "every table that refers to it is emptied as well, and the chain does not tell "
                "which they are",
                {.variant = "truncate", .unknown = true})
        .note("name the tables that are to be emptied, without CASCADE");
}

}  // namespace

const Rule data_cascade{
    .name = "data/cascade",
    .level = Level::error,
    .checks = {on<check_drop>, on<check_column>, on<check_constraint>, on<check_truncate>}};

}  // namespace retort::rules
