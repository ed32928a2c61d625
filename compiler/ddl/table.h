// Tables as a revision describes them, and every statement that creating one takes.
#pragma once

#include "compiler/ddl/column.h"
#include "compiler/ddl/index.h"

#include <string>
#include <vector>

namespace retort {

// postgresql_… of a table.
struct TableOptions {
  std::vector<std::string> inherits = {};
  std::string partition_by = {};
  std::string using_ = {};
  std::optional<bool> with_oids = {};
  std::string on_commit = {};
  std::string tablespace = {};
};

struct Table {
  Identifier name;
  Identifier schema = {};
  std::vector<Column> columns = {};
  std::vector<Constraint> constraints = {};  // in the order in which Python made them
  std::vector<Index> indexes = {};
  std::string comment = {};  // empty: none
  std::vector<std::string> prefixes = {};
  TableOptions options = {};
};

// What columns bring along besides their own text, in the order in which SQLAlchemy attaches it:
// per column its UNIQUE, the CHECK of its type, its foreign keys.
std::vector<Constraint> column_constraints(const Column& column);
// index=True, also with unique=True.
std::optional<Index> column_index(const Column& column);

// The key that a table ends up with, from flags and PrimaryKeyConstraints; no columns: none.
PrimaryKey primary_key_of(const Table& table);
// Position of the autoincrement column, or nothing; wrong combinations are a problem.
Answer<std::optional<size_t>> autoincrement_column(const Table& table, const PrimaryKey& key);

Answer<std::string> create_table_text(const Table& table, bool if_not_exists,
                                      const NamingConvention& convention);

}  // namespace retort
