// select() and what follows it.
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/render.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::FromPtr;
using expr::Ptr;
using expr::Select;
using expr::StatementPtr;
using py::Args;
using py::Interpreter;
using py::Value;

using Change = std::function<bool(Select&, Value&)>;

Value changed(Interpreter& in, Value self, const Change& change) {
  const StatementPtr statement = statement_in(self);
  const Select* const select = statement ? statement->as<Select>() : nullptr;
  if (!select)
    return in.raise("TypeError", "this applies to a plain SELECT");
  expr::Statement made{*select, statement->ctes};
  Value problem;
  if (!change(*std::get_if<Select>(&made.node), problem))
    return problem;
  if (const auto* clause = object_of<Clause>(self)) {
    expr::Expression copy = *clause->expression();
    copy.statement = std::make_shared<const expr::Statement>(std::move(made));
    return wrap(in, expr::make(std::move(copy)));
  }
  return wrap(in, std::move(made));
}

// ORDER BY, LIMIT and the like, of a SELECT or a UNION.
Value limited(Interpreter& in, Value self,
              const std::function<bool(expr::Limits&, Value&)>& change) {
  const StatementPtr statement = statement_in(self);
  expr::Statement made = *statement;
  Value problem;
  expr::Limits* limits = nullptr;
  if (auto* const select = std::get_if<Select>(&made.node))
    limits = &select->limits;
  else if (auto* const compound = std::get_if<expr::Compound>(&made.node))
    limits = &compound->limits;
  else
    return in.raise("TypeError", "this applies to a SELECT");
  if (!change(*limits, problem))
    return problem;
  return wrap(in, std::move(made));
}

bool items_of(Interpreter& in, Value given, std::vector<expr::SelectItem>& out, Value& problem) {
  std::vector<Value> values;
  if (!spread(in, given, values, problem))
    return false;
  for (const Value value : values) {
    if (object_of<Selectable>(value) || value.is(py::Type::class_)) {
      const FromPtr from = from_of(in, value, problem);
      if (!from)
        return false;
      out.emplace_back(from);
      continue;
    }
    if (const py::Str* const text = string_of(in, value)) {
      if (text->text != "*") {
        problem = argument_error(
            in, fmt::format("Textual column expression '{}' should be explicitly declared with "
                            "text('{}')",
                            text->text, text->text));
        return false;
      }
      out.emplace_back(expr::make({.kind = expr::Kind::verbatim, .text = "*"}));
      continue;
    }
    if (value.is(py::Type::integer) || value.is(py::Type::floating)) {
      const Value shown = in.str(value);
      if (!shown.is(py::Type::string)) {
        problem = shown;
        return false;
      }
      out.emplace_back(
          expr::make({.kind = expr::Kind::verbatim, .text = shown.as<py::Str>()->text}));
      continue;
    }
    if (auto* const columns = object_of<ColumnsObject>(value)) {
      columns->iterate(in, [&](Value column) {
        out.emplace_back(object_of<Clause>(column)->expression());
        return true;
      });
      continue;
    }
    const Ptr node = coerce(in, value, problem, {.constants = true});
    if (!node)
      return false;
    out.emplace_back(node);
  }
  return true;
}

bool where_into(Interpreter& in, Value given, expr::List& out, Value& problem) {
  std::vector<Value> values;
  if (!spread(in, given, values, problem))
    return false;
  for (const Value value : values) {
    if (!object_of<Clause>(value) && !statement_of(value) && !value.is(py::Type::boolean) &&
        !value.is(py::Type::instance)) {
      problem = argument_error(in, "SQL expression for WHERE/HAVING role expected");
      return false;
    }
    const Ptr node = coerce(in, value, problem, {.constants = true});
    if (!node)
      return false;
    out.push_back(node);
  }
  return true;
}

