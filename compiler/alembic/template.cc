#include "compiler/alembic/template.h"

#include "common/text.h"
#include "compiler/ops/ops.h"
#include "compiler/python/objects.h"
#include "compiler/sqlalchemy/datum.h"
#include "grammars/postgres/split.h"

#include <charconv>
#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Interpreter;
using py::Value;

struct Template : py::Foreign {
  Operations* operations = nullptr;
  std::string_view name;
  std::string text;

  std::string_view type_name() const override { return "method"; }
  bool callable() const override { return true; }
  bool effectful() const override { return true; }
  Value call(Interpreter& in, const Args& args) override;
};

Value argument(const Args& args, std::string_view name) {
  size_t position = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), position);
  if (error == std::errc() && end == name.data() + name.size())
    return position < args.positional.size() ? args.positional[position] : Value();
  for (const py::Keyword& keyword : args.keywords)
    if (keyword.name == name)
      return keyword.value;
  return {};
}

// Nothing, with `problem` to return: an unknown, or nothing after an exception.
std::optional<std::string> shown(Interpreter& in, Value value, bool literal, Value& problem) {
  problem = value;
  if (value.is_unknown())
    return std::nullopt;
  if (value.is(py::Type::list) || value.is(py::Type::tuple)) {
    std::vector<Value> items;
    if (!in.collect(value, items, problem))
      return std::nullopt;
    std::vector<std::string> parts;
    for (const Value item : items) {
      std::optional<std::string> part = shown(in, item, literal, problem);
      if (!part)
        return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return join(parts, ", ");
  }
  if (literal) {
    const Answer<Datum> datum = sa::datum_of(in, value);
    const Answer<Sql> sql = datum ? inline_literal(*datum) : Answer<Sql>(Unexpected{datum.error()});
    if (sql)
      return sql->text;
    problem = in.raise("TypeError", sql.error().message);
    return std::nullopt;
  }
  const Value text = in.str(value);
  problem = text;
  const py::Str* const string = text.as<py::Str>();
  return string ? std::optional(string->text) : std::nullopt;
}

Value Template::call(Interpreter& in, const Args& args) {
  std::string sql;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool doubled = at + 1 < text.size() && text[at + 1] == text[at];
    const size_t end = text[at] == '{' && !doubled ? text.find('}', at) : std::string::npos;
    if ((text[at] != '{' && text[at] != '}') || doubled || end == std::string::npos) {
      sql += text[at];
      at += (text[at] == '{' || text[at] == '}') && doubled ? 1 : 0;
      continue;
    }
    std::string_view field = std::string_view(text).substr(at + 1, end - at - 1);
    const bool literal = field.ends_with("!r");
    if (literal)
      field.remove_suffix(2);
    const Value value = argument(args, field);
    if (!value) {
      in.hole("compile/refused", "template", args.at,
              fmt::format("`{{{}}}` in the template of `{}` is no argument of this call", field,
                          name))
          .note("a keyword is named as the call writes it, a positional argument by its number "
                "from 0");
      return Value::none();
    }
    Value problem;
    const std::optional<std::string> part = shown(in, value, literal, problem);
    if (!part) {
      if (problem)
        in.unknown_hole("argument", args.at,
                        fmt::format("what `{}` is given cannot be known", name), problem);
      return problem ? Value::none() : Value();
    }
    sql += *part;
    at = end;
  }
  Statements statements;
  for (const pg::Statement& piece : pg::split(sql).statements)
    statements.push_back({sql.substr(piece.span.begin, piece.span.size())});
  operations->add(in, "template", std::move(statements), args.at);
  return Value::none();
}

}  // namespace

Value make_template(Interpreter& in, Operations& operations, std::string_view name,
                    std::string_view text) {
  Template* const made = in.make<Template>();
  made->operations = &operations;
  made->name = in.heap().intern(name);
  made->text = text;
  return made;
}

}  // namespace retort::alembic
