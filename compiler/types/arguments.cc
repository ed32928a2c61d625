#include "compiler/types/arguments.h"

#include "common/text.h"

#include <algorithm>

namespace retort {

std::vector<Parameter> read_signature(std::string_view signature) {
  std::vector<Parameter> parameters;
  bool keyword_only = false;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i <= signature.size(); ++i) {
    const char c = i < signature.size() ? signature[i] : ',';
    depth += c == '(' || c == '{';
    depth -= c == ')' || c == '}';
    if (c != ',' || depth > 0)
      continue;
    std::string_view part = trim(signature.substr(begin, i - begin));
    begin = i + 1;
    if (part.empty())
      continue;
    Parameter parameter;
    parameter.kind = keyword_only ? Parameter::Kind::keyword_only : Parameter::Kind::usual;
    if (part.substr(0, 2) == "**") {
      parameter.kind = Parameter::Kind::keywords;
      part.remove_prefix(2);
    } else if (part[0] == '*') {
      keyword_only = true;
      part.remove_prefix(1);
      if (part.empty())
        continue;
      parameter.kind = Parameter::Kind::rest;
    }
    const size_t equals = part.find('=');
    parameter.name = part.substr(0, equals);
    if (equals != part.npos)
      parameter.fallback = part.substr(equals + 1);
    parameters.push_back(parameter);
  }
  return parameters;
}

Answer<TypeArguments> TypeArguments::bind(std::string_view signature, const TypeCall& call) {
  using Kind = Parameter::Kind;
  const std::vector<Parameter> parameters = read_signature(signature);
  TypeArguments bound;
  auto parameter = parameters.begin();
  for (const Datum& value : call.arguments) {
    while (parameter != parameters.end() && parameter->kind == Kind::keyword_only)
      ++parameter;
    if (parameter == parameters.end() || parameter->kind == Kind::keywords)
      return problem("`" + call.name + "` takes fewer positional arguments");
    if (parameter->kind == Kind::rest) {
      bound.rest_.push_back(value);
      continue;
    }
    bound.values_.emplace_back(parameter->name, value);
    ++parameter;
  }
  for (const auto& keyword : call.keywords) {
    const std::string& name = keyword.first;
    const bool known = std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& p) {
      return p.kind == Kind::keywords || (p.kind != Kind::rest && p.name == name);
    });
    if (!known)
      return problem("`" + call.name + "` has no parameter `" + name + "`", name);
    if (bound.given(name))
      return problem("`" + call.name + "` is given `" + name + "` twice", name);
    bound.values_.push_back(keyword);
  }
  for (const Parameter& p : parameters) {
    const bool named = p.kind == Kind::usual || p.kind == Kind::keyword_only;
    if (named && p.fallback.empty() && !bound.given(p.name))
      return problem("`" + call.name + "` misses its argument `" + std::string(p.name) + "`");
  }
  return bound;
}

bool TypeArguments::given(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& value) { return value.first == name; });
}

const Datum* TypeArguments::find(std::string_view name) const {
  for (const auto& [key, value] : values_)
    if (key == name)
      return value.is_none() ? nullptr : &value;
  return nullptr;
}

bool TypeArguments::flag(std::string_view name, bool fallback) const {
  if (!given(name))
    return fallback;
  const Datum* value = find(name);
  return value && is_true(*value);
}

Answer<std::optional<std::string>> TypeArguments::integer(std::string_view name) const {
  const Datum* value = find(name);
  if (!value)
    return std::optional<std::string>();
  if (const auto* number = value->as<int64_t>())
    return std::optional(std::to_string(*number));
  return problem("`" + std::string(name) + "` must be an integer", std::string(name));
}

Answer<std::optional<std::string>> TypeArguments::text(std::string_view name) const {
  const Datum* value = find(name);
  if (!value)
    return std::optional<std::string>();
  if (const auto* text = value->as<std::string>())
    return std::optional(*text);
  return problem("`" + std::string(name) + "` must be a string", std::string(name));
}

bool is_true(const Datum& value) {
  if (const auto* flag = value.as<bool>())
    return *flag;
  if (const auto* number = value.as<int64_t>())
    return *number != 0;
  if (const auto* text = value.as<std::string>())
    return !text->empty();
  if (const auto* list = value.as<List>())
    return !list->items.empty();
  if (const auto* dict = value.as<Dict>())
    return !dict->entries.empty();
  return !value.is_none();
}

}  // namespace retort