bool ordering_into(Interpreter& in, Value given, expr::List& out, Value& problem, bool labels) {
  std::vector<Value> values;
  if (!spread(in, given, values, problem))
    return false;
  if (!values.empty() && (values[0].is_none() || values[0].is(py::Type::boolean))) {
    out.clear();
    return true;
  }
  for (const Value value : values) {
    const Ptr node =
        coerce(in, value, problem, {.constants = true, .labels = true, .ordering = labels});
    if (!node)
      return false;
    out.push_back(node);
  }
  return true;
}

bool count_into(Interpreter& in, Value given, Ptr& out, Value& problem) {
  if (given.is_none()) {
    out = nullptr;
    return true;
  }
  int64_t number = 0;
  if (object_of<Clause>(given)) {
    out = coerce(in, given, problem, {.type = expr::plain_type(Family::integer)});
    return out != nullptr;
  }
  if (!in.index(given, number, problem))
    return false;
  out = expr::literal_value(Datum(number), expr::plain_type(Family::integer));
  return true;
}

// --- select() -----------------------------------------------------------------------------------

Value select(Interpreter& in, const Args& args) {
  Select made;
  Value problem;
  Value entities = args[0];
  const auto& given = entities.as<py::Tuple>()->items;
  // 1.4: select([columns], whereclause, from_obj=…).
  if (given.size() == 2 && given[0].is(py::Type::list)) {
    if (!items_of(in, given[0], made.items, problem))
      return problem;
    if (!given[1].is_none() && !where_into(in, given[1], made.where, problem))
      return problem;
  } else if (!items_of(in, entities, made.items, problem)) {
    return problem;
  }
  for (const py::Table::Entry& entry : args[1].as<py::Dict>()->table.entries()) {
    const std::string& name = entry.key.as<py::Str>()->text;
    const Value value = entry.value;
    bool fine = true;
    if (value.is_none())
      continue;
    if (name == "columns")
      fine = items_of(in, value, made.items, problem);
    else if (name == "whereclause")
      fine = where_into(in, value, made.where, problem);
    else if (name == "having")
      fine = where_into(in, value, made.having, problem);
    else if (name == "order_by")
      fine = ordering_into(in, value, made.limits.order_by, problem, true);
    else if (name == "group_by")
      fine = ordering_into(in, value, made.limits.group_by, problem, false);
    else if (name == "limit")
      fine = count_into(in, value, made.limits.limit, problem);
    else if (name == "offset")
      fine = count_into(in, value, made.limits.offset, problem);
    else if (name == "distinct")
      made.distinct = truth_of(value);
    else if (name == "from_obj") {
      std::vector<Value> froms;
      if (!spread(in, value, froms, problem))
        return problem;
      for (const Value one : froms) {
        const FromPtr from = from_of(in, one, problem);
        if (!from)
          return problem;
        made.from.push_back(from);
      }
    } else {
      return in.raise("TypeError",
                      fmt::format("select() got an unexpected keyword argument '{}'", name));
    }
    if (!fine)
      return problem;
  }
  return wrap(in, expr::Statement{std::move(made), {}});
}

Value where(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    return where_into(in, args[0], select.where, problem);
  });
}
Value having(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    return where_into(in, args[0], select.having, problem);
  });
}
Value select_from(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    for (const Value one : args[0].as<py::Tuple>()->items) {
      const FromPtr from = from_of(in, one, problem);
      if (!from)
        return false;
      select.from.push_back(from);
    }
    return true;
  });
}

template <bool explicit_left, bool outer>
Value join(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    expr::JoinStep step;
    size_t i = 0;
    if (explicit_left && !(step.left = from_of(in, args[i++], problem)))
      return false;
    step.right = from_of(in, args[i++], problem);
    if (!step.right)
      return false;
    if (!args[i].is_none() && !(step.on = coerce(in, args[i], problem, {.constants = true})))
      return false;
    step.outer = outer || truth_of(args[i + 1]);
    step.full = truth_of(args[outer ? i + 1 : i + 2]);
    select.joins.push_back(std::move(step));
    return true;
  });
}

