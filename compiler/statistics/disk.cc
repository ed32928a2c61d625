#include "compiler/statistics/disk.h"

#include "compiler/statistics/duration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace retort::statistics {
namespace {

// What a copy takes, to what it is a copy of: dead rows stay behind, and rows may become wider.
constexpr double kCopyLow = 0.5, kCopyHigh = 1.5;
// Bytes of one entry of a B-tree beside its columns: header, pointer to it, padding. Equal keys are
// put together, and then little more than the place of the row is left.
constexpr double kEntry = 20, kSharedEntry = 6;
// Pages are filled to 90 %, and splits leave gaps.
constexpr double kPages = 1.25;
constexpr double kHashEntry = 40, kLeastHashEntry = 15;
constexpr double kRowHeader = 32;  // with its pointer and padding
constexpr double kEmptyIndex = 16'384;
// BRIN: a few entries for each 128 pages.
constexpr double kBrin = 0.02;
// By which either end moves when the statistics are old, or the rows only guessed.
constexpr double kDoubt = 2;

Bytes range(double low, double high, const Statistics& statistics, bool guessed) {
  const double doubt = statistics.old() || guessed ? kDoubt : 1;
  return {std::llround(low / doubt), std::llround(high * doubt)};
}

std::optional<double> widths(const Table& table, std::span<const std::string> columns) {
  double width = 0;
  for (const std::string& name : columns) {
    const Column* const column = name.empty() ? nullptr : table.column(name);
    if (!column || column->width == 0)
      return std::nullopt;
    width += static_cast<double>(column->width);
  }
  return width;
}

}  // namespace

std::optional<Bytes> copy_of(const Table& table, const Statistics& statistics) {
  const std::optional<int64_t> bytes = table.bytes();
  if (!bytes)
    return std::nullopt;
  const auto size = static_cast<double>(*bytes);
  return range(size * kCopyLow, size * kCopyHigh, statistics, false);
}

std::optional<Bytes> changed_rows(const Table& table, bool all, const Statistics& statistics) {
  const std::optional<int64_t> bytes = table.bytes();
  if (!bytes)
    return std::nullopt;
  // Free space in the table's pages may take the first of them.
  const double least = all ? static_cast<double>(*table.heap) * kCopyLow : 0;
  return range(least, static_cast<double>(*bytes) * kCopyHigh, statistics, false);
}

std::optional<Bytes> size_of(const NewIndex& index, const Table& table,
                             const Statistics& statistics) {
  if (!table.rows || !table.heap || !table.toast)
    return std::nullopt;
  const double rows = *table.rows;
  const auto heap = static_cast<double>(*table.heap), toast = static_cast<double>(*table.toast);
  double low = 0, high = 0;
  if (index.method == "btree") {
    low = rows * kSharedEntry;
    const std::optional<double> width = widths(table, index.columns);
    high = (rows * kEntry + (width ? rows * *width : heap + toast)) * kPages;
  } else if (index.method == "hash") {
    low = rows * kLeastHashEntry;
    high = rows * kHashEntry;
  } else if (index.method == "brin") {
    high = heap * kBrin + 5 * kEmptyIndex;
  } else {
    return std::nullopt;  // an entry for each word, each trigram, …
  }
  if (index.partial)
    low = 0;
  return range(low, high + kEmptyIndex, statistics, table.rows_from_size);
}

Bytes rebuilt(const Index& index, const Statistics& statistics) {
  const auto size = static_cast<double>(index.bytes);
  return range(size * kCopyLow, size * kCopyHigh, statistics, false);
}

std::optional<Bytes> copied_columns(const Table& table, std::span<const std::string> columns,
                                    const Statistics& statistics) {
  if (!table.heap || !table.toast)
    return std::nullopt;
  const double whole = static_cast<double>(*table.heap + *table.toast) * kCopyHigh;
  const std::optional<double> width = widths(table, columns);
  if (!width || !table.rows)
    return range(0, whole, statistics, false);
  const double rows = *table.rows * (kRowHeader + *width);
  // The width of a value that lies elsewhere is that of the reference to it.
  const double elsewhere = static_cast<double>(*table.toast) * kCopyHigh;
  return range(rows * kCopyLow, rows * kPages + elsewhere, statistics, table.rows_from_size);
}

std::optional<Bytes> copied_rows(const Table& table, const Statistics& statistics) {
  if (!table.heap || !table.toast)
    return std::nullopt;
  const auto size = static_cast<double>(*table.heap + *table.toast);
  return range(size * kCopyLow, size * kCopyHigh, statistics, false);
}

std::string text_of(Bytes bytes) {
  constexpr int64_t kLittle = 1'000'000;
  const int64_t low = std::max<int64_t>(bytes.low, 0);
  if (bytes.high < kLittle)
    return "under 1 MB";
  const std::string high = bytes_text(bytes.high);
  if (low < kLittle)
    return "up to " + high;
  const std::string least = bytes_text(low);
  if (least == high)
    return "about " + high;
  // The unit once, where it is the same.
  const size_t unit = least.find(' ');
  const bool same = high.ends_with(least.substr(unit));
  return fmt::format("{} to {}", same ? least.substr(0, unit) : least, high);
}

}  // namespace retort::statistics
