// Indexes, from CREATE INDEX to the name that the ix convention gives them.
#pragma once

#include "compiler/ddl/constraint.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort {

struct IndexElement {
  std::string column;      // a plain column by its key, or
  std::optional<Sql> sql;  // an expression, with the parentheses that it needs
  std::string key = {};    // what postgresql_ops calls it: label or text
  // For names: the key of the first column of a table in the expression, or the text of text().
  std::string name = {};

  static IndexElement of(std::string column_key) { return {std::move(column_key), {}}; }
};

struct Index {
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  ConstraintName name = {};
  std::vector<IndexElement> elements = {};
  bool unique = false;
  bool concurrently = false;
  std::string using_ = {};
  Pairs operator_classes = {};  // by column or key
  Columns include = {};
  std::optional<bool> nulls_not_distinct = {};
  Pairs with = {};  // values as Python prints them
  std::string tablespace = {};
  std::optional<Sql> where = {};
};

Answer<std::string> index_name(const Index& index, const ConstraintPlace& place);
Answer<std::string> create_index_text(const Index& index, bool if_not_exists,
                                      const ConstraintPlace& place);

}  // namespace retort
