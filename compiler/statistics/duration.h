// How long a server works on a table: a range, never a number. The figures come from one machine
// (3 million rows, two cores, in memory) and are widened by far; docs/statistics.md has the table.
#pragma once

#include "compiler/statistics/statistics.h"

namespace retort::statistics {

enum class Work : uint8_t {
  scan,         // every row is read: NOT NULL
  check,        // … and an expression is worked out for it
  foreign_key,  // … and looked up in another table
  build,        // an index of which the columns are not known
  build_narrow,
  build_wide,
  rewrite,  // every row, and all indexes
  update,   // every row, by UPDATE or DELETE
};

struct Seconds {
  double low = 0, high = 0;

  Seconds& operator+=(const Seconds& other) {
    low += other.low;
    high += other.high;
    return *this;
  }
};

// None when the size of the table is not known. Old statistics widen the range.
std::optional<Seconds> duration(Work work, const Table& table, const Statistics& statistics);
// CONCURRENTLY reads the table twice.
Seconds concurrently(Seconds build);
// Bytes of its columns beyond which a key counts as wide.
inline constexpr int64_t kWideKey = 16;

std::string text_of(Seconds seconds);       // "3 to 22 s", "under 0.1 s", "2 to 15 min"
std::string count_text(double rows);        // "120", "45,000", "3.0 M"
std::string bytes_text(int64_t bytes);      // "451 MB"
std::string size_text(const Table& table);  // "about 3.0 M rows, 451 MB"

}  // namespace retort::statistics