Value group_by(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    return ordering_into(in, args[0], limits.group_by, problem, false);
  });
}
Value order_by(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    return ordering_into(in, args[0], limits.order_by, problem, true);
  });
}
Value limit(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    limits.fetch = nullptr;
    return count_into(in, args[0], limits.limit, problem);
  });
}
Value offset(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    return count_into(in, args[0], limits.offset, problem);
  });
}
Value fetch(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    limits.limit = nullptr;
    limits.with_ties = truth_of(args[1]);
    limits.percent = truth_of(args[2]);
    return count_into(in, args[0], limits.fetch, problem);
  });
}
Value slice(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    int64_t start = 0;
    int64_t stop = 0;
    if (!in.index(args[0], start, problem) || !in.index(args[1], stop, problem))
      return false;
    const auto number = [](int64_t value) {
      return expr::literal_value(Datum(value), expr::plain_type(Family::integer));
    };
    limits.limit = number(stop - start);
    limits.offset = start == 0 ? nullptr : number(start);
    return true;
  });
}
Value with_for_update(Interpreter& in, const Args& args) {
  return limited(in, args.self, [&](expr::Limits& limits, Value& problem) {
    expr::Lock lock;
    lock.nowait = truth_of(args[0]);
    lock.read = truth_of(args[1]);
    lock.skip_locked = truth_of(args[3]);
    lock.key_share = truth_of(args[4]);
    if (!args[2].is_none()) {
      std::vector<Value> of;
      if (!spread(in, args[2], of, problem))
        return false;
      for (const Value one : of) {
        const auto* clause = object_of<Clause>(one);
        const FromPtr from = clause ? clause->expression()->from : from_of(in, one, problem);
        if (!from) {
          if (!problem && !in.unwinding())
            problem = argument_error(in, "FOR UPDATE OF takes tables");
          return false;
        }
        if (std::find(lock.of.begin(), lock.of.end(), from) == lock.of.end())
          lock.of.push_back(from);
      }
    }
    limits.lock = std::move(lock);
    return true;
  });
}
Value distinct(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    select.distinct = true;
    return coerce_all(in, args[0], select.distinct_on, problem, {.labels = true});
  });
}
bool froms_into(Interpreter& in, Value given, std::vector<FromPtr>& out, Value& problem) {
  for (const Value one : given.as<py::Tuple>()->items) {
    if (one.is_none() || one.is(py::Type::boolean))
      continue;
    const FromPtr from = from_of(in, one, problem);
    if (!from)
      return false;
    out.push_back(from);
  }
  return true;
}
Value correlate(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    select.auto_correlate = false;
    return froms_into(in, args[0], select.correlate, problem);
  });
}
Value correlate_except(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    select.auto_correlate = false;
    select.correlate_except.emplace();
    return froms_into(in, args[0], *select.correlate_except, problem);
  });
}
Value add_columns(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    return items_of(in, args[0], select.items, problem);
  });
}
Value with_only_columns(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    if (truth_of(args[1]))
      return problem = unsupported(in, "maintain_column_froms"), false;
    select.items.clear();
    return items_of(in, args[0], select.items, problem);
  });
}
Value apply_labels(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value&) {
    select.labels = expr::LabelStyle::table_and_column;
    return true;
  });
}
Value set_label_style(Interpreter& in, const Args& args) {
  const py::Str* const style = string_of(in, args[0]);
  if (!style)
    return unsupported(in, "this label style");
  return changed(in, args.self, [&](Select& select, Value&) {
    select.labels = style->text == "LABEL_STYLE_NONE" ? expr::LabelStyle::plain
                    : style->text == "LABEL_STYLE_TABLENAME_PLUS_COL"
                        ? expr::LabelStyle::table_and_column
                        : expr::LabelStyle::disambiguate;
    return true;
  });
}
bool texts_into(Interpreter& in, Value given, expr::List& out, Value& problem) {
  for (const Value one : given.as<py::Tuple>()->items) {
    if (const py::Str* const text = string_of(in, one)) {
      out.push_back(expr::make({.kind = expr::Kind::text, .text = text->text}));
      continue;
    }
    const Ptr node = coerce(in, one, problem);
    if (!node)
      return false;
    out.push_back(node);
  }
  return true;
}
Value prefix_with(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    return texts_into(in, args[0], select.prefixes, problem);
  });
}
Value suffix_with(Interpreter& in, const Args& args) {
  return changed(in, args.self, [&](Select& select, Value& problem) {
    return texts_into(in, args[0], select.suffixes, problem);
  });
}
Value itself(Interpreter&, const Args& args) { return args.self; }

