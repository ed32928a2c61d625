// retort.lock: what each revision was when it was recorded. One line per revision, sorted by id, so
// that branches that add revisions merge line by line.
//
//   retort-lock 1
//   a1  src1:…  up1:…  down1:…  parents:-  release:2026.08
//   a1  accepted:changed  src1:…  up1:…  down1:…  parents:-  reason:the index was missing
//   b2  src1:…  up1:…  down1:none  parents:a1  depends:c3,d4  release:-
//   end
//
// Nothing is a comment. The digit of a field is the number of its scheme (compiler/integrity); a
// scheme never changes, a new one gets a new field.
#pragma once

#include "common/diagnostic.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// A way whose SQL cannot be known, and a way back that does not exist, have no hash.
inline constexpr std::string_view kUnknownHash = "unknown";
inline constexpr std::string_view kNoHash = "none";

// What a revision is, as hashes.
struct RevisionState {
  std::string source;
  std::string up, down;
  std::vector<std::string> parents;  // as the header lists them
  std::vector<std::string> depends;

  bool operator==(const RevisionState&) const = default;
};

// Somebody has said that a released revision may be what it is now.
struct Acceptance {
  std::string verdict;                 // what was accepted: "changed"
  std::optional<RevisionState> state;  // none: that it is gone
  std::string reason;

  bool operator==(const Acceptance&) const = default;
};

struct LockEntry {
  std::string id;
  RevisionState state;
  std::string release;  // empty: free to change
  std::vector<Acceptance> accepted;
  Loc at = {};  // its line

  bool released() const { return !release.empty(); }
  // What the revision has to be: what was accepted last, or else what was recorded.
  const RevisionState& wanted() const {
    for (size_t i = accepted.size(); i-- > 0;)
      if (accepted[i].state)
        return *accepted[i].state;
    return state;
  }
  bool may_be_gone() const { return !accepted.empty() && !accepted.back().state; }
};

struct LockFile {
  std::vector<LockEntry> entries;  // sorted by id

  const LockEntry* find(std::string_view id) const;
  LockEntry* find(std::string_view id);
  bool has_released() const;
};

// Reports what is wrong (integrity/damaged), with its line. Lines may come in any order and more
// than once, as merges leave them: of two lines of one revision the released one counts.
Result<LockFile> parse_lock(const Sources& sources, FileId file, Diagnostics& diagnostics);

std::string print_lock(const LockFile& lock);

// What is wrong with the name of a release, or nothing.
std::string problem_of_release(std::string_view name);

}  // namespace retort
