// Columns as a revision describes them, and their part of CREATE TABLE and ADD COLUMN.
#pragma once

#include "compiler/ddl/constraint.h"
#include "compiler/types/types.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace retort {

// Numbers are text, so that none is too large.
struct Identity {
  bool always = false;
  std::optional<std::string> start;
  std::optional<std::string> increment;
  std::optional<std::string> minvalue;
  std::optional<std::string> maxvalue;
  std::optional<bool> nominvalue;
  std::optional<bool> nomaxvalue;
  std::optional<bool> cycle;
  std::optional<std::string> cache;
};

struct Computed {
  Sql sql;
  std::optional<bool> persisted;
};

struct FetchedValue {};  // something that the server sets; prints nothing

// None, a string (which becomes a quoted literal), SQL, or what else `server_default=` takes.
using DefaultValue =
    std::variant<std::monostate, std::string, Sql, FetchedValue, Identity, Computed>;

enum class Autoincrement : uint8_t { automatic, yes, no, ignore_fk };

// `default=`: it prints nothing, but decides whether a column is a SERIAL, and bulk_insert uses it.
struct PythonDefault {
  enum class Kind : uint8_t { none, scalar, callable, sequence, optional_sequence };
  Kind kind = Kind::none;
  Datum value;           // of a scalar
  std::string sequence;  // name as SQL
};

struct Column {
  Identifier name;
  std::string key = {};           // how the file refers to it; empty: the name
  std::optional<Type> type = {};  // none: only the name counts
  DefaultValue server_default = {};
  std::optional<bool> nullable = {};
  bool primary_key = false;
  Autoincrement autoincrement = Autoincrement::automatic;
  PythonDefault python_default = {};
  bool unique = false;
  bool index = false;
  std::string comment = {};  // empty: none
  bool system = false;
  std::vector<ForeignKey> foreign_keys = {};  // ForeignKey(…) among the column's arguments
  std::vector<Check> checks = {};             // CheckConstraint(…) there

  const std::string& lookup_key() const { return key.empty() ? name.text : key; }
  const Identity* identity() const { return std::get_if<Identity>(&server_default); }
};

// What the table decides about a column of its.
struct ColumnPlace {
  bool primary_key = false;    // by its flag or by a PrimaryKeyConstraint
  bool autoincrement = false;  // it is the autoincrement column
};

Answer<std::string> default_text(const DefaultValue& value);  // empty: nothing to print
std::string identity_text(const Identity& identity);          // GENERATED … AS IDENTITY …
std::string identity_options(const Identity& identity);

// `name type DEFAULT d … NOT NULL`, without constraints.
Answer<std::string> column_specification(const Column& column, const ColumnPlace& place);

// `COMMENT ON COLUMN s.t.c IS '…'`.
std::string column_comment(const std::string& table, const Column& column);

}  // namespace retort
