// `sa.func`: any name is a function, and some have types of their own.
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/render.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

// What SQLAlchemy knows about functions that it has heard of.
struct KnownFunction {
  std::string_view name;
  std::string_view keyword = {};  // printed instead of the name, without parentheses
  Family type = Family::none;
  enum class From : uint8_t { type, first, item } from = From::type;
};
using Source = KnownFunction::From;
constexpr KnownFunction kKnown[] = {
    {"coalesce", {}, Family::none, Source::first},
    {"max", {}, Family::none, Source::first},
    {"min", {}, Family::none, Source::first},
    {"sum", {}, Family::none, Source::first},
    {"now", {}, Family::datetime},
    {"concat", {}, Family::text},
    {"char_length", {}, Family::integer},
    {"count", {}, Family::integer},
    {"current_date", "CURRENT_DATE", Family::date},
    {"current_time", "CURRENT_TIME", Family::time},
    {"current_timestamp", "CURRENT_TIMESTAMP", Family::datetime},
    {"current_user", "CURRENT_USER", Family::text},
    {"localtime", "LOCALTIME", Family::datetime},
    {"localtimestamp", "LOCALTIMESTAMP", Family::datetime},
    {"session_user", "SESSION_USER", Family::text},
    {"sysdate", "sysdate", Family::datetime},
    {"user", "USER", Family::text},
    {"array_agg", {}, Family::none, Source::item},
    {"rank", {}, Family::integer},
    {"dense_rank", {}, Family::integer},
    {"percent_rank", {}, Family::numeric},
    {"cume_dist", {}, Family::numeric},
    {"cube", "CUBE"},
    {"rollup", "ROLLUP"},
    {"grouping_sets", "GROUPING SETS"},
    {"aggregate_strings", {}, Family::text},
};

std::string lowered(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return text;
}

struct FunctionName : py::Foreign {
  std::vector<std::string> path;
  std::string_view type_name() const override { return "_FunctionGenerator"; }
  bool callable() const override { return !path.empty(); }
  Value get(Interpreter& in, std::string_view name) override {
    if (name.starts_with("__"))
      return {};
    FunctionName* const inner = in.make<FunctionName>();
    inner->path = path;
    if (name.ends_with('_'))
      name.remove_suffix(1);
    inner->path.emplace_back(name);
    return inner;
  }
  Value call(Interpreter& in, const Args& args) override;
};

Value FunctionName::call(Interpreter& in, const Args& args) {
  for (const Value argument : args.positional)
    if (const Value unknown = unknown_in(argument))
      return in.poison(unknown);
  expr::Expression made{.kind = expr::Kind::function};
  Value problem;
  for (const py::Keyword& keyword : args.keywords) {
    if (keyword.name != "type_")
      return unsupported(in, fmt::format("`{}` of a function", keyword.name));
    if (!type_of(in, keyword.value, made.type, problem))
      return problem;
  }
  const std::string name = lowered(path.back());
  made.name = Identifier(path.back());
  made.packages.assign(path.begin(), path.end() - 1);
  const KnownFunction* known_function = nullptr;
  if (path.size() == 1)
    for (const KnownFunction& row : kKnown)
      if (row.name == name)
        known_function = &row;
  for (const Value argument : args.positional) {
    const Ptr node = coerce(in, argument, problem);
    if (!node)
      return problem;
    made.items.push_back(expr::grouped(node, expr::Op::comma));
  }
  if (known_function) {
    made.name = Identifier(name);
    made.generic = true;
    made.text = known_function->keyword;
    made.call = known_function->keyword.empty() || !made.items.empty();
    const Ptr first = made.items.empty() ? nullptr : made.items[0];
    if (!made.type)
      made.type = known_function->from == Source::first ? first ? first->type : nullptr
                  : known_function->from == Source::item
                      ? first ? expr::array_of(first->type) : nullptr
                  : known_function->type == Family::none ? nullptr
                                                         : expr::plain_type(known_function->type);
    if (known_function->from == Source::first && !made.type)
      for (const Ptr& item : made.items)
        if (!made.type)
          made.type = item->type;
    if (name == "count" && made.items.empty())
      made.items.push_back(expr::make({.kind = expr::Kind::verbatim, .text = "*"}));
    if (name == "aggregate_strings")
      made.text = "string_agg";
  }
  if (name == "next_value" || name == "cast" || name == "extract" || name == "try_cast") {
    if (path.size() == 1)
      return unsupported(in, fmt::format("func.{}()", name));
  }
  return wrap(in, expr::make(std::move(made)));
}

// --- windows and filters ------------------------------------------------------------------------

Ptr self_of(const Args& args) { return object_of<Clause>(args.self)->expression(); }

bool ordering(Interpreter& in, Value given, expr::List& out, Value& problem) {
  if (given.is_none())
    return true;
  return coerce_all(in, given, out, problem, {.constants = true, .labels = true});
}

Value over_of(Interpreter& in, const Ptr& element, Value partition, Value order, Value range,
              Value rows, Value groups) {
  expr::Expression made{.kind = expr::Kind::over, .type = element->type, .left = element};
  Value problem;
  if (!ordering(in, partition, made.items, problem) || !ordering(in, order, made.order, problem))
    return problem;
  const std::pair<Value, std::string_view> kinds[] = {
      {range, "RANGE"}, {rows, "ROWS"}, {groups, "GROUPS"}};
  for (const auto& [given, unit] : kinds) {
    if (given.is_none())
      continue;
    std::vector<Value> bounds;
    if (!in.collect(given, bounds, problem))
      return problem;
    if (bounds.size() != 2 || made.frame)
      return argument_error(in, "a window has one frame of two bounds");
    expr::Frame frame{unit, {}, {}};
    std::optional<int64_t>* const sides[] = {&frame.begin, &frame.end};
    for (size_t i = 0; i < 2; ++i) {
      int64_t number = 0;
      if (bounds[i].is_none())
        continue;
      if (!in.index(bounds[i], number, problem))
        return problem;
      *sides[i] = number;
    }
    made.frame = frame;
  }
  return wrap(in, expr::make(std::move(made)));
}

