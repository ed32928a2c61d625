// What an expression or a query mentions. Plain data: it outlives the tree that it was read from.
#pragma once

#include "common/source.h"
#include "compiler/forms/few.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::forms {

// A name that may be qualified. Its span, as all spans in forms, counts in the statement.
struct Name {
  std::string schema;
  std::string name;
  Span at;

  bool operator==(const Name& other) const { return schema == other.schema && name == other.name; }
};
std::string to_text(const Name& name);  // quoted where needed: `shop."Order"`
std::string quoted(std::string_view name);

// The name of a type of which nothing is known.
inline constexpr std::string_view kUnknownType = "\uFFFC";

// A type as it is written, in the server's own words: `int` is `pg_catalog.int4`.
struct TypeName {
  std::string schema;
  std::string name;
  std::vector<std::string> modifiers;  // (10,2)
  bool array = false;
  bool set = false;        // SETOF
  bool of_column = false;  // t.c%TYPE: schema and name are the table's and the column's
  Span at;
};

// The spelling of format_type() for a type of the system; empty for any other type.
// `type_spelling("varchar", {"20"})` is `character varying(20)`.
std::string type_spelling(std::string_view internal_name,
                          const std::vector<std::string>& modifiers = {});
std::string to_text(const TypeName& type);

struct Query;

// `t.c`, `c`, `t.*`: up to three qualifiers.
struct ColumnUse {
  std::vector<std::string> names;
  bool star = false;
  Span at;
};

struct FunctionUse {
  Name name;
  size_t arguments = 0;
  Span at;
};

struct Mentions {
  Few<ColumnUse> columns;
  Few<FunctionUse> functions;
  Few<TypeName> types;  // casts
  Few<Name> relations;  // 'name'::regclass, and the sequences of nextval('name')
  Few<std::shared_ptr<Query>> queries;
  struct Label {  // 'label'::type
    TypeName type;
    std::string label;
    Span at;
  };
  Few<Label> labels;
  // A bare 'text', and what says of which type it is: the column that it is compared with or
  // assigned to, or its place in a row.
  struct Literal {
    std::string text;
    std::string column;
    size_t place = SIZE_MAX;
    Span at;
  };
  Few<Literal> literals;
};

struct Expression : Mentions {
  std::string text;  // deparsed: no comments, single blanks, no parentheses that are not needed
  Span at;
  bool constant = false;  // literals, casts and operators of them; no function, no column
  bool null = false;      // the constant NULL

  explicit operator bool() const { return !text.empty(); }
};

// SELECT, VALUES, or what stands for one in another statement.
struct Query {
  struct Target {
    std::string name;  // the output column, by PostgreSQL's rules; empty for a `*`
    ColumnUse column;  // of a plain column or a star
    TypeName cast;     // of a cast, for the type of the output
  };
  struct Source {
    enum class Kind : uint8_t { relation, query, function };
    Kind kind = Kind::relation;
    Name relation;
    std::string alias;
    std::vector<std::string> columns;  // its alias list
    std::shared_ptr<Query> query;
  };
  struct Common {  // WITH name AS (query)
    std::string name;
    std::vector<std::string> columns;
    std::shared_ptr<Query> query;
  };
  std::vector<Common> with;
  std::vector<Source> from;
  std::vector<Target> targets;
  Mentions mentions;                             // of everything that reads the sources
  std::vector<std::shared_ptr<Query>> branches;  // UNION, INTERSECT, EXCEPT
  Few<ColumnUse> grouped;                        // plain columns of GROUP BY and DISTINCT ON
  Few<ColumnUse> sorted;                         // of ORDER BY; a bare name may be an output's
  size_t values = 0;                             // columns of a VALUES list
  bool distinct = false;        // whole rows are compared: DISTINCT, UNION, INTERSECT, EXCEPT
  bool merges_columns = false;  // USING or NATURAL: the order of `*` is not that of the sources
  bool writes = false;          // INSERT, UPDATE, DELETE in a WITH
  bool locks = false;           // FOR UPDATE and its like
  bool filtered = false;        // WHERE or LIMIT: not every row counts
};

// One relation, of which it leaves nothing out: the server has no choice but to read all of it.
bool reads_all(const Query& query);

}  // namespace retort::forms
