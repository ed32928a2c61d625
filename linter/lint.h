// From statements to findings: each is applied to the catalog in the order of the chain, and every
// rule sees it just before.
#pragma once

#include "linter/rule.h"
#include "linter/settings.h"
#include "linter/unit.h"
#include "linter/visit.h"

#include <memory>
#include <span>
#include <vector>

namespace retort {

struct LintInput {
  const Sources& sources;
  const Chain* chain = nullptr;         // none for bare files
  std::span<const LintStatement> base;  // what the database holds before the first unit
  bool base_is_whole = false;           // and nothing else
  std::span<const Unit> units;
  // Units from here on go live together; without it each does alone.
  std::optional<size_t> first_unreleased = {};
  const statistics::Statistics* statistics = nullptr;  // of production, if there are any
  const Integrity* integrity = nullptr;                // none: nothing was recorded
  size_t least_part = 200;  // statements for which one more thread is worth its while
};

// The findings, which `finish` (finish.h) puts in order; the same for any number of threads.
std::vector<Finding> lint(const LintInput& input, std::span<const Rule* const> rules,
                          const LintSettings& settings, unsigned threads = 1);

struct Unmade;
class Linter;

// A place in a chain from which its units are linted one after the other: all that stands before it
// has been replayed. A copy is a place of its own, so that an editor keeps one just before each
// revision that it shows, and starts from there again after every key.
//
// What it is made of must outlive it. A unit may be replaced while no point stands behind it.
class LintPoint {
public:
  LintPoint(const LintInput& input, const Unmade& unmade, std::span<const Rule* const> rules,
            const LintSettings& settings);
  LintPoint(const LintPoint& other);
  LintPoint(LintPoint&& other) noexcept;
  LintPoint& operator=(LintPoint&& other) noexcept;
  ~LintPoint();

  size_t place() const { return place_; }  // of the unit that comes next
  const catalog::Catalog& catalog() const;
  const Maker* maker(catalog::Id id) const;

  // Relations that a statement touches, in the order of their statements.
  struct Touch {
    catalog::Id id = 0;
    size_t statement = 0;
    bool down = false;
  };
  struct Seen {
    std::vector<Finding> findings;
    std::vector<Touch> touches;
  };
  void pass();  // replays the next unit
  Seen look();  // the same, with what there is to say of it
  // What there is to say of the end: call it behind the last unit.
  std::vector<Finding> end();

private:
  std::unique_ptr<Linter> linter_;
  size_t place_ = 0;
};

}  // namespace retort
