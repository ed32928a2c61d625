// Constraints: pg_constraint, and what information_schema says of them.
#include "compiler/alembic/questions/questions.h"

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;
using forms::ConstraintKind;

const char* letter_of(ConstraintKind kind) {
  switch (kind) {
  case ConstraintKind::primary_key: return "p";
  case ConstraintKind::unique: return "u";
  case ConstraintKind::foreign_key: return "f";
  case ConstraintKind::check: return "c";
  case ConstraintKind::exclusion: return "x";
  }
  return "";
}

const char* word_of(ConstraintKind kind) {
  switch (kind) {
  case ConstraintKind::primary_key: return "PRIMARY KEY";
  case ConstraintKind::unique: return "UNIQUE";
  case ConstraintKind::foreign_key: return "FOREIGN KEY";
  case ConstraintKind::check: return "CHECK";
  case ConstraintKind::exclusion: return nullptr;  // no word of the standard
  }
  return nullptr;
}

Cell numbers(const std::vector<int>& columns) {
  Cell cell{.kind = Cell::Kind::list};
  cell.items.assign(columns.begin(), columns.end());
  return cell;
}

void pg_constraint(Database& database, Relation& view) {
  view.columns = {"oid",       "conname",      "contype",      "conrelid",
                  "confrelid", "connamespace", "convalidated", "condeferrable",
                  "conkey",    "confkey",      "conindid",     "contypid"};
  for (const Object* const object : objects(database)) {
    const auto* const constraint = object->maybe<catalog::Constraint>();
    if (!constraint || object->kind != Kind::constraint)
      continue;
    const Object* const table = database.catalog().get(object->table);
    view.add({Cell::id(object->id), Cell::of(object->name), Cell::of(letter_of(constraint->kind)),
              Cell::id(object->table), Cell::id(constraint->references),
              Cell::id(table ? table->schema : 0), Cell::of(constraint->valid),
              Cell::of(constraint->deferrable), numbers(constraint->columns),
              constraint->references ? numbers(constraint->referenced_columns) : Cell(),
              Cell::id(constraint->index), Cell::id(0)});
  }
  add_system(view, "connamespace", true);
}

void add_names(Database& database, const Object& object, const Object& table, std::string_view name,
               Relation& view) {
  const auto& constraint = object.as<catalog::Constraint>();
  const Cell schema = Cell::of(schema_of(database, table));
  const Cell own = Cell::of(object.name);
  if (name == "table_constraints") {
    if (const char* const word = word_of(constraint.kind))
      view.add({schema, own, schema, Cell::of(table.name), Cell::of(word),
                yes_no(constraint.deferrable), yes_no(constraint.initially_deferred)});
  } else if (name == "key_column_usage") {
    if (constraint.kind == ConstraintKind::check || constraint.kind == ConstraintKind::exclusion)
      return;
    int64_t position = 0;
    for (const std::string& column : database.column_names(table.id, constraint.columns))
      view.add({schema, own, schema, Cell::of(table.name), Cell::of(column), Cell::of(++position)});
  } else if (name == "constraint_column_usage") {
    const bool key = constraint.kind == ConstraintKind::foreign_key;
    const Object* const target = key ? database.catalog().get(constraint.references) : &table;
    if (!target || constraint.kind == ConstraintKind::exclusion)
      return;
    for (const std::string& column : database.column_names(
             target->id, key ? constraint.referenced_columns : constraint.columns))
      view.add({schema, own, Cell::of(schema_of(database, *target)), Cell::of(target->name),
                Cell::of(column)});
  } else if (name == "referential_constraints") {
    if (constraint.kind != ConstraintKind::foreign_key)
      return;
    const auto rule = [](const std::string& action) {
      return Cell::of(action.empty() ? std::string("NO ACTION") : action);
    };
    view.add({schema, own, rule(constraint.on_delete), rule(constraint.on_update)});
  } else if (constraint.kind == ConstraintKind::check) {
    view.add({schema, own});
  }
}

}  // namespace

bool make_constraint_views(Database& database, std::string_view name, Relation& view) {
  if (name == "pg_constraint")
    return pg_constraint(database, view), true;
  constexpr std::string_view kSchema = "information_schema.";
  if (!name.starts_with(kSchema))
    return false;
  name.remove_prefix(kSchema.size());
  view.columns = {"constraint_schema", "constraint_name"};
  const auto also = [&](std::initializer_list<const char*> columns) {
    view.columns.insert(view.columns.end(), columns.begin(), columns.end());
  };
  if (name == "table_constraints")
    also({"table_schema", "table_name", "constraint_type", "is_deferrable", "initially_deferred"});
  else if (name == "key_column_usage")
    also({"table_schema", "table_name", "column_name", "ordinal_position"});
  else if (name == "constraint_column_usage")
    also({"table_schema", "table_name", "column_name"});
  else if (name == "referential_constraints")
    also({"delete_rule", "update_rule"});
  else if (name != "check_constraints")
    return false;
  for (const Object* const object : objects(database)) {
    const Object* const table = database.catalog().get(object->table);
    if (object->kind == Kind::constraint && table && table->is_table_like())
      add_names(database, *object, *table, name, view);
    // NOT NULL counts as a CHECK here, under a name made of numbers.
    if (!object->is_table_like() || (name != "table_constraints" && name != "check_constraints"))
      continue;
    const Cell schema = Cell::of(schema_of(database, *object));
    for (const catalog::Column& column : object->as<catalog::Table>().columns)
      if (column.not_null && !column.dropped) {
        if (name == "check_constraints")
          view.add({schema, Cell::system()});
        else
          view.add({schema, Cell::system(), schema, Cell::of(object->name), Cell::of("CHECK"),
                    yes_no(false), yes_no(false)});
      }
  }
  add_system(view, "constraint_schema", false);
  return true;
}

}  // namespace retort::alembic
