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
                                         " \t\n\r\v\f"};
  return in.text(kTexts[kIndex]);
}
constexpr ConstantRow kStringConstants[] = {
    {"ascii_lowercase", letters<0>}, {"ascii_uppercase", letters<1>}, {"ascii_letters", letters<2>},
    {"digits", letters<3>},          {"hexdigits", letters<4>},       {"punctuation", letters<5>},
    {"whitespace", letters<6>},
};

}  // namespace

const TableModule::Content kTextwrapModule = {"textwrap", kTextwrapFunctions, {}, {}};
const TableModule::Content kStringModule = {"string", {}, {}, kStringConstants};

}  // namespace retort::py