constexpr std::string_view kJoin = "target, onclause=None, isouter=False, full=False";
constexpr py::NativeRow kMethods[] = {
    {"where", "*whereclause", known<where>},
    {"filter", "*whereclause", known<where>},
    {"having", "*having", known<having>},
    {"select_from", "*froms", known<select_from>},
    {"join", kJoin, known<join<false, false>>},
    {"outerjoin", "target, onclause=None, full=False", known<join<false, true>>},
    {"join_from", "from_, target, onclause=None, isouter=False, full=False",
     known<join<true, false>>},
    {"outerjoin_from", "from_, target, onclause=None, full=False", known<join<true, true>>},
    {"group_by", "*clauses", known<group_by>},
    {"order_by", "*clauses", known<order_by>},
    {"limit", "limit", known<limit>},
    {"offset", "offset", known<offset>},
    {"fetch", "count, with_ties=False, percent=False", known<fetch>},
    {"slice", "start, stop", known<slice>},
    {"distinct", "*expr", known<distinct>},
    {"with_for_update", "nowait=False, read=False, of=None, skip_locked=False, key_share=False",
     known<with_for_update>},
    {"correlate", "*fromclauses", known<correlate>},
    {"correlate_except", "*fromclauses", known<correlate_except>},
    {"add_columns", "*entities", known<add_columns>},
    {"column", "*entities", known<add_columns>},
    {"with_only_columns", "*entities, maintain_column_froms=False", known<with_only_columns>},
    {"apply_labels", "", apply_labels},
    {"set_label_style", "style", known<set_label_style>},
    {"prefix_with", "*prefixes, dialect='*'", known<prefix_with>},
    {"suffix_with", "*suffixes, dialect='*'", known<suffix_with>},
    {"execution_options", "**kw", itself},
    {"options", "*options", itself},
    {"self_group", "against=None", itself},
};

constexpr py::NativeRow kConstructors[] = {
    {"select", "*entities, **options", known<select, kSelect>},
};

}  // namespace

// A constant is its own name.
Value core_constant(Interpreter& in, std::string_view name) {
  constexpr std::string_view kStyles[] = {"LABEL_STYLE_NONE", "LABEL_STYLE_TABLENAME_PLUS_COL",
                                          "LABEL_STYLE_DISAMBIGUATE_ONLY", "LABEL_STYLE_DEFAULT"};
  for (const std::string_view style : kStyles)
    if (style == name)
      return in.text(style);
  return {};
}

bool selected_items(Interpreter& in, Value given, std::vector<expr::SelectItem>& out,
                    Value& problem) {
  return items_of(in, given, out, problem);
}
bool conditions(Interpreter& in, Value given, expr::List& out, Value& problem) {
  return where_into(in, given, out, problem);
}
bool prefix_texts(Interpreter& in, Value given, expr::List& out, Value& problem) {
  return texts_into(in, given, out, problem);
}

std::span<const py::NativeRow> select_methods() {
  static const std::vector<py::NativeRow> kRows = joined({kMethods, derived_methods()});
  return kRows;
}
std::span<const py::NativeRow> select_constructors() { return kConstructors; }

}  // namespace retort::sa
