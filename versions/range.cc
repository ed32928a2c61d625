#include "versions/range.h"

#include "versions/identifier.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

std::vector<RevIndex> listed(Point point) {
  return point ? std::vector<RevIndex>{*point} : std::vector<RevIndex>{};
}

// One range of one command: its text, and the questions that its ends raise.
class Resolver {
public:
  Resolver(const Chain& chain, Run& run, const Surroundings& surroundings, std::string_view text,
           std::string_view called = "range")
      : chain_(chain), argument_(run.sources.add_argument(std::string(called), std::string(text))),
        names_(chain, run, surroundings, argument_), run_(run) {}

  Result<Nothing> split() {
    const std::string_view text = run_.sources.text(argument_);
    const auto size = static_cast<uint32_t>(text.size());
    std::optional<uint32_t> colon;
    for (uint32_t i = 0; i < size; ++i) {
      const bool of_git =
          i >= 3 && text.substr(i - 3, 3) == "git" &&
          (i == 3 || text[i - 4] == ':' || text[i - 4] == ',' || text[i - 4] == ' ');
      if (text[i] != ':' || of_git)
        continue;
      if (colon)
        return names_.fail("syntax", {i, i + 1}, "a range has only one `:`");
      colon = i;
    }
    whole_ = {0, size};
    start_ = trimmed(colon ? Span{0, *colon} : Span{0, 0});
    end_ = trimmed(colon ? Span{*colon + 1, size} : whole_);
    has_colon_ = colon.has_value();
    return Nothing{};
  }

  bool has_colon() const { return has_colon_; }

  Result<std::vector<Step>> upgrade() {
    const std::vector<RevIndex> current = TRY(start());
    std::vector<RevIndex> targets;
    for (const Span part : parts(end_.empty() ? whole_ : end_)) {
      if (end_.empty())
        targets = chain_.real_heads();  // `a:` is a up to the heads
      else
        append(targets, TRY(upgrade_targets(part, current, false)));
    }
    TRY(check_apart(targets, end_.empty() ? whole_ : end_));
    RevisionSet needed = chain_.ancestors(targets, Edges::all);
    needed -= chain_.ancestors(current, Edges::all);
    if (needed.empty())
      return empty_upgrade(current, targets);
    std::vector<RevIndex> order = newest_first(chain_, std::move(needed), targets);
    std::reverse(order.begin(), order.end());
    return as_steps(order, false);
  }

  Result<std::vector<Step>> downgrade() {
    if (!has_colon_)
      return names_.fail("syntax", whole_,
                         "an offline downgrade needs both ends: START:END, for example `head:-1`");
    if (end_.empty())
      return names_.fail("syntax", whole_, "say where the downgrade ends: `base`, an id, or `-1`");
    const std::vector<RevIndex> current = TRY(downgrade_start());
    const Target target = TRY(downgrade_target(current));
    std::vector<RevIndex> roots = target.point ? chain_.children(*target.point) : chain_.bases();
    if (target.label && roots.size() > 1) {
      const RevisionSet below = chain_.ancestors(std::span(&*target.label, 1), Edges::versioned);
      std::erase_if(roots, [&](RevIndex root) { return !below.contains(root); });
      if (roots.empty())
        return names_.fail("not-on-branch", end_,
                           fmt::format("nothing above `{}` is on the branch of `{}`", text(end_),
                                       chain_[*target.label].id));
    }
    RevisionSet dropped = chain_.descendants(roots, Edges::all);
    dropped &= chain_.ancestors(current, Edges::all);
    if (dropped.empty())
      return empty_downgrade(current, target.point);
    return as_steps(newest_first(chain_, std::move(dropped), current), true);
  }

  Result<std::vector<RevIndex>> upgrade_start() { return start(); }

  Result<std::vector<RevIndex>> downgrade_start() {
    if (start_.empty())
      return chain_.real_heads();
    return start();
  }

  Result<Stamp> stamp() {
    if (end_.empty())
      return names_.fail("empty", whole_, "say what to stamp: a revision, `heads` or `base`");
    Stamp result;
    result.has_start = has_colon_;
    result.rows = TRY(start());
    for (const Span part : parts(end_)) {
      std::vector<RevIndex> named;
      const size_t at_sign = text(part).rfind('@');
      if (at_sign != std::string_view::npos && !text(part).starts_with("git:"))
        named.push_back(
            TRY(names_.resolve_label({part.begin, part.begin + static_cast<uint32_t>(at_sign)})));
      const std::vector<RevIndex> found = TRY(names_.resolve(part));
      append(named, found);
      append(result.to, found);
      result.named.push_back(std::move(named));
    }
    return result;
  }

