#include "bundle/report/holds.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace retort::bundle {

using facts::LockMode;

bool without_estimate(const StatementAccount& statement) {
  if (statement.time || statement.work == facts::Work::catalog)
    return false;
  return statement.lock != LockMode::none || statement.work == facts::Work::unknown;
}

void Wait::add(const StatementAccount& statement) {
  if (statement.time)
    known += *statement.time;
  unknown = unknown || without_estimate(statement);
  works = works || statement.time || unknown;
}

void Wait::add(const KeepAccount& keep) {
  if (keep.time)
    known += *keep.time;
  unknown = unknown || !keep.time;
  works = true;
}

std::string to_text(const Wait& wait) {
  if (!wait.works)
    return "a moment";
  if (!wait.unknown)
    return statistics::text_of(wait.known);
  if (wait.known.high < 0.1)
    return "an unknown time";
  return statistics::text_of(wait.known) + " and more, not known how much";
}

bool longer(const Wait& a, const Wait& b) {
  return std::tuple(a.unknown, a.works, a.known.high) >
         std::tuple(b.unknown, b.works, b.known.high);
}

namespace {

// Somebody who was there before the range may wait for it.
bool existed(const RevisionAccount& revision, std::string_view relation) {
  return std::any_of(
      revision.statements.begin(), revision.statements.end(), [&](const StatementAccount& each) {
        return std::any_of(each.locks.begin(), each.locks.end(), [&](const Lock& lock) {
          return lock.existing && lock.relation == relation;
        });
      });
}

// The statements [begin, end) of a revision are one transaction; `copies`: so is what copies old
// rows before the first.
void hold(const Account& account, size_t revision, size_t begin, size_t end, bool copies,
          std::vector<Hold>& holds) {
  const std::vector<StatementAccount>& statements = account.revisions[revision].statements;
  std::map<std::string_view, Hold> held;
  // Backwards, so that what is added up is always what is still to come.
  Wait rest;
  for (size_t i = end; i-- > begin;) {
    rest.add(statements[i]);
    for (const Lock& lock : statements[i].locks) {
      if (!lock.existing || !facts::blocks_writes(lock.mode))
        continue;
      Hold& own = held[lock.relation];
      own.relation = lock.relation;
      own.revision = revision;
      own.statement = i;
      own.lock = std::max(own.lock, lock.mode);
      own.writes = rest;
      if (facts::blocks_reads(lock.mode))
        own.reads = rest;
      if (statements[i].object == lock.relation && !statements[i].size.empty())
        own.size = statements[i].size;
    }
  }
  const std::vector<KeepAccount>& keeps = account.revisions[revision].keeps;
  if (copies && begin == 0)
    for (size_t i = keeps.size(); i-- > 0;) {
      rest.add(keeps[i]);
      if (!existed(account.revisions[revision], keeps[i].relation))
        continue;
      Hold& own = held[keeps[i].relation];
      own.relation = keeps[i].relation;
      own.revision = revision;
      own.statement = 0;
      own.copied = true;
      own.lock = std::max(own.lock, LockMode::share_row_exclusive);
      own.writes = rest;
    }
  for (auto& [relation, own] : held)
    holds.push_back(std::move(own));
}

std::vector<Hold> holds_of(const Account& account, bool copies) {
  std::vector<Hold> holds;
  for (size_t r = 0; r < account.revisions.size(); ++r) {
    const std::vector<StatementAccount>& statements = account.revisions[r].statements;
    for (size_t begin = 0; begin < statements.size();) {
      size_t end = begin + 1;
      if (!statements[begin].alone)
        while (end < statements.size() && !statements[end].alone)
          ++end;
      hold(account, r, begin, end, copies, holds);
      begin = end;
    }
  }
  return holds;
}

}  // namespace

std::vector<Hold> all_holds(const Account& account) { return holds_of(account, true); }

std::vector<std::vector<std::string>> kept_locks(const Account& account) {
  std::vector<std::vector<std::string>> kept;
  for (const RevisionAccount& revision : account.revisions)
    kept.emplace_back(revision.statements.size());
  for (const Hold& hold : holds_of(account, false)) {
    Wait own;
    own.add(account.revisions[hold.revision].statements[hold.statement]);
    if (longer(hold.writes, own))
      kept[hold.revision][hold.statement] = to_text(hold.writes);
  }
  return kept;
}

std::vector<Hold> worst_holds(const Account& account) {
  std::map<std::string, Hold> worst;
  for (Hold& each : all_holds(account)) {
    const auto [place, fresh] = worst.try_emplace(each.relation, each);
    if (fresh)
      continue;
    Hold& kept = place->second;
    const size_t times = kept.times + 1;
    const LockMode lock = std::max(kept.lock, each.lock);
    const Wait reads = longer(each.reads, kept.reads) ? each.reads : kept.reads;
    const std::string size = kept.size.empty() ? each.size : kept.size;
    if (longer(each.writes, kept.writes))
      kept = std::move(each);
    kept.times = times;
    kept.lock = lock;
    kept.reads = reads;
    kept.size = size;
  }
  std::vector<Hold> result;
  for (auto& [relation, each] : worst)
    result.push_back(std::move(each));
  std::stable_sort(result.begin(), result.end(), [](const Hold& a, const Hold& b) {
    if (longer(a.writes, b.writes) || longer(b.writes, a.writes))
      return longer(a.writes, b.writes);
    return a.lock > b.lock;
  });
  return result;
}

}  // namespace retort::bundle
