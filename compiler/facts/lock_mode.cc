#include "compiler/facts/facts.h"

#include <array>
#include <iterator>

namespace retort::facts {
namespace {

struct Names {
  std::string_view server, sql, blocked;
};
constexpr Names kNames[] = {
    {"", "", "nothing waits"},
    {"AccessShareLock", "ACCESS SHARE", "only ACCESS EXCLUSIVE waits"},
    {"RowShareLock", "ROW SHARE", "only EXCLUSIVE and ACCESS EXCLUSIVE wait"},
    {"RowExclusiveLock", "ROW EXCLUSIVE", "changes of the table's shape wait"},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", "changes of the table's shape wait"},
    {"ShareLock", "SHARE", "writes wait"},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "writes wait"},
    {"ExclusiveLock", "EXCLUSIVE", "writes wait"},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE", "reads and writes wait"},
};
const Names& names(LockMode mode) { return kNames[static_cast<size_t>(mode)]; }

// For each mode that is held, the modes that wait for it: bit n for mode n.
constexpr uint16_t from(LockMode weakest) {
  return static_cast<uint16_t>(0x1FE & ~((1U << static_cast<unsigned>(weakest)) - 1));
}
constexpr uint16_t bit(LockMode mode) {
  return static_cast<uint16_t>(1U << static_cast<unsigned>(mode));
}
constexpr std::array<uint16_t, 9> kConflicts = {
    0,
    from(LockMode::access_exclusive),
    from(LockMode::exclusive),
    from(LockMode::share),
    from(LockMode::share_update_exclusive),
    static_cast<uint16_t>((from(LockMode::row_exclusive)) & ~bit(LockMode::share)),
    from(LockMode::row_exclusive),
    from(LockMode::row_share),
    from(LockMode::access_share),
};

}  // namespace

std::string_view server_name(LockMode mode) { return names(mode).server; }
std::string_view sql_name(LockMode mode) { return names(mode).sql; }
std::string_view blocked_words(LockMode mode) { return names(mode).blocked; }

LockMode lock_mode(std::string_view sql_name) {
  for (size_t i = 1; i < std::size(kNames); ++i)
    if (kNames[i].sql == sql_name)
      return static_cast<LockMode>(i);
  return LockMode::none;
}

bool conflicts(LockMode held, LockMode wanted) {
  return (kConflicts[static_cast<size_t>(held)] & bit(wanted)) != 0;
}

std::string_view to_string(Work work) {
  constexpr std::string_view kWords[] = {"catalog", "rows", "scan", "build", "rewrite", "unknown"};
  return kWords[static_cast<size_t>(work)];
}

}  // namespace retort::facts
