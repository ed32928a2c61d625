// Revisions as they are, judged by what retort.lock says they were.
#pragma once

#include "compiler/integrity/state.h"

#include <array>
#include <optional>
#include <string_view>

namespace retort {

enum class Verdict : uint8_t {
  same,
  added,             // the lock has no line for it
  cosmetic,          // another text, the same SQL in both directions
  way_back_changed,  // only what goes down
  undecidable,       // another text, and SQL that cannot be known
  parents_changed,
  changed,    // what goes up
  removed,    // the lock has a line for it, the chain has no such revision
  rewritten,  // its line is not the one of the commit that is compared with
};
inline constexpr std::array kVerdicts = {
    Verdict::same,        Verdict::added,           Verdict::cosmetic, Verdict::way_back_changed,
    Verdict::undecidable, Verdict::parents_changed, Verdict::changed,  Verdict::removed,
    Verdict::rewritten};
std::string_view to_string(Verdict verdict);  // "way-back-changed"

struct Judgement {
  std::string id;
  std::optional<RevIndex> revision;  // none: gone
  Verdict verdict = Verdict::same;
  std::optional<Level> level;        // none: nothing to say; what is not released may change
  const LockEntry* entry = nullptr;  // none: new
  RevisionState now;                 // unless it is gone
  // Parts that differ for sure, and parts that cannot be compared.
  std::vector<std::string_view> differs, unknown;
  std::string rewritten;  // how its line differs from the other commit's

  bool released() const { return entry && entry->released(); }
};

struct Integrity {
  LockFile lock;
  std::vector<Judgement> judgements;  // sorted by id; views into the lock

  const Judgement* find(std::string_view id) const;
};

enum class Judged : uint8_t { all, released };
// The hashes of SQL are worked out only where the text is another one. Of a chain that is not
// `whole` nothing is said to be gone.
std::vector<Judgement> judge(Run& run, const Chain& chain, const CompileOptions& options,
                             const LockFile& lock, bool whole, Judged which = Judged::all);

// What two states of a revision mean for whoever has released the first.
struct Comparison {
  Verdict verdict = Verdict::same;
  Level level = Level::info;
  std::vector<std::string_view> differs, unknown;
};
Comparison compare(const RevisionState& then, const RevisionState& now);

// The finding about a released revision, without rule and place.
struct Explanation {
  std::string_view variant;
  std::string message;
  std::vector<std::string> notes;
};
Explanation explain(const Judgement& judgement);

}  // namespace retort
