// session.query(…): a SELECT whose rows are data, and the UPDATE or DELETE over the same rows.
#include "compiler/sqlalchemy/orm/orm.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

struct QueryObject : StatementObject {
  Executor* executor = nullptr;
  Value session;
  std::vector<Value> entities;

  std::string_view type_name() const override { return "Query"; }
  Value get(Interpreter& in, std::string_view name) override;
  Value subscript(Interpreter& in, Value) override { return read(in); }
  bool iterable() const override { return true; }
  py::Truth iterate(Interpreter& in, const py::Visit&) override {
    const Value rows = read(in);
    if (!rows)
      return py::Truth::failed;
    in.iteration_unknown(rows.object()->cause);
    return py::Truth::unknown;
  }
  Value read(Interpreter& in) { return flush_session(in, session) ? row_unknown(in) : Value(); }
};

QueryObject& self_of(const Args& args) { return *static_cast<QueryObject*>(args.self.object()); }

Value with_node(Interpreter& in, const QueryObject& query, expr::StatementPtr node) {
  QueryObject* const made = in.make<QueryObject>();
  made->node = std::move(node);
  made->executor = query.executor;
  made->session = query.session;
  made->entities = query.entities;
  return made;
}

// The class that a relationship leads to, for join(User.addresses).
Value joined_class(Interpreter& in, const QueryObject& query, Value target) {
  const auto* const relationship = object_of<PropertyObject>(target);
  if (!relationship)
    return target;
  for (const Value entity : query.entities)
    if (const std::optional<Mapping> mapping = mapping_of(entity))
      if (py::Class* const cls = related_class(in, *mapping, *relationship))
        return cls;
  return in.unknown(Cause::Kind::unsupported, "where this relationship leads is not known");
}

// A method of select() under the name that Query has for it.
struct Delegate : py::Foreign {
  QueryObject* query = nullptr;
  std::string_view select_name;

  std::string_view type_name() const override { return "method"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    Args inner = args;
    if (select_name == "join" || select_name == "outerjoin") {
      const bool two = inner.positional.size() == 2;
      if (two && object_of<PropertyObject>(inner.positional[1]))
        inner.positional.pop_back();
      for (Value& target : inner.positional)
        target = joined_class(in, *query, target);
    }
    const Value made = in.call_with(query->StatementObject::get(in, select_name), inner);
    if (!made || made.is_unknown())
      return made;
    const expr::StatementPtr node = statement_of(made);
    return node ? with_node(in, *query, node) : made;
  }
};

constexpr std::pair<std::string_view, std::string_view> kDelegates[] = {
    {"filter", "where"},
    {"where", "where"},
    {"having", "having"},
    {"join", "join"},
    {"outerjoin", "outerjoin"},
    {"order_by", "order_by"},
    {"group_by", "group_by"},
    {"limit", "limit"},
    {"offset", "offset"},
    {"distinct", "distinct"},
    {"select_from", "select_from"},
    {"slice", "slice"},
    {"add_columns", "add_columns"},
    {"add_column", "add_columns"},
    {"add_entity", "add_columns"},
    {"with_entities", "with_only_columns"},
    {"with_for_update", "with_for_update"},
    {"correlate", "correlate"},
    {"prefix_with", "prefix_with"},
};

Value itself(Interpreter&, const Args& args) { return args.self; }
Value read(Interpreter& in, const Args& args) { return self_of(args).read(in); }

Value filter_by(Interpreter& in, const Args& args) {
  QueryObject& query = self_of(args);
  std::vector<Value> conditions;
  for (const py::Table::Entry& entry : args[0].as<py::Dict>()->table.entries()) {
    if (!entry.alive)
      continue;
    if (entry.value.is_unknown())
      return in.poison(entry.value);
    const Value entity = query.entities.empty() ? Value::none() : query.entities.back();
    const std::string_view name = entry.key.as<py::Str>()->text;
    Value attribute = in.find_attribute(entity, name);
    if (const auto* const table = object_of<TableObject>(entity); table && table->find(name))
      attribute = table->find(name);
    if (!attribute)
      return in.unwinding() ? Value()
                            : argument_error(in, fmt::format("there is no attribute `{}`", name));
    const Value condition = in.compare("==", attribute, entry.value);
    if (!condition || condition.is_unknown())
      return condition;
    conditions.push_back(condition);
  }
  return in.call(query.get(in, "filter"), std::move(conditions));
}

// The table whose rows are changed, and nothing in the SELECT that UPDATE does not have.
expr::FromPtr changed_table(Interpreter& in, const QueryObject& query, Value& problem) {
  const auto* const select = query.node->as<expr::Select>();
  if (!select || !select->joins.empty() || select->distinct || select->limits.limit ||
      select->limits.offset || !select->limits.order_by.empty() ||
      !select->limits.group_by.empty() || !select->from.empty()) {
    problem = argument_error(in, "Can't call Query.update() or Query.delete() when join(), "
                                 "outerjoin(), select_from(), limit(), offset(), order_by(), "
                                 "group_by() or distinct() has been called");
    return nullptr;
  }
  if (query.entities.empty()) {
    problem = argument_error(in, "a query without entities changes nothing");
    return nullptr;
  }
  const Value entity = query.entities.front();
  if (const auto* const column = object_of<ColumnObject>(entity); column && column->table)
    return column->table->from();
  return from_of(in, entity, problem);
}

