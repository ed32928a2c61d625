// Questions about the schema that a revision asks in SQL: `SELECT 1 FROM pg_indexes WHERE …`. The
// views of the system are made from the catalog of the revisions before, and a small SELECT runs
// over them. What does not fit into it has no answer here.
#pragma once

#include "compiler/alembic/operations.h"
#include "grammars/postgres/tree.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace retort::alembic {

struct Cell {
  enum class Kind : uint8_t {
    null,
    boolean,
    integer,
    text,
    id,        // an oid, of an object of the catalog or of one of the system's schemas
    list,      // of numbers
    system,    // the name of some object of the system; which ones there are is not known
    database,  // the name of the database
    unknown,
  };
  Kind kind = Kind::null;
  bool flag = false;
  int64_t number = 0;  // or an id
  std::string text = {};
  std::vector<int64_t> items = {};

  static Cell of(bool value) { return {.kind = Kind::boolean, .flag = value}; }
  static Cell of(int64_t value) { return {.kind = Kind::integer, .number = value}; }
  static Cell of(std::string value) { return {.kind = Kind::text, .text = std::move(value)}; }
  static Cell of(const char* value) { return of(std::string(value)); }
  static Cell id(int64_t value) { return {.kind = Kind::id, .number = value}; }
  static Cell system() { return {.kind = Kind::system}; }
  static Cell unknown() { return {.kind = Kind::unknown}; }
  bool is(Kind wanted) const { return kind == wanted; }
};

using Cells = std::vector<Cell>;
struct Relation {
  std::vector<std::string> columns;  // those that are known; there may be more
  std::vector<Cells> rows;

  // In the order of `columns`; what is left out is unknown.
  void add(Cells cells) {
    cells.resize(columns.size(), Cell::unknown());
    rows.push_back(std::move(cells));
  }
};

// Ids of schemas that every database has.
inline constexpr int64_t kPgCatalog = int64_t{1} << 40;
inline constexpr int64_t kInformationSchema = kPgCatalog + 1;
inline constexpr int64_t kToast = kPgCatalog + 2;
inline constexpr int64_t kSystem = kPgCatalog + 3;  // any other object of the system

// Makes views of the system; one function for each family of them.
class Views {
public:
  explicit Views(Database& database) : database_(database) {}
  // Null: not one of those that are made here.
  const Relation* find(std::string_view schema, std::string_view name);
  Database& database() { return database_; }

private:
  Database& database_;
  std::map<std::string, std::optional<Relation>, std::less<>> made_;
};

bool make_table_views(Database& database, std::string_view name, Relation& view);
bool make_column_views(Database& database, std::string_view name, Relation& view);
bool make_constraint_views(Database& database, std::string_view name, Relation& view);
bool make_index_views(Database& database, std::string_view name, Relation& view);
bool make_type_views(Database& database, std::string_view name, Relation& view);
bool make_other_views(Database& database, std::string_view name, Relation& view);

// What the families share.
std::vector<const catalog::Object*> objects(const Database& database);
std::string schema_of(const Database& database, const catalog::Object& object);
Cell yes_no(bool value);
// A row that stands for all that the system has in a view, in each of its schemas.
void add_system(Relation& view, std::string_view schema_column, bool by_id);

// The answer to a SELECT: rows with the names of their columns.
struct Answered {
  std::vector<std::string> names;
  std::vector<Cells> rows;
  bool open = false;  // SELECT *: there are columns besides
};
std::optional<Answered> run_question(Views& views, const pg::Tree& tree);

// What such a statement yields; nothing when it is none, or has no answer here.
py::Value answer_question(py::Interpreter& in, Operations& operations, const std::string& sql);
py::Value make_result(py::Interpreter& in, Answered answer);

}  // namespace retort::alembic
