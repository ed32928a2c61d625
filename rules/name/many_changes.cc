// One revision that changes many existing tables: it can be reviewed, taken back and blamed only as
// a whole.
#include "rules/rules.h"

#include <fmt/format.h>
#include <set>

namespace retort::rules {
namespace {

constexpr size_t kMost = 8;

void check(RevisionVisit& visit) {
  if (!visit.unit().index)
    return;
  std::set<std::string> made, changed;
  const auto change = [&](const forms::Name& table) {
    if (const std::string name = forms::to_text(table); !made.contains(name))
      changed.insert(name);
  };
  for (const LintStatement& statement : visit.unit().up.statements)
    for (const forms::Form& form : statement.forms) {
      if (const auto* const create = std::get_if<forms::CreateTable>(&form))
        made.insert(forms::to_text(create->table));
      else if (const auto* const column = std::get_if<forms::AddColumn>(&form))
        change(column->table);
      else if (const auto* const gone = std::get_if<forms::DropColumn>(&form))
        change(gone->table);
      else if (const auto* const type = std::get_if<forms::AlterColumnType>(&form))
        change(type->table);
      else if (const auto* const constraint = std::get_if<forms::AddConstraint>(&form))
        change(constraint->table);
      else if (const auto* const rename = std::get_if<forms::Rename>(&form);
               rename && (rename->object.kind == forms::ObjectKind::table ||
                          rename->object.kind == forms::ObjectKind::column))
        change(rename->object.name);
      else if (const auto* const drop = std::get_if<forms::Drop>(&form);
               drop && drop->object.kind == forms::ObjectKind::table)
        change(drop->object.name);
    }
  if (changed.size() > kMost)
    visit
        .report(false, std::nullopt,
                fmt::format("{} existing tables are changed at once", changed.size()))
        .note("what can be said of each alone is easier to review, and to take back");
}

}  // namespace

const Rule name_many_changes{
    .name = "name/many-changes", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
