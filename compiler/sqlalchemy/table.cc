// Table(…) and MetaData(…).
#include "compiler/ddl/use_alter.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/executor.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

Answer<> add_to_table(Interpreter& in, TableObject& table, Value item) {
  if (item.is_none())
    return Nothing();
  if (auto* const column = dynamic_cast<ColumnObject*>(item.object())) {
    column->table = &table;
    column->made = nullptr;
    table.columns.push_back(column);
    return Nothing();
  }
  if (const auto* const schema_item = dynamic_cast<const ItemObject*>(item.object())) {
    if (const auto* const constraint = std::get_if<Constraint>(&schema_item->item)) {
      table.table.constraints.push_back(*constraint);
      return Nothing();
    }
    if (const auto* const index = std::get_if<Index>(&schema_item->item)) {
      table.table.indexes.push_back(*index);
      return Nothing();
    }
  }
  return problem(fmt::format("a {} is no part of a table", in.type_name(item)));
}

Answer<> take_table_keyword(Interpreter& in, TableObject& table, std::string_view name,
                            Value value) {
  value = in.plain(value);
  TableOptions& options = table.table.options;
  const bool none = value.is_none();
  if (name == "schema") {
    table.table.schema = identifier_of(value);
  } else if (name == "comment") {
    table.table.comment = text_of(value);
  } else if (name == "prefixes") {
    table.table.prefixes = none ? Columns() : columns_of(in, value);
  } else if (name == "quote") {
    if (!none)
      table.table.name.quote = in.truth(value) == py::Truth::yes ? Quote::always : Quote::never;
  } else if (name == "quote_schema") {
    if (!none)
      table.table.schema.quote = in.truth(value) == py::Truth::yes ? Quote::always : Quote::never;
  } else if (name == "postgresql_inherits") {
    options.inherits = none ? Columns() : columns_of(in, value);
  } else if (name == "postgresql_partition_by") {
    options.partition_by = text_of(value);
  } else if (name == "postgresql_using") {
    options.using_ = text_of(value);
  } else if (name == "postgresql_with_oids") {
    if (!none)
      options.with_oids = in.truth(value) == py::Truth::yes;
  } else if (name == "postgresql_on_commit") {
    options.on_commit = text_of(value);
  } else if (name == "postgresql_tablespace") {
    options.tablespace = text_of(value);
  } else if (name.starts_with("postgresql_") && name != "postgresql_ignore_search_path") {
    return problem(fmt::format("`{}` is no option of a table", name), std::string(name));
  }
  return Nothing();
}

Answer<Table> describe_table(const TableObject& object) {
  Table table = object.table;
  if (object.unclear)
    return problem(fmt::format("a column of table `{}` cannot be known: {}", table.name.text,
                               object.unclear.object()->cause->text));
  for (const ColumnObject* const column : object.columns)
    table.columns.push_back(TRY(describe_column(*column, table.schema)));
  return table;
}

std::vector<TableObject*> by_dependency(const std::vector<TableObject*>& tables) {
  std::vector<TableObject*> sorted;
  const auto refers = [](const TableObject& table, const TableObject& other) {
    const auto to_other = [&](const ForeignKey& key) {
      return key.referred_table == other.table.name && key.referred_schema == other.table.schema;
    };
    for (const ColumnObject* const column : table.columns)
      if (std::any_of(column->column.foreign_keys.begin(), column->column.foreign_keys.end(),
                      to_other))
        return true;
    return std::any_of(table.table.constraints.begin(), table.table.constraints.end(),
                       [&](const Constraint& constraint) {
                         const auto* const key = std::get_if<ForeignKey>(&constraint);
                         return key && to_other(*key);
                       });
  };
  std::vector<TableObject*> left = tables;
  while (!left.empty()) {
    const auto ready = std::find_if(left.begin(), left.end(), [&](const TableObject* candidate) {
      return std::none_of(left.begin(), left.end(), [&](const TableObject* other) {
        return other != candidate && refers(*candidate, *other);
      });
    });
    const auto next = ready == left.end() ? left.begin() : ready;
    sorted.push_back(*next);
    left.erase(next);
  }
  return sorted;
}

