// Ini files by the rules of Python's configparser: text in, sections with values out, each with
// the place where it stands.
#pragma once

#include "common/diagnostic.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

struct IniValue {
  std::string text;  // lines joined with a line feed; as written until `Ini::get` substitutes
  Loc at;            // the value, continuation lines included
  Loc key_at;
};

struct IniSection {
  Loc at;                                               // its name
  std::map<std::string, IniValue, std::less<>> values;  // by key in lower case
};

class Ini {
public:
  bool has_section(std::string_view name) const { return section(name) != nullptr; }
  const IniSection* section(std::string_view name) const;
  std::vector<std::string_view> section_names() const;  // in the order of the alphabet

  // As written: of the section, else of `[DEFAULT]`, as long as the section exists.
  const IniValue* raw(std::string_view section, std::string_view key) const;

  // Of the section and of `[DEFAULT]`.
  std::vector<std::string_view> keys(std::string_view section) const;

  // With `%(name)s` and `%%` replaced.
  Result<std::optional<IniValue>> get(Diagnostics& diagnostics, std::string_view section,
                                      std::string_view key) const;

private:
  friend Result<Ini> parse_ini(Diagnostics&, const Sources&, FileId, std::string);
  struct Substitution;

  std::map<std::string, IniSection, std::less<>> sections_;
  IniSection defaults_;
  std::string here_;
};

// `here` is what `%(here)s` stands for. Every line that fits no rule is reported.
Result<Ini> parse_ini(Diagnostics& diagnostics, const Sources& sources, FileId file,
                      std::string here);

}  // namespace retort
