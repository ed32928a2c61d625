#include "versions/toml_tree.h"

#include "common/utf8.h"

#include <algorithm>
#include <fmt/core.h>
#include <sstream>
#include <toml++/toml.h>

namespace retort {
namespace {

// toml++ limits nested values but not dotted keys, and frees its tables recursively.
constexpr size_t kMaxDots = 32;
// Deeper than any setting; a table below is left empty.
constexpr int kMaxDepth = 100;

// Turns line and code point column, as toml++ counts them, into byte offsets.
class Places {
public:
  Places(const Sources& sources, FileId file) : sources_(sources), file_(file) {}

  Loc loc(const toml::source_region& region) const {
    const uint32_t begin = offset(region.begin);
    return {file_, {begin, std::max(begin, offset(region.end))}};
  }

private:
  uint32_t offset(toml::source_position position) const {
    const std::string_view text = sources_.text(file_);
    const Span line = sources_.line_span(file_, std::max<uint32_t>(1, position.line));
    uint32_t at = line.begin;
    if (at == 0 && text.starts_with(utf8::kByteOrderMark))
      at = 3;
    for (uint32_t column = 1; column < position.column && at < line.end; ++column)
      at += utf8::decode(text, at).size;
    return at;
  }

  const Sources& sources_;
  FileId file_;
};

template <class T>
void set_time(Toml& result, const toml::value<T>& value) {
  std::ostringstream text;
  text << value.get();
  result.kind = Toml::Kind::time;
  result.text = text.str();
}

Toml converted(const toml::node& node, const Places& places, int depth) {
  Toml result;
  result.at = places.loc(node.source());
  if (depth > kMaxDepth)
    return result;
  switch (node.type()) {
  case toml::node_type::string:
    result.kind = Toml::Kind::string;
    result.text = node.as_string()->get();
    break;
  case toml::node_type::integer:
    result.kind = Toml::Kind::integer;
    result.number = node.as_integer()->get();
    break;
  case toml::node_type::boolean:
    result.kind = Toml::Kind::boolean;
    result.number = node.as_boolean()->get() ? 1 : 0;
    break;
  case toml::node_type::floating_point:
    result.kind = Toml::Kind::real;
    result.real = node.as_floating_point()->get();
    break;
  case toml::node_type::array:
    result.kind = Toml::Kind::array;
    for (const toml::node& item : *node.as_array())
      result.items.push_back(converted(item, places, depth + 1));
    break;
  case toml::node_type::table:
    result.kind = Toml::Kind::table;
    result.compact = node.as_table()->is_inline();
    for (const auto& [key, value] : *node.as_table())
      result.entries.push_back(
          {std::string(key.str()), places.loc(key.source()), converted(value, places, depth + 1)});
    std::stable_sort(result.entries.begin(), result.entries.end(),
                     [](const TomlEntry& a, const TomlEntry& b) {
                       return a.key_at.span.begin < b.key_at.span.begin;
                     });
    break;
  case toml::node_type::date: set_time(result, *node.as_date()); break;
  case toml::node_type::time: set_time(result, *node.as_time()); break;
  case toml::node_type::date_time: set_time(result, *node.as_date_time()); break;
  default: break;
  }
  return result;
}

// The end of the quoted string that begins at `at`: behind its closing quotes, or where its line
// (or, of three quotes, the text) ends.
size_t string_end(std::string_view text, size_t at) {
  const char quote = text[at];
  const bool many = text.substr(at).starts_with(std::string(3, quote));
  const std::string closing(many ? 3 : 1, quote);
  for (at += closing.size(); at < text.size(); ++at) {
    if (text.substr(at).starts_with(closing))
      return at + closing.size();
    if (text[at] == '\n' && !many)
      return at;
    if (text[at] == '\\' && quote == '"')
      ++at;
  }
  return text.size();
}

// Where a key may have more than kMaxDots parts. Dots side by side are no key and count once.
size_t first_deep_key(std::string_view text) {
  size_t dots = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\'')
      i = string_end(text, i) - 1;
    else if (text[i] == '#')
      i = std::min(text.find('\n', i), text.size()) - 1;
    else if (std::string_view("\n=,{}[]").find(text[i]) != std::string_view::npos)
      dots = 0;
    else if (text[i] == '.' && (i == 0 || text[i - 1] != '.') && ++dots > kMaxDots)
      return i;
  }
  return std::string_view::npos;
}

std::string lower_first(std::string_view words) {
  std::string result(words);
  while (result.ends_with('.') || result.ends_with('\n'))
    result.pop_back();
  if (result.size() > 1 && result[0] >= 'A' && result[0] <= 'Z' &&
      !(result[1] >= 'A' && result[1] <= 'Z'))
    result[0] = static_cast<char>(result[0] - 'A' + 'a');
  return result;
}

}  // namespace

const TomlEntry* Toml::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const TomlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

const Toml* Toml::table(std::initializer_list<std::string_view> keys) const {
  const Toml* here = this;
  for (const std::string_view key : keys) {
    const TomlEntry* const entry = here->find(key);
    if (!entry || entry->value.kind != Kind::table)
      return nullptr;
    here = &entry->value;
  }
  return here;
}

std::string_view to_string(Toml::Kind kind) {
  switch (kind) {
  case Toml::Kind::string: return "a string";
  case Toml::Kind::integer: return "an integer";
  case Toml::Kind::real: return "a floating-point number";
  case Toml::Kind::boolean: return "a boolean";
  case Toml::Kind::time: return "a date or time";
  case Toml::Kind::array: return "an array";
  case Toml::Kind::table: return "a table";
  }
  return "";
}

TomlResult read_toml(const Sources& sources, FileId file) {
  const std::string_view text = sources.text(file);
  if (const size_t deep = first_deep_key(text); deep != std::string_view::npos) {
    const uint32_t at = static_cast<uint32_t>(deep);
    return Unexpected{
        TomlError{{file, {at, at}}, fmt::format("key has more than {} parts", kMaxDots)}};
  }
  const Places places(sources, file);
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return Unexpected{
        TomlError{places.loc(parsed.error().source()), lower_first(parsed.error().description())}};
  return converted(parsed.table(), places, 0);
}

Result<Toml> parse_toml(Diagnostics& diagnostics, const Sources& sources, FileId file) {
  TomlResult read = read_toml(sources, file);
  if (!read)
    return diagnostics.fail("config/syntax", "toml", read.error().at,
                            std::move(read.error().reason));
  return *std::move(read);
}

}  // namespace retort
