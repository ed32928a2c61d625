#include "linter/row_use.h"

#include "common/text.h"
#include "grammars/python/tree.h"
#include "linter/sql_pieces.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace retort {
namespace {

using py::Field;
using py::Kind;
using py::Node;

template <size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The last part of what is called: `conn.execute` → `execute`.
std::string_view called(Node call) {
  const Node function = call.child(Field::function);
  return function.kind() == Kind::attribute ? function.child(Field::attribute).text()
                                            : function.text();
}

Node receiver(Node call) {
  const Node function = call.child(Field::function);
  return function.kind() == Kind::attribute ? function.child(Field::object) : Node();
}

Node first_argument(Node call) {
  for (const Node argument : call.child(Field::arguments).children())
    if (argument.kind() != Kind::keyword_argument)
      return argument;
  return {};
}

bool runs_sql(Node call) {
  constexpr std::array<std::string_view, 4> kNames = {"execute", "exec_driver_sql", "scalar",
                                                      "scalars"};
  return receiver(call) && is_one_of(called(call), kNames) && first_argument(call);
}

// `conn.execute(…)`, `session.query(…)`, `csv.reader(…)`: what others have written.
bool reads_data(Node call) {
  constexpr std::array<std::string_view, 2> kReaders = {"reader", "DictReader"};
  constexpr std::array<std::string_view, 2> kLoads = {"load", "loads"};
  const std::string_view name = called(call);
  const std::string_view of = receiver(call).text();
  return runs_sql(call) || (name == "query" && receiver(call)) ||
         (of == "csv" && is_one_of(name, kReaders)) || (of == "json" && is_one_of(name, kLoads));
}

// What these make of a value is the value still, or its parts.
bool keeps_data(std::string_view function) {
  constexpr std::array<std::string_view, 14> kFunctions = {
      "str", "repr",     "list", "dict", "set",   "tuple",     "sorted",
      "zip", "reversed", "next", "iter", "dumps", "enumerate", "frozenset"};
  return is_one_of(function, kFunctions);
}

// What a method of a row, a result or a text yields, if that is not data any more.
bool ends_data(std::string_view method) {
  constexpr std::array<std::string_view, 14> kMethods = {
      "date",       "timestamp", "rowcount", "partitions", "count",    "keys",  "isoformat",
      "startswith", "endswith",  "isdigit",  "yield_per",  "strftime", "index", "find"};
  return is_one_of(method, kMethods);
}

// An id or a time, as far as its name tells: nothing in it can end a literal.
bool looks_plain(Node value) {
  std::string_view name = value.text();
  if (value.kind() == Kind::subscript) {  // row["id"]
    const Node key = value.child(Field::subscript);
    name = key.kind() == Kind::string ? key.text().substr(1, key.text().size() - 2) : "";
  } else if (value.kind() == Kind::attribute) {
    name = value.child(Field::attribute).text();
  } else if (value.kind() == Kind::call && called(value) == "str") {
    return looks_plain(first_argument(value));
  }
  constexpr std::array<std::string_view, 5> kEnds = {"_id", "_ids", "uuid", "_at", "_date"};
  return name == "id" || name == "ids" ||
         std::any_of(kEnds.begin(), kEnds.end(),
                     [&](std::string_view end) { return name.ends_with(end); });
}

class Function {
public:
  Function(RowUse& use, Node body) : use_(use) { walk(body); }

private:
  // What is known of a name: whether it comes from rows, and the text that it stands for.
  struct Known {
    bool data = false;
    SqlPieces text;  // empty: it is none
    std::optional<PastedValue> pasted;
  };

  bool is_data(Node node) {
    switch (node.kind()) {
    case Kind::identifier: {
      const auto known = names_.find(node.text());
      return known != names_.end() && known->second.data;
    }
    case Kind::attribute:
      return !ends_data(node.child(Field::attribute).text()) && is_data(node.child(Field::object));
    case Kind::subscript: return is_data(node.child(Field::value));
    case Kind::call: return call_is_data(node);
    case Kind::list_comprehension:
    case Kind::set_comprehension:
    case Kind::dictionary_comprehension:
    case Kind::generator_expression: return comprehension_is_data(node);
    case Kind::conditional_expression: {
      const Node chosen = node.first_child();
      return is_data(chosen) || is_data(chosen.next().next());
    }
    case Kind::interpolation: return is_data(node.child(Field::expression));
    case Kind::string:
    case Kind::concatenated_string:
    case Kind::boolean_operator:
    case Kind::binary_operator:
    case Kind::parenthesized_expression:
    case Kind::list:
    case Kind::tuple:
    case Kind::set:
    case Kind::dictionary:
    case Kind::pair:
    case Kind::expression_list:
    case Kind::list_splat: return any_child_is_data(node);
    default: return false;
    }
  }

  bool any_child_is_data(Node node) {
    for (const Node child : node.children())
      if (is_data(child))
        return true;
    return false;
  }

  bool call_is_data(Node call) {
    if (reads_data(call))
      return true;
    const std::string_view name = called(call);
    const Node object = receiver(call);
    if (object && is_data(object))
      return !ends_data(name);
    if (name == "join" || name == "format" || (!object && keeps_data(name)) ||
        (object.text() == "json" && name == "dumps"))
      return any_child_is_data(call.child(Field::arguments));
    return false;
  }

