// What a production database said of itself: sizes, activity and what columns hold, from the file
// that the script of `retort stats --print-sql` writes. docs/statistics.md describes the file.
//
// Nothing here asks a server. Whatever the file does not say is not known, and never taken for 0.
#pragma once

#include "common/run.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::statistics {

// Days since 1970-01-01, UTC.
using Day = int64_t;
Day today();                     // SOURCE_DATE_EPOCH where it is set
std::string text_of(Day);        // "2026-11-02"
inline constexpr Day kOld = 30;  // days, from which on figures are doubted

struct Column {
  std::string name;
  double null_fraction = 0;
  double distinct = 0;  // as in pg_stats: negative is a fraction of the rows, 0 is not known
  int64_t width = 0;    // bytes, on the average
};

struct Table {
  std::string schema, name;
  std::string parent;  // of a partition, as one writes it: `public.events`
  char kind = 'r';     // of pg_class: r table, p partitioned, m materialized view, f foreign
  // Of a partitioned table these are the sums over its partitions.
  std::optional<double> rows;
  bool rows_from_size = false;                  // it was never analyzed: a guess
  std::optional<int64_t> heap, indexes, toast;  // bytes
  // Since the counters began; not known on a standby, which counts its own.
  std::optional<int64_t> writes, reads;
  std::map<std::string, Column, std::less<>> columns;   // as far as they were analyzed
  std::map<std::string, bool, std::less<>> attributes;  // every column; whether it is NOT NULL
  std::string extension;                                // that it belongs to

  std::optional<int64_t> bytes() const;
  const Column* column(std::string_view column_name) const;
};

struct Index {
  std::string schema, name, table;
  int64_t bytes = 0, scans = 0;
  bool valid = true, unique = false;
};

struct Constraint {
  std::string schema, name, table;  // no table: of a domain
  char type = 'c';                  // of pg_constraint
  bool valid = true;
};

struct Enum {
  std::string schema, name;
  std::vector<std::string> labels;  // in their order
  std::string extension = {};       // that it belongs to
};

class Statistics {
public:
  std::string database;
  std::string system;  // identifier; may be empty
  int server = 0;      // 150018
  int64_t block_size = 8192;
  Day taken = 0;
  double counted_days = 0;  // how long the counters have run
  bool standby = false;
  Day now = 0;  // when it is read

  std::vector<Index> indexes;
  std::vector<Constraint> constraints;
  std::vector<Enum> enums;
  std::vector<std::string> versions;  // rows of the version table
  bool has_versions = false;          // it could be read
  std::map<std::string, std::string, std::less<>> settings;
  std::map<std::string, std::string, std::less<>> refused;  // kinds, with their SQLSTATE

  // By its name as one writes it with its schema: `public."Order"`.
  const Table* table(std::string_view qualified) const;
  const Table* table(std::string_view schema, std::string_view name) const;
  const std::map<std::string, Table, std::less<>>& tables() const { return tables_; }

  Day age() const { return now > taken ? now - taken : 0; }
  bool old() const { return age() > kOld; }

  // Counters of less than a day say nothing about who does not use a table.
  bool counts() const { return !standby && counted_days >= 1; }
  // Nobody has written to it, or, for a lock that readers wait for too, used it at all.
  bool idle(const Table& table, bool reads_wait) const;

private:
  friend class Reader;
  std::map<std::string, Table, std::less<>> tables_;
};

// Reads such a file; what is wrong is reported at its line.
Result<Statistics> read(Run& run, FileId file, Day now);
// Reports what makes them worth less: their age, and what the server refused.
void warn(Run& run, FileId file, const Statistics& statistics);

// The script for psql. The version table is asked for by the name that the configuration gives.
std::string script(std::string_view version_schema, std::string_view version_table);

}  // namespace retort::statistics
