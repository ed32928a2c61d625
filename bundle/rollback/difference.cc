#include "bundle/rollback/difference.h"

#include "bundle/rollback/walk.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace retort::rollback {
namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Id;
using catalog::Kind;
using catalog::Object;

// One state of one object, with all that it takes to compare it without its catalog.
struct State {
  Object object;
  std::string name;  // as one says it: "view public.v"
  std::map<std::string, std::string> told;
};
using States = std::map<std::string, State>;  // by what identifies it to people

class Reader {
public:
  explicit Reader(Catalog& catalog) : catalog_(catalog), names_(catalog) {}

  States read(const std::vector<Id>& ids) {
    States states;
    for (const Id id : ids)
      if (const Object* const object = catalog_.get(id))
        states.emplace(key(*object), State{*object, name(*object), told(*object)});
    return states;
  }

private:
  std::string schema(const Object& object) const {
    const Object* const found = catalog_.get(object.schema);
    return found ? forms::quoted(found->name) + "." : std::string();
  }
  std::string qualified(Id id) const {
    const Object* const object = catalog_.get(id);
    return object ? schema(*object) + forms::quoted(object->name) : std::string();
  }
  std::string column(Id table, int number) const {
    const Object* const object = catalog_.get(table);
    const Column* const found = object ? object->column_at(number) : nullptr;
    return found ? forms::quoted(found->name) : std::string("?");
  }
  std::string key(const Object& object) const {
    const auto* const sequence = object.maybe<catalog::Sequence>();
    if (sequence && sequence->table != 0)  // its name may be another one when it comes back
      return fmt::format("sequence of {}.{}", qualified(sequence->table),
                         column(sequence->table, sequence->column));
    return fmt::format("{} {}{} {} {} {}", static_cast<int>(object.kind), schema(object),
                       object.name, object.signature, qualified(object.table), object.column);
  }
  std::string name(const Object& object) const {
    const std::string on =
        object.table != 0 ? fmt::format(" on {}", qualified(object.table)) : std::string();
    return fmt::format("{} {}{}{}", forms::to_string(object.kind),
                       on.empty() ? schema(object) : std::string(), forms::quoted(object.name), on);
  }

  // What the object is, beyond what `catalog::print` says of it.
  std::map<std::string, std::string> told(const Object& object) const {
    std::map<std::string, std::string> all;
    if (const auto* const table = object.maybe<catalog::Table>()) {
      for (const Column& each : table->columns)
        if (!each.dropped && !each.collation.empty())
          all["collation of " + forms::quoted(each.name)] = each.collation;
      all["bound"] = table->bound;
      all["partition key"] = fmt::format("{}", fmt::join(table->key_text, ", "));
      all["query"] = normal(table->query);
      all["filled"] = table->populated ? "yes" : "no";
      if (!table->query.empty())
        all["what it reads"] = needs(object);
    }
    if (const auto* const sequence = object.maybe<catalog::Sequence>())
      all["numbers"] =
          fmt::format("{} {} {} {} {} {} {}", sequence->type, sequence->start, sequence->increment,
                      sequence->minimum, sequence->maximum, sequence->cache, sequence->cycle);
    if (const auto* const index = object.maybe<catalog::Index>()) {
      for (const catalog::IndexPart& part : index->columns)
        all["operator classes"] += part.opclass + " ";
      all["valid"] = index->valid ? "yes" : "no";
    }
    if (const auto* const constraint = object.maybe<catalog::Constraint>();
        constraint && constraint->kind == forms::ConstraintKind::exclusion)
      all["exclusion"] = constraint->text;
    if (const auto* const function = object.maybe<catalog::Function>()) {
      all["body"] = function->body;
      all["volatility"] = function->volatility;
      all["language"] = function->language;
      for (const forms::FunctionArgument& argument : function->arguments)
        all["arguments"] += argument.name + " " + forms::to_text(argument.type) + " " +
                            argument.fallback.text + ", ";
    }
    if (const auto* const trigger = object.maybe<catalog::Trigger>())
      for (const int number : trigger->columns)
        all["columns"] += column(object.table, number) + " ";
    return all;
  }

  std::string needs(const Object& object) const {
    std::vector<std::string> all;
    for (const catalog::Need& need : object.needs)
      if (need.object != 0)
        all.push_back(fmt::format("{}.{}", qualified(need.object),
                                  need.column == 0 ? "*" : column(need.object, need.column)));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return fmt::format("{}", fmt::join(all, " "));
  }

  Catalog& catalog_;
  catalog::Apply names_;
};

