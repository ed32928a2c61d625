#include "compiler/integrity/verdict.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
  case Verdict::same: return "same";
  case Verdict::added: return "new";
  case Verdict::cosmetic: return "cosmetic";
  case Verdict::way_back_changed: return "way-back-changed";
  case Verdict::undecidable: return "undecidable";
  case Verdict::parents_changed: return "parents-changed";
  case Verdict::changed: return "changed";
  case Verdict::removed: return "removed";
  case Verdict::rewritten: return "rewritten";
  }
  return "";
}

const Judgement* Integrity::find(std::string_view id) const {
  const auto place = std::lower_bound(
      judgements.begin(), judgements.end(), id,
      [](const Judgement& judgement, std::string_view wanted) { return judgement.id < wanted; });
  return place == judgements.end() || place->id != id ? nullptr : &*place;
}

Comparison compare(const RevisionState& then, const RevisionState& now) {
  Comparison result;
  // With the same text nothing else is looked at but the parents, which some layouts of revisions
  // take from the other files: a later retort may print other SQL for it.
  const bool same_text = then.source == now.source;
  if (!same_text) {
    result.differs.emplace_back("text");
    const auto look = [&](std::string_view part, const std::string& a, const std::string& b) {
      if (a == kUnknownHash || b == kUnknownHash)
        result.unknown.push_back(part);
      else if (a != b)
        result.differs.push_back(part);
    };
    look("up", then.up, now.up);
    look("down", then.down, now.down);
  }
  if (then.parents != now.parents || then.depends != now.depends)
    result.differs.emplace_back("parents");
  const auto has = [](const std::vector<std::string_view>& parts, std::string_view part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  const auto is = [&](Verdict verdict, Level level) {
    result.verdict = verdict;
    result.level = level;
    return result;
  };
  if (has(result.differs, "up"))
    return is(Verdict::changed, Level::error);
  if (has(result.differs, "parents"))
    return is(Verdict::parents_changed, Level::error);
  if (has(result.unknown, "up"))
    return is(Verdict::undecidable, Level::error);
  if (has(result.differs, "down"))
    return is(Verdict::way_back_changed, Level::warning);
  if (has(result.unknown, "down"))  // no worse than that it has changed
    return is(Verdict::undecidable, Level::warning);
  return is(same_text ? Verdict::same : Verdict::cosmetic, Level::info);
}

namespace {

Judgement first_look(const Run& run, const Chain& chain, const CompileOptions& options,
                     const LockEntry* entry, RevIndex revision) {
  Judgement judgement;
  judgement.id = chain[revision].id;
  judgement.revision = revision;
  judgement.entry = entry;
  judgement.now = without_sql(run, chain, options, revision);
  return judgement;
}

bool has_same_text(const Judgement& judgement) {
  return judgement.entry && judgement.entry->wanted().source == judgement.now.source;
}

void finish(Judgement& judgement) {
  if (!judgement.entry) {
    judgement.verdict = Verdict::added;
    return;
  }
  Comparison comparison = compare(judgement.entry->wanted(), judgement.now);
  judgement.verdict = comparison.verdict;
  judgement.differs = std::move(comparison.differs);
  judgement.unknown = std::move(comparison.unknown);
  if (judgement.released() && judgement.verdict != Verdict::same)
    judgement.level = comparison.level;
}

std::string parents_text(const std::vector<std::string>& parents,
                         const std::vector<std::string>& depends) {
  std::string text;
  for (const std::string& parent : parents)
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", parent);
  if (text.empty())
    text = "nothing";
  for (size_t i = 0; i < depends.size(); ++i)
    text += fmt::format("{}`{}`", i == 0 ? ", needing " : ", ", depends[i]);
  return text;
}

}  // namespace

std::vector<Judgement> judge(Run& run, const Chain& chain, const CompileOptions& options,
                             const LockFile& lock, bool whole, Judged which) {
  std::vector<Judgement> judgements;
  for (RevIndex i = 0; i < chain.size(); ++i) {
    const LockEntry* const entry = lock.find(chain[i].id);
    if (which == Judged::all || (entry && entry->released()))
      judgements.push_back(first_look(run, chain, options, entry, i));
  }
  std::vector<RevIndex> other_texts;
  for (const Judgement& judgement : judgements)
    if (!has_same_text(judgement))
      other_texts.push_back(*judgement.revision);
  std::vector<RevisionState> states = states_of(run, chain, options, other_texts);
  size_t next = 0;
  for (Judgement& judgement : judgements) {
    if (has_same_text(judgement)) {  // and so the same hashes
      judgement.now.up = judgement.entry->wanted().up;
      judgement.now.down = judgement.entry->wanted().down;
    } else {
      judgement.now = std::move(states[next++]);
    }
    finish(judgement);
  }
  for (const LockEntry& entry : lock.entries)
    if (whole && !chain.find_id(entry.id) && !entry.may_be_gone() &&
        (which == Judged::all || entry.released())) {
      Judgement& gone = judgements.emplace_back();
      gone.id = entry.id;
      gone.verdict = Verdict::removed;
      gone.entry = &entry;
      if (entry.released())
        gone.level = Level::error;
    }
  std::stable_sort(judgements.begin(), judgements.end(),
                   [](const Judgement& a, const Judgement& b) { return a.id < b.id; });
  return judgements;
}

Explanation explain(const Judgement& judgement) {
  const LockEntry& entry = *judgement.entry;
  const std::string released = fmt::format("`{}` was released as {}", entry.id, entry.release);
  const std::string accept =
      fmt::format("or, if it has to be so: retort lock --accept {} --reason TEXT", entry.id);
  Explanation result;
  switch (judgement.verdict) {
  case Verdict::changed:
    result.message = fmt::format("{}, and what it does has changed since", released);
    result.notes = {"databases that have run it will not get the change: put the file back, and "
                    "make the change in a new revision",
                    accept};
    break;
  case Verdict::parents_changed: {
    const RevisionState& then = entry.wanted();
    result.variant = "parents";
    result.message = fmt::format("{} on top of {}, and stands on {} now", released,
                                 parents_text(then.parents, then.depends),
                                 parents_text(judgement.now.parents, judgement.now.depends));
    result.notes = {"a database that has run it does not run what was put below it: put new "
                    "revisions on top of the chain",
                    accept};
    break;
  }
  case Verdict::undecidable:
    result.variant = "undecidable";
    result.message = fmt::format(
        "{}, its text has changed since, and {} cannot be known, so that nobody can say whether "
        "it does the same",
        released,
        judgement.unknown.size() == 2         ? "its SQL"
        : judgement.unknown.front() == "down" ? "its way back"
                                              : "its way up");
    result.notes = {"put the file back, or give retort.toml the values that it asks for", accept};
    break;
  case Verdict::way_back_changed:
    result.variant = "way-back";
    result.message = fmt::format("{}, and its way back has changed since", released);
    result.notes = {
        fmt::format("if that is a repair: retort lock --accept {} --reason TEXT", entry.id)};
    break;
  case Verdict::cosmetic:
    result.variant = "cosmetic";
    result.message = fmt::format("{}, its text has changed since; what it does has not", released);
    break;
  case Verdict::removed:
    result.variant = "removed";
    result.message = fmt::format("{} and is gone from the chain", released);
    result.notes = {"databases that stand on it cannot be upgraded: put the file back", accept};
    break;
  case Verdict::rewritten:
    result.variant = "record";
    result.message = fmt::format("{}, and {}", released, judgement.rewritten);
    result.notes = {"put its lines back: what was released is a record, and only lines of "
                    "`retort lock --accept` are added to it"};
    break;
  case Verdict::same:
  case Verdict::added: break;
  }
  return result;
}

}  // namespace retort
