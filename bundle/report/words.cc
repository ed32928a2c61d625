#include "bundle/report/words.h"

#include "bundle/report/holds.h"
#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <tuple>

namespace retort::bundle {

using facts::LockMode;

namespace {
constexpr int64_t kLittleDisk = 1'000'000;
}

std::string number_of(size_t revision) { return fmt::format("{}", revision + 1); }
std::string number_of(size_t revision, size_t statement) {
  return fmt::format("{}.{}", revision + 1, statement + 1);
}

std::string listed(const std::vector<std::string>& words) {
  if (words.size() < 2)
    return join(words, "");
  return fmt::format("{} and {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

std::string range_words(const Account& account) {
  constexpr std::string_view kBase = "base (before the first revision)";
  return fmt::format("from {} to {}", account.from.empty() ? kBase : account.from,
                     account.to.empty() ? kBase : account.to);
}

std::string servers_words(const std::vector<int>& servers) {
  if (servers.empty())
    return "PostgreSQL";
  std::vector<std::string> words;
  for (const int server : servers)
    words.push_back(fmt::format("{}", server));
  return "PostgreSQL " + listed(words);
}

std::string_view phase_words(Phase phase) {
  switch (phase) {
  case Phase::any: return "";
  case Phase::before: return "before the deploy";
  case Phase::after: return "after the deploy";
  }
  return "";
}

std::string_view blocks_words(LockMode mode) {
  if (facts::blocks_reads(mode))
    return "blocks reads and writes";
  return facts::blocks_writes(mode) ? "blocks writes" : "blocks neither reads nor writes";
}

std::string_view work_words(facts::Work work) {
  switch (work) {
  case facts::Work::catalog: return "changes the catalog only";
  case facts::Work::rows: return "changes rows";
  case facts::Work::scan: return "reads the whole table";
  case facts::Work::build: return "builds an index";
  case facts::Work::rewrite: return "rewrites the whole table";
  case facts::Work::unknown: return "not known";
  }
  return "";
}

std::string time_words(const StatementAccount& statement) {
  if (statement.time)
    return statistics::text_of(*statement.time);
  if (statement.work == facts::Work::catalog)
    return "a moment";
  return without_estimate(statement) ? "unknown" : "not estimated: nobody waits";
}

std::string size_words(const StatementAccount& statement) {
  if (!statement.size.empty())
    return statement.size;
  const auto existing = [](const Lock& lock) { return lock.existing; };
  if (!statement.locks.empty() &&
      std::none_of(statement.locks.begin(), statement.locks.end(), existing))
    return "new";
  return statement.object.empty() && statement.locks.empty() ? "no relation" : "size unknown";
}

std::string origin(const StatementAccount& statement) {
  if (statement.line == 0)
    return statement.file;
  return fmt::format("{}:{}", statement.file, statement.line);
}

std::string_view level_words(const Risk& risk) {
  if (risk.suppressed)
    return "Accepted";
  switch (risk.level) {
  case Level::info: return "Note";
  case Level::warning: return "Warning";
  case Level::error: return "Error";
  }
  return "";
}

namespace {

std::string who_waits(const Lock& lock, const StatementAccount& statement) {
  if (!lock.existing)
    return "Nobody waits: it is new";
  if (facts::blocks_writes(lock.mode))
    return capital(blocks_words(lock.mode));
  if (lock.mode == LockMode::row_exclusive && statement.work == facts::Work::rows)
    return "Writes of the same rows wait";
  return capital(facts::blocked_words(lock.mode));
}

}  // namespace

std::vector<LockLine> lock_lines(const StatementAccount& statement) {
  struct Group {
    LockMode mode = LockMode::none;
    LockLine line;
    size_t relations = 0;
  };
  std::vector<Group> groups;
  for (const Lock& lock : statement.locks) {
    std::string who = who_waits(lock, statement);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& each) {
      return each.mode == lock.mode && each.line.who == who;
    });
    if (group == groups.end()) {
      const bool blocks = lock.existing && facts::blocks_writes(lock.mode);
      group = groups.insert(group, {lock.mode, {std::move(who), "", blocks}, 0});
      group->line.what = fmt::format("{} on ", facts::sql_name(lock.mode));
    }
    if (group->relations++ < kMostRelations)
      group->line.what += (group->relations == 1 ? "" : ", ") + lock.relation;
  }
  std::vector<LockLine> lines;
  for (Group& group : groups) {
    if (group.relations > kMostRelations)
      group.line.what += fmt::format(" and {} more", group.relations - kMostRelations);
    lines.push_back(std::move(group.line));
  }
  return lines;
}

std::string_view no_lock_words(const StatementAccount& statement) {
  return statement.work == facts::Work::unknown ? "Not known" : "No lock";
}

std::vector<Risk> sorted_risks(const std::vector<Risk>& risks) {
  std::vector<Risk> sorted = risks;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Risk& a, const Risk& b) {
    return std::tuple(!a.suppressed, a.level) > std::tuple(!b.suppressed, b.level);
  });
  return sorted;
}

