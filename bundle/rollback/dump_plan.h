// Tables that come back from files of pg_dump: which files, what they must hold, and how they are
// put back in one transaction. `pg_restore -t` is no way: it brings neither keys, nor indexes,
// triggers and privileges, and knows nothing of who refers to the table.
#pragma once

#include "bundle/rollback/file.h"
#include "compiler/catalog/catalog.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace retort::rollback {

// An entry of `pg_restore -l` without its numbers and its owner: "VIEW public customer_v".
struct TocEntry {
  enum class How : char {
    must = '=',    // be there
    may = '?',     // comments, privileges
    begins = '~',  // so, and may be there: "COMMENT public COLUMN customer_v."
    ends = '%',    // kind and schema, `|`, and what the tag ends with: entries of publications
  };
  How how = How::must;
  std::string text;
};

struct DumpPlan {
  std::vector<std::string> tables;    // as SQL writes them: with all their partitions
  std::vector<std::string> patterns;  // as `pg_dump -t` takes them
  // An earlier revision of the range changes them, so that a dump from before the whole range holds
  // another table.
  bool right_before = false;
  std::vector<TocEntry> first;          // of the schema, before the tables: types
  std::vector<TocEntry> after;          // of the schema, behind them: who refers to them
  std::vector<TocEntry> leave_out;      // of the tables: indexes that attaching a partition makes
  std::vector<std::string> drop;        // SQL: what depends on the tables, and they, by name
  std::vector<std::string> afterwards;  // SQL: materialized views, then ANALYZE
};

// For tables that were there at the mark, by their ids; the catalog is as the way back leaves it.
DumpPlan dump_plan(catalog::Catalog& catalog, size_t before, const std::vector<catalog::Id>& tables,
                   const std::set<catalog::Id>& touched);

// Scripts for the shell, with the SQL and the lists that they read.
std::vector<File> dump_files(const DumpPlan& plan, const std::string& name);

}  // namespace retort::rollback
