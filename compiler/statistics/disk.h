// How many bytes a server writes beside what is there: a range, never a number. The factors are in
// docs/statistics.md, and tests/postgres/disk.md compares them with what a server needed.
#pragma once

#include "compiler/statistics/statistics.h"

#include <span>
#include <string>

namespace retort::statistics {

struct Bytes {
  int64_t low = 0, high = 0;

  bool none() const { return low == 0 && high == 0; }
  Bytes& operator+=(const Bytes& other) {
    low += other.low;
    high += other.high;
    return *this;
  }
};

// Each of these is none when the file does not say enough; old statistics widen the range.

// The table with its indexes once more: a rewrite.
std::optional<Bytes> copy_of(const Table& table, const Statistics& statistics);
// New versions of rows, with their entries in the indexes: of all rows, or of nobody knows how
// many.
std::optional<Bytes> changed_rows(const Table& table, bool all, const Statistics& statistics);
// An index over columns with these names; an empty name is an expression.
struct NewIndex {
  std::string method = "btree";
  std::vector<std::string> columns;
  bool partial = false;  // it has a WHERE
};
std::optional<Bytes> size_of(const NewIndex& index, const Table& table,
                             const Statistics& statistics);
// One that is there, built anew.
Bytes rebuilt(const Index& index, const Statistics& statistics);
// A table of some columns of its rows, or of all.
std::optional<Bytes> copied_columns(const Table& table, std::span<const std::string> columns,
                                    const Statistics& statistics);
std::optional<Bytes> copied_rows(const Table& table, const Statistics& statistics);

std::string text_of(Bytes bytes);  // "0.7 to 1.9 GB", "up to 1.9 GB", "under 1 MB"

}  // namespace retort::statistics
