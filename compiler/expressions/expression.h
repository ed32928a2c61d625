// SQL as a tree, shaped the way SQLAlchemy shapes it: parentheses are nodes, put in where an
// operand is attached to an operator (build.h), and unnamed things get their names when the whole
// statement is rendered (render.h). Trees are immutable and shared.
#pragma once

#include "compiler/expressions/operators.h"
#include "compiler/types/types.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace retort::expr {

struct Expression;
struct From;
struct Statement;
using Ptr = std::shared_ptr<const Expression>;
using FromPtr = std::shared_ptr<const From>;
using StatementPtr = std::shared_ptr<const Statement>;
using TypePtr = std::shared_ptr<const Type>;  // null: SQLAlchemy knows none
using List = std::vector<Ptr>;

enum class Kind : uint8_t {
  literal,    // `value`, written as `type` does
  expanding,  // `value`, a list: what stands in IN (…); `op` says whether it is NOT IN
  parameter,  // bindparam(): `value` when there is one
  null,
  true_,
  false_,
  column,    // `name` of `from`, or of nothing
  verbatim,  // literal_column(): `text`
  text,      // text(): `text` with parameters, `items` and `names` are their values
  function,  // `name` below `packages`, `items` are its arguments
  unary,     // `op` before `left`
  modifier,  // `op` after `left`
  binary,    // `left` `op` `right`; `negation` is what NOT makes of it
  list,      // `items` with `op` between them: AND, OR, +, ||
  clauses,   // `items` with commas
  tuple,
  array,
  case_,            // `left` is the value, `items` are pairs of WHEN and THEN, `right` is ELSE
  cast,             // `left` to `type`
  coerce,           // `left` taken for a `type`; prints nothing of its own
  extract,          // `text` FROM `left`
  label,            // `left` AS `name`; anonymous when the name is empty
  grouping,         // (`left`)
  as_boolean,       // `left` where a condition is asked for; `op` is is_true or is_false
  collation,        // `name`
  slice,            // `left`:`right`
  over,             // `left` OVER (PARTITION BY `items` ORDER BY `order`, `frame`)
  within_group,     // `left` WITHIN GROUP (ORDER BY `order`)
  filter,           // `left` FILTER (WHERE `right`)
  order_by,         // `left` ORDER BY `order`, in an aggregate
  select,           // (`statement`) as a value
  exists,           // EXISTS (`statement`)
  scalar_values,    // VALUES (…) of `from`, as what IN takes
  label_reference,  // `left` in ORDER BY or GROUP BY: its label if the SELECT has it
  label_text,       // "name" there
  whole_from,       // all columns of `from`, as func.row_to_json(t.table_valued()) wants them
  next_value,       // nextval('…'): `text`
};

// BETWEEN … AND … of a window; nothing is UNBOUNDED, 0 is CURRENT ROW.
struct Frame {
  std::string_view unit;  // RANGE, ROWS or GROUPS
  std::optional<int64_t> begin;
  std::optional<int64_t> end;
};

struct Expression {
  Kind kind = Kind::null;
  TypePtr type = {};
  Operator op = {};
  Operator negation = {};
  Ptr left = {};
  Ptr right = {};
  List items = {};
  List order = {};
  Identifier name = {};
  std::vector<Identifier> packages = {};
  std::string text = {};
  std::vector<std::string> names = {};
  Datum value = {};
  bool has_value = true;    // of a parameter
  bool generic = false;     // a function that SQLAlchemy has a class for
  bool call = true;         // a function with parentheses
  bool group = true;        // false: a list that never gets parentheses, as in BETWEEN a AND b
  bool expands = false;     // of a parameter: a list in it is that of IN (…)
  bool ordinality = false;  // of a function: WITH ORDINALITY
  std::optional<std::string> escape = {};  // ESCAPE of LIKE, flags of regexp_match
  std::optional<Frame> frame = {};
  Ptr origin = {};  // of a label that was made again around something else: the first one
  FromPtr from = {};
  StatementPtr statement = {};
};

// A column that something in FROM has.
struct ColumnInfo {
  Identifier name;
  std::string key = {};  // how the file refers to it
  TypePtr type = {};
  int copy = 0;  // how many columns before it have the same name
  bool primary_key = false;
  bool autoincrement = false;     // fills itself
  bool server_default = false;    // or is filled by the server
  bool json_null = false;         // None is JSON's null
  Ptr fallback = {};              // what INSERT writes when nothing else is given
  bool fallback_unknown = false;  // that is a Python function
  Ptr on_update = {};

  const std::string& lookup_key() const { return key.empty() ? name.text : key; }
};

struct ForeignKeyInfo {
  std::vector<std::string> columns;
  Identifier target_schema;
  Identifier target_table;
  std::vector<std::string> target_columns;  // empty: those of the same name
};

enum class FromKind : uint8_t {
  table,
  alias,     // `element` under another name
  subquery,  // (`statement`) AS name
  cte,
  join,
  values,    // VALUES `rows`
  function,  // a function that yields rows
  text,      // text() in select_from()
};

struct From {
  FromKind kind = FromKind::table;
  Identifier name = {};   // empty: anonymous
  std::string seed = {};  // what an anonymous name begins with; empty: anon
  Identifier schema = {};
  std::vector<ColumnInfo> columns = {};
  std::vector<ForeignKeyInfo> foreign_keys = {};
  bool lightweight = false;  // sa.table(): nothing is known about its key
  FromPtr element = {};
  StatementPtr statement = {};
  FromPtr left = {};
  FromPtr right = {};
  Ptr on = {};
  bool outer = false;
  bool full = false;
  bool lateral = false;
  bool recursive = false;
  bool nesting = false;
  bool derive_columns = false;  // name(column, …)
  bool derive_types = false;
  std::string prefix = {};    // MATERIALIZED
  std::string sampling = {};  // TABLESAMPLE …
  FromPtr restates = {};      // a CTE that is this one with a UNION on it
  Ptr expression = {};        // a function, or text
  std::vector<List> rows = {};

  const ColumnInfo* find(std::string_view key) const {
    for (const ColumnInfo& column : columns)
      if (column.lookup_key() == key)
        return &column;
    return nullptr;
  }
};

}  // namespace retort::expr
