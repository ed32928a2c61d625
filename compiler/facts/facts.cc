#include "compiler/facts/study.h"

#include <algorithm>

namespace retort::facts {
namespace {

Work work_of(const Touched& touched) {
  if (touched.made && touched.kind != Kind::index)
    return Work::catalog;
  if (touched.rewritten == Answer::yes)
    return Work::rewrite;
  if (touched.rewritten == Answer::unknown || touched.built == Answer::unknown)
    return Work::unknown;
  if (touched.built == Answer::yes)
    return Work::build;
  if (touched.changed)
    return Work::rows;
  if (touched.scanned == Answer::yes)
    return Work::scan;
  return touched.scanned == Answer::unknown ? Work::unknown : Work::catalog;
}

// An index on a table that the statement makes has nothing to hold.
bool empty_index(const Study& s, const Touched& touched) {
  const Object* object = s.get(touched.id);
  if (touched.kind != Kind::index || !object)
    return false;
  const auto* table = s.change(object->table);
  return table && !table->before;
}

void sum_up(Study& s) {
  Facts& facts = s.facts;
  for (Touched& touched : facts.touched) {
    if (touched.made && empty_index(s, touched))
      touched.built = Answer::no;
    facts.work = std::max(facts.work, work_of(touched));
  }
}

}  // namespace

const Touched* Facts::find(Id id) const {
  for (const Touched& each : touched)
    if (each.id == id)
      return &each;
  return nullptr;
}

LockMode Facts::lock_on(Id id) const {
  const Touched* found = find(id);
  return found ? found->lock : LockMode::none;
}

Facts facts_of(const std::vector<forms::Form>& forms, catalog::Replay& replay,
               catalog::Replay::Look look, const Transaction& transaction, int server) {
  Study s(replay.catalog(), transaction, server);
  s.facts.changes = std::move(look.changes);
  for (const forms::Form& form : forms)
    study_syntax(s, form);
  for (const forms::Form& form : forms)
    std::visit([&](const auto& concrete) { study(s, concrete); }, form);
  study_changes(s, forms);
  study_refusals(s, forms);
  study_comparisons(s, forms);
  if (look.problem && !s.facts.fails)
    s.facts.fails = std::move(look.problem);
  study_labels(s, forms);
  sum_up(s);
  return std::move(s.facts);
}

Facts facts_of(const std::vector<forms::Form>& forms, const catalog::Catalog& before,
               const Transaction& transaction, int server) {
  catalog::Replay replay(before);
  replay.catalog().server = server;
  catalog::Replay::Look look = replay.look(forms);
  return facts_of(forms, replay, std::move(look), transaction, server);
}

const Facts& Walk::look(const std::vector<forms::Form>& forms) {
  take();
  forms_ = forms;
  facts_ = facts_of(forms, replay_, replay_.look(forms), transaction_, server_);
  looked_ = true;
  return facts_;
}

void Walk::take() {
  if (!looked_)
    return;
  looked_ = false;
  transaction_.add(forms_, facts_, replay_.catalog());
  replay_.take();
  const auto* end = forms_.size() == 1 ? std::get_if<forms::Transaction>(&forms_[0]) : nullptr;
  using Action = forms::Transaction::Action;
  if (end && (end->action == Action::commit || end->action == Action::rollback))
    transaction_.start(static_cast<Id>(replay_.catalog().size()));
  // What it takes back is not followed.
  if (end && (end->action == Action::rollback || end->action == Action::rollback_to))
    replay_.catalog().opaque = true;
}

void Walk::begin() {
  replay_.end_transaction();
  transaction_.start(static_cast<Id>(replay_.catalog().size()));
}

void Walk::try_out() {
  take();
  replay_.try_out();
  tried_from_ = transaction_;
}

void Walk::give_up() {
  take();
  replay_.give_up();
  transaction_ = std::move(tried_from_);
}

}  // namespace retort::facts
