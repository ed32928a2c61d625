// Values that go with their column, and what goes along without a word: every index, key and check
// that mentions it, also those of several columns.
#include "rules/around.h"
#include "rules/renamed.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

// What stands on other columns as well.
std::vector<std::string> taken(const Visit& visit, catalog::Id table) {
  std::vector<std::string> names;
  for (const catalog::Catalog::Change& change : visit.facts().changes) {
    if (!change.before || change.after || change.before->table != table)
      continue;
    const catalog::Object& gone = *change.before;
    const auto* const constraint = gone.maybe<catalog::Constraint>();
    const auto* const index = gone.maybe<catalog::Index>();
    if (constraint && constraint->columns.size() > 1)
      names.push_back(
          fmt::format("{} {}", forms::to_string(constraint->kind), forms::quoted(gone.name)));
    else if (index && index->constraint == 0 &&
             (index->columns.size() + index->include.size() > 1 || !index->where.empty()))
      names.push_back(
          fmt::format("{} {}", index->unique ? "unique index" : "index", forms::quoted(gone.name)));
  }
  return names;
}

// Its values were written to another column before.
bool was_moved(const Visit& visit, const forms::DropColumn& drop) {
  return static_cast<bool>(
             find_form<forms::Update>(earlier(visit),
                                      [&](const forms::Update& update) {
                                        return mentions(update.query, drop.column) &&
                                               (same_relation(visit, update.table, drop.table) ||
                                                reads(visit, update.query, drop.table));
                                      })) ||
         static_cast<bool>(
             find_form<forms::Insert>(earlier(visit), [&](const forms::Insert& insert) {
               return reads(visit, insert.query, drop.table);
             }));
}

bool is_back(const Visit& visit, const forms::DropColumn& drop) {
  return find_form<forms::AddColumn>(later(visit),
                                     [&](const forms::AddColumn& add) {
                                       return add.column.name == drop.column &&
                                              same_relation(visit, add.table, drop.table);
                                     }) ||
         find_form<forms::Rename>(later(visit), [&](const forms::Rename& rename) {
           return rename.object.kind == forms::ObjectKind::column && rename.to == drop.column &&
                  same_relation(visit, rename.object.name, drop.table);
         });
}

void check(const forms::DropColumn& drop, Visit& visit) {
  if (visit.down() || drop.kind == forms::ObjectKind::type || !visit.live(drop.table))
    return;
  const catalog::Object* const table = visit.relation(drop.table);
  const catalog::Column* const column = table ? table->column_named(drop.column) : nullptr;
  if (table && !column && (drop.if_column_exists || visit.known(drop.table)))
    return;  // it is not there
  if (column && column->generated)
    return;  // it can be worked out again
  if (table && visit.transaction().added(table->id, drop.column))
    return;
  if (renamed_to(visit, drop))
    return;  // data/drop-and-add
  const bool moved = was_moved(visit, drop);
  const std::vector<std::string> others =
      table ? taken(visit, table->id) : std::vector<std::string>{};
  Diagnostic& finding = visit.report(
      drop.at,
      moved ? fmt::format("{}.{} is gone for good; its values were read before",
                          forms::to_text(drop.table), forms::quoted(drop.column))
      : others.empty()
          ? fmt::format("the values of {}.{} are gone for good", forms::to_text(drop.table),
                        forms::quoted(drop.column))
          : fmt::format("{}.{} takes along what stands on other columns too: {}",
                        forms::to_text(drop.table), forms::quoted(drop.column), join(others, ", ")),
      {.variant = others.empty() || moved ? std::string_view() : "takes-constraint",
       .level = moved && others.empty() ? std::optional(Level::info) : std::nullopt});
  if (std::string rows = visit.rows_in_production(drop.table, drop.column); !rows.empty())
    finding.note(std::move(rows));
  if (moved && !others.empty())
    finding.note("with it goes " + join(others, ", "));
  if (is_back(visit, drop))
    finding.note("a column of this name comes back behind it");
  else if (column && column->not_null && column->fallback == 0 &&
           column->identity == forms::Identity::none)
    finding.note("it is NOT NULL without a default: make it nullable before the code stops writing "
                 "it");
  else
    finding.note("running code that names it fails (42703): stop using it in one release, drop it "
                 "in the next");
}

}  // namespace

const Rule data_drop_column{
    .name = "data/drop-column", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
