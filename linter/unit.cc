#include "linter/unit.h"

#include "compiler/statement_facts.h"
#include "compiler/step.h"
#include "versions/order.h"

#include <algorithm>

namespace retort {
namespace {

const forms::Transaction* control(const LintStatement& statement) {
  for (const forms::Form& form : statement.forms)
    if (const auto* const found = std::get_if<forms::Transaction>(&form))
      return found;
  return nullptr;
}

// COMMIT leaves the transaction that a body begins in, for good; BEGIN opens one of its own.
void follow_control(std::vector<LintStatement>& statements, bool open) {
  using Action = forms::Transaction::Action;
  for (LintStatement& statement : statements) {
    const forms::Transaction* const found = control(statement);
    if (found && found->action == Action::begin) {
      open = true;
      statement.transaction = true;
    }
    statement.transaction &= open;
    if (found && (found->action == Action::commit || found->action == Action::rollback))
      open = false;
  }
}

bool begins(const std::vector<LintStatement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [](const LintStatement& statement) {
    const forms::Transaction* const found = control(statement);
    return found && found->action == forms::Transaction::Action::begin;
  });
}

LintSide side_of(const Sources& sources, Body body) {
  LintSide side;
  side.written = true;
  const std::vector<bool> inside = in_transaction(body);
  std::vector<std::pair<size_t, Unwritten>> unwritten;  // by the statement that they stand before
  auto next = body.unwritten.begin();
  for (size_t i = 0; i <= body.items.size(); ++i) {
    for (; next != body.unwritten.end() && next->before == i; ++next)
      unwritten.emplace_back(side.statements.size(), std::move(*next));
    if (i == body.items.size() || body.items[i].kind != BodyItem::Kind::statement)
      continue;
    const BodyItem& item = body.items[i];
    side.statements.push_back(
        {{}, item.op, inside[side.statements.size()], item.at, !item.joint.empty(), item.followed});
    side.statements.back().number = side.statements.size();
  }
  for (Diagnostic& hole : body.holes)
    if (hole.rule == "compile/irreversible" || hole.rule == "compile/no-down")
      side.written = false;
  side.holes = std::move(body.holes);
  side.assumptions = std::move(body.assumptions);
  std::vector<StatementForms> forms = forms_of(sources, std::move(body));
  for (size_t i = 0; i < forms.size(); ++i)
    static_cast<StatementForms&>(side.statements[i]) = std::move(forms[i]);
  for (size_t i = unwritten.size(); i > 0; --i) {
    Unwritten& each = unwritten[i - 1].second;
    LintStatement statement{
        {each.at, "", std::move(each.forms), false}, each.op, each.transaction, each.at};
    side.statements.insert(side.statements.begin() + static_cast<ptrdiff_t>(unwritten[i - 1].first),
                           std::move(statement));
  }
  follow_control(side.statements, true);
  return side;
}

// The tables that a form is about.
void collect(const forms::Form& form, std::set<std::string>& names) {
  std::visit(
      [&](const auto& each) {
        if constexpr (requires { each.table.name; })
          names.insert(each.table.name);
        if constexpr (requires { each.tables; })
          for (const auto& table : each.tables)
            names.insert(table.name);
      },
      form);
}

}  // namespace

bool may_do_anything(const LintStatement& statement) {
  return std::any_of(statement.forms.begin(), statement.forms.end(), [](const forms::Form& form) {
    const auto* const opaque = std::get_if<forms::Opaque>(&form);
    return opaque && opaque->anything;
  });
}

// An unwritten statement stands for what is known of a hole. Of changed rows that a session writes
// by itself there is none.
template <class Known>
static bool knows_holes(const LintSide& side, const Known& known) {
  return std::all_of(side.holes.begin(), side.holes.end(), [&](const Diagnostic& hole) {
    return hole.variant == "row" ||
           std::any_of(
               side.statements.begin(), side.statements.end(), [&](const LintStatement& statement) {
                 return statement.unwritten() && statement.at == hole.at && known(statement);
               });
  });
}

bool hides_tables(const LintSide& side) {
  return !knows_holes(side, [](const LintStatement&) { return true; });
}

