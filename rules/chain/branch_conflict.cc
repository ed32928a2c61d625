// Two lines that will be, or were, merged change the same thing: what a database looks like in the
// end depends on which line it ran first.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace retort::rules {
namespace {

struct Change {
  const Unit* unit = nullptr;
  const LintStatement* statement = nullptr;
};
using Changes = std::map<std::string, Change>;

std::string column(const forms::Name& table, const std::string& name) {
  return fmt::format("column {}.{}", forms::to_text(table), forms::quoted(name));
}

// What a form says last about, so that another one after it would say something else.
std::string target(const forms::Form& form) {
  using forms::ObjectKind;
  if (const auto* const add = std::get_if<forms::AddColumn>(&form))
    return column(add->table, add->column.name);
  if (const auto* const drop = std::get_if<forms::DropColumn>(&form))
    return column(drop->table, drop->column);
  if (const auto* const type = std::get_if<forms::AlterColumnType>(&form))
    return column(type->table, type->column);
  if (const auto* const fallback = std::get_if<forms::SetDefault>(&form))
    return column(fallback->table, fallback->column);
  if (const auto* const create = std::get_if<forms::CreateTable>(&form))
    return "table " + forms::to_text(create->table);
  if (const auto* const view = std::get_if<forms::CreateView>(&form))
    return "view " + forms::to_text(view->view);
  if (const auto* const function = std::get_if<forms::CreateFunction>(&form))
    return "function " + forms::to_text(function->function);
  if (const auto* const drop = std::get_if<forms::Drop>(&form))
    return drop->object.kind == ObjectKind::table || drop->object.kind == ObjectKind::view ||
                   drop->object.kind == ObjectKind::function
               ? fmt::format("{} {}", forms::to_string(drop->object.kind),
                             forms::to_text(drop->object.name))
               : "";
  if (const auto* const rename = std::get_if<forms::Rename>(&form)) {
    if (rename->object.kind == ObjectKind::column)
      return column(rename->object.name, rename->object.column);
    if (rename->object.kind == ObjectKind::table)
      return "table " + forms::to_text(rename->object.name);
  }
  return "";
}

Changes changes_of(const EndVisit& visit, const RevisionSet& line) {
  Changes changes;
  for (const Unit& unit : visit.units())
    if (unit.index && line.contains(*unit.index))
      for (const LintStatement& statement : unit.up.statements)
        for (const forms::Form& form : statement.forms)
          if (const std::string what = target(form); !what.empty())
            changes[what] = {&unit, &statement};
  return changes;
}

std::string squeezed(std::string_view sql) {
  std::string text;
  for (const char c : sql)
    if (c != ' ' && c != '\n' && c != '\t')
      text += c;
  return text;
}

void compare(EndVisit& visit, RevIndex a, RevIndex b, std::set<std::string>& told) {
  const Chain& chain = *visit.chain();
  RevisionSet left = chain.ancestors(std::span(&a, 1), Edges::all);
  RevisionSet right = chain.ancestors(std::span(&b, 1), Edges::all);
  const RevisionSet both = left;
  left -= right;
  right -= both;
  const Changes ours = changes_of(visit, left);
  for (const auto& [what, theirs] : changes_of(visit, right)) {
    const auto own = ours.find(what);
    if (own == ours.end() ||
        // The same said twice is no matter of order; if it fails, that is told elsewhere.
        squeezed(own->second.statement->sql) == squeezed(theirs.statement->sql) ||
        !told.insert(
                 fmt::format("{} {} {}", what, own->second.unit->revision, theirs.unit->revision))
             .second)
      continue;
    const bool first = theirs.unit->reported;
    const Change& at = first ? theirs : own->second;
    const Change& other = first ? own->second : theirs;
    Diagnostic* const finding = visit.report(
        Maker{at.unit, at.statement}, {},
        fmt::format("`{}`, on another line of the chain, changes {} as well: the result depends "
                    "on which of them runs first",
                    other.unit->revision, what));
    if (finding)
      finding->note(other.statement->at, "the other change")
          .note("put one of the lines on top of the other");
  }
}

void check(EndVisit& visit) {
  if (!visit.chain())
    return;
  const Chain& chain = *visit.chain();
  std::set<std::string> told;
  for (RevIndex i = 0; i < chain.size(); ++i) {
    const std::vector<RevIndex>& parents = chain.parents(i);
    for (size_t a = 0; a < parents.size(); ++a)
      for (size_t b = a + 1; b < parents.size(); ++b)
        compare(visit, parents[a], parents[b], told);
  }
  const std::vector<RevIndex>& heads = chain.real_heads();
  for (size_t a = 0; a < heads.size(); ++a)
    for (size_t b = a + 1; b < heads.size(); ++b)
      compare(visit, heads[a], heads[b], told);
}

}  // namespace

const Rule chain_branch_conflict{
    .name = "chain/branch-conflict", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
