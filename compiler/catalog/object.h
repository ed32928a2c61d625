// What a database holds, as PostgreSQL's own catalog keeps it: objects with identities, so that a
// rename is a change in one place, and what each object needs of the others.
#pragma once

#include "compiler/forms/forms.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace retort::catalog {

using Id = uint32_t;  // 0 is no object
using Kind = forms::ObjectKind;

// A column's or an argument's type.
struct Type {
  Id object = 0;         // a type, or a table's row type, of the catalog
  std::string internal;  // of the system: `varchar`; or the name of one that is not known
  std::vector<std::string> modifiers;
  bool array = false;
  bool known = true;

  bool operator==(const Type&) const = default;
};

// How one object needs another. What is needed normally can't be dropped alone; a dependent goes
// with what it needs automatically; what is internal can only be dropped with what it is part of,
// and takes that along; what a partition has from its table goes with either.
enum class Strength : uint8_t { normal, automatic, internal, partition };
struct Need {
  int own_column = 0;  // 0: the whole object
  Id object = 0;
  int column = 0;
  Strength strength = Strength::normal;

  bool operator==(const Need&) const = default;
};

struct Column {
  bool operator==(const Column&) const = default;

  int number = 0;  // from 1, as PostgreSQL counts; stays when others go
  std::string name;
  Type type;
  bool not_null = false;
  bool not_null_valid = true;              // old rows as well
  forms::Rare<std::string> not_null_name;  // from 18 on, as a constraint
  bool dropped = false;
  Id fallback = 0;  // an object of the kind column_default
  forms::Identity identity = forms::Identity::none;
  bool generated = false;
  bool is_virtual = false;  // generated, and not stored
  std::string collation;
  std::optional<std::string> comment;
  int parents = 0;  // inherited from so many
  bool local = true;
};

struct Table {
  std::vector<Column> columns;
  forms::Persistence persistence = forms::Persistence::permanent;
  std::vector<Id> parents;  // INHERITS, or the one that it is a partition of
  bool partition = false;
  std::string bound;
  std::string strategy;  // "list", "range", "hash" of a partitioned table
  std::vector<int> key;  // its columns; 0 for an expression
  std::vector<std::string> key_text;
  bool row_security = false;
  bool partial = false;   // columns may be missing here
  bool unmade = false;    // it was there before the chain
  std::string query;      // of a view
  bool populated = true;  // of a materialized view
  bool whole = false;     // its query reads one table and leaves nothing out
};

struct IndexPart {
  int column = 0;
  std::string expression;
  std::string name;
  std::string opclass;
  bool descending = false;
  bool nulls_first = false;

  bool operator==(const IndexPart&) const = default;
};
struct Index {
  bool operator==(const Index&) const = default;

  std::vector<IndexPart> columns;
  std::vector<IndexPart> include;
  std::string method;
  bool unique = false;
  bool primary = false;
  bool nulls_not_distinct = false;
  bool valid = true;
  bool only = false;
  std::string where;
  Id constraint = 0;
  Id parent = 0;  // the partitioned index that it is a part of
};

struct Sequence {
  bool operator==(const Sequence&) const = default;

  std::string type = "int8";
  int64_t increment = 1, minimum = 1, maximum = INT64_MAX, start = 1, cache = 1;
  bool cycle = false;
  Id table = 0;  // owned by its column
  int column = 0;
  bool identity = false;
};

struct Constraint {
  bool operator==(const Constraint&) const = default;

  forms::ConstraintKind kind = forms::ConstraintKind::check;
  std::vector<int> columns;
  Id references = 0;
  std::vector<int> referenced_columns;
  std::string on_delete, on_update, match;
  bool deferrable = false;
  bool initially_deferred = false;
  bool valid = true;
  bool enforced = true;
  bool no_inherit = false;
  Id index = 0;      // its own, or the one that a foreign key needs
  std::string text;  // of a check or an exclusion
  int parents = 0;
  bool local = true;
  Id parent = 0;  // of a partition's foreign key or key
};

struct Default {
  bool operator==(const Default&) const = default;

  std::string text;
  bool constant = false;
};

struct TypeData {
  bool operator==(const TypeData&) const = default;

  enum class Form : uint8_t { enumeration, domain, composite, range, base };
  Form form = Form::enumeration;
  std::vector<std::string> labels;
  Type base;  // of a domain or a range
  bool not_null = false;
  std::string fallback;
  std::vector<Column> columns;
  Id multirange_of = 0;
  int next_column = 1;
};

struct Function {
  Kind kind = Kind::function;
  std::vector<Type> inputs;
  std::vector<forms::FunctionArgument> arguments;
  std::optional<Type> returns;
  bool returns_set = false;
  std::string language;
  std::string volatility;
  std::string body;
  bool changes_shape = false;  // what it does when called can't be known
};

struct Trigger {
  bool operator==(const Trigger&) const = default;

  Id function = 0;
  std::string timing;
  std::vector<std::string> events;
  std::vector<int> columns;
  bool row = false;
  bool cloned = false;
};

// What of its table a publication sends; it goes by the publication's name.
struct Published {
  bool operator==(const Published&) const = default;

  std::vector<int> columns;  // empty: all
  std::string where;
};

struct Object {
  Id id = 0;
  Kind kind = Kind::none;
  Id schema = 0;
  Id table = 0;    // of an index, a constraint, a trigger, …; the domain of a domain's constraint
  int column = 0;  // of a default
  std::string name;
  std::string signature;  // of a function: its input types
  std::string owner;
  std::optional<std::string> comment;
  std::vector<Need> needs;
  std::variant<std::monostate, Table, Index, Sequence, Constraint, Default, TypeData, Function,
               Trigger, Published>
      data;

  template <class T>
  const T& as() const {
    return std::get<T>(data);
  }
  template <class T>
  T& as() {
    return std::get<T>(data);
  }
  template <class T>
  const T* maybe() const {
    return std::get_if<T>(&data);
  }
  bool is_relation() const {
    return is_table_like() || kind == Kind::sequence || kind == Kind::index;
  }
  // Has columns that a query can read.
  bool is_table_like() const {
    return kind == Kind::table || kind == Kind::foreign_table || kind == Kind::view ||
           kind == Kind::materialized_view;
  }
  bool is_type() const { return kind == Kind::type || kind == Kind::domain; }
  const Column* column_named(std::string_view name) const;
  const Column* column_at(int number) const;
};

// Nothing distinguishes the two but columns that are gone. Differences may be only seeming: a
// function is the same as itself alone.
bool same(const Object& a, const Object& b);

}  // namespace retort::catalog
