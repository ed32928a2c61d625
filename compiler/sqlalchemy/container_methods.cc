// What JSON, arrays and ranges can do beyond other expressions.
#include "compiler/sqlalchemy/core.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::Op;
using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

Ptr self_of(const Args& args) { return object_of<Clause>(args.self)->expression(); }

// JSON and array operators that are spelled as methods.
struct NamedOperator {
  std::string_view name;
  const char* text;
  bool self_precedent;
};
constexpr NamedOperator kNamed[] = {
    {"has_key", "?", true},
    {"has_all", "?&", true},
    {"has_any", "?|", true},
    {"contained_by", "<@", true},
    {"overlap", "&&", false},
    {"overlaps", "&&", false},
    {"path_exists", "@?", true},
    {"path_match", "@@", true},
    {"bool_op_contains", "@>", true},
    {"strictly_left_of", "<<", false},
    {"strictly_right_of", ">>", false},
    {"not_extend_right_of", "&<", false},
    {"not_extend_left_of", "&>", false},
    {"adjacent_to", "-|-", false},
};
template <size_t index>
Value named_operator(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  const NamedOperator& row = kNamed[index];
  Value problem;
  Coercion how{.beside = self};
  if (row.text[0] == '@' && expr::affinity_of(self->type) == expr::Affinity::json)
    how.type = expr::plain_type(Family::text);
  const Ptr right = coerce(in, args[0], problem, how);
  if (!right)
    return problem;
  return wrap(in, expr::operate(self, right,
                                expr::custom_operator(row.text, 5, true, row.self_precedent,
                                                      row.self_precedent),
                                expr::plain_type(Family::boolean)));
}

Value as_type(Interpreter& in, const Args& args, const expr::TypePtr& type) {
  const Ptr self = self_of(args);
  if (self->kind != expr::Kind::binary ||
      (self->op.op != Op::json_getitem && self->op.op != Op::json_path_getitem))
    return in.raise("TypeError", "the JSON cast operators only work with a JSON index expression");
  return wrap(in, expr::with_type(self, type));
}
expr::TypePtr named_type(const char* sql, Family family) {
  Type type;
  type.sql = sql;
  type.family = family;
  return expr::make_type(std::move(type));
}
Value as_numeric(Interpreter& in, const Args& args) {
  const Value precision = in.str(args[0]);
  const Value scale = in.str(args[1]);
  if (!precision.is(py::Type::string) || !scale.is(py::Type::string))
    return {};
  return as_type(in, args,
                 named_type(fmt::format("NUMERIC({}, {})", precision.as<py::Str>()->text,
                                        scale.as<py::Str>()->text)
                                .c_str(),
                            Family::numeric));
}

constexpr py::NativeRow kMethods[] = {
    {"has_key", "other", known<named_operator<0>>},
    {"has_all", "other", known<named_operator<1>>},
    {"has_any", "other", known<named_operator<2>>},
    {"contained_by", "other", known<named_operator<3>>},
    {"overlap", "other", known<named_operator<4>>},
    {"overlaps", "other", known<named_operator<5>>},
    {"path_exists", "other", known<named_operator<6>>},
    {"path_match", "other", known<named_operator<7>>},
    {"strictly_left_of", "other", known<named_operator<9>>},
    {"strictly_right_of", "other", known<named_operator<10>>},
    {"not_extend_right_of", "other", known<named_operator<11>>},
    {"not_extend_left_of", "other", known<named_operator<12>>},
    {"adjacent_to", "other", known<named_operator<13>>},
    {"as_string", "",
     [](Interpreter& in, const Args& args) {
       return as_type(in, args, expr::plain_type(Family::text));
     }},
    {"as_integer", "",
     [](Interpreter& in, const Args& args) {
       return as_type(in, args, expr::plain_type(Family::integer));
     }},
    {"as_float", "",
     [](Interpreter& in, const Args& args) {
       return as_type(in, args, named_type("FLOAT", Family::numeric));
     }},
    {"as_boolean", "",
     [](Interpreter& in, const Args& args) {
       return as_type(in, args, expr::plain_type(Family::boolean));
     }},
    {"as_numeric", "precision, scale, asdecimal=True", known<as_numeric>},
    {"as_json", "", [](Interpreter&, const Args& args) { return args.self; }},
};

}  // namespace

std::span<const py::NativeRow> container_methods() { return kMethods; }

}  // namespace retort::sa