namespace {

constexpr std::string_view kSilent[] = {"info", "extend_existing", "keep_existing", "listeners"};

// Table("orders", metadata, Column(…), …)
Value make_table(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  Executor* source = nullptr;
  bool autoload = false;
  for (const py::Keyword& keyword : args.keywords) {
    if (keyword.name == "autoload")
      autoload = in.truth(keyword.value) == py::Truth::yes;
    if (keyword.name == "autoload_with" && !keyword.value.is_none()) {
      autoload = true;
      source = executor_of(keyword.value);
    }
  }
  if (args.positional.empty())
    return in.raise("TypeError", "Table() needs a name");
  TableObject* const table = in.make<TableObject>();
  table->table.name = identifier_of(in.plain(args.positional[0]));
  auto* const metadata = args.positional.size() > 1
                             ? dynamic_cast<MetaDataObject*>(args.positional[1].object())
                             : nullptr;
  if (metadata)
    table->table.schema = metadata->schema;
  const auto fail = [&](const Problem& problem) {
    return in.raise("TypeError", "Table(): " + problem.message);
  };
  for (const py::Keyword& keyword : args.keywords)
    if (const Answer<> taken = take_table_keyword(in, *table, keyword.name, keyword.value); !taken)
      return fail(taken.error());
  for (size_t i = metadata ? 2 : 1; i < args.positional.size(); ++i)
    if (const Answer<> taken = add_to_table(in, *table, args.positional[i]); !taken)
      return fail(taken.error());
  if (metadata) {
    const auto known = std::find_if(metadata->tables.begin(), metadata->tables.end(),
                                    [&](const TableObject* other) {
                                      return other->table.name == table->table.name &&
                                             other->table.schema == table->table.schema;
                                    });
    if (known != metadata->tables.end() && (autoload || table->columns.empty()))
      return *known;
  }
  if (autoload) {
    if (!source && metadata)
      source = metadata->bind;
    Value problem;
    if (!source)
      return in.unknown(Cause::Kind::unsupported,
                        "this table is read from something else than the connection");
    if (!source->reflect(in, *table, problem))
      return problem;
  }
  if (metadata)
    metadata->tables.push_back(table);
  return table;
}

Value make_metadata(Interpreter& in, const Args& args) {
  MetaDataObject* const metadata = in.make<MetaDataObject>();
  for (const py::Keyword& keyword : args.keywords) {
    if (keyword.name == "bind")
      metadata->bind = executor_of(keyword.value);
    if (keyword.name != "schema")
      continue;
    if (keyword.value.is_unknown())
      return in.poison(keyword.value);
    metadata->schema = identifier_of(in.plain(keyword.value));
  }
  return metadata;
}

Value run_ddl(Interpreter& in, const Args& args, const std::vector<TableObject*>& tables,
              bool drop) {
  Executor* const executor = executor_of(args[0]);
  if (!executor)
    return in.unknown(Cause::Kind::unsupported,
                      "tables are created by something else than a connection");
  for (const TableObject* const table : tables) {
    Answer<Table> described = describe_table(*table);
    if (described && !drop && leaves_out_a_key(*described))
      described = problem("a foreign key with use_alter=True is created by ALTER TABLE, which is "
                          "not interpreted",
                          "use_alter");
    Answer<Statements> made = !described ? Answer<Statements>(Unexpected{described.error()})
                              : drop     ? drop_table({described->name, described->schema})
                                         : create_table({*described, false}, executor->context());
    const Value done = executor->emit(in, drop ? "drop_table" : "create_table", std::move(made));
    if (!done)
      return done;
  }
  return Value::none();
}

Value create_one(Interpreter& in, const Args& args) {
  return run_ddl(in, args, {static_cast<TableObject*>(args.self.object())}, false);
}
Value drop_one(Interpreter& in, const Args& args) {
  return run_ddl(in, args, {static_cast<TableObject*>(args.self.object())}, true);
}

std::vector<TableObject*> chosen_tables(Interpreter& in, const Args& args) {
  const auto& all = static_cast<MetaDataObject*>(args.self.object())->tables;
  if (!args[1] || args[1].is_none())
    return by_dependency(all);
  std::vector<Value> items;
  Value problem;
  std::vector<TableObject*> chosen;
  if (in.collect(args[1], items, problem))
    for (const Value item : items)
      if (auto* const table = dynamic_cast<TableObject*>(item.object()))
        chosen.push_back(table);
  return by_dependency(chosen);
}
Value create_all(Interpreter& in, const Args& args) {
  return run_ddl(in, args, chosen_tables(in, args), false);
}
Value drop_all(Interpreter& in, const Args& args) {
  std::vector<TableObject*> tables = chosen_tables(in, args);
  std::reverse(tables.begin(), tables.end());
  return run_ddl(in, args, tables, true);
}
Value reflect(Interpreter& in, const Args& args) {
  auto& metadata = *static_cast<MetaDataObject*>(args.self.object());
  Executor* const executor = args[0].is_none() ? metadata.bind : executor_of(args[0]);
  std::vector<std::string> names;
  Value problem;
  const Identifier schema = args[1].is_none() ? metadata.schema : identifier_of(in.plain(args[1]));
  std::vector<Value> only;
  if (!executor)
    problem = in.unknown(Cause::Kind::unsupported, "tables are read from something else than the "
                                                   "connection");
  else if (args[3].is_none() || in.callable(args[3]))
    (void)executor->table_names(in, schema.text, names, problem);
  else if (in.collect(args[3], only, problem))
    for (const Value name : only)
      names.push_back(text_of(in.plain(name)));
  for (const std::string& name : names) {
    if (problem || in.unwinding())
      break;
    const bool known =
        std::any_of(metadata.tables.begin(), metadata.tables.end(), [&](const TableObject* other) {
          return other->table.name.text == name && other->table.schema == schema;
        });
    if (known)
      continue;
    TableObject* const table = in.make<TableObject>();
    table->table.name = Identifier(name);
    table->table.schema = schema;
    if (executor->reflect(in, *table, problem))
      metadata.tables.push_back(table);
  }
  if (in.unwinding())
    return {};
  if (problem)
    metadata.unclear = problem;
  return problem ? problem : Value::none();
}
Value append_column(Interpreter& in, const Args& args) {
  if (args[0].is_unknown())
    return in.poison(args[0]);
  if (const Answer<> taken =
          add_to_table(in, *static_cast<TableObject*>(args.self.object()), args[0]);
      !taken)
    return in.raise("TypeError", taken.error().message);
  return Value::none();
}

constexpr py::NativeRow kTableMethods[] = {
    {"create", "bind=None, checkfirst=False", create_one},
    {"drop", "bind=None, checkfirst=False", drop_one},
    {"append_column", "column, replace_existing=False", append_column},
    {"append_constraint", "constraint", append_column},
};
constexpr py::NativeRow kMetaDataMethods[] = {
    {"create_all", "bind=None, tables=None, checkfirst=True", create_all},
    {"drop_all", "bind=None, tables=None, checkfirst=True", drop_all},
    {"reflect", "bind=None, schema=None, views=False, only=None, *args, **kw", reflect},
};

}  // namespace

