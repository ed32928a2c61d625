// Two indexes that serve the same queries: every write pays for both. They come together over the
// years, so that only the end of the chain shows them.
#include "linter/edits.h"
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Index;
using catalog::IndexPart;
using catalog::Kind;

// A column that the chain does not know is the same as no other.
bool same_part(const IndexPart& a, const IndexPart& b) {
  return (a.column != 0 || !a.expression.empty()) && a.column == b.column &&
         a.expression == b.expression && a.opclass == b.opclass && a.descending == b.descending &&
         a.nulls_first == b.nulls_first;
}

// `small` begins like `large`.
bool leads(const Index& small, const Index& large) {
  return small.columns.size() <= large.columns.size() &&
         std::equal(small.columns.begin(), small.columns.end(), large.columns.begin(), same_part);
}

enum class Relation : uint8_t { none, same, prefix };

// Whether `a` could go and `b` would do.
Relation covered(const Index& a, const Index& b) {
  if (a.method != b.method || a.where != b.where || !leads(a, b) || !a.valid || !b.valid ||
      a.only || b.only)
    return Relation::none;
  const bool same =
      a.columns.size() == b.columns.size() && (a.include.empty() || a.include == b.include);
  if (a.unique)  // only the same demand covers it
    return same && b.unique && a.include == b.include &&
                   a.nulls_not_distinct == b.nulls_not_distinct
               ? Relation::same
               : Relation::none;
  if (!a.include.empty() && a.include != b.include)
    return Relation::none;
  if (same)
    return Relation::same;
  return a.method == "btree" ? Relation::prefix : Relation::none;
}

// The statement goes, and with it what takes the index away on the way down. A database that has it
// keeps it: whether one does only its owner knows.
std::optional<Fix> without(const EndVisit& visit, const Maker& maker, const std::string& index) {
  const LintStatement& statement = *maker.statement;
  const std::vector<LintStatement>& all = maker.unit->up.statements;
  const bool alone = std::count_if(all.begin(), all.end(), [&](const LintStatement& each) {
                       return each.call == statement.call;
                     }) == 1;  // a column's index=True is part of a call that makes more
  if ((!statement.exact && !alone) || statement.forms.size() != 1 ||
      !std::holds_alternative<forms::CreateIndex>(statement.forms.front()))
    return std::nullopt;
  std::vector<Edit> edits;
  const auto remove = [&](const LintStatement& each) {
    std::optional<Edit> edit = without_statement(visit.sources(), each);
    if (edit)
      edits.push_back(std::move(*edit));
    return edit.has_value();
  };
  if (!remove(statement))
    return std::nullopt;
  for (const LintStatement& each : maker.unit->down.statements)
    for (const forms::Form& form : each.forms)
      if (const auto* const drop = std::get_if<forms::Drop>(&form);
          drop && drop->object.kind == forms::ObjectKind::index && drop->object.name.name == index)
        if (each.forms.size() != 1 || !remove(each))
          return std::nullopt;
  return Fix{Safety::review, "leave it out, if no database has it yet", std::move(edits)};
}

void check_table(EndVisit& visit, const catalog::Object& table) {
  const catalog::Catalog& catalog = visit.catalog();
  const std::vector<Id> indexes = catalog.members(table.id, Kind::index);
  for (const Id id : indexes) {
    const catalog::Object& own = *catalog.get(id);
    const Index& index = own.as<Index>();
    if (index.parent != 0 || index.primary)
      continue;
    // The best reason to let it go: an exact double before a longer one.
    const catalog::Object* reason = nullptr;
    Relation relation = Relation::none;
    for (const Id other_id : indexes) {
      const catalog::Object& other = *catalog.get(other_id);
      const Relation found = other_id == id ? Relation::none : covered(index, other.as<Index>());
      if (found == Relation::none)
        continue;
      // Of two that are the same, the one that backs a constraint stays, or else the first.
      if (found == Relation::same && covered(other.as<Index>(), index) == Relation::same) {
        const bool own_backs = index.constraint != 0;
        const bool other_backs = other.as<Index>().constraint != 0;
        if (own_backs != other_backs ? own_backs : id < other_id)
          continue;
      }
      if (!reason || (relation == Relation::prefix && found == Relation::same)) {
        reason = &other;
        relation = found;
      }
    }
    if (!reason)
      continue;
    const bool same = relation == Relation::same;
    const Maker* const maker = visit.maker(id);
    const Maker* const other_maker = visit.maker(reason->id);
    // The one that makes the double, or what came later and made it one.
    const bool at_own = maker && maker->unit->reported;
    const Maker* const at = at_own ? maker : other_maker;
    if (!at || (!at_own && reason->id < id))
      continue;
    Diagnostic* const finding = visit.report(
        *at, definition_of(*at->statement, at_own ? own : *reason, catalog),
        fmt::format("index {} serves nothing that {} does not: every write to {} pays for both",
                    forms::quoted(own.name), forms::quoted(reason->name), visit.name_of(table)),
        {.variant = same ? std::string_view() : "prefix",
         .level = same ? std::nullopt : std::optional(Level::info)});
    if (!finding)
      continue;
    if (at_own && other_maker && other_maker->statement != maker->statement)
      finding->note(other_maker->statement->at,
                    fmt::format("{} is made here", forms::quoted(reason->name)));
    finding->note(index.constraint != 0
                      ? fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", visit.name_of(table),
                                    forms::quoted(own.name))
                      : fmt::format("DROP INDEX CONCURRENTLY {}", visit.name_of(own)));
    if (at_own && index.constraint == 0)
      if (std::optional<Fix> fix = without(visit, *maker, own.name))
        finding->fix(std::move(*fix));
  }
}

void check(EndVisit& visit) {
  for (Id id = 1; id < visit.catalog().size(); ++id)
    if (const catalog::Object* const object = visit.catalog().get(id);
        object && (object->kind == Kind::table || object->kind == Kind::materialized_view))
      check_table(visit, *object);
}

}  // namespace

const Rule schema_duplicate_index{
    .name = "schema/duplicate-index", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
