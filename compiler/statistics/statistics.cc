#include "compiler/statistics/statistics.h"

#include "compiler/forms/expression.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>

namespace retort::statistics {

Day today() {
  constexpr int64_t kSeconds = 86400;
  if (const char* const fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    int64_t seconds = 0;
    const char* const end = fixed + std::strlen(fixed);
    if (const auto [stop, error] = std::from_chars(fixed, end, seconds);
        error == std::errc() && stop == end)
      return seconds / kSeconds;
  }
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
             .count() /
         kSeconds;
}

std::string text_of(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<int64_t> Table::bytes() const {
  if (!heap || !indexes || !toast)
    return std::nullopt;
  return *heap + *indexes + *toast;
}

const Column* Table::column(std::string_view column_name) const {
  const auto found = columns.find(column_name);
  return found == columns.end() ? nullptr : &found->second;
}

const Table* Statistics::table(std::string_view qualified) const {
  const auto found = tables_.find(qualified);
  return found == tables_.end() ? nullptr : &found->second;
}

const Table* Statistics::table(std::string_view schema, std::string_view name) const {
  return table(forms::to_text(forms::Name{std::string(schema), std::string(name), {}}));
}

bool Statistics::idle(const Table& table, bool reads_wait) const {
  return counts() && table.writes == 0 && (!reads_wait || table.reads == 0);
}

}  // namespace retort::statistics
