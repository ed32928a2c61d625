// Tables that come back from files of pg_dump: which files, what they must hold, and how they are
// put back in one transaction. `pg_restore -t` is no way: it brings neither keys, nor indexes,
// triggers and privileges, and knows nothing of who refers to the table.
#pragma once

#include "bundle/rollback/file.h"
#include "compiler/catalog/catalog.h"

#include <optional>
#include <string>
#include <vector>

namespace retort::rollback {

// An entry of `pg_restore -l` without its numbers and its owner: kind, schema, tag.
struct TocEntry {
  std::string text;      // "FK CONSTRAINT public orders orders_customer_fkey"
  bool required = true;  // else it comes back where the file has it: comments, privileges
  bool prefix = false;   // any tag that begins so: "ACL public COLUMN orders.*"
};

struct DumpPlan {
  std::string name;                      // "41f0a6c2d853", for files
  std::vector<std::string> tables;       // as `pg_dump -t` takes them
  std::vector<std::string> table_names;  // as SQL does, for people
  std::vector<TocEntry> first;           // from schema.dump, before the tables: types
  std::vector<TocEntry> after;           // from schema.dump, behind them
  std::vector<std::string> leave_out;    // entries of t.dump that attaching a partition makes
  std::vector<std::string> drop;         // SQL: what depends on the tables, and they, by name
  std::vector<std::string> refresh;      // SQL: materialized views, then ANALYZE
};

// For tables that were there at the mark, by their ids; the catalog is as the way back leaves it.
std::optional<DumpPlan> dump_plan(catalog::Catalog& catalog, size_t before,
                                  const std::vector<catalog::Id>& tables, std::string name);

// Scripts for the shell, with the SQL and the lists that they read.
std::vector<File> dump_files(const DumpPlan& plan, const std::string& name);

}  // namespace retort::rollback
