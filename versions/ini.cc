#include "versions/ini.h"

#include "common/text.h"
#include "common/utf8.h"

#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kDefaultSection = "DEFAULT";
constexpr int kMaxSubstitutionDepth = 10;  // MAX_INTERPOLATION_DEPTH of configparser
constexpr size_t kMaxSubstitutedSize = size_t{1} << 16;

// What Python's str.strip() takes away.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

Span stripped(std::string_view text, Span span) {
  while (!span.empty()) {
    const utf8::Char c = utf8::decode(text.substr(0, span.end), span.begin);
    if (!is_space(c.code))
      break;
    span.begin += c.size;
  }
  while (!span.empty()) {
    uint32_t last = span.end - 1;
    while (last > span.begin && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80)
      --last;
    if (!is_space(utf8::decode(text, last).code))
      break;
    span.end = last;
  }
  return span;
}

std::string_view slice(std::string_view text, Span span) {
  return text.substr(span.begin, span.size());
}

}  // namespace

// Goes through the lines once. configparser's terms: a line indented deeper than the key it
// follows continues the value; an empty line belongs to the value, a comment line does not.
class IniParser {
public:
  IniParser(Diagnostics& diagnostics, const Sources& sources, FileId file,
            std::map<std::string, IniSection, std::less<>>& sections, IniSection& defaults)
      : diagnostics_(diagnostics), file_(file), text_(sources.text(file)), sections_(sections),
        defaults_(defaults) {}

  Result<> run() {
    uint32_t begin = text_.starts_with(utf8::kByteOrderMark) ? 3 : 0;
    while (begin < text_.size()) {
      const size_t found = text_.find_first_of("\r\n", begin);
      const uint32_t end = static_cast<uint32_t>(std::min(found, text_.size()));
      read_line({begin, end});
      begin = text_.substr(end).starts_with("\r\n") ? end + 2 : end + 1;
    }
    finish_value();
    return result_;
  }

private:
  void read_line(Span line) {
    const Span content = stripped(text_, line);
    if (content.empty()) {
      if (value_)
        value_->text += '\n';
      return;
    }
    const char first = text_[content.begin];
    if (first == '#' || first == ';')
      return;
    const size_t indent = utf8::count(slice(text_, {line.begin, content.begin}));
    if (value_ && indent > indent_) {
      value_->text += '\n';
      value_->text += slice(text_, content);
      value_->at.span.end = content.end;
      return;
    }
    finish_value();
    indent_ = indent;
    const size_t bracket = slice(text_, content).rfind(']');
    if (first == '[' && bracket != std::string_view::npos && bracket > 1)
      open_section({content.begin + 1, content.begin + static_cast<uint32_t>(bracket)});
    else if (!section_)
      complain(content, "setting stands before the first `[section]`");
    else
      read_key(content);
  }

  void open_section(Span name) {
    section_name_ = slice(text_, name);
    if (section_name_ == kDefaultSection) {
      section_ = &defaults_;
      return;
    }
    const auto [place, added] = sections_.try_emplace(section_name_, IniSection{{file_, name}, {}});
    section_ = &place->second;
    if (!added)
      complain(name, fmt::format("section `[{}]` stands twice", section_name_), section_->at);
  }

  void read_key(Span content) {
    const size_t delimiter = slice(text_, content).find_first_of("=:");
    if (delimiter == std::string_view::npos) {
      complain(content, "line is no `key = value`, no `[section]` and continues no value");
      return;
    }
    const uint32_t middle = content.begin + static_cast<uint32_t>(delimiter);
    const Span key_at = stripped(text_, {content.begin, middle});
    const Span value_at = stripped(text_, {middle + 1, content.end});
    if (key_at.empty()) {
      complain(content, "setting has no name");
      return;
    }
    std::string key = lower(slice(text_, key_at));
    const auto [place, added] = section_->values.try_emplace(
        std::move(key),
        IniValue{std::string(slice(text_, value_at)), {file_, value_at}, {file_, key_at}});
    if (added)
      value_ = &place->second;
    else
      complain(key_at, fmt::format("`{}` stands twice in `[{}]`", place->first, section_name_),
               place->second.key_at);
  }

  void finish_value() {
    if (value_) {  // empty lines at the end go, those at the beginning stay
      std::string& text = value_->text;
      const Span kept = stripped(text, {0, static_cast<uint32_t>(text.size())});
      text.resize(kept.empty() ? 0 : kept.end);
    }
    value_ = nullptr;
  }

