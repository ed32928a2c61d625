#include "compiler/statistics/duration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace retort::statistics {
namespace {

// Microseconds for each row, beside the reading of the table.
struct Cost {
  Work work;
  double low, high;
};
constexpr std::array kCosts = {
    Cost{Work::scan, 0, 0},     Cost{Work::check, 0.2, 1},      Cost{Work::foreign_key, 0.5, 4},
    Cost{Work::build, 1, 20},   Cost{Work::build_narrow, 1, 6}, Cost{Work::build_wide, 4, 20},
    Cost{Work::rewrite, 5, 40}, Cost{Work::update, 20, 160},
};
// Bytes in a second, from a disk and from memory.
constexpr double kSlowRead = 100e6, kFastRead = 1000e6;
constexpr double kConcurrentlyLow = 1.5, kConcurrentlyHigh = 2.5;
// By which either end moves when the statistics are old, or the rows only guessed.
constexpr double kDoubt = 2;

std::string digits(double value) {
  return value < 10 ? fmt::format("{:.2g}", value) : fmt::format("{:.0f}", value);
}

}  // namespace

std::optional<Seconds> duration(Work work, const Table& table, const Statistics& statistics) {
  if (!table.rows || !table.heap)
    return std::nullopt;
  const Cost& cost = *std::find_if(kCosts.begin(), kCosts.end(),
                                   [&](const Cost& each) { return each.work == work; });
  const auto bytes = static_cast<double>(*table.heap);
  // The reading and the rest may overlap, or not.
  Seconds seconds{std::max(bytes / kFastRead, *table.rows * cost.low / 1e6),
                  bytes / kSlowRead + *table.rows * cost.high / 1e6};
  if (statistics.old() || table.rows_from_size) {
    seconds.low /= kDoubt;
    seconds.high *= kDoubt;
  }
  return seconds;
}

Seconds concurrently(Seconds build) {
  return {build.low * kConcurrentlyLow, build.high * kConcurrentlyHigh};
}

std::string text_of(Seconds seconds) {
  struct Unit {
    double size;
    std::string_view name;
  };
  constexpr std::array kUnits = {Unit{1, "s"}, Unit{60, "min"}, Unit{3600, "h"},
                                 Unit{86400, "days"}};
  if (seconds.high < 0.1)
    return "under 0.1 s";
  const auto unit_of = [&](double value) {
    Unit unit = kUnits[0];
    for (const Unit& each : kUnits)
      if (value >= 2 * each.size)
        unit = each;
    return unit;
  };
  const Unit low_unit = unit_of(seconds.low), high_unit = unit_of(seconds.high);
  const std::string high = digits(seconds.high / high_unit.size);
  if (seconds.low < 0.1)
    return fmt::format("up to {} {}", high, high_unit.name);
  const std::string low = digits(seconds.low / low_unit.size);
  if (low_unit.name != high_unit.name)
    return fmt::format("{} {} to {} {}", low, low_unit.name, high, high_unit.name);
  return low == high ? fmt::format("about {} {}", low, low_unit.name)
                     : fmt::format("{} to {} {}", low, high, low_unit.name);
}

std::string count_text(double rows) {
  if (rows < 1000)
    return fmt::format("{:.0f}", rows);
  const double places = std::pow(10, std::floor(std::log10(rows)) - 1);
  const double rounded = std::round(rows / places) * places;
  if (rounded >= 1e9)
    return fmt::format("{:.{}f} G", rounded / 1e9, rounded < 1e10 ? 1 : 0);
  if (rounded >= 1e6)
    return fmt::format("{:.{}f} M", rounded / 1e6, rounded < 1e7 ? 1 : 0);
  const auto whole = static_cast<int64_t>(rounded);
  return fmt::format("{},{:03}", whole / 1000, whole % 1000);
}

std::string bytes_text(int64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit)
    value /= 1000;
  return fmt::format("{:.{}f} {}", value, unit > 0 && value < 10 ? 1 : 0, kUnits[unit]);
}

std::string size_text(const Table& table) {
  if (!table.rows)
    return "an unknown number of rows";
  std::string text =
      *table.rows == 0 ? "no rows" : fmt::format("about {} rows", count_text(*table.rows));
  if (table.rows_from_size)
    text += " by its size";
  if (const std::optional<int64_t> bytes = table.bytes())
    text += ", " + bytes_text(*bytes);
  return text;
}

}  // namespace retort::statistics