Value over_method(Interpreter& in, const Args& args) {
  return over_of(in, self_of(args), args[0], args[1], args[2], args[3], args[4]);
}
Value over(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr element = coerce(in, args[0], problem);
  return element ? over_of(in, element, args[1], args[2], args[3], args[4], args[5]) : problem;
}

Value within_group_of(Interpreter& in, const Ptr& element, Value order) {
  expr::Expression made{.kind = expr::Kind::within_group, .type = element->type, .left = element};
  Value problem;
  if (!ordering(in, order, made.order, problem))
    return problem;
  if (!made.type && !made.order.empty())
    made.type = made.order[0]->type;
  return wrap(in, expr::make(std::move(made)));
}
Value within_group(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr element = coerce(in, args[0], problem);
  return element ? within_group_of(in, element, args[1]) : problem;
}

Value filter_of(Interpreter& in, const Ptr& element, Value criteria) {
  expr::List conditions;
  Value problem;
  if (!coerce_all(in, criteria, conditions, problem, {.constants = true}))
    return problem;
  if (conditions.empty())
    return wrap(in, element);
  expr::Expression made{.kind = expr::Kind::filter, .type = element->type, .left = element};
  if (element->kind == expr::Kind::filter) {
    made.left = element->left;
    conditions.insert(conditions.begin(), element->right);
  }
  // Each condition meets its predecessor alone, as `a & b & c` would.
  made.right = conditions[0];
  for (size_t i = 1; i < conditions.size(); ++i)
    made.right = expr::conjunction(expr::Op::and_, {made.right, conditions[i]});
  return wrap(in, expr::make(std::move(made)));
}
Value funcfilter(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr element = coerce(in, args[0], problem);
  return element ? filter_of(in, element, args[1]) : problem;
}

// --- functions in FROM --------------------------------------------------------------------------

expr::From rows_of(const Ptr& function) {
  expr::From from;
  from.kind = expr::FromKind::function;
  from.expression = function;
  return from;
}

Value table_valued(Interpreter& in, const Args& args) {
  expr::From from = rows_of(self_of(args));
  Value problem;
  for (const Value given : args[0].as<py::Tuple>()->items) {
    expr::ColumnInfo column;
    if (const auto* object = object_of<Clause>(given)) {
      const Ptr node = object->expression();
      column.name = node->name;
      column.type = node->type;
    } else if (!name_of(in, given, column.name, problem)) {
      return problem;
    }
    from.columns.push_back(std::move(column));
  }
  if (!args[1].is_none()) {
    expr::ColumnInfo column;
    if (!name_of(in, args[1], column.name, problem))
      return problem;
    column.type = expr::plain_type(Family::integer);
    from.columns.push_back(std::move(column));
    expr::Expression copy = *from.expression;
    copy.ordinality = true;
    from.expression = expr::make(std::move(copy));
  }
  if (!name_of(in, args[2], from.name, problem))
    return problem;
  return wrap(in, std::make_shared<const expr::From>(std::move(from)));
}

Value alias(Interpreter& in, const Args& args) {
  expr::From from = rows_of(self_of(args));
  Value problem;
  if (!name_of(in, args[0], from.name, problem))
    return problem;
  from.seed = from.expression->name.text;
  // PostgreSQL names the column of a function after the alias.
  if (!from.name.empty())
    from.columns.push_back({.name = from.name, .type = from.expression->type});
  return wrap(in, std::make_shared<const expr::From>(std::move(from)));
}

Value column_valued(Interpreter& in, const Args& args) {
  expr::From from = rows_of(self_of(args));
  Value problem;
  if (!name_of(in, args[0], from.name, problem))
    return problem;
  const expr::TypePtr type = from.expression->type;
  const auto made = std::make_shared<const expr::From>(std::move(from));
  return wrap(in, expr::make({.kind = expr::Kind::whole_from, .type = type, .from = made}));
}

Value select_function(Interpreter& in, const Args& args) {
  expr::Select select;
  select.items.emplace_back(self_of(args));
  return wrap(in, expr::Statement{std::move(select), {}});
}

constexpr std::string_view kWindow =
    "partition_by=None, order_by=None, range_=None, rows=None, groups=None";
constexpr py::NativeRow kMethods[] = {
    {"over", kWindow, known<over_method>},
    {"within_group", "*order_by", known<[](Interpreter& in, const Args& args) {
       return within_group_of(in, self_of(args), args[0]);
     }>},
    {"filter", "*criterion", known<[](Interpreter& in, const Args& args) {
       return filter_of(in, self_of(args), args[0]);
     }>},
    {"table_valued", "*expr, with_ordinality=None, name=None, joins_implicitly=False",
     known<table_valued>},
    {"column_valued", "name=None, joins_implicitly=False", known<column_valued>},
    {"alias", "name=None, joins_implicitly=False", known<alias>},
    {"select", "", known<select_function>},
};

constexpr py::NativeRow kFunctions[] = {
    {"over", "element, partition_by=None, order_by=None, range_=None, rows=None, groups=None",
     known<over>},
    {"within_group", "element, *order_by", known<within_group>},
    {"funcfilter", "func, *criterion", known<funcfilter>},
};

}  // namespace

std::span<const py::NativeRow> function_methods() { return kMethods; }
std::span<const py::NativeRow> window_functions() { return kFunctions; }

py::Value func_object(py::Interpreter& in) { return in.make<FunctionName>(); }

}  // namespace retort::sa
