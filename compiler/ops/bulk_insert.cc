// op.bulk_insert(orders, [{"id": 1, "note": "first"}])
//     INSERT INTO orders (id, note) VALUES (1, 'first')
// One statement per row, whatever multiinsert says; columns in the order of the table.
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/schema.h"
#include "compiler/types/literals.h"

#include <algorithm>

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kBulkInsert{"bulk_insert", "table, rows, *, multiinsert=True", {}, run};

namespace {

const Datum* value_of(const BulkInsert::Row& row, const std::string& key) {
  for (const auto& [name, value] : row)
    if (name == key)
      return &value;
  return nullptr;
}

// The default that Python would fill in; empty when the server sees to it. Alembic prints NULL.
Answer<std::string> fallback(const Column& column, const Type& type) {
  const PythonDefault& given = column.python_default;
  switch (given.kind) {
  case PythonDefault::Kind::none:
  case PythonDefault::Kind::optional_sequence: return std::string();
  case PythonDefault::Kind::scalar: return literal_of(given.value, type);
  case PythonDefault::Kind::sequence: return "nextval(" + literal(given.sequence) + ")";
  case PythonDefault::Kind::callable: break;
  }
  return problem("column `" + column.name.text +
                     "` gets its value from a Python function; give it in every row",
                 "rows");
}

Answer<std::string> insert_text(const Table& table, const BulkInsert::Row& row) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const Column& column : table.columns) {
    const Type type = column.type.value_or(Type());
    const Datum* given = value_of(row, column.lookup_key());
    const std::string value = given ? TRY(literal_of(*given, type)) : TRY(fallback(column, type));
    if (value.empty())
      continue;
    names.push_back(written(column.name));
    values.push_back(value);
  }
  for (const auto& entry : row) {
    const std::string& key = entry.first;
    if (std::none_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return column.lookup_key() == key; }))
      return problem("table `" + table.name.text + "` has no column `" + key + "`", "rows");
  }
  const std::string insert = "INSERT INTO " + written(table.schema, table.name);
  if (names.empty())
    return insert + " DEFAULT VALUES";
  return insert + " (" + join(names, ", ") + ") VALUES (" + join(values, ", ") + ")";
}

}  // namespace

Answer<Statements> bulk_insert(const BulkInsert& op) {
  Statements statements;
  for (const BulkInsert::Row& row : op.rows)
    statements.push_back(TRY(insert_text(op.table, row)));
  return statements;
}

Answer<Sql> inline_literal(const Datum& value) { return Sql{TRY(literal_of(value))}; }

static Answer<Statements> run(OpCall& call, DdlContext&) {
  const py::Value given = call.value("table");
  const py::Value rows = call.value("rows");
  if (!given || !rows)
    return Statements();
  const auto* const table = dynamic_cast<const sa::TableObject*>(given.object());
  if (!table)
    return problem("a table is expected, not a " + call.in.type_name(given), "table");
  const auto* const list = rows.as<py::List>();
  if (!list)
    return problem("a list of dictionaries is expected", "rows");
  BulkInsert op{TRY(sa::describe_table(*table)), {}};
  for (const py::Value row : list->items) {
    const auto* const dict = row.as<py::Dict>();
    if (!dict)
      return problem("a list of dictionaries is expected", "rows");
    BulkInsert::Row& values = op.rows.emplace_back();
    for (const py::Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        values.emplace_back(sa::text_of(entry.key), TRY(sa::datum_of(call.in, entry.value)));
  }
  return bulk_insert(op);
}

}  // namespace retort
