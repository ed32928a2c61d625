#include "compiler/catalog/replay.h"

#include <algorithm>
#include <list>
#include <utility>

namespace retort::catalog {
namespace {

// The passes of ALTER TABLE (tablecmds.c): first what goes, then types, columns, keys, the rest.
int pass_of(const forms::Form& form) {
  using forms::ConstraintKind;
  if (std::holds_alternative<forms::DropColumn>(form) ||
      std::holds_alternative<forms::DropConstraint>(form) ||
      std::holds_alternative<forms::DropNotNull>(form) ||
      std::holds_alternative<forms::DropDefault>(form) ||
      std::holds_alternative<forms::DropExpression>(form))
    return 0;
  if (const auto* identity = std::get_if<forms::AlterIdentity>(&form))
    return identity->action == forms::AlterIdentity::Action::drop  ? 0
           : identity->action == forms::AlterIdentity::Action::set ? 3
                                                                   : 6;
  if (std::holds_alternative<forms::AlterColumnType>(form))
    return 1;
  if (std::holds_alternative<forms::AddColumn>(form))
    return 2;
  if (std::holds_alternative<forms::SetNotNull>(form))
    return 3;
  if (const auto* add = std::get_if<forms::AddConstraint>(&form)) {
    const ConstraintKind kind = add->constraint.kind;
    if (kind == ConstraintKind::check || kind == ConstraintKind::foreign_key)
      return kind == ConstraintKind::check ? 6 : 7;
    return add->constraint.using_index.empty() ? 5 : 4;
  }
  if (std::holds_alternative<forms::SetDefault>(form))
    return 6;
  return 8;
}

bool is_table_action(const forms::Form& form) { return pass_of(form) < 8; }

}  // namespace

Done<> Replay::apply_drops(const std::vector<forms::Form>& forms) {
  Apply apply(catalog_);
  const forms::Drop& first = std::get<forms::Drop>(forms.front());
  std::vector<Apply::Target> targets;
  for (const forms::Form& form : forms) {
    const forms::Drop& drop = std::get<forms::Drop>(form);
    const Id id = TRY(apply.find_object(drop.object, drop.if_exists));
    if (id == 0)
      continue;
    const Object& object = *catalog_.get(id);
    if (object.is_relation() && drop.object.kind != object.kind && drop.object.kind != Kind::type) {
      // The single form words it.
      TRY(apply(drop));
    }
    targets.push_back({id, 0});
  }
  if (targets.empty())
    return Nothing{};
  return apply.drop(targets, first.behavior, first.at);
}

Done<> Replay::apply(const std::vector<forms::Form>& forms) {
  if (forms.size() > 1 && std::holds_alternative<forms::Drop>(forms.front()))
    return apply_drops(forms);
  Apply apply(catalog_);
  const auto one = [&](const forms::Form& form) {
    return std::visit([&](const auto& concrete) { return apply(concrete); }, form);
  };
  const bool alters = !forms.empty() && is_table_action(forms.front());
  if (forms.size() == 1 && !alters)
    return one(forms.front());
  std::vector<std::pair<int, const forms::Form*>> queue;
  std::list<forms::Form> followed;
  for (const forms::Form& form : forms)
    queue.emplace_back(pass_of(form), &form);
  for (int pass = 0; pass <= 8; ++pass)
    for (size_t i = 0; i < queue.size(); ++i) {
      if (queue[i].first != pass)
        continue;
      TRY(one(*queue[i].second));
      for (forms::Form& later : apply.follow) {
        followed.push_back(std::move(later));
        queue.emplace_back(pass_of(followed.back()), &followed.back());
      }
      apply.follow.clear();
    }
  return Nothing{};
}

std::optional<Problem> Replay::statement(const std::vector<forms::Form>& forms) {
  take();
  const size_t mark = catalog_.mark();
  Done<> done = apply(forms);
  if (!done)
    catalog_.rollback(mark);
  else if (!trying_)
    catalog_.forget();
  return done ? std::nullopt : std::optional(std::move(done.error()));
}

Replay::Session Replay::session() const {
  return {catalog_.search_path, catalog_.path_behind, catalog_.incomplete, catalog_.opaque,
          catalog_.blurred};
}

void Replay::exchange(Session& session) {
  std::swap(catalog_.search_path, session.search_path);
  std::swap(catalog_.path_behind, session.path_behind);
  std::swap(catalog_.incomplete, session.incomplete);
  std::swap(catalog_.opaque, session.opaque);
  std::swap(catalog_.blurred, session.blurred);
}

Replay::Look Replay::look(const std::vector<forms::Form>& forms) {
  take();
  Look result;
  other_ = session();
  mark_ = catalog_.mark();
  const Done<> done = apply(forms);
  if (!done) {
    result.problem = done.error();
    catalog_.rollback(mark_);
  }
  result.changes = catalog_.changes(mark_);
  catalog_.back(mark_);
  exchange(other_);
  looked_ = true;
  return result;
}

void Replay::take() {
  if (!looked_)
    return;
  looked_ = false;
  catalog_.forth(mark_);
  if (!trying_)
    catalog_.forget();
  exchange(other_);
}

void Replay::try_out() {
  take();
  start_ = session();
  tried_mark_ = catalog_.mark();
  trying_ = true;
}

void Replay::give_up() {
  take();
  catalog_.rollback(tried_mark_);
  catalog_.forget();
  exchange(start_);
  trying_ = false;
}

}  // namespace retort::catalog
