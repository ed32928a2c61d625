// textwrap and string.
#include "common/utf8.h"
#include "compiler/python/stdlib/modules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

struct Line {
  size_t begin;
  size_t end;   // without its line end
  size_t next;  // with it
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({at, end, std::min(end + 1, text.size())});
    at = end + 1;
  }
  return lines;
}

// As Python 3.13 and older: lines of blanks only become empty, and do not count for the margin.
Value dedent(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  const std::string_view all = text->text;
  const auto blanks = [&](const Line& line) {
    return std::min(all.find_first_not_of(" \t", line.begin), line.end) - line.begin;
  };
  std::optional<std::string_view> margin;
  for (const Line& line : lines_of(all)) {
    const size_t indent = blanks(line);
    if (line.begin + indent == line.end)
      continue;
    const std::string_view own = all.substr(line.begin, indent);
    if (!margin || margin->starts_with(own)) {
      margin = own;
    } else if (!own.starts_with(*margin)) {
      size_t common = 0;
      while (common < margin->size() && common < own.size() && (*margin)[common] == own[common])
        ++common;
      margin = margin->substr(0, common);
    }
  }
  const size_t cut = margin ? margin->size() : 0;
  Text out;
  out.at = text->at;
  for (const Line& line : lines_of(all)) {
    if (line.begin + blanks(line) == line.end) {
      out.append(*text, line.end, line.next);
      continue;
    }
    out.append(*text, line.begin + cut, line.next);
  }
  return in.text(std::move(out));
}

Value indent(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  const Str* prefix = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem) || !text_of(in, args[1], prefix, problem))
    return problem;
  if (text->text.find('\r') != std::string::npos)
    return in.unknown(Cause::Kind::unsupported, "indent() of such line ends");
  Text out;
  out.at = text->at;
  for (const Line& line : lines_of(text->text)) {
    if (std::string_view(text->text)
            .substr(line.begin, line.end - line.begin)
            .find_first_not_of(" \t\f\v") != std::string_view::npos)
      out.append(*prefix);
    out.append(*text, line.begin, line.next);
  }
  return in.text(std::move(out));
}

constexpr NativeRow kTextwrapFunctions[] = {
    {"dedent", "text", dedent},
    {"indent", "text, prefix", indent},
};

template <size_t kIndex>
Value letters(Interpreter& in) {
  constexpr std::string_view kTexts[] = {"abcdefghijklmnopqrstuvwxyz",
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                         "0123456789",
                                         "0123456789abcdefABCDEF",
                                         "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
                                         " \t\n\r\v\f",
                                         "01234567"};
  return in.text(kTexts[kIndex]);
}
constexpr ConstantRow kStringConstants[] = {
    {"ascii_lowercase", letters<0>}, {"ascii_uppercase", letters<1>}, {"ascii_letters", letters<2>},
    {"digits", letters<3>},          {"hexdigits", letters<4>},       {"punctuation", letters<5>},
    {"whitespace", letters<6>},     {"octdigits", letters<7>},
};

// --- string.Template ------------------------------------------------------------------------------

struct Template : Foreign {
  const Str* text = nullptr;
  std::string_view type_name() const override { return "string.Template"; }
  Value get(Interpreter& in, std::string_view name) override;
};

bool name_char(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (!first && c >= '0' && c <= '9');
}

Value substituted(Interpreter& in, const Args& args, bool safe) {
  const Str& text = *static_cast<Template*>(args.self.as<Foreign>())->text;
  const Dict& options = *args[1].as<Dict>();
  const std::string_view all = text.text;
  // Letters beyond ASCII may or may not be part of a name.
  if (!text.ascii())
    return in.unknown(Cause::Kind::unsupported, "this template is not interpreted");
  Text out;
  out.at = text.at;
  for (size_t at = 0; at < all.size();) {
    const size_t mark = std::min(all.find('$', at), all.size());
    out.append(text, at, mark);
    at = mark;
    if (mark == all.size())
      break;
    if (all.substr(mark).starts_with("$$")) {
      out.append(text, mark, mark + 1);
      at = mark + 2;
      continue;
    }
    const bool braced = mark + 1 < all.size() && all[mark + 1] == '{';
    const size_t from = mark + (braced ? 2 : 1);
    size_t to = from;
    while (to < all.size() && name_char(all[to], to == from))
      ++to;
    const bool good = to > from && (!braced || (to < all.size() && all[to] == '}'));
    if (!good) {
      if (!safe)
        return in.raise("ValueError", "Invalid placeholder in string");
      out.append(text, mark, mark + 1);
      at = mark + 1;
      continue;
    }
    const Value key = in.text(all.substr(from, to - from));
    Value value = key ? in.dict_get(options.table, key) : Value();
    if (!value && !in.unwinding() && args[0]) {
      const Value given = in.plain(args[0]);
      if (given.is_unknown())
        return in.poison(given);
      if (!given.is(Type::dict))
        return in.unknown(Cause::Kind::unsupported, "this mapping is not interpreted");
      value = in.dict_get(given.as<Dict>()->table, key);
    }
    if (in.unwinding())
      return {};
    at = to + (braced ? 1 : 0);
    if (!value) {
      if (!safe)
        return in.raise("KeyError", key);
      out.append(text, mark, at);
      continue;
    }
    const Value shown = in.str(value);
    if (!shown.is(Type::string))
      return shown.is_unknown() ? in.poison(shown) : shown;
    out.append(*shown.as<Str>());
    if (!in.step() || (out.text.size() > in.limits().text && !in.charge(out.text.size())))
      return {};
  }
  return in.text(std::move(out));
}

Value Template::get(Interpreter& in, std::string_view name) {
  static constexpr NativeRow kStrict = {
      "substitute", "mapping=?, /, **kws",
      [](Interpreter& inner, const Args& args) { return substituted(inner, args, false); }};
  static constexpr NativeRow kSafe = {
      "safe_substitute", "mapping=?, /, **kws",
      [](Interpreter& inner, const Args& args) { return substituted(inner, args, true); }};
  if (name == "template")
    return const_cast<Str*>(text);
  if (name == "substitute" || name == "safe_substitute")
    return in.native(name == "substitute" ? kStrict : kSafe, this);
  return in.unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", name));
}

Value make_template(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  Template* const made = in.make<Template>();
  made->text = text;
  return made;
}
constexpr NativeRow kStringFunctions[] = {{"Template", "template", make_template}};

}  // namespace

const TableModule::Content kTextwrapModule = {"textwrap", kTextwrapFunctions, {}, {}};
const TableModule::Content kStringModule = {"string", kStringFunctions, {}, kStringConstants};

}  // namespace retort::py