Value run(Interpreter& in, const QueryObject& query, Value statement) {
  if (!statement)
    return {};
  if (!flush_session(in, query.session))
    return {};
  return query.executor->execute(in, statement, {});
}

Value update(Interpreter& in, const Args& args) {
  const QueryObject& query = self_of(args);
  if (const Value unclear = unknown_in(args[0]))
    return run(in, query, in.poison(unclear));
  Value problem;
  const expr::FromPtr table = changed_table(in, query, problem);
  if (!table)
    return problem && problem.is_unknown() ? run(in, query, problem) : problem;
  const auto* const values = args[0].as<py::Dict>();
  if (!values)
    return argument_error(in, "update() takes a dictionary");
  const std::optional<Mapping> mapping = mapping_of(query.entities.front());
  py::Dict* const renamed = in.new_dict();
  for (const py::Table::Entry& entry : values->table.entries()) {
    if (!entry.alive)
      continue;
    Value key = entry.key;
    if (const py::Str* const name = mapping ? string_of(in, key) : nullptr)
      if (ColumnObject* const column = mapping->column(name->text))
        key = column;
    if (!in.dict_set(*renamed, key, entry.value))
      return {};
  }
  expr::Update made{.table = table};
  made.where = query.node->as<expr::Select>()->where;
  const Value statement = wrap(in, expr::Statement{std::move(made), {}});
  return run(in, query, in.call_method(statement, "values", {Value(renamed)}));
}

Value remove(Interpreter& in, const Args& args) {
  const QueryObject& query = self_of(args);
  Value problem;
  const expr::FromPtr table = changed_table(in, query, problem);
  if (!table)
    return problem && problem.is_unknown() ? run(in, query, problem) : problem;
  expr::Delete made{.table = table};
  made.where = query.node->as<expr::Select>()->where;
  return run(in, query, wrap(in, expr::Statement{std::move(made), {}}));
}

Value exists(Interpreter& in, const Args& args) {
  const QueryObject& query = self_of(args);
  const auto* const select = query.node->as<expr::Select>();
  if (!select)
    return unsupported(in, "exists()");
  expr::Select made = *select;
  Value problem;
  if (made.from.empty())
    for (const Value entity : query.entities)
      if (const std::optional<Mapping> mapping = mapping_of(entity))
        made.from.push_back(mapping->table->from());
  made.items = {expr::make({.kind = expr::Kind::verbatim, .text = "1"})};
  return in.call_method(wrap(in, expr::Statement{std::move(made), {}}), "exists");
}

Value statement(Interpreter& in, const Args& args) { return wrap(in, self_of(args).node); }

constexpr py::NativeRow kMethods[] = {
    {"filter_by", "**kw", filter_by},
    {"update", "values, synchronize_session='auto', update_args=None", update},
    {"delete", "synchronize_session='auto', **kw", remove},
    {"exists", "", exists},
    {"all", "", read},
    {"first", "", read},
    {"one", "", read},
    {"one_or_none", "", read},
    {"scalar", "", read},
    {"count", "", read},
    {"get", "ident", read},
    {"get_or_404", "*args, **kw", read},
    {"first_or_404", "*args, **kw", read},
    {"options", "*args", itself},
    {"execution_options", "**kw", itself},
    {"yield_per", "count", itself},
    {"populate_existing", "", itself},
    {"autoflush", "setting", itself},
    {"enable_eagerloads", "value", itself},
    {"enable_assertions", "value", itself},
};

Value QueryObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, "Query");
  for (const auto& [own, select_name] : kDelegates)
    if (own == name) {
      Delegate* const made = in.make<Delegate>();
      made->query = this;
      made->select_name = select_name;
      return made;
    }
  if (name == "statement" || name == "selectable") {
    Args args;
    args.self = this;
    return statement(in, args);
  }
  if (name == "session")
    return session;
  if (const Value found = StatementObject::get(in, name); found || in.unwinding())
    return found;
  return unsupported(in, fmt::format("`{}` of a query", name));
}

}  // namespace

Value row_unknown(Interpreter& in) {
  return in.unknown(Cause::Kind::row, "what a session reads is data of the database");
}

Value make_query(Interpreter& in, Executor* executor, Value session,
                 const std::vector<Value>& entities) {
  for (const Value entity : entities)
    if (entity.is_unknown()) {
      // Its rows are data, whatever it selects; what changes them has no table.
      const Value rows = row_unknown(in);
      static_cast<py::Unknown*>(rows.object())->foreign = true;
      return rows;
    }
  const py::NativeRow* const row = py::find_row(core_functions(), "select");
  const Value select = in.call(in.native(*row), entities);
  const expr::StatementPtr node = select ? statement_of(select) : nullptr;
  if (!node)
    return select;
  QueryObject* const made = in.make<QueryObject>();
  made->node = node;
  made->executor = executor;
  made->session = session;
  made->entities = entities;
  return made;
}

}  // namespace retort::sa