  bool comprehension_is_data(Node node) {
    const std::map<std::string_view, Known> outside = names_;
    for (const Node part : node.children())
      if (part.kind() == Kind::for_in_clause)
        bind(part.child(Field::left), is_data(part.child(Field::right)));
    const bool data = is_data(node.child(Field::body));
    names_ = outside;
    return data;
  }

  void bind(Node target, bool data) {
    if (target.kind() == Kind::identifier)
      names_[target.text()] = Known{data, {}, {}};
    else if (target.kind() == Kind::pattern_list || target.kind() == Kind::tuple_pattern ||
             target.kind() == Kind::list_pattern || target.kind() == Kind::list_splat_pattern)
      for (const Node part : target.children())
        bind(part, data);
  }

  void assign(Node node) {
    const Node left = node.child(Field::left);
    const Node right = node.child(Field::right);
    if (node.kind() == Kind::augmented_assignment) {
      if (left.kind() == Kind::identifier && is_data(right))
        names_[left.text()].data = true;
      return;
    }
    const bool data = is_data(right);
    if (left.kind() != Kind::identifier)
      return bind(left, data);
    SqlPieces text = pieces_of(right);
    std::optional<PastedValue> pasted = pasted_in(right);
    names_[left.text()] = Known{data, std::move(text), pasted};
  }

  SqlPieces pieces_of(Node node) const {
    return sql_pieces(node, [&](std::string_view name) {
      const auto known = names_.find(name);
      return known == names_.end() ? nullptr : &known->second.text;
    });
  }

  // The worst of the values of rows that stand in a text, as they are known now.
  std::optional<PastedValue> pasted_in(Node node) {
    if (node.kind() == Kind::identifier) {
      const auto known = names_.find(node.text());
      return known == names_.end() ? std::nullopt : known->second.pasted;
    }
    return pasted_in(pieces_of(node));
  }

  std::optional<PastedValue> pasted_in(const SqlPieces& pieces) {
    if (!changes_or_reads_rows(pieces))
      return std::nullopt;
    std::optional<PastedValue> worst;
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (!pieces[i].value || !is_data(pieces[i].value))
        continue;
      const ValuePlace place = place_of(pieces, i);
      const bool text = place == ValuePlace::quoted && !looks_plain(pieces[i].value);
      if (place != ValuePlace::other && (!worst || (text && !worst->text)))
        worst = {pieces[i].value.span(), text};
    }
    return worst;
  }

  void look_at_call(Node call) {
    if (!runs_sql(call))
      return;
    const Node sql = first_argument(call);
    if (const std::optional<PastedValue> value = pasted_in(sql);
        value && said_.insert(value->value.begin).second)
      use_.pasted.push_back(*value);
    if (!loop_.empty() && !told_ && mentions_data(call.child(Field::arguments)) &&
        !is_about_objects(pieces_of(sql))) {
      told_ = true;
      use_.loops.push_back({loop_, call.span()});
    }
  }

  bool mentions_data(Node node) {
    if (is_data(node))
      return true;
    for (const Node child : node.children())
      if (mentions_data(child))
        return true;
    return false;
  }

  void walk_loop(Node loop) {
    const Node over = loop.child(Field::right);
    walk(over);
    const bool data = is_data(over);
    bind(loop.child(Field::left), data);
    const bool outermost = data && loop_.empty();
    if (outermost) {
      loop_ = {loop.span().begin, over.span().end};
      told_ = false;
    }
    walk(loop.child(Field::body));
    if (outermost)
      loop_ = {};
    walk(loop.child(Field::alternative));
  }

  void walk(Node node) {
    switch (node.kind()) {
    case Kind::function_definition:
    case Kind::class_definition:
    case Kind::lambda: return;  // has names of its own
    case Kind::for_statement: return walk_loop(node);
    case Kind::assignment:
    case Kind::augmented_assignment: walk(node.child(Field::right)); return assign(node);
    case Kind::named_expression:
      walk(node.child(Field::value));
      return bind(node.child(Field::name), is_data(node.child(Field::value)));
    case Kind::call: look_at_call(node); break;
    default: break;
    }
    for (const Node child : node.children())
      walk(child);
  }

  RowUse& use_;
  std::map<std::string_view, Known> names_;
  std::set<uint32_t> said_;
  Span loop_;
  bool told_ = false;
};

void walk_functions(RowUse& use, Node node) {
  for (Node child : node.children()) {
    if (child.kind() == Kind::decorated_definition)
      child = child.child(Field::definition);
    if (child.kind() == Kind::function_definition) {
      Function(use, child.child(Field::body));
      walk_functions(use, child.child(Field::body));
    }
  }
}

// Nearly no revision reads rows; those that do not are not parsed for it.
bool may_read_rows(std::string_view source) {
  const auto has = [&](std::string_view word) {
    return source.find(word) != std::string_view::npos;
  };
  return (has("execute(") || has("exec_driver_sql(")) &&
         (has("get_bind") || has("bind") || has("ession") || has("connect") || has("csv") ||
          has("json"));
}

}  // namespace

RowUse row_use(std::string_view source) {
  RowUse use;
  if (!may_read_rows(source))
    return use;
  const py::Tree tree = py::parse(source);
  walk_functions(use, tree.root());
  return use;
}

}  // namespace retort
