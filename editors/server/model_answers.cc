// What is asked of a chain: findings, statements, catalogs, who made what.
#include "editors/server/model.h"
#include "linter/finish.h"
#include "rules/rules.h"

#include <algorithm>

namespace retort::lsp {

static bool concerns_chain(const Finding& finding) { return finding.rule().starts_with("chain/"); }

std::vector<Shown> Model::findings(const std::string& path, Depth depth) {
  std::vector<Finding> all;
  const std::optional<RevIndex> owner = this->owner(path);
  const auto is_here = [&](Loc at) { return place(at).path == path; };
  if (owner && usable_ && depth == Depth::all) {
    const size_t unit = unit_of_[*owner];
    make_fresh(unit);
    if (states_[unit].readable)
      for (const Finding& finding : states_[unit].findings)
        if (is_here(finding.diagnostic.at))
          all.push_back(finding);
  }
  for (const Finding& finding : end_findings_)
    if ((depth == Depth::all || concerns_chain(finding)) && is_here(finding.diagnostic.at))
      all.push_back(finding);
  const auto add_here = [&](const std::vector<Diagnostic>& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics)
      if (diagnostic.level != Level::info && is_here(diagnostic.at))
        all.emplace_back().diagnostic = diagnostic;
  };
  for (const auto& [file, diagnostics] : header_findings_)
    add_here(diagnostics);
  if (depth == Depth::all)
    for (const auto& [file, diagnostics] : remarks_)
      add_here(diagnostics);
  add_here(chain_findings_);
  add_here(reading_findings_);
  std::span<const Unit> looked_at;
  if (owner && usable_ && depth == Depth::all)
    looked_at = std::span(&units_[unit_of_[*owner]], 1);
  finish(all, looked_at, run_.sources, settings_, settings_.rule_names(rules::known_names()));
  set_fingerprints(all, run_.sources);
  accept(accepted_, all);

  std::vector<Shown> shown;
  for (const Finding& finding : own_places(std::move(all))) {
    const Diagnostic& diagnostic = finding.diagnostic;
    Shown& each = shown.emplace_back();
    each.rule = diagnostic.rule;
    each.full_name = full_name(diagnostic);
    each.level = diagnostic.level;
    each.at = {path, diagnostic.at.span};
    each.message = diagnostic.message;
    for (const Note& note : diagnostic.notes)
      each.notes.emplace_back(place(note.at), note.text);
    for (const Fix& fix : diagnostic.fixes) {
      ShownFix& shown_fix = each.fixes.emplace_back(ShownFix{fix.safety, fix.title, {}, fix.steps});
      for (const Edit& edit : fix.edits)
        shown_fix.edits.push_back({place(edit.at), edit.replacement});
    }
    each.fingerprint = finding.fingerprint;
    each.revision = finding.revision();
    each.down = finding.down;
    each.statement = finding.statement;
    each.suppressed = finding.suppressed;
  }
  if (is_alone() && path == alone_)
    say_alone(shown);
  return shown;
}

// SQL of any dialect may lie anywhere: where nothing is configured, what is not PostgreSQL's is
// nobody's fault.
void Model::say_alone(std::vector<Shown>& shown) const {
  if (bare_ && config().files.empty() && usable_ && !units_[0].up.holes.empty())
    shown.clear();
  if (bare_ && shown.empty())
    return;
  Shown note;
  note.rule = note.full_name = "chain/none";
  note.level = Level::info;
  note.at = {alone_, usable_ ? chain()[0].id_at : Span{}};
  note.message = "this file belongs to no chain that is known here, and is looked at by itself";
  note.notes.emplace_back(Place{}, "what other revisions have made is not known; the nearest "
                                   "alembic.ini or retort.toml above a file says where its "
                                   "chain is");
  shown.insert(shown.begin(), std::move(note));
}

std::vector<std::string> Model::files_with_chain_findings() const {
  std::set<std::string> paths;
  const auto add = [&](Loc at) {
    if (const Place where = place(at); !where.path.empty())
      paths.insert(where.path);
  };
  for (const Finding& finding : end_findings_)
    if (concerns_chain(finding))
      add(finding.diagnostic.at);
  for (const auto& [file, diagnostics] : header_findings_)
    if (!diagnostics.empty())
      add({file, {}});
  for (const std::vector<Diagnostic>* const list : {&chain_findings_, &reading_findings_})
    for (const Diagnostic& diagnostic : *list)
      add(diagnostic.at);
  return {paths.begin(), paths.end()};
}

