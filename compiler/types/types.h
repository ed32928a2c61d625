// From a type as Python calls it to its PostgreSQL text and what the statements around it need.
#pragma once

#include "compiler/ddl/identifier.h"
#include "compiler/types/arguments.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// Decides how values of the type are written (types/literals.h).
enum class Family : uint8_t {
  none,  // no type at all: `Column("c")`
  text,
  integer,
  numeric,
  boolean,
  date,
  datetime,
  time,
  interval,
  uuid,       // as_uuid=True
  uuid_text,  // as_uuid=False
  uuid_hex,   // native_uuid=False
  binary,
  enumeration,
  array,
  json,
  hstore,
  other,  // INET, ranges, …: SQLAlchemy knows no literal of them
};

// An integer column that fills itself becomes one of these (ddl/column.h).
enum class Serial : uint8_t { small, normal, big };

// A type that a statement of its own creates.
struct NamedType {
  enum class Kind : uint8_t { enumeration, domain };
  Kind kind = Kind::enumeration;
  Identifier schema;
  Identifier name;
  std::vector<std::string> labels;
  // False: a create_table leaves it alone (`create_type=False`, or it belongs to a MetaData).
  bool with_table = true;
  std::string definition;  // of a domain: what follows AS
};

struct Type {
  std::string sql;
  Family family = Family::none;
  bool counts = false;  // integer or numeric: may be an autoincrement column
  Serial serial = Serial::normal;
  std::vector<std::string> labels;         // of an Enum
  std::vector<EnumMember> members;         // of a Python enum class: what values may be
  bool by_values = false;                  // values_callable was given
  bool has_check = false;                  // a CHECK of the labels belongs to the table
  Identifier check_name;                   // empty: unnamed, or the ck convention's
  std::shared_ptr<const NamedType> named;  // also that of an ARRAY's items
  std::shared_ptr<const Type> item;        // of an ARRAY
};

struct TypeContext {
  Identifier table_schema;  // for inherit_schema=True
};

struct TypeRow {
  std::string_view name;
  std::string_view signature;  // as Python has it, without self
  Family family = Family::other;
  std::string_view sql;  // all there is to print, unless `fill` is set
  Answer<> (*fill)(const TypeArguments& arguments, const TypeContext& context,
                   Type& type) = nullptr;
};

struct TypeLibrary {
  std::string_view name;
  std::span<const TypeRow> rows;
};
std::span<const TypeLibrary> type_libraries();

// Null when the name is unknown. `postgresql` falls back on SQLAlchemy's own types.
const TypeRow* find_type(std::string_view library, std::string_view name);

// "sqlalchemy.dialects.postgresql.base" is "postgresql", "sqlalchemy.types" is "sqlalchemy",
// "geoalchemy2.types" is "geoalchemy2".
std::string_view library_of(std::string_view module);

Answer<Type> describe(const TypeCall& call, const TypeContext& context = {});

// Shared by the files of this folder.
Answer<Type> describe_argument(const Datum& argument, const TypeContext& context);
Answer<> string_type(std::string_view word, const TypeArguments& arguments, Type& type);

}  // namespace retort
