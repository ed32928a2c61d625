// String literals and f-strings, with the map of their bytes.
#include "common/utf8.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"
#include "grammars/python/literal.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

std::string_view prefix_of(Node string) {
  const std::string_view text = string.text();
  return text.substr(0, text.find_first_of("'\""));
}

bool has_letter(std::string_view prefix, char letter) {
  return std::any_of(prefix.begin(), prefix.end(), [&](char c) { return (c | 0x20) == letter; });
}

}  // namespace

Value Interpreter::eval_string(Node node) {
  here_ = loc(node);
  Text out;
  out.at = here_;
  Value problem;
  if (has_letter(prefix_of(node), 'b')) {
    if (!append_literal(node, out, problem))
      return problem;
    return bytes(std::move(out.text));
  }
  if (has_letter(prefix_of(node), 't'))
    return unknown(Cause::Kind::unsupported, "template strings are not interpreted");
  const bool good = has_letter(prefix_of(node), 'f') ? append_formatted(node, out, problem)
                                                     : append_literal(node, out, problem);
  here_ = loc(node);
  return good ? text(std::move(out)) : problem;
}

Value Interpreter::eval_concatenated(Node node) {
  Text out;
  out.at = loc(node);
  Value problem;
  bool is_bytes = false;
  for (const Node part : node.children()) {
    is_bytes |= has_letter(prefix_of(part), 'b');
    const bool good = has_letter(prefix_of(part), 'f') ? append_formatted(part, out, problem)
                                                       : append_literal(part, out, problem);
    if (!good)
      return problem;
  }
  here_ = loc(node);
  if (is_bytes)
    return bytes(std::move(out.text));
  return text(std::move(out));
}

bool Interpreter::append_literal(Node node, Text& out, Value& problem) {
  StringValue value;
  const std::string_view source = scope_->module->source->tree->source();
  const Expected<Nothing, LiteralError> read = append_string(source, node.span(), value);
  if (!read) {
    here_ = {scope_->module->source->file, read.error().at};
    problem = unknown(Cause::Kind::unsupported, read.error().message);
    return false;
  }
  out.append(value.text, scope_->module->source->file, value.pieces);
  return true;
}

// The text around the `{…}` is what lies between the interpolations.
bool Interpreter::append_formatted(Node node, Text& out, Value& problem) {
  const std::string_view source = scope_->module->source->tree->source();
  const FileId file = scope_->module->source->file;
  const uint32_t start = string_start(source, node.span().begin);
  const auto prefix = static_cast<uint32_t>(prefix_of(node).size());
  const bool raw = has_letter(prefix_of(node), 'r');
  uint32_t at = node.span().begin + start;
  const uint32_t end = node.span().end - (start - prefix);
  const auto literal = [&](uint32_t upto) {
    StringValue value;
    const Expected<Nothing, LiteralError> read =
        append_string_content(source, {at, upto}, {raw, false, true}, value);
    if (!read) {
      here_ = {file, read.error().at};
      problem = unknown(Cause::Kind::unsupported, read.error().message);
      return false;
    }
    out.append(value.text, file, value.pieces);
    return true;
  };
  for (const Node child : node.children()) {
    if (child.kind() != Kind::interpolation)
      continue;
    if (!literal(child.span().begin) || !append_interpolation(child, out, problem))
      return false;
    at = child.span().end;
  }
  return literal(end);
}

bool Interpreter::append_interpolation(Node node, Text& out, Value& problem) {
  const std::string_view source = scope_->module->source->tree->source();
  const Node expression = node.child(Field::expression);
  const Node conversion = node.child(Field::type_conversion);
  const Node specifier = node.child(Field::format_specifier);
  const Value value = eval(expression);
  problem = {};
  if (!value)
    return false;

  std::string spec;
  if (specifier) {
    uint32_t at = specifier.span().begin + 1;
    for (const Node child : specifier.children()) {
      spec += source.substr(at, child.span().begin - at);
      at = child.span().end;
      const Value inner = eval(child.child(Field::expression));
      if (!inner)
        return false;
      const Value words = format(inner, "");
      const Str* const string = words.as<Str>();
      if (!string) {
        problem = words;
        return false;
      }
      spec += string->text;
    }
    spec += source.substr(at, specifier.span().end - at);
    if (spec.find('\\') != spec.npos) {
      problem = unknown(Cause::Kind::unsupported, "escapes in a format are not interpreted");
      return false;
    }
  }
  here_ = loc(node);

  // `{x=}` writes itself.
  size_t after = expression.span().end;
  while (after < node.span().end && (source[after] == ' ' || source[after] == '\n'))
    ++after;
  const bool shows_itself = source[after] == '=' && after < node.span().end;
  if (shows_itself) {
    size_t rest = after + 1;
    while (source[rest] == ' ')
      ++rest;
    const uint32_t from = node.span().begin + 1;
    out.append(source.substr(from, rest - from), loc(node));
  }

  Value shown = value;
  const std::string_view kind = conversion.text();
  if (kind == "!r" || (shows_itself && !conversion && !specifier))
    shown = repr(value);
  else if (kind == "!s")
    shown = str(value);
  else if (kind == "!a") {
    shown = repr(value);
    if (const Str* const words = shown.as<Str>(); words && !words->ascii())
      shown = unknown(Cause::Kind::unsupported, "ascii() of such text is not interpreted");
  }
  const Value words = !shown || shown.is_unknown() ? shown : format(shown, spec);
  if (words.is_unknown()) {
    out.append_unknown(words);
    return true;
  }
  const Str* const string = words.as<Str>();
  if (!string) {
    problem = words;
    return false;
  }
  if (!charge(out.text.size() + string->text.size()))
    return false;
  // Text that was written in this file leads back there, anything else to the braces.
  if (value.is(Type::string) && spec.empty() && kind != "!r" && !string->pieces.empty() &&
      string->at.file == here_.file)
    out.append(*string);
  else
    out.append(string->text, loc(node));
  return true;
}

}  // namespace retort::py