std::string disk_sentence(const Account& account) {
  constexpr size_t kNamed = 3;
  const DiskPeak peak = disk_peak(account);
  if (peak.none())
    return "none but for the catalog: no table is written anew, and no index built on one that "
           "holds rows";
  std::string text;
  if (!peak.most.none()) {
    text = fmt::format("{} while it runs, most of it at step {}; ", statistics::text_of(peak.most),
                       number_of(peak.revision, peak.statement));
    text += peak.stays.high < kLittleDisk ? "it is free again afterwards"
                                          : statistics::text_of(peak.stays) + " of it stay";
    text += ". The write-ahead log comes on top of that";
  }
  if (peak.unknown.empty())
    return text;
  std::vector<std::string> named = peak.unknown;
  if (named.size() > kNamed) {
    const size_t rest = named.size() - kNamed;
    named.resize(kNamed);
    named.push_back(fmt::format("{} more", rest));
  }
  return fmt::format("{}not known: {}", text.empty() ? "" : text + ". And more, ", listed(named));
}

std::string disk_words(const StatementAccount& statement) {
  const DiskUse& use = statement.disk;
  if (use.none())
    return "";
  const statistics::Bytes most = {use.stays.low + use.meanwhile.low,
                                  use.stays.high + use.meanwhile.high};
  if (most.none())
    return "Free disk: not known";
  return fmt::format("Free disk: {}{}", statistics::text_of(most),
                     use.unknown.empty() ? "" : " and more, not known how much");
}

Folded folded(std::string_view sql, size_t lines) {
  // Characters in a line of the column on paper; a longer line counts as several.
  constexpr size_t kWidth = 52;
  sql = sql.substr(0, sql.find_last_not_of(" \t\r\n") + 1);
  size_t used = 0;
  for (size_t begin = 0; begin < sql.size();) {
    const size_t end = std::min(sql.find('\n', begin), sql.size());
    const size_t needed = std::max<size_t>(1, (end - begin + kWidth - 1) / kWidth);
    if (used + needed > lines) {
      // Whole lines, but for one that would never fit.
      size_t cut = begin;
      if (needed > lines)
        cut += (lines - used) * kWidth;
      while (cut > begin && (static_cast<unsigned char>(sql[cut]) & 0xC0) == 0x80)
        --cut;
      const auto more =
          std::count(sql.begin() + static_cast<std::ptrdiff_t>(begin), sql.end(), '\n');
      const size_t shown = cut > begin || begin == 0 ? cut : begin - 1;
      return {sql.substr(0, shown), static_cast<size_t>(more) + 1};
    }
    used += needed;
    begin = end + 1;
  }
  return {sql, 0};
}

bool written_since(std::string_view lost) {
  return lost.find("written after the upgrade") != std::string_view::npos;
}

bool is_hidden(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array kRanges = {
      Range{0x00, 0x08},     Range{0x0B, 0x1F},     Range{0x7F, 0x9F},       Range{0xAD, 0xAD},
      Range{0x061C, 0x061C}, Range{0x115F, 0x1160}, Range{0x180E, 0x180E},   Range{0x200B, 0x200F},
      Range{0x2028, 0x202E}, Range{0x2060, 0x206F}, Range{0x3164, 0x3164},   Range{0xFEFF, 0xFEFF},
      Range{0xFFF9, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0xE0000, 0xE007F},
  };
  return std::any_of(kRanges.begin(), kRanges.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

std::string mark_name(char32_t code) {
  return fmt::format("U+{:04X}", static_cast<uint32_t>(code));
}

std::string capital(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z')
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

}  // namespace retort::bundle
