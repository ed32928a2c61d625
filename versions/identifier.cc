#include "versions/identifier.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "range/unresolved";
constexpr size_t kShortestTarget = 4;  // shorter ids and labels are never meant by a prefix

std::string quoted(std::span<const std::string_view> names) {
  constexpr size_t kMost = 5;
  std::vector<std::string> parts;
  for (const std::string_view name : names.first(std::min(names.size(), kMost)))
    parts.push_back(fmt::format("`{}`", name));
  if (names.size() > kMost)
    parts.push_back(fmt::format("{} more", names.size() - kMost));
  return join(parts, ", ");
}

std::string quoted_ids(const Chain& chain, std::span<const RevIndex> revisions) {
  std::vector<std::string_view> ids;
  for (const RevIndex i : revisions)
    ids.push_back(chain[i].id);
  return quoted(ids);
}

// An optionally signed number that fits; nothing else.
std::optional<int> as_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos)
    return std::nullopt;
  int value = 0;
  for (const char digit : text)
    value = value * 10 + (digit - '0');
  return negative ? -value : value;
}

}  // namespace

std::string_view Identifiers::text(Span at) const { return run_.sources.text(Loc{argument_, at}); }

Span Identifiers::span_of(std::string_view part) const {
  const auto begin = static_cast<uint32_t>(part.data() - run_.sources.text(argument_).data());
  return {begin, begin + static_cast<uint32_t>(part.size())};
}

Unexpected<Failed> Identifiers::fail(std::string_view variant, Span at, std::string message) {
  return run_.diagnostics.fail(kRule, variant, {argument_, at}, std::move(message));
}

std::optional<Relative> Identifiers::as_relative(Span at) const {
  std::string_view whole = text(at);
  Relative relative;
  const size_t at_sign = whole.find('@');
  if (at_sign != whole.npos) {
    relative.label = whole.substr(0, at_sign);
    whole.remove_prefix(at_sign + 1);
  }
  if (whole.starts_with("git:"))
    return std::nullopt;  // git's names may hold dashes
  const size_t sign = whole.find_first_of("+-");
  if (sign == whole.npos)
    return std::nullopt;
  const std::optional<int> steps = as_number(whole.substr(sign));
  if (!steps)
    return std::nullopt;
  relative.symbol = whole.substr(0, sign);
  relative.steps = *steps;
  return relative;
}

std::vector<RevIndex> Identifiers::on_branch(std::span<const RevIndex> members,
                                             RevIndex label) const {
  const RevisionSet above = chain_.descendants(std::span(&label, 1), Edges::versioned);
  const RevisionSet below = chain_.ancestors(std::span(&label, 1), Edges::versioned);
  std::vector<RevIndex> result;
  for (const RevIndex member : members)
    if (above.contains(member) || below.contains(member))
      result.push_back(member);
  return result;
}

Unexpected<Failed> Identifiers::fail_heads(std::string_view variant, Span at, std::string message,
                                           std::span<const RevIndex> candidates) {
  Diagnostic diagnostic{kRule, variant, Level::error, {argument_, at}, std::move(message), {}, {}};
  constexpr size_t kMost = 5;
  for (const RevIndex i : candidates.first(std::min(candidates.size(), kMost)))
    diagnostic.note({chain_[i].file, chain_[i].id_at},
                    fmt::format("`{}`: {}", chain_[i].id, chain_[i].title()));
  if (candidates.size() > kMost)
    diagnostic.note(fmt::format("and {} more", candidates.size() - kMost));
  if (variant == "several-heads") {
    const std::vector<std::string_view>& labels = chain_.labels(candidates[0]);
    diagnostic.note(
        fmt::format("write `{}s` for all of them, or name one, as in `{}@head`", text(at),
                    labels.empty() ? std::string_view(chain_[candidates[0]].id) : labels[0]));
  }
  return run_.diagnostics.fail(std::move(diagnostic));
}

Result<RevIndex> Identifiers::resolve_label(Span at) { return find(at, std::nullopt); }

// An id, a label, or the beginning of exactly one of them.
Result<RevIndex> Identifiers::find(Span at, std::optional<RevIndex> label) {
  const std::string_view name = text(at);
  if (name.empty())
    return fail("empty", at, "a revision is missing here");
  if (const std::optional<RevIndex> exact = chain_.find(name)) {
    if (label && !chain_.shares_lineage(*exact, *label))
      return fail("not-on-branch", at,
                  fmt::format("revision `{}` is not on the branch of `{}`", chain_[*exact].id,
                              chain_[*label].id));
    return *exact;
  }

  std::vector<std::string_view> candidates;
  std::vector<RevIndex> revisions;
  const auto consider = [&](std::string_view id_or_label, RevIndex i) {
    if (id_or_label.size() < kShortestTarget || !id_or_label.starts_with(name))
      return;
    candidates.push_back(id_or_label);
    revisions.push_back(i);
  };
  for (RevIndex i = 0; i < chain_.size(); ++i)
    consider(chain_[i].id, i);
  for (const std::string_view known : chain_.all_labels())
    consider(known, *chain_.find(known));
  if (label) {
    RevisionSet on_it(chain_.size());
    for (const RevIndex i : on_branch(revisions, *label))
      on_it.insert(i);
    std::erase_if(candidates, [&](std::string_view c) { return !on_it.contains(*chain_.find(c)); });
  }
  if (candidates.size() == 1)
    return *chain_.find(candidates[0]);
  if (candidates.size() > 1)
    return fail("ambiguous-id", at,
                fmt::format("`{}` is the beginning of {} names: {}", name, candidates.size(),
                            quoted(candidates)));

  std::vector<std::string_view> known(chain_.all_labels());
  for (RevIndex i = 0; i < chain_.size(); ++i)
    known.push_back(chain_[i].id);
  for (const std::string_view symbol : {"head", "heads", "base", "current"})
    known.push_back(symbol);
  Diagnostic diagnostic{kRule, "unknown", Level::error, {argument_, at}, "", {}, {}};
  diagnostic.message =
      label ? fmt::format("nothing on the branch of `{}` is called `{}`", chain_[*label].id, name)
            : fmt::format("no revision or branch label is called `{}`", name);
  const std::string_view meant = nearest(name, known);
  if (!meant.empty())
    diagnostic.note(fmt::format("did you mean `{}`?", meant));
  return run_.diagnostics.fail(std::move(diagnostic));
}