Value table_ddl(Interpreter& in, TableObject& table, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kTableMethods, name))
    return in.native(*row, &table, "Table");
  return {};
}

bool MetaDataObject::set(Interpreter&, std::string_view name, Value value) {
  if (name != "bind")
    return false;
  bind = value.is_none() ? nullptr : executor_of(value);
  return true;
}

Value MetaDataObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMetaDataMethods, name))
    return in.native(*row, this, type_name());
  if (name == "schema")
    return schema.empty() ? Value::none() : in.text(schema.text);
  if (name == "sorted_tables") {
    std::vector<Value> sorted;
    for (TableObject* const table : by_dependency(tables))
      sorted.emplace_back(table);
    return in.list(std::move(sorted));
  }
  if (unclear && (name == "tables" || name == "sorted_tables"))
    return in.poison(unclear);
  if (name == "tables") {
    py::Dict* const dict = in.new_dict();
    for (TableObject* const table : tables) {
      const Table& t = table->table;
      (void)in.dict_set(*dict,
                        in.text(t.schema.empty() ? t.name.text : t.schema.text + "." + t.name.text),
                        table);
    }
    return dict;
  }
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of MetaData is not interpreted", name));
}

std::span<const py::NativeRow> table_functions() {
  static constexpr py::NativeRow kRows[] = {
      {"Column", "*args, **kw", make_column},
      {"Table", "*args, **kw", make_table},
      {"MetaData", "*args, **kw", make_metadata},
  };
  return kRows;
}

}  // namespace retort::sa
