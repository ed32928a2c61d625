// Constraints as a revision describes them, and their text after ADD or inside CREATE TABLE.
#pragma once

#include "compiler/ddl/naming.h"
#include "compiler/ddl/sql.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace retort {

struct Column;
using Columns = std::vector<std::string>;  // keys of columns

struct Deferral {
  std::optional<bool> deferrable;
  std::string initially;  // empty: not given; printed as written
};

struct PrimaryKey {
  ConstraintName name = {};
  Columns columns = {};
  Deferral deferral = {};
  Columns include = {};
};

struct Unique {
  ConstraintName name = {};
  Columns columns = {};
  Deferral deferral = {};
  std::optional<bool> nulls_not_distinct = {};
  Columns include = {};
};

struct Check {
  ConstraintName name = {};
  Sql sql = {};
  Deferral deferral = {};
  bool not_valid = false;
};

struct ForeignKey {
  ConstraintName name = {};
  Columns columns = {};
  Identifier referred_schema = {};
  Identifier referred_table = {};
  Columns referred_columns = {};  // names
  std::string onupdate = {};
  std::string ondelete = {};
  std::string match = {};
  Deferral deferral = {};
  bool not_valid = false;
  bool use_alter = false;
  bool referred_known = false;  // the file describes the referred table
};

struct Exclude {
  struct Element {
    Sql sql;
    std::string with;            // the operator
    std::string operator_class;  // from ops=
    std::string name;            // for naming: the column's, or the text's
  };
  ConstraintName name = {};
  std::vector<Element> elements = {};
  std::string using_ = "gist";
  std::optional<Sql> where = {};
  Deferral deferral = {};
};

using Constraint = std::variant<PrimaryKey, Unique, Check, ForeignKey, Exclude>;

// Reads "t.c", "s.t.c" or "a.b.t.c" as ForeignKey("…") does; "t" alone, which Alembic
// refuses, leaves the columns empty.
ForeignKey foreign_key_to(std::string_view target);

// The table around a constraint: what names follow from and keys refer to. Without columns nothing
// is known of them, and a key is its own name.
struct ConstraintPlace {
  const Identifier& schema;
  const Identifier& table;
  const std::vector<Column>& columns;
  const NamingConvention& convention;
};

// Empty when there is nothing to create.
Answer<std::string> constraint_text(const Constraint& constraint, const ConstraintPlace& place);

// REFERENCES … of a column, without the name of the constraint.
Answer<std::string> inline_reference(const ForeignKey& key);

// The CHECK of a non-native Enum.
Check enum_check(const Column& column);

// `(a, b)` with keys resolved and names quoted.
Answer<std::string> column_list(const Columns& columns, const ConstraintPlace& place);
NamingSubject naming_subject(std::string_view kind, const Columns& columns,
                             const ConstraintPlace& place);

// One word, as the index and exclusion methods are.
bool is_method(std::string_view text);

}  // namespace retort