  Result<std::vector<RevIndex>> history() {
    std::vector<RevIndex> low;
    if (!start_.empty()) {
      const std::optional<Relative> relative = names_.as_relative(start_);
      if (relative && !relative->symbol.empty())
        low = listed(TRY(walk_absolute(*relative, start_, true)));
      else
        low = TRY(names_.resolve(start_));
    }
    std::vector<RevIndex> targets = chain_.real_heads();
    if (!end_.empty())
      targets = TRY(upgrade_targets(end_, low, true));
    if (!start_.empty() && text(start_).find('@') != std::string_view::npos)
      targets = TRY(only_start_branch(std::move(targets)));
    RevisionSet listed_ = chain_.ancestors(targets, Edges::all);
    for (const RevIndex i : low)
      if (!listed_.contains(i)) {
        const RevisionSet above = chain_.descendants(targets, Edges::all);
        return names_.fail("reversed", whole_,
                           above.contains(i) ? fmt::format("the range is reversed: write {}:{}",
                                                           text(end_), text(start_))
                                             : fmt::format("`{}` is not below `{}`", text(start_),
                                                           end_.empty() ? "heads" : text(end_)));
      }
    if (!low.empty()) {
      listed_ -= chain_.ancestors(low, Edges::all);
      for (const RevIndex i : low)
        listed_.insert(i);
      listed_ &= chain_.descendants(low, Edges::versioned);
    }
    return newest_first(chain_, std::move(listed_), targets);
  }

  Result<std::vector<RevIndex>> revisions() {
    whole_ = trimmed({0, static_cast<uint32_t>(run_.sources.text(argument_).size())});
    if (whole_.empty())
      return names_.fail("empty", whole_, "a revision is missing here");
    std::vector<RevIndex> found;
    for (const Span part : parts(whole_)) {
      const std::optional<Relative> relative = names_.as_relative(part);
      if (relative && !relative->symbol.empty())
        append(found, listed(TRY(walk_absolute(*relative, part, false))));
      else
        append(found, TRY(names_.resolve(part)));
    }
    return found;
  }

private:
  struct Target {
    std::optional<RevIndex> label;
    Point point;
  };

  std::string_view text(Span at) const { return names_.text(at); }

  Span trimmed(Span at) const {
    const std::string_view all = run_.sources.text(argument_);
    while (!at.empty() && all[at.begin] == ' ')
      ++at.begin;
    while (!at.empty() && all[at.end - 1] == ' ')
      --at.end;
    return at;
  }

  std::vector<Span> parts(Span at) const {
    std::vector<Span> result;
    uint32_t begin = at.begin;
    const std::string_view all = run_.sources.text(argument_);
    for (uint32_t i = at.begin; i <= at.end; ++i)
      if (i == at.end || all[i] == ',') {
        result.push_back(trimmed({begin, i}));
        begin = i + 1;
      }
    return result;
  }

  static void append(std::vector<RevIndex>& list, const std::vector<RevIndex>& more) {
    for (const RevIndex i : more)
      if (std::find(list.begin(), list.end(), i) == list.end())
        list.push_back(i);
  }

  static std::vector<Step> as_steps(const std::vector<RevIndex>& order, bool down) {
    std::vector<Step> steps;
    for (const RevIndex i : order)
      steps.push_back({i, down});
    return steps;
  }

  // START: the rows of the version table, so each part is absolute and one revision (or, unlike
  // Alembic, all that `heads`, `current` or a git reference stand for).
  Result<std::vector<RevIndex>> start() {
    std::vector<RevIndex> rows;
    if (start_.empty())
      return rows;
    for (const Span part : parts(start_)) {
      if (names_.as_relative(part))
        return names_.fail("relative-start", part,
                           "a range cannot start at a relative place: name the revision");
      append(rows, TRY(names_.resolve(part)));
    }
    TRY(check_apart(rows, start_));
    return rows;
  }

  // A database is never at a revision and at its ancestor, and no range leads to both.
  Result<Nothing> check_apart(std::span<const RevIndex> revisions, Span at) {
    if (revisions.size() < 2)
      return Nothing{};
    for (const RevIndex upper : revisions) {
      const RevisionSet below = chain_.ancestors(std::span(&upper, 1), Edges::all);
      for (const RevIndex lower : revisions)
        if (lower != upper && below.contains(lower))
          return names_.fail("overlap", at,
                             fmt::format("`{}` is already part of `{}`: name only the latter",
                                         chain_[lower].id, chain_[upper].id));
    }
    return Nothing{};
  }

