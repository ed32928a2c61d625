// What is made of a SELECT: subqueries, values, EXISTS, and UNION of several.
#include "compiler/sqlalchemy/core.h"

namespace retort::sa {

expr::StatementPtr statement_in(py::Value self) {
  if (const expr::StatementPtr statement = statement_of(self))
    return statement;
  if (const auto* clause = object_of<Clause>(self))
    return clause->expression()->statement;
  return nullptr;
}

namespace {

using expr::FromPtr;
using expr::Ptr;
using expr::Select;
using expr::StatementPtr;
using py::Args;
using py::Interpreter;
using py::Value;

// --- from statements to FROMs and values --------------------------------------------------------

Value subquery(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  return wrap(in, subquery_of(statement_in(args.self), std::move(name)));
}
Value lateral(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  expr::From from = *subquery_of(statement_in(args.self), std::move(name));
  from.lateral = true;
  return wrap(in, std::make_shared<const expr::From>(std::move(from)));
}
Value scalar_subquery(Interpreter& in, const Args& args) {
  return subquery_value(in, statement_in(args.self));
}
Value label(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  const Value value = subquery_value(in, statement_in(args.self));
  return wrap(in, expr::label(object_of<Clause>(value)->expression(), name));
}
Ptr exists_of(const StatementPtr& statement) {
  return expr::make({.kind = expr::Kind::exists,
                     .type = expr::plain_type(Family::boolean),
                     .op = expr::Op::exists,
                     .statement = statement});
}
Value exists_method(Interpreter& in, const Args& args) {
  return wrap(in, exists_of(statement_in(args.self)));
}
Value exists(Interpreter& in, const Args& args) {
  const auto& given = args[0].as<py::Tuple>()->items;
  if (given.size() == 1) {
    if (const StatementPtr statement = statement_in(given[0]))
      return wrap(in, exists_of(statement));
  }
  Select made;
  Value problem;
  if (given.empty())
    made.items.emplace_back(expr::make({.kind = expr::Kind::verbatim, .text = "*"}));
  else if (!selected_items(in, args[0], made.items, problem))
    return problem;
  return wrap(in, exists_of(std::make_shared<const expr::Statement>(expr::Statement{made, {}})));
}

// select(exists(…)).
Value select_of(Interpreter& in, const Args& args) {
  Select made;
  made.items.emplace_back(object_of<Clause>(args.self)->expression());
  return wrap(in, expr::Statement{std::move(made), {}});
}

Value add_cte(Interpreter& in, const Args& args) {
  expr::Statement made = *statement_in(args.self);
  Value problem;
  for (const Value one : args[0].as<py::Tuple>()->items) {
    const FromPtr from = from_of(in, one, problem);
    if (!from)
      return problem;
    made.ctes.push_back(from);
  }
  return wrap(in, std::move(made));
}

// --- UNION and its kin --------------------------------------------------------------------------

constexpr std::string_view kKeywords[] = {"UNION",      "UNION ALL", "EXCEPT",
                                          "EXCEPT ALL", "INTERSECT", "INTERSECT ALL"};

Value compound_of(Interpreter& in, std::string_view keyword, std::vector<Value> parts) {
  expr::Compound made{.keyword = keyword};
  size_t width = 0;
  for (const Value one : parts) {
    const StatementPtr part = statement_in(one);
    if (!part || part->as<expr::Insert>() || part->as<expr::Update>() || part->as<expr::Delete>())
      return argument_error(in, "SELECT construct expected");
    bool grouped = part->as<expr::Compound>() != nullptr;
    if (const auto* one_select = part->as<Select>()) {
      const expr::Limits& limits = one_select->limits;
      grouped = !limits.order_by.empty() || limits.limit || limits.offset || limits.fetch;
      const size_t own = expr::selected_columns(*part).size();
      if (width != 0 && own != width)
        return argument_error(in, "All selectables passed to CompoundSelect must have identical "
                                  "numbers of columns");
      width = own;
    }
    made.parts.push_back(part);
    made.grouped.push_back(grouped);
  }
  if (made.parts.empty())
    return argument_error(in, "a union needs SELECTs");
  return wrap(in, expr::Statement{std::move(made), {}});
}

template <size_t keyword>
Value compound(Interpreter& in, const Args& args) {
  std::vector<Value> parts;
  Value problem;
  if (!spread(in, args[0], parts, problem))
    return problem;
  if (args.self)
    parts.insert(parts.begin(), args.self);
  return compound_of(in, kKeywords[keyword], std::move(parts));
}

constexpr py::NativeRow kMethods[] = {
    {"subquery", "name=None", known<subquery>},
    {"alias", "name=None, flat=False", known<subquery>},
    {"lateral", "name=None", known<lateral>},
    {"scalar_subquery", "", scalar_subquery},
    {"as_scalar", "", scalar_subquery},
    {"label", "name", known<label>},
    {"exists", "", exists_method},
    {"select", "", select_of},
    {"add_cte", "*ctes, nest_here=False", known<add_cte>},
    {"union", "*other", known<compound<0>>},
    {"union_all", "*other", known<compound<1>>},
    {"except_", "*other", known<compound<2>>},
    {"except_all", "*other", known<compound<3>>},
    {"intersect", "*other", known<compound<4>>},
    {"intersect_all", "*other", known<compound<5>>},
};

constexpr py::NativeRow kConstructors[] = {
    {"exists", "*args", known<exists>},
    {"union", "*selects", known<compound<0>>},
    {"union_all", "*selects", known<compound<1>>},
    {"except_", "*selects", known<compound<2>>},
    {"except_all", "*selects", known<compound<3>>},
    {"intersect", "*selects", known<compound<4>>},
    {"intersect_all", "*selects", known<compound<5>>},
};

}  // namespace

std::span<const py::NativeRow> derived_methods() { return kMethods; }
std::span<const py::NativeRow> compound_constructors() { return kConstructors; }

}  // namespace retort::sa