  void complain(Span at, std::string message, Loc first = {}) {
    Diagnostic problem{"config/syntax", "", Level::error, {file_, at}, std::move(message), {}, {}};
    if (first.file != FileId::none)
      problem.note(first, "first here");
    result_ = diagnostics_.fail(std::move(problem));
  }

  Diagnostics& diagnostics_;
  FileId file_;
  std::string_view text_;
  std::map<std::string, IniSection, std::less<>>& sections_;
  IniSection& defaults_;
  std::string section_name_;
  IniSection* section_ = nullptr;
  IniValue* value_ = nullptr;  // the one that a deeper line continues
  size_t indent_ = 0;
  Result<> result_ = Nothing{};
};

Result<Ini> parse_ini(Diagnostics& diagnostics, const Sources& sources, FileId file,
                      std::string here) {
  Ini ini;
  ini.here_ = std::move(here);
  TRY(IniParser(diagnostics, sources, file, ini.sections_, ini.defaults_).run());
  return ini;
}

const IniSection* Ini::section(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Ini::section_names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, section] : sections_)
    names.push_back(name);
  return names;
}

const IniValue* Ini::raw(std::string_view name, std::string_view key) const {
  const IniSection* const own = section(name);
  if (!own)
    return nullptr;
  if (const auto found = own->values.find(key); found != own->values.end())
    return &found->second;
  const auto found = defaults_.values.find(key);
  return found == defaults_.values.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Ini::keys(std::string_view name) const {
  std::vector<std::string_view> result;
  const IniSection* const own = section(name);
  if (!own)
    return result;
  for (const auto* const values : {&own->values, &defaults_.values})
    for (const auto& [key, value] : *values)
      result.push_back(key);
  return result;
}

// Appends to `out`; on trouble fills `problem` and stops.
struct Ini::Substitution {
  const Ini& ini;
  std::string_view section;
  std::string out;
  std::string problem;
  bool unknown_name = false;

  bool append(std::string_view rest, int depth) {
    if (depth > kMaxSubstitutionDepth)
      return stop("substitutions nest deeper than ten levels");
    while (!rest.empty()) {
      const size_t percent = std::min(rest.find('%'), rest.size());
      out += rest.substr(0, percent);
      rest.remove_prefix(percent);
      if (out.size() > kMaxSubstitutedSize)
        return stop("substituted value is larger than 64 KiB");
      if (rest.empty())
        return true;
      if (rest.starts_with("%%")) {
        out += '%';
        rest.remove_prefix(2);
        continue;
      }
      const size_t close = rest.find(')');
      if (!rest.starts_with("%(") || close == 2 || close == std::string_view::npos ||
          !rest.substr(close).starts_with(")s"))
        return stop("a percent sign stands alone: write `%%`, or `%(name)s` for another option");
      if (!append_option(lower(rest.substr(2, close - 2)), depth))
        return false;
      rest.remove_prefix(close + 2);
    }
    return true;
  }

  bool append_option(const std::string& name, int depth) {
    if (const IniValue* const value = ini.raw(section, name))
      return append(value->text, depth + 1);
    if (name == "here") {
      out += ini.here_;
      return true;
    }
    unknown_name = true;
    return stop(fmt::format("`%({})s` names no option of `[{}]` or `[DEFAULT]`", name, section));
  }

  bool stop(std::string message) {
    problem = std::move(message);
    return false;
  }
};

Result<std::optional<IniValue>> Ini::get(Diagnostics& diagnostics, std::string_view section,
                                         std::string_view key) const {
  const IniValue* const value = raw(section, key);
  if (!value)
    return std::optional<IniValue>{};
  Substitution substitution{*this, section, {}, {}};
  if (substitution.append(value->text, 1))
    return std::optional<IniValue>{{std::move(substitution.out), value->at, value->key_at}};

  Diagnostic failure{"config/value", "substitution", Level::error, value->at, {}, {}, {}};
  failure.message = fmt::format("value of `{}`: {}", key, substitution.problem);
  if (substitution.unknown_name)
    failure.note(
        "environment variables are not read: write the value out, or set it in retort.toml");
  return diagnostics.fail(std::move(failure));
}

}  // namespace retort
