#include "compiler/python/natives.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

Value literal(Interpreter& in, std::string_view word) {
  if (word == "None")
    return Value::none();
  if (word == "True" || word == "False")
    return Value::of(word == "True");
  if (word.starts_with('\''))
    return in.text(word.substr(1, word.size() - 2));
  if (word == "()")
    return in.tuple({});
  return parse_integer(in, word, 10, false);
}

}  // namespace

std::vector<Parameter> parse_signature(Interpreter& in, std::string_view signature) {
  std::vector<Parameter> parameters;
  bool keyword_only = false;
  while (!signature.empty()) {
    size_t end = 0;
    for (bool quoted = false; end < signature.size() && (quoted || signature[end] != ','); ++end)
      quoted ^= signature[end] == '\'';
    std::string_view word = trim(signature.substr(0, end));
    signature.remove_prefix(std::min(signature.size(), end + 1));
    if (word == "/") {
      for (Parameter& before : parameters)
        before.kind = Parameter::Kind::positional_only;
      continue;
    }
    if (word == "*") {
      keyword_only = true;
      continue;
    }
    Parameter parameter;
    parameter.kind = keyword_only ? Parameter::Kind::keyword_only : Parameter::Kind::plain;
    if (word.starts_with("**")) {
      parameter.kind = Parameter::Kind::double_star;
      word.remove_prefix(2);
    } else if (word.starts_with('*')) {
      parameter.kind = Parameter::Kind::star;
      keyword_only = true;
      word.remove_prefix(1);
    }
    const size_t equals = word.find('=');
    parameter.name = word.substr(0, equals);
    if (equals != word.npos) {
      const std::string_view value = word.substr(equals + 1);
      parameter.optional = true;
      if (value != "?")
        parameter.fallback = literal(in, value);
    }
    parameters.push_back(parameter);
  }
  return parameters;
}

const NativeRow* find_row(std::span<const NativeRow> rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const NativeRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

Value Interpreter::native(const NativeRow& row, Value self, std::string_view owner) {
  Native* const result = make<Native>();
  result->row = &row;
  result->parameters = parse_signature(*this, row.signature);
  result->self = self;
  result->owner = owner;
  return result;
}

Value TableModule::get(Interpreter& in, std::string_view name) {
  if (const NativeRow* const row = find_row(content_.functions, name))
    return in.native(*row);
  for (const TypeRow& row : content_.types)
    if (row.name == name)
      return in.native_type(*row.type, content_.name);
  for (const ConstantRow& row : content_.constants)
    if (row.name == name)
      return row.make(in);
  return {};
}

bool text_of(Interpreter& in, Value value, const Str*& string, Value& problem) {
  const Value inner = in.plain(value);
  string = inner.as<Str>();
  if (string)
    return true;
  problem =
      inner.is_unknown()
          ? in.poison(inner)
          : in.raise("TypeError", fmt::format("a string is needed, not '{}'", in.type_name(value)));
  return false;
}

}  // namespace retort::py
