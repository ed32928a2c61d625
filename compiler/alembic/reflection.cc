// Tables that a revision reads from the database: made from the catalog of the revisions before.
#include "compiler/alembic/objects.h"
#include "compiler/sqlalchemy/schema.h"

#include <fmt/format.h>

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;
using forms::ConstraintKind;
using py::Cause;
using py::Interpreter;
using py::Value;

Columns names_of(const Database& database, catalog::Id table, const std::vector<int>& numbers) {
  Columns columns;
  for (const std::string& name : database.column_names(table, numbers))
    columns.push_back(name);
  return columns;
}

void add_column(Interpreter& in, Database& database, sa::TableObject& table,
                const catalog::Column& column) {
  sa::ColumnObject* const made = in.make<sa::ColumnObject>();
  made->column.name = Identifier(column.name);
  made->column.nullable = !column.not_null;
  made->type = sa::type_of(in, type_value(in, database, column));
  if (column.comment)
    made->column.comment = *column.comment;
  const Object* const fallback = database.catalog().get(column.fallback);
  if (column.generated && fallback)
    made->column.server_default = Computed{{fallback->as<catalog::Default>().text}, true};
  else if (column.identity != forms::Identity::none)
    made->column.server_default = FetchedValue();
  else if (fallback)
    made->column.server_default = Sql{fallback->as<catalog::Default>().text};
  made->table = &table;
  table.columns.push_back(made);
}

void add_constraints(Database& database, sa::TableObject& table, const Object& object) {
  for (const catalog::Id id : database.catalog().members(object.id, Kind::constraint)) {
    const Object* const member = database.catalog().get(id);
    const auto& constraint = member->as<catalog::Constraint>();
    const Columns columns = names_of(database, object.id, constraint.columns);
    const ConstraintName name = ConstraintName::f(Identifier(member->name));
    if (constraint.kind == ConstraintKind::primary_key) {
      PrimaryKey key;
      key.columns = columns;
      key.name = name;
      for (sa::ColumnObject* const column : table.columns)
        for (const auto& own : columns)
          column->column.primary_key |= column->column.name.text == std::string_view(own);
      table.table.constraints.emplace_back(std::move(key));
    } else if (constraint.kind == ConstraintKind::unique) {
      Unique unique;
      unique.columns = columns;
      unique.name = name;
      table.table.constraints.emplace_back(std::move(unique));
    } else if (constraint.kind == ConstraintKind::foreign_key) {
      const Object* const referred = database.catalog().get(constraint.references);
      if (!referred)
        continue;
      ForeignKey key;
      key.columns = columns;
      key.name = name;
      key.referred_table = Identifier(referred->name);
      if (const Object* const schema = database.catalog().get(referred->schema);
          schema && schema->name != "public")
        key.referred_schema = Identifier(schema->name);
      key.referred_columns =
          names_of(database, constraint.references, constraint.referenced_columns);
      key.referred_known = true;
      key.ondelete = constraint.on_delete;
      key.onupdate = constraint.on_update;
      table.table.constraints.emplace_back(std::move(key));
    }
  }
}

Value not_yet(Interpreter& in) {
  return in.unknown(Cause::Kind::data, "what the database holds is asked before it is known");
}

}  // namespace

bool Operations::reflect(Interpreter& in, sa::TableObject& table, Value& problem) {
  Database* const own = database();
  if (!own)
    return problem = not_yet(in), false;
  const std::string& name = table.table.name.text;
  const Object* const object = own->relation(table.table.schema.text, name);
  if (!object || !object->is_table_like() || object->as<catalog::Table>().partial) {
    problem = object || !own->certain()
                  ? in.unknown(Cause::Kind::data,
                               fmt::format("the columns of table `{}` do not follow from the "
                                           "revisions before",
                                           name))
                  : in.raise("LookupError", "NoSuchTableError: " + name);
    return false;
  }
  for (const catalog::Column& column : object->as<catalog::Table>().columns)
    if (!column.dropped && !table.find(column.name))
      add_column(in, *own, table, column);
  add_constraints(*own, table, *object);
  assume(in.here(), fmt::format("table `{}` is as the revisions before have left it", name));
  return true;
}

bool Operations::table_names(Interpreter& in, const std::string& schema,
                             std::vector<std::string>& names, Value& problem) {
  Database* const own = database();
  if (!own)
    return problem = not_yet(in), false;
  if (!own->certain()) {
    problem = in.unknown(Cause::Kind::data,
                         "which tables there are does not follow from the revisions before");
    return false;
  }
  for (const Object* const object : own->relations(schema, Kind::table))
    names.push_back(object->name);
  return true;
}

}  // namespace retort::alembic
