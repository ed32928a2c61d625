#include "compiler/ddl/table.h"

#include "common/text.h"
#include "compiler/ddl/names.h"

#include <algorithm>

namespace retort {
namespace {

bool contains(const Columns& columns, const std::string& key) {
  return std::find(columns.begin(), columns.end(), key) != columns.end();
}

const PrimaryKey* explicit_key(const Table& table) {
  for (const Constraint& constraint : table.constraints)
    if (const auto* key = std::get_if<PrimaryKey>(&constraint))
      return key;
  return nullptr;
}

bool has_foreign_key(const Table& table, const Column& column) {
  if (!column.foreign_keys.empty())
    return true;
  for (const Constraint& constraint : table.constraints)
    if (const auto* key = std::get_if<ForeignKey>(&constraint))
      if (contains(key->columns, column.lookup_key()))
        return true;
  return false;
}

bool may_fill_itself(const Table& table, const Column& column) {
  using Kind = PythonDefault::Kind;
  const Kind kind = column.python_default.kind;
  return column.type && column.type->counts && kind != Kind::scalar && kind != Kind::callable &&
         (std::holds_alternative<std::monostate>(column.server_default) || column.identity()) &&
         (column.autoincrement == Autoincrement::ignore_fk || !has_foreign_key(table, column));
}

std::string options_text(const TableOptions& options) {
  std::string text;
  if (!options.inherits.empty()) {
    std::vector<std::string> names;
    for (const std::string& name : options.inherits)
      names.push_back(quoted(name));
    text += "\n INHERITS ( " + join(names, ", ") + " )";
  }
  if (!options.partition_by.empty())
    text += "\n PARTITION BY " + options.partition_by;
  if (!options.using_.empty())
    text += "\n USING " + options.using_;
  if (options.with_oids)
    text += *options.with_oids ? "\n WITH OIDS" : "\n WITHOUT OIDS";
  if (!options.on_commit.empty()) {
    text += "\n ON COMMIT ";
    for (const char c : options.on_commit)
      text += c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (!options.tablespace.empty())
    text += "\n TABLESPACE " + quoted(options.tablespace);
  return text;
}

Answer<std::string> column_line(const Column& column, const ColumnPlace& place,
                                const ConstraintPlace& around) {
  std::string text = TRY(column_specification(column, place));
  for (const Check& check : column.checks)
    text += " " + TRY(constraint_text(check, around));
  return text;
}

}  // namespace

std::vector<Constraint> column_constraints(const Column& column) {
  std::vector<Constraint> constraints;
  if (column.unique && !column.index) {
    Unique unique;
    unique.columns = {column.lookup_key()};
    constraints.emplace_back(std::move(unique));
  }
  if (column.type && column.type->has_check)
    constraints.emplace_back(enum_check(column));
  for (const ForeignKey& given : column.foreign_keys) {
    ForeignKey key = given;
    key.columns = {column.lookup_key()};
    constraints.emplace_back(std::move(key));
  }
  return constraints;
}

std::optional<Index> column_index(const Column& column) {
  if (!column.index)
    return {};
  Index index;
  index.unique = column.unique;
  index.elements = {IndexElement::of(column.lookup_key())};
  return index;
}

PrimaryKey primary_key_of(const Table& table) {
  PrimaryKey key;
  const PrimaryKey* given = explicit_key(table);
  if (given)
    key = *given;
  if (key.columns.empty())
    for (const Column& column : table.columns)
      if (column.primary_key)
        key.columns.push_back(column.lookup_key());
  return key;
}

Answer<std::optional<size_t>> autoincrement_column(const Table& table, const PrimaryKey& key) {
  std::optional<size_t> found;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (!contains(key.columns, column.lookup_key()))
      continue;
    if (column.autoincrement == Autoincrement::yes) {
      if (!column.type || !column.type->counts)
        return problem("column `" + column.name.text +
                           "` cannot have autoincrement=True: its type "
                           "does not count",
                       "autoincrement");
      if (found)
        return problem("two columns have autoincrement=True", "autoincrement");
      found = i;
    } else if (key.columns.size() == 1 && column.autoincrement != Autoincrement::no &&
               may_fill_itself(table, column)) {
      found = i;
    }
  }
  return found;
}

Answer<std::string> create_table_text(const Table& table, bool if_not_exists,
                                      const NamingConvention& convention) {
  const ConstraintPlace around{table.schema, table.name, table.columns, convention};
  PrimaryKey key = primary_key_of(table);
  const std::optional<size_t> counter = TRY(autoincrement_column(table, key));

  std::vector<std::string> lines;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.system)
      continue;
    ColumnPlace place;
    place.primary_key = column.primary_key || contains(key.columns, column.lookup_key());
    place.autoincrement = counter == i;
    lines.push_back(TRY(column_line(column, place, around)));
    for (size_t j = 0; j < i; ++j)
      if (table.columns[j].lookup_key() == column.lookup_key())
        return problem("column `" + column.name.text + "` is there twice", "columns");
  }

  if (!key.columns.empty()) {
    // Flags put the autoincrement column first; a PrimaryKeyConstraint keeps its order.
    if (counter && !explicit_key(table)) {
      const auto at =
          std::find(key.columns.begin(), key.columns.end(), table.columns[*counter].lookup_key());
      std::rotate(key.columns.begin(), at, at + 1);
    }
    lines.push_back(TRY(constraint_text(key, around)));
  }
  std::vector<Constraint> constraints = table.constraints;
  for (const Column& column : table.columns)
    for (Constraint& constraint : column_constraints(column))
      constraints.push_back(std::move(constraint));
  for (const Constraint& constraint : constraints) {
    if (std::holds_alternative<PrimaryKey>(constraint))
      continue;
    if (const auto* foreign = std::get_if<ForeignKey>(&constraint); foreign && foreign->use_alter)
      continue;  // see use_alter.h
    lines.push_back(TRY(constraint_text(constraint, around)));
  }

  std::string text = "CREATE ";
  for (const std::string& prefix : table.prefixes)
    text += prefix + " ";
  text += if_not_exists ? "TABLE IF NOT EXISTS " : "TABLE ";
  text += written(table.schema, table.name) + " (";
  for (size_t i = 0; i < lines.size(); ++i)
    text += (i == 0 ? "\n    " : ", \n    ") + lines[i];
  return text + "\n)" + options_text(table.options);
}

}  // namespace retort