Result<std::vector<RevIndex>> Identifiers::walk_from_heads(Span at, int steps,
                                                           std::optional<RevIndex> label) {
  std::vector<RevIndex> heads = chain_.real_heads();
  if (label)
    heads = on_branch(heads, *label);
  std::vector<RevIndex> result;
  for (const RevIndex head : heads) {
    const Walk walked = TRY(walk(head, steps, std::nullopt, true, at));
    if (walked.to && std::find(result.begin(), result.end(), *walked.to) == result.end())
      result.push_back(*walked.to);
  }
  return result;
}

Result<std::vector<RevIndex>> Identifiers::resolve(Span at) {
  const std::string_view whole = text(at);
  std::optional<RevIndex> label;
  Span symbol_at = at;
  const size_t at_sign = whole.starts_with("git:") ? whole.npos : whole.find('@');
  if (at_sign != whole.npos) {
    const auto middle = at.begin + static_cast<uint32_t>(at_sign);
    label = TRY(resolve_label({at.begin, middle}));
    symbol_at.begin = middle + 1;
  }
  const std::string_view symbol = text(symbol_at);
  if (symbol == "base")
    return std::vector<RevIndex>{};
  if (symbol == "heads")
    return label ? on_branch(chain_.heads(), *label) : chain_.real_heads();
  if (symbol == "head") {
    const std::vector<RevIndex> heads = label ? on_branch(chain_.heads(), *label) : chain_.heads();
    if (heads.size() > 1)
      return fail_heads("several-heads", at,
                        fmt::format("`{}` could be {} heads", whole, heads.size()), heads);
    return heads;
  }
  if (symbol == "current" && !chain_.find(symbol)) {
    if (!surroundings_.current)
      return fail("no-current", symbol_at,
                  "`current` needs to be told: --current IDS or --current @FILE");
    return label ? on_branch(*surroundings_.current, *label) : *surroundings_.current;
  }
  if (symbol.starts_with("git:")) {
    if (!surroundings_.heads_at)
      return fail("no-git", symbol_at, "a git reference cannot stand here");
    std::vector<RevIndex> heads;
    for (const std::string& id :
         TRY(surroundings_.heads_at(symbol.substr(4), {argument_, symbol_at}))) {
      const std::optional<RevIndex> here = chain_.find_id(id);
      if (!here)
        return fail(
            "unknown", symbol_at,
            fmt::format("`{}` is a head at {} but no longer in the chain", id, symbol.substr(4)));
      heads.push_back(*here);
    }
    return heads;
  }
  if (const std::optional<int> steps = as_number(symbol);
      steps && symbol.starts_with('-') && *steps < 0)
    return walk_from_heads(symbol_at, *steps, label);
  return std::vector<RevIndex>{TRY(find(symbol_at, label))};
}

Result<Point> Identifiers::resolve_one(Span at) {
  const std::vector<RevIndex> found = TRY(resolve(at));
  if (found.size() > 1)
    return fail_heads(
        "several-revisions", at,
        fmt::format("`{}` is {} revisions, one is needed here", text(at), found.size()), found);
  return found.empty() ? Point{} : Point{found[0]};
}

Result<Identifiers::Walk> Identifiers::walk(Point from, int steps, std::optional<RevIndex> label,
                                            bool stop_at_end, Span at) {
  Point point = from;
  for (int i = 0; i < std::abs(steps); ++i) {
    std::vector<RevIndex> next;
    if (steps > 0) {
      next = point ? chain_.children(*point) : chain_.bases();
      if (label)
        next = on_branch(next, *label);
    } else if (point) {
      next = chain_.parents(*point);
      if (next.empty()) {  // one step below the first revision is base
        point.reset();
        continue;
      }
    }
    if (next.empty())
      return Walk{!stop_at_end, point};
    if (next.size() > 1) {
      Diagnostic diagnostic{kRule, "ambiguous-walk", Level::error, {argument_, at}, "", {}, {}};
      diagnostic.message = fmt::format(
          "{} {} from {} could lead to {} revisions: {}", counted(size_t(std::abs(steps)), "step"),
          steps > 0 ? "up" : "down", from ? "`" + chain_[*from].id + "`" : "base", next.size(),
          quoted_ids(chain_, next));
      if (steps > 0 && text(at).find('@') == std::string_view::npos)
        diagnostic.note(
            fmt::format("name the branch, as in `{}@{}`", chain_[next[0]].id, text(at)));
      else
        diagnostic.note("name the revision instead");
      return run_.diagnostics.fail(std::move(diagnostic));
    }
    point = next[0];
  }
  return Walk{false, point};
}

}  // namespace retort
