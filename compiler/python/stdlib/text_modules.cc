// textwrap, string and re.
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
                                         " \t\n\r\v\f"};
  return in.text(kTexts[kIndex]);
}
constexpr ConstantRow kStringConstants[] = {
    {"ascii_lowercase", letters<0>}, {"ascii_uppercase", letters<1>}, {"ascii_letters", letters<2>},
    {"digits", letters<3>},          {"hexdigits", letters<4>},       {"punctuation", letters<5>},
    {"whitespace", letters<6>},
};

// --- re: patterns are kept, but only those without any special character are run ---------------

bool is_plain(std::string_view pattern) {
  return pattern.find_first_of("\\.^$*+?{}[]|()\n") == pattern.npos;
}

Value sub(Interpreter& in, const Args& args) {
  const Str* pattern = nullptr;
  const Str* by = nullptr;
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], pattern, problem) || !text_of(in, args[2], text, problem))
    return problem;
  if (!args[1].is(Type::string) || !is_plain(pattern->text) || pattern->text.empty() ||
      args[1].as<Str>()->text.find('\\') != std::string::npos ||
      !args[3].as<Tuple>()->items.empty())
    return in.unknown(Cause::Kind::unsupported, "regular expressions are not interpreted");
  by = args[1].as<Str>();
  Text out;
  out.at = text->at;
  size_t at = 0;
  for (size_t found = text->text.find(pattern->text); found != std::string::npos;
       found = text->text.find(pattern->text, at)) {
    out.append(*text, at, found);
    out.append(*by);
    at = found + pattern->text.size();
  }
  out.append(*text, at);
  return in.text(std::move(out));
}

Value escape(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  std::string out;
  for (const char c : text->text) {
    if (std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return in.text(out);
}

Value pattern(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::unsupported, "regular expressions are not interpreted");
}
Value flag(Interpreter& in) {
  return in.unknown(Cause::Kind::unsupported, "regular expressions are not interpreted");
}

constexpr NativeRow kReFunctions[] = {
    {"sub", "pattern, repl, string, *rest", sub}, {"escape", "pattern", escape},
    {"compile", "*args, **kwargs", pattern},      {"match", "*args, **kwargs", pattern},
    {"fullmatch", "*args, **kwargs", pattern},    {"search", "*args, **kwargs", pattern},
    {"split", "*args, **kwargs", pattern},        {"findall", "*args, **kwargs", pattern},
    {"finditer", "*args, **kwargs", pattern},     {"subn", "*args, **kwargs", pattern},
};
constexpr ConstantRow kReConstants[] = {
    {"I", flag}, {"IGNORECASE", flag}, {"M", flag}, {"MULTILINE", flag},
    {"S", flag}, {"DOTALL", flag},     {"X", flag}, {"VERBOSE", flag},
};

}  // namespace

const TableModule::Content kTextwrapModule = {"textwrap", kTextwrapFunctions, {}, {}};
const TableModule::Content kStringModule = {"string", {}, {}, kStringConstants};
const TableModule::Content kReModule = {"re", kReFunctions, {}, kReConstants};

}  // namespace retort::py
