// What can stand in FROM: aliases, subqueries, CTEs, joins and VALUES.
#include "compiler/sqlalchemy/core.h"

#include <fmt/format.h>

namespace retort::sa {

expr::FromPtr alias_of(const expr::FromPtr& from, Identifier name) {
  expr::From alias{.kind = expr::FromKind::alias, .name = std::move(name)};
  alias.seed = from->name.empty() ? from->seed : from->name.text;
  alias.columns = from->columns;
  alias.element = from;
  alias.lightweight = from->lightweight ||
                      (from->kind != expr::FromKind::table && from->kind != expr::FromKind::alias);
  if (from->kind == expr::FromKind::join)
    return subquery_of(
        std::make_shared<const expr::Statement>(expr::Statement{expr::Select{.items = {from}}, {}}),
        alias.name);
  return std::make_shared<const expr::From>(std::move(alias));
}

expr::FromPtr subquery_of(const expr::StatementPtr& statement, Identifier name) {
  return std::make_shared<const expr::From>(
      expr::From{.kind = expr::FromKind::subquery,
                 .name = std::move(name),
                 .columns = expr::exported_columns(*statement),
                 .statement = statement});
}

namespace {

using expr::FromPtr;
using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

FromPtr self_of(const Args& args) { return object_of<Selectable>(args.self)->from(); }

template <class Node>
Value wrap_from(Interpreter& in, Node from) {
  return wrap(in, std::make_shared<const expr::From>(std::move(from)));
}

Value alias(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  return wrap(in, alias_of(self_of(args), std::move(name)));
}

Value join_of(Interpreter& in, const FromPtr& left, Value right, Value on, bool outer, bool full) {
  Value problem;
  expr::From made{.kind = expr::FromKind::join, .left = left, .outer = outer, .full = full};
  made.right = from_of(in, right, problem);
  if (!made.right)
    return problem;
  if (on.is_none()) {
    made.on = expr::natural_condition(left, made.right);
    if (!made.on)
      return argument_error(in, "Can't find any foreign key relationships between the tables");
  } else {
    made.on = coerce(in, on, problem, {.constants = true});
    if (!made.on)
      return problem;
    if (made.right->kind != expr::FromKind::join)
      made.on = expr::grouped(made.on, expr::Op::as_boolean);
  }
  return wrap_from(in, std::move(made));
}
Value join_method(Interpreter& in, const Args& args) {
  return join_of(in, self_of(args), args[0], args[1], truth_of(args[2]), truth_of(args[3]));
}
Value outerjoin_method(Interpreter& in, const Args& args) {
  return join_of(in, self_of(args), args[0], args[1], true, truth_of(args[2]));
}
Value join(Interpreter& in, const Args& args) {
  Value problem;
  const FromPtr left = from_of(in, args[0], problem);
  if (!left)
    return problem;
  return join_of(in, left, args[1], args[2], truth_of(args[3]), truth_of(args[4]));
}
Value outerjoin(Interpreter& in, const Args& args) {
  Value problem;
  const FromPtr left = from_of(in, args[0], problem);
  if (!left)
    return problem;
  return join_of(in, left, args[1], args[2], true, truth_of(args[3]));
}

Value select_all(Interpreter& in, const Args& args) {
  expr::Select select{.items = {self_of(args)}};
  Value problem;
  // 1.4: table.select(whereclause).
  if (!args[0].as<py::Tuple>()->items.empty() && !conditions(in, args[0], select.where, problem))
    return problem;
  return wrap(in, expr::Statement{std::move(select), {}});
}

Value lateral_method(Interpreter& in, const Args& args) {
  expr::From made = *self_of(args);
  Value problem;
  if (!args[0].is_none() && !name_of(in, args[0], made.name, problem))
    return problem;
  made.lateral = true;
  return wrap_from(in, std::move(made));
}
Value lateral(Interpreter& in, const Args& args) {
  Value problem;
  const FromPtr from = from_of(in, args[0], problem);
  if (!from)
    return problem;
  Args inner = args;
  inner.self = wrap(in, from);
  inner.slots = {args[1]};
  return lateral_method(in, inner);
}

Value render_derived(Interpreter& in, const Args& args) {
  expr::From made = *self_of(args);
  Value problem;
  // Without a name it loses the one that it had.
  if (!name_of(in, args[0], made.name, problem))
    return problem;
  made.derive_columns = true;
  made.derive_types = truth_of(args[1]);
  return wrap_from(in, std::move(made));
}

template <bool all>
Value cte_union(Interpreter& in, const Args& args) {
  const FromPtr self = self_of(args);
  if (!self->statement)
    return argument_error(in, "this CTE does not support union()");
  Args inner = args;
  inner.self = wrap(in, self->statement);
  const py::NativeRow* const row = py::find_row(select_methods(), all ? "union_all" : "union");
  const Value united = row->code(in, inner);
  const expr::StatementPtr statement = statement_of(united);
  if (!statement)
    return united;
  expr::From made = *self;
  made.statement = statement;
  made.restates = self;
  return wrap_from(in, std::move(made));
}

// values(column("a", Integer), name="v").data([(1,), (2,)]).
Value values(Interpreter& in, const Args& args) {
  expr::From made{.kind = expr::FromKind::values};
  Value problem;
  for (const Value given : args[0].as<py::Tuple>()->items) {
    const auto* clause = object_of<Clause>(given);
    if (!clause)
      return argument_error(in, "values() takes columns");
    const Ptr node = clause->expression();
    made.columns.push_back({.name = node->name, .type = node->type});
  }
  if (!name_of(in, args[1], made.name, problem))
    return problem;
  return wrap_from(in, std::move(made));
}
Value data(Interpreter& in, const Args& args) {
  expr::From made = *self_of(args);
  std::vector<Value> rows;
  Value problem;
  if (made.kind != expr::FromKind::values)
    return in.raise("AttributeError", "data");
  if (!in.collect(args[0], rows, problem))
    return problem;
  for (const Value given : rows) {
    std::vector<Value> fields;
    if (!in.collect(given, fields, problem))
      return problem;
    expr::List row;
    for (size_t i = 0; i < fields.size(); ++i) {
      const expr::TypePtr type = i < made.columns.size() ? made.columns[i].type : nullptr;
      const Ptr node = coerce(in, fields[i], problem, {.type = type});
      if (!node)
        return problem;
      row.push_back(expr::grouped(node, expr::Op::comma));
    }
    made.rows.push_back(std::move(row));
  }
  return wrap_from(in, std::move(made));
}
Value scalar_values(Interpreter& in, const Args& args) {
  return wrap(in, expr::make({.kind = expr::Kind::scalar_values, .from = self_of(args)}));
}

Value cte_method(Interpreter& in, const Args& args) {
  const FromPtr self = self_of(args);
  if (self->kind != expr::FromKind::values)
    return in.raise("AttributeError", "cte");
  expr::From made = *self;
  Value problem;
  made.kind = expr::FromKind::cte;
  if (!name_of(in, args[0], made.name, problem))
    return problem;
  return wrap_from(in, std::move(made));
}

Value table_valued(Interpreter& in, const Args& args) {
  return wrap(in, expr::whole_of(self_of(args)));
}

Value statement_on(Interpreter& in, const Args& args, std::string_view constructor) {
  Args inner = args;
  inner.slots.insert(inner.slots.begin(), args.self);
  return py::find_row(change_constructors(), constructor)->code(in, inner);
}

constexpr std::string_view kJoin = "right, onclause=None, isouter=False, full=False";
constexpr py::NativeRow kMethods[] = {
    {"alias", "name=None, flat=False", known<alias>},
    {"join", kJoin, known<join_method>},
    {"outerjoin", "right, onclause=None, full=False", known<outerjoin_method>},
    {"select", "*whereclause", known<select_all, kSelect>},
    {"lateral", "name=None", known<lateral_method>},
    {"render_derived", "name=None, with_types=False", known<render_derived>},
    {"union", "*other", known<cte_union<false>>},
    {"union_all", "*other", known<cte_union<true>>},
    {"data", "values", known<data>},
    {"scalar_values", "", scalar_values},
    {"cte", "name=None, recursive=False, nesting=False", known<cte_method>},
    {"table_valued", "", table_valued},
    {"insert", "values=None, inline=False, **kw",
     known<[](Interpreter& in, const Args& args) { return statement_on(in, args, "insert"); },
           kInsert>},
    {"update", "whereclause=None, values=None, inline=False, **kw",
     known<[](Interpreter& in, const Args& args) { return statement_on(in, args, "update"); },
           kUpdate>},
    {"delete", "whereclause=None, **kw",
     known<[](Interpreter& in, const Args& args) { return statement_on(in, args, "delete"); },
           kDelete>},
};

constexpr py::NativeRow kConstructors[] = {
    {"join", "left, right, onclause=None, isouter=False, full=False", known<join>},
    {"outerjoin", "left, right, onclause=None, full=False", known<outerjoin>},
    {"alias", "selectable, name=None, flat=False",
     known<[](Interpreter& in, const Args& args) -> Value {
       Identifier name;
       Value problem;
       const FromPtr from = from_of(in, args[0], problem);
       if (!from || !name_of(in, args[1], name, problem))
         return problem;
       return wrap(in, alias_of(from, name));
     }>},
    {"subquery", "selectable, name=None", known<[](Interpreter& in, const Args& args) -> Value {
       Identifier name;
       Value problem;
       const expr::StatementPtr statement = statement_of(args[0]);
       if (!statement)
         return argument_error(in, "subquery() takes a SELECT");
       if (!name_of(in, args[1], name, problem))
         return problem;
       return wrap(in, subquery_of(statement, name));
     }>},
    {"cte", "selectable, name=None, recursive=False, nesting=False",
     known<[](Interpreter& in, const Args& args) -> Value {
       const expr::StatementPtr statement = statement_of(args[0]);
       if (!statement)
         return argument_error(in, "cte() takes a statement");
       Args inner = args;
       inner.slots.erase(inner.slots.begin());
       return make_cte(in, statement, inner);
     }>},
    {"lateral", "selectable, name=None", known<lateral>},
    {"values", "*columns, name=None, literal_binds=False", known<values>},
    {"tablesample", "selectable, *args, **kw",
     [](Interpreter& in, const Args&) { return unsupported(in, "tablesample()"); }},
};

}  // namespace

Value make_cte(Interpreter& in, const expr::StatementPtr& statement, const Args& args) {
  Value problem;
  expr::From made{.kind = expr::FromKind::cte,
                  .columns = expr::exported_columns(*statement),
                  .statement = statement};
  if (!name_of(in, args[0], made.name, problem))
    return problem;
  made.recursive = truth_of(args[1]);
  made.nesting = truth_of(args[2]);
  return wrap_from(in, std::move(made));
}

std::span<const py::NativeRow> from_constructors() { return kConstructors; }

Value Selectable::get(Interpreter& in, std::string_view name) {
  if (name == "c" || name == "columns" || name == "exported_columns") {
    ColumnsObject* const columns = in.make<ColumnsObject>();
    columns->owner = dynamic_cast<TableObject*>(this) ? Value(this) : Value();
    columns->from = from();
    return columns;
  }
  const FromPtr own = from();
  if (!own)
    return {};
  if (name == "name" && !own->name.empty())
    return in.text(own->name.text);
  if (name == "column" && own->kind == expr::FromKind::function)
    return wrap(in, expr::whole_of(own));
  if (name == "primary_key") {
    std::vector<Value> columns;
    for (const expr::ColumnInfo& column : own->columns)
      if (column.primary_key)
        columns.push_back(wrap(in, expr::column_of(own, column)));
    return in.list(std::move(columns));
  }
  const bool changes = name == "insert" || name == "update" || name == "delete";
  if (changes && own->kind != expr::FromKind::table && own->kind != expr::FromKind::alias)
    return {};
  if ((name == "union" || name == "union_all") && own->kind != expr::FromKind::cte)
    return {};
  if (name == "prefix_with" && own->kind == expr::FromKind::cte) {
    static constexpr py::NativeRow kPrefix = {
        "prefix_with", "*prefixes, dialect='*'", [](Interpreter& inner, const Args& args) -> Value {
          expr::From made = *self_of(args);
          for (const Value one : args[0].as<py::Tuple>()->items) {
            const py::Str* const text = string_of(inner, one);
            if (!text)
              return argument_error(inner, "prefix_with() takes strings");
            made.prefix += text->text + " ";
          }
          return wrap_from(inner, std::move(made));
        }};
    return in.native(kPrefix, this);
  }
  return method(in, kMethods, name, this);
}

}  // namespace retort::sa