  // LOW written as `label@…` keeps only the targets that the label covers; an id stands for its
  // only label.
  Result<std::vector<RevIndex>> only_start_branch(std::vector<RevIndex> targets) {
    std::string_view name = text(start_).substr(0, text(start_).find('@'));
    const RevIndex carrier = TRY(names_.resolve_label(names_.span_of(name)));
    if (chain_.find_id(name) && chain_.labels(carrier).size() == 1)
      name = chain_.labels(carrier)[0];
    else if (chain_.find(name) != carrier || chain_[carrier].id == name)
      return names_.on_branch(targets, carrier);  // Alembic crashes here
    std::erase_if(targets, [&](RevIndex target) {
      const std::vector<std::string_view>& labels = chain_.labels(target);
      return std::find(labels.begin(), labels.end(), name) == labels.end();
    });
    return targets;
  }

  Result<Point> walk_absolute(const Relative& relative, Span at, bool stop_at_end) {
    std::optional<RevIndex> label;
    if (!relative.label.empty())
      label = TRY(names_.resolve_label(names_.span_of(relative.label)));
    // Downwards the label says which head, upwards which child.
    const Span from_at = relative.steps < 0 && label ? Span{names_.span_of(relative.label).begin,
                                                            names_.span_of(relative.symbol).end}
                                                     : names_.span_of(relative.symbol);
    const Point from = TRY(names_.resolve_one(from_at));
    const Identifiers::Walk walk = TRY(names_.walk(
        from, relative.steps, relative.steps > 0 ? label : std::nullopt, stop_at_end, at));
    if (walk.too_far)
      return too_far(at);
    return walk.to;
  }

  Unexpected<Failed> too_far(Span at) {
    return names_.fail("too-far", at, fmt::format("`{}` leads out of the chain", text(at)));
  }

  Result<std::vector<RevIndex>> upgrade_targets(Span at, const std::vector<RevIndex>& current,
                                                bool stop_at_end) {
    const std::optional<Relative> relative = names_.as_relative(at);
    if (!relative)
      return names_.resolve(at);
    if (!relative->symbol.empty())
      return listed(TRY(walk_absolute(*relative, at, stop_at_end)));
    if (relative->steps <= 0) {
      if (stop_at_end)  // `history -r :-3`: from the heads down
        return names_.resolve(at);
      return names_.fail("relative-end", at,
                         fmt::format("an upgrade cannot go down: did you mean `downgrade {}`?",
                                     run_.sources.text(argument_)));
    }
    std::optional<RevIndex> label;
    std::vector<RevIndex> from = current;
    if (!relative->label.empty()) {
      label = TRY(names_.resolve_label(names_.span_of(relative->label)));
      from = names_.on_branch(current, *label);
      if (from.empty())
        from = tips_on_branch(current, *label);
    }
    if (from.size() > 1)
      return names_.fail(
          "ambiguous-walk", at,
          fmt::format("`{}` could count from any of {} revisions: name a branch, as in "
                      "`label@{}`",
                      text(at), from.size(), text(at)));
    const Identifiers::Walk walk = TRY(names_.walk(from.empty() ? Point{} : Point{from[0]},
                                                   relative->steps, label, stop_at_end, at));
    if (walk.too_far)
      return too_far(at);
    return listed(walk.to);
  }

  // Where the branch stands although no row is on it: the newest applied revisions of its line.
  std::vector<RevIndex> tips_on_branch(const std::vector<RevIndex>& current, RevIndex label) const {
    const std::vector<RevIndex> active =
        names_.on_branch(chain_.ancestors(current, Edges::all).members(), label);
    RevisionSet below(chain_.size());
    for (const RevIndex i : active)
      for (const RevIndex parent : chain_.normal_parents(i))
        below.insert(parent);
    std::vector<RevIndex> tips;
    for (const RevIndex i : active)
      if (!below.contains(i))
        tips.push_back(i);
    return tips;
  }