// A column of a type that is not known is a column all the same.
static bool makes_columns(const forms::Form& form) {
  const auto* const table = std::get_if<forms::CreateTable>(&form);
  return (table && !table->columns.empty()) || std::holds_alternative<forms::AddColumn>(form);
}

bool hides_changes(const LintSide& side) {
  return !knows_holes(side, [](const LintStatement& statement) {
    const std::vector<forms::Form>& forms = statement.forms;
    return std::all_of(forms.begin(), forms.end(), forms::changes_rows) ||
           std::any_of(forms.begin(), forms.end(), makes_columns);
  });
}

std::set<std::string> tables_named(std::span<const Unit> units) {
  std::set<std::string> names;
  for (const Unit& unit : units)
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms)
        collect(form, names);
  names.erase("");
  return names;
}

std::vector<Unit> units_of(Run& run, const Chain& chain, const CompileOptions& options,
                           const RevisionSet& reported, const RevisionSet* first) {
  RevisionSet all(chain.size());
  for (RevIndex i = 0; i < chain.size(); ++i)
    all.insert(i);
  std::vector<RevIndex> order = newest_first(chain, std::move(all), chain.real_heads());
  std::reverse(order.begin(), order.end());
  if (first)
    std::stable_partition(order.begin(), order.end(),
                          [&](RevIndex revision) { return first->contains(revision); });

  std::vector<Step> steps;
  for (const RevIndex revision : order) {
    steps.push_back({revision, false});
    if (reported.contains(revision))
      steps.push_back({revision, true});
  }
  std::vector<Body> bodies = compile_steps(run, chain, options, steps, Order::replay);

  std::vector<bool> settled;
  for (const Body& body : bodies)
    settled.push_back(body.settled);
  std::vector<LintSide> sides(steps.size());
  parallel_for(steps.size(), run.threads,
               [&](size_t i) { sides[i] = side_of(run.sources, std::move(bodies[i])); });
  std::vector<Unit> units;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].down) {
      units.back().down = std::move(sides[i]);
      units.back().settled |= settled[i];
      continue;
    }
    Unit& unit = units.emplace_back();
    unit.revision = chain[steps[i].revision].id;
    unit.index = steps[i].revision;
    unit.file = chain[steps[i].revision].file;
    unit.reported = reported.contains(steps[i].revision);
    unit.settled = settled[i];
    unit.up = std::move(sides[i]);
  }
  return units;
}

Unit unit_of(Compilation& compilation, RevIndex revision, const catalog::Catalog& before) {
  std::vector<Body> bodies = compile_both_ways(compilation, revision, before);
  Unit unit;
  unit.settled = bodies[0].settled || bodies[1].settled;
  unit.revision = compilation.chain[revision].id;
  unit.index = revision;
  unit.file = compilation.chain[revision].file;
  const Sources& sources = compilation.run.sources;
  unit.up = side_of(sources, std::move(bodies[0]));
  unit.down = side_of(sources, std::move(bodies[1]));
  return unit;
}

Unit unit_of(Run& run, FileId file, bool in_transaction, int server) {
  Unit unit;
  unit.file = file;
  unit.up.written = true;
  on_large_stack([&] {
    Diagnostics found;
    for (const SqlSection& section : read_half(run.sources, file, false, found).sections) {
      std::vector<Statement> statements =
          read_statements(run.sources, section, found, {true, server});
      std::vector<bool> inside;
      for (const Statement& statement : statements)
        inside.push_back(statement.transaction);
      std::vector<StatementForms> forms = forms_of(std::move(statements));
      for (size_t i = 0; i < forms.size(); ++i) {
        const Loc at = forms[i].at;
        unit.up.statements.push_back({std::move(forms[i]), "sql", inside[i], at});
        unit.up.statements.back().number = i + 1;
      }
    }
    follow_control(unit.up.statements, in_transaction && !begins(unit.up.statements));
    for (const Diagnostic& diagnostic : found.all())
      if (diagnostic.level != Level::info)  // what is too large to be checked is a hole as well
        unit.up.holes.push_back(diagnostic);
  });
  return unit;
}

}  // namespace retort