// These are made by a statement that the catalog keeps the gist of, so that the statements are
// compared: both ways where the text is all, else only if it says more than the catalog holds.
bool text_is_all(const Object& object) {
  constexpr std::array kHeld = {Kind::table,          Kind::index,
                                Kind::type,           Kind::domain,
                                Kind::view,           Kind::schema,
                                Kind::constraint,     Kind::sequence,
                                Kind::column_default, Kind::publication_table};
  return std::find(kHeld.begin(), kHeld.end(), object.kind) == kHeld.end();
}
bool says_more(std::string_view text) {
  constexpr std::array<std::string_view, 9> kMore = {
      " with (", " tablespace ",  " collate ", " using index",     " inherits (",
      " of ",    " compression ", " storage ", " subtype_opclass "};
  return std::any_of(kMore.begin(), kMore.end(), [&](std::string_view each) {
    return text.find(each) != std::string_view::npos;
  });
}

// What PostgreSQL grants to everybody without being told.
bool granted_anyway(Kind kind, std::string_view about) {
  return about.ends_with(" public") &&
         (kind == Kind::function || kind == Kind::procedure || kind == Kind::type ||
          kind == Kind::domain || kind == Kind::language);
}

void compare_sayings(Kind kind, const Ledger::Sayings& then, const Ledger::Sayings& now,
                     bool definitions, Leftover& leftover) {
  std::map<std::string, std::pair<std::string, std::string>> both;
  for (const auto& [about, what] : then)
    both[about].first = what;
  for (const auto& [about, what] : now)
    both[about].second = what;
  for (auto& [about, sides] : both) {
    auto& [old, current] = sides;
    if (about == "definition" && !definitions)
      continue;
    if (about.starts_with("grant ")) {
      const std::string usual = granted_anyway(kind, about) ? "yes" : "no";
      old = old.empty() ? usual : old;
      current = current.empty() ? usual : current;
    }
    if (old == current)
      continue;
    const std::string label = about == "definition" ? "the statement that makes it" : about;
    if (!old.empty() && old != "no")
      leftover.lost.push_back(label);
    else
      leftover.left.push_back(label);
  }
}

}  // namespace

std::vector<Leftover> differences(Catalog& catalog, size_t mark, const Ledger& then,
                                  const Ledger& now) {
  std::vector<Leftover> all = compare(catalog, mark);
  std::vector<Id> old_ids, new_ids;
  for (const Catalog::Change& change : catalog.changes(mark)) {
    if (change.before)
      old_ids.push_back(change.id);
    if (change.after)
      new_ids.push_back(change.id);
  }
  const States current = Reader(catalog).read(new_ids);
  catalog.back(mark);
  const States old = Reader(catalog).read(old_ids);
  catalog.forth(mark);

  std::map<Id, bool> compared;
  for (const auto& [key, before] : old) {
    const auto found = current.find(key);
    if (found == current.end())
      continue;  // `compare` has said so
    const State& after = found->second;
    compared[before.object.id] = true;
    Leftover leftover{before.name, root_of(after.object), false, {}, {}};
    std::map<std::string, std::string> left = after.told;
    for (const auto& [about, what] : before.told)
      if (left[about] != what)
        leftover.lost.push_back(what.empty() ? about : fmt::format("{} {}", about, what));
    for (const auto& [about, what] : left)
      if (!before.told.contains(about) && !what.empty())
        leftover.left.push_back(fmt::format("{} {}", about, what));
    const Ledger::Sayings& said = then.of(before.object.id);
    const Ledger::Sayings& says = now.of(after.object.id);
    const auto definition = [](const Ledger::Sayings& sayings) {
      const auto text = sayings.find("definition");
      return text == sayings.end() ? std::string() : text->second;
    };
    const std::string a = definition(said), b = definition(says);
    const bool definitions =
        text_is_all(before.object) ||
        ((before.object.id != after.object.id || before.object.kind == Kind::view) &&
         (says_more(a) || says_more(b)));
    compare_sayings(before.object.kind, said, says, definitions, leftover);
    if (!leftover.lost.empty() || !leftover.left.empty())
      all.push_back(std::move(leftover));
  }
  // What the catalog has not noticed: settings and privileges of objects that stay.
  std::vector<Id> said;
  for (const auto& [id, sayings] : then.all())
    said.push_back(id);
  for (const auto& [id, sayings] : now.all())
    said.push_back(id);
  std::sort(said.begin(), said.end());
  said.erase(std::unique(said.begin(), said.end()), said.end());
  for (const Id id : said) {
    const Object* const object = catalog.get(id);
    if (compared[id] || (id != 0 && (!object || then.of(id) == now.of(id))) ||
        (object && std::find(old_ids.begin(), old_ids.end(), id) == old_ids.end() &&
         std::find(new_ids.begin(), new_ids.end(), id) != new_ids.end()))
      continue;
    Leftover leftover{object ? fmt::format("{} {}", forms::to_string(object->kind),
                                           catalog::Apply(catalog).visible_name(*object))
                             : std::string("privileges"),
                      object ? root_of(*object) : Id{0},
                      false,
                      {},
                      {}};
    compare_sayings(object ? object->kind : Kind::none, then.of(id), now.of(id), true, leftover);
    if (!leftover.lost.empty() || !leftover.left.empty())
      all.push_back(std::move(leftover));
  }
  return all;
}

}  // namespace retort::rollback