const Unit& Model::unit(RevIndex revision) {
  const size_t unit = unit_of_[revision];
  make_fresh(unit);
  if (!units_[unit].reported && !units_[unit].down.written)
    on_large_stack([&] { compile(unit, point(unit).catalog()); });
  return units_[unit];
}

const std::vector<SeenStatement>& Model::statements(RevIndex revision) {
  const size_t unit = unit_of_[revision];
  (void)this->unit(revision);
  if (!states_[unit].seen)
    on_large_stack([&] { see(unit); });
  return *states_[unit].seen;
}

void Model::see(size_t place_of_unit) {
  const Unit& unit = units_[place_of_unit];
  std::vector<SeenStatement>& seen = states_[place_of_unit].seen.emplace();
  facts::Walk walk(point(place_of_unit).catalog(), settings_.servers.front());
  Production production;
  production.statistics = statistics_ ? &statistics_->statistics : nullptr;
  for (const bool down : {false, true}) {
    const LintSide& side = down ? unit.down : unit.up;
    walk.begin();
    for (size_t i = 0; i < side.statements.size(); ++i) {
      const LintStatement& statement = side.statements[i];
      if (!statement.transaction)
        walk.begin();
      SeenStatement& each = seen.emplace_back();
      each.statement = &statement;
      each.down = down;
      each.number = i;
      each.facts = walk.look(statement.forms);
      if (production.statistics) {
        const Weighing weighing{production,
                                walk.catalog(),
                                [](const facts::Touched&) { return true; },
                                {{{&each.facts}, statement.forms}},
                                {}};
        const WorkTime time = work_time(weighing);
        if (time.works && time.unknown.empty())
          each.time = statistics::text_of(time.seconds);
        for (const std::string& basis : time.basis)
          each.time += (&basis == &time.basis.front() ? ": " : "; ") + basis;
      }
      walk.take();
      const Loc call = run_.sources.origin(statement.call);
      each.elsewhere = call.file != unit.file;
      each.call = each.elsewhere ? Span{} : call.span;
      if (!statement.transaction)
        walk.begin();
    }
    if (!side.holes.empty() && side.written)
      walk.catalog().opaque = true;
  }
}

catalog::Catalog Model::before(RevIndex revision, bool down, size_t statement) {
  const Unit& unit = this->unit(revision);
  std::optional<catalog::Catalog> result;
  on_large_stack([&] {
    catalog::Replay replay(point(unit_of_[revision]).catalog());
    const auto run = [&](const LintSide& side, size_t count) {
      for (size_t i = 0; i < std::min(count, side.statements.size()); ++i) {
        if (!side.statements[i].transaction)
          replay.end_transaction();
        replay.statement(side.statements[i].forms);
        if (!side.statements[i].transaction)
          replay.end_transaction();
      }
    };
    run(unit.up, down ? SIZE_MAX : statement);
    if (down) {
      replay.end_transaction();
      run(unit.down, statement);
    }
    result = replay.catalog();
  });
  return std::move(*result);
}

catalog::Catalog Model::at_head() {
  std::optional<catalog::Catalog> result;
  on_large_stack([&] { result = point(units_.size()).catalog(); });
  return std::move(*result);
}

std::optional<Model::Made> Model::made_by(const Maker* maker) const {
  if (!maker || !maker->unit)
    return std::nullopt;
  return Made{revision_of_[static_cast<size_t>(maker->unit - units_.data())], maker->statement};
}

std::optional<Model::Made> Model::maker(RevIndex before, catalog::Id id) {
  std::optional<Made> made;
  on_large_stack([&] {
    const LintPoint& here = point(unit_of_[before]);
    made = made_by(here.maker(id));
    if (made)
      return;
    LintPoint behind = here;
    behind.pass();
    made = made_by(behind.maker(id));
  });
  return made;
}

std::optional<Model::Made> Model::maker_at_end(catalog::Id id) {
  std::optional<Made> made;
  on_large_stack([&] { made = made_by(point(units_.size()).maker(id)); });
  return made;
}

std::vector<Model::Touching> Model::touching(catalog::Id id) {
  while (work()) {
  }
  std::vector<Touching> all;
  for (size_t i = 0; i < units_.size(); ++i)
    for (const LintPoint::Touch& touch : states_[i].touches)
      if (touch.id == id)
        all.push_back({revision_of_[i], touch.down, touch.statement});
  return all;
}

}  // namespace retort::lsp