  Result<Target> downgrade_target(const std::vector<RevIndex>& current) {
    const std::optional<Relative> relative = names_.as_relative(end_);
    if (!relative)
      return absolute_target();
    Target target;
    if (!relative->label.empty())
      target.label = TRY(names_.resolve_label(names_.span_of(relative->label)));
    if (!relative->symbol.empty()) {
      target.point = TRY(walk_absolute(*relative, end_, false));
      return target;
    }
    if (relative->steps >= 0)
      return names_.fail("relative-end", end_,
                         fmt::format("a downgrade cannot go up: did you mean `upgrade {}`?",
                                     run_.sources.text(argument_)));
    std::vector<RevIndex> from = current;
    if (target.label) {
      from = names_.on_branch(current, *target.label);
      if (from.empty())  // dependencies may have led onto that branch
        from =
            names_.on_branch(chain_.heads_of(chain_.ancestors(current, Edges::all)), *target.label);
    }
    if (from.size() != 1)
      return names_.fail("ambiguous-walk", end_,
                         fmt::format("`{}` could count from {} revisions: name a branch, as in "
                                     "`label@{}`",
                                     text(end_), from.size(), text(end_)));
    if (!target.label)
      target.label = from[0];  // only this line goes down
    const Identifiers::Walk walk =
        TRY(names_.walk(from[0], relative->steps, std::nullopt, false, end_));
    if (walk.too_far)
      return too_far(end_);
    target.point = walk.to;
    return target;
  }

  Result<Target> absolute_target() {
    Target target;
    const size_t at_sign = text(end_).rfind('@');
    if (at_sign == std::string_view::npos || text(end_).starts_with("git:")) {
      target.point = TRY(names_.resolve_one(end_));
      return target;
    }
    const auto middle = end_.begin + static_cast<uint32_t>(at_sign);
    target.label = TRY(names_.resolve_label({end_.begin, middle}));
    const Span symbol{middle + 1, end_.end};
    // A bare `head` behind a label is the head of that branch.
    target.point = TRY(names_.resolve_one(text(symbol).starts_with("head") ? end_ : symbol));
    return target;
  }

  // Nothing to do is never what was meant: a script that does nothing passes for one that works.
  Unexpected<Failed> empty_upgrade(const std::vector<RevIndex>& current,
                                   const std::vector<RevIndex>& targets) {
    const bool same = chain_.ancestors(targets, Edges::all).members() ==
                      chain_.ancestors(current, Edges::all).members();
    if (same)
      return names_.fail("empty", whole_, "the range is empty: there is nothing to upgrade");
    return names_.fail("reversed", whole_,
                       fmt::format("the range is reversed: everything in `{}` is already part of "
                                   "`{}`; did you mean `downgrade {}`?",
                                   text(end_), text(start_), run_.sources.text(argument_)));
  }

  Unexpected<Failed> empty_downgrade(const std::vector<RevIndex>& current, Point target) {
    if (!target || std::find(current.begin(), current.end(), *target) != current.end())
      return names_.fail("empty", whole_, "the range is empty: there is nothing to downgrade");
    const RevisionSet applied = chain_.ancestors(current, Edges::all);
    if (!applied.contains(*target))
      return names_.fail("reversed", whole_,
                         fmt::format("`{}` is not applied at `{}`; did you mean `upgrade {}`?",
                                     text(end_), text(start_), run_.sources.text(argument_)));
    return names_.fail("empty", whole_, "nothing above the end of the range is applied");
  }

  const Chain& chain_;
  FileId argument_;
  Identifiers names_;
  Run& run_;
  Span whole_;
  Span start_;
  Span end_;
  bool has_colon_ = false;
};

}  // namespace

Ranges::Ranges(const Chain& chain, Run& run, Surroundings surroundings)
    : chain_(chain), run_(run), surroundings_(std::move(surroundings)) {}

Result<std::vector<Step>> Ranges::upgrade(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range);
  TRY(resolver.split());
  return resolver.upgrade();
}

Result<std::vector<Step>> Ranges::downgrade(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range);
  TRY(resolver.split());
  return resolver.downgrade();
}

Result<std::vector<RevIndex>> Ranges::upgrade_start(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range);
  TRY(resolver.split());
  return resolver.upgrade_start();
}

Result<std::vector<RevIndex>> Ranges::downgrade_start(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range);
  TRY(resolver.split());
  return resolver.downgrade_start();
}

Result<Stamp> Ranges::stamp(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range, "revision");
  TRY(resolver.split());
  return resolver.stamp();
}

Result<std::vector<RevIndex>> Ranges::history(std::string_view range) {
  Resolver resolver(chain_, run_, surroundings_, range);
  TRY(resolver.split());
  return resolver.history();
}

Result<std::vector<RevIndex>> Ranges::revisions(std::string_view identifier) {
  return Resolver(chain_, run_, surroundings_, identifier, "revision").revisions();
}

}  // namespace retort
