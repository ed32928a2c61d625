// Statements over expressions.
#pragma once

#include "compiler/expressions/expression.h"

namespace retort::expr {

// FOR UPDATE and its kin.
struct Lock {
  bool read = false;
  bool key_share = false;
  bool nowait = false;
  bool skip_locked = false;
  std::vector<FromPtr> of = {};
};

struct JoinStep {
  FromPtr right;
  Ptr on = {};
  FromPtr left = {};  // none: to be found
  bool outer = false;
  bool full = false;
};

enum class LabelStyle : uint8_t { plain, disambiguate, table_and_column };

// What SELECT and UNION have in common.
struct Limits {
  List group_by = {};
  List order_by = {};
  Ptr limit = {};
  Ptr offset = {};
  Ptr fetch = {};
  bool with_ties = false;
  bool percent = false;
  std::optional<Lock> lock = {};
};

// An item of SELECT: an expression, or all columns of a FROM.
using SelectItem = std::variant<Ptr, FromPtr>;

struct Select {
  std::vector<SelectItem> items = {};
  std::vector<FromPtr> from = {};
  std::vector<JoinStep> joins = {};
  List where = {};
  List having = {};
  Limits limits = {};
  bool distinct = false;
  List distinct_on = {};
  List prefixes = {};
  List suffixes = {};
  LabelStyle labels = LabelStyle::disambiguate;
  bool auto_correlate = true;
  std::vector<FromPtr> correlate = {};
  std::optional<std::vector<FromPtr>> correlate_except = {};
};

struct Compound {
  std::string_view keyword;  // UNION ALL
  std::vector<StatementPtr> parts = {};
  std::vector<bool> grouped = {};  // which of them stand in parentheses
  Limits limits = {};
};

// `text("SELECT …").columns(…)`.
struct TextSelect {
  Ptr text;
};

// `ON CONFLICT`.
struct Conflict {
  bool update = false;
  Identifier constraint = {};
  List elements = {};
  Ptr where = {};
  std::vector<std::pair<std::string, Ptr>> set = {};  // by key of the column, in the given order
  Ptr update_where = {};
};

using Row = std::vector<std::pair<std::string, Ptr>>;  // by key of the column

struct Insert {
  FromPtr table;
  std::vector<Row> rows = {};
  bool many = false;  // rows were given as a list
  std::vector<std::string> select_columns = {};
  StatementPtr select = {};
  std::optional<Conflict> conflict = {};
  std::vector<SelectItem> returning = {};
  List prefixes = {};
  bool inline_ = false;
};

struct Update {
  FromPtr table;
  // Columns that are not the table's are those of another in FROM.
  std::vector<std::pair<Ptr, Ptr>> set = {};
  bool ordered = false;
  List where = {};
  std::vector<SelectItem> returning = {};
  List prefixes = {};
};

struct Delete {
  FromPtr table;
  List where = {};
  std::vector<SelectItem> returning = {};
  List prefixes = {};
};

struct Statement {
  std::variant<Select, Compound, TextSelect, Insert, Update, Delete> node;
  std::vector<FromPtr> ctes = {};  // add_cte()

  template <class T>
  const T* as() const {
    return std::get_if<T>(&node);
  }
};

}  // namespace retort::expr
