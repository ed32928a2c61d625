#include "compiler/script/version_table.h"

#include "common/check.h"
#include "compiler/ddl/names.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

bool contains(const std::vector<RevIndex>& list, RevIndex i) {
  return std::find(list.begin(), list.end(), i) != list.end();
}

class Changes {
public:
  explicit Changes(const Rows& rows) : change_{{}, rows} {}

  void insert(RevIndex to) {
    if (contains(change_.rows, to))
      return;
    change_.rows.push_back(to);
    change_.changes.push_back({RowChange::Kind::insert, 0, to});
  }
  void remove(RevIndex from) {
    std::erase(change_.rows, from);
    change_.changes.push_back({RowChange::Kind::remove, from, 0});
  }
  void update(RevIndex from, RevIndex to) {
    if (contains(change_.rows, to)) {  // the primary key would refuse a second row of that id
      remove(from);
      return;
    }
    std::replace(change_.rows.begin(), change_.rows.end(), from, to);
    change_.changes.push_back({RowChange::Kind::update, from, to});
  }
  VersionChange take() {
    std::sort(change_.rows.begin(), change_.rows.end());
    return std::move(change_);
  }

private:
  VersionChange change_;
};

// What `step` leaves as rows in place of its revision.
std::vector<RevIndex> remaining(const Chain& chain, const Rows& rows, RevIndex revision) {
  std::vector<RevIndex> parents = chain.normal_parents(revision);
  RevisionSet covered(chain.size());
  if (rows.size() > 1) {
    Rows others = rows;
    std::erase(others, revision);
    covered = chain.ancestors(others, Edges::all);
  } else {
    for (const RevIndex parent : parents) {
      RevisionSet below = chain.ancestors(std::span(&parent, 1), Edges::all);
      below.erase(parent);
      for (const RevIndex i : below.members())
        covered.insert(i);
    }
  }
  std::erase_if(parents, [&](RevIndex parent) { return covered.contains(parent); });
  return parents;
}

VersionChange up(const Chain& chain, const Rows& rows, RevIndex revision) {
  const std::vector<RevIndex>& parents = chain.normal_parents(revision);
  // Alembic also takes parents that are no rows, and then fails to find them.
  std::vector<RevIndex> replaced = parents;
  std::erase_if(replaced, [&](RevIndex parent) { return !contains(rows, parent); });
  Changes changes(rows);
  if (replaced.empty()) {
    changes.insert(revision);
    return changes.take();
  }
  if (replaced.size() > 1) {
    Rows others = rows;
    std::erase_if(others, [&](RevIndex row) { return contains(parents, row); });
    const RevisionSet covered = chain.ancestors(others, Edges::all);
    if (!std::all_of(replaced.begin(), replaced.end(),
                     [&](RevIndex parent) { return covered.contains(parent); }))
      std::erase_if(replaced, [&](RevIndex parent) { return covered.contains(parent); });
  }
  const RevIndex last = replaced.back();
  replaced.pop_back();
  for (const RevIndex parent : replaced)
    changes.remove(parent);
  changes.update(last, revision);
  return changes.take();
}

VersionChange down(const Chain& chain, const Rows& rows, RevIndex revision) {
  ENSURE(contains(rows, revision), "a revision that is no row is taken back");
  std::vector<RevIndex> restored = remaining(chain, rows, revision);
  Changes changes(rows);
  if (restored.empty()) {
    changes.remove(revision);
    return changes.take();
  }
  const RevIndex last = restored.back();
  restored.pop_back();
  for (const RevIndex parent : restored)
    changes.insert(parent);
  changes.update(revision, last);
  return changes.take();
}

}  // namespace

VersionChange next(const Chain& chain, const Rows& rows, Step step) {
  return step.down ? down(chain, rows, step.revision) : up(chain, rows, step.revision);
}

Rows rows_behind(const Chain& chain, Rows rows, std::span<const Step> steps) {
  for (const Step& step : steps)
    rows = next(chain, rows, step).rows;
  return rows;
}

std::vector<StampStep> stamp_steps(const Chain& chain, const Rows& rows, const Stamp& stamp) {
  // Rows on other branches stay as they are; the others are taken in the order of destinations.
  std::vector<RevIndex> relevant;
  for (const std::vector<RevIndex>& named : stamp.named) {
    RevisionSet related = chain.ancestors(named, Edges::all);
    for (const RevIndex i : chain.descendants(named, Edges::all).members())
      related.insert(i);
    for (const RevIndex row : rows)
      if ((named.empty() || related.contains(row)) && !contains(relevant, row))
        relevant.push_back(row);
  }

  std::vector<StampStep> steps;
  if (stamp.to.empty())
    for (const RevIndex row : relevant)
      steps.push_back({{row}, std::nullopt, false});
  for (const RevIndex to : stamp.to) {
    if (contains(relevant, to))
      continue;
    const RevisionSet below = chain.ancestors(std::span(&to, 1), Edges::all);
    const RevisionSet above = chain.descendants(std::span(&to, 1), Edges::all);
    const bool moves = std::any_of(relevant.begin(), relevant.end(), [&](RevIndex row) {
      return below.contains(row) || above.contains(row);
    });
    if (moves)
      steps.push_back({relevant, to, false});
    else
      steps.push_back({{}, to, true});
  }
  return steps;
}

VersionChange next(const Rows& rows, const StampStep& step) {
  Changes changes(rows);
  if (!step.to) {
    changes.remove(step.from[0]);
    return changes.take();
  }
  // An earlier destination of the same command may have taken the rows already.
  const bool taken = std::any_of(step.from.begin(), step.from.end(),
                                 [&](RevIndex row) { return !contains(rows, row); });
  if (step.new_branch || taken) {
    changes.insert(*step.to);
    return changes.take();
  }
  for (size_t i = 0; i + 1 < step.from.size(); ++i)
    changes.remove(step.from[i]);
  changes.update(step.from.back(), *step.to);
  return changes.take();
}

VersionTable::VersionTable(const Config& config)
    : name_(qualified(config.version_table_schema.value, config.version_table.value)),
      constraint_(config.version_table_pk.value ? quoted(config.version_table.value + "_pkc")
                                                : "") {}

std::string VersionTable::create() const {
  std::string text =
      fmt::format("CREATE TABLE {} (\n    version_num VARCHAR({}) NOT NULL", name_, kMaxIdLength);
  if (!constraint_.empty())  // SQLAlchemy writes the blank at the end of the line
    text += fmt::format(", \n    CONSTRAINT {} PRIMARY KEY (version_num)", constraint_);
  return text + "\n)";
}

std::string VersionTable::statement(const Chain& chain, const RowChange& change,
                                    bool returning) const {
  const std::string from = literal(chain[change.from].id);
  const std::string to = literal(chain[change.to].id);
  switch (change.kind) {
  case RowChange::Kind::insert:
    return fmt::format(
        "INSERT INTO {} (version_num) VALUES ({}){}", name_, to,
        constraint_.empty() || !returning ? "" : fmt::format(" RETURNING {}.version_num", name_));
  case RowChange::Kind::update:
    return fmt::format("UPDATE {0} SET version_num={2} WHERE {0}.version_num = {1}", name_, from,
                       to);
  case RowChange::Kind::remove:
    return fmt::format("DELETE FROM {0} WHERE {0}.version_num = {1}", name_, from);
  }
  return {};
}

}  // namespace retort
