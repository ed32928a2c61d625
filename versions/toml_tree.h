// A TOML file in, a plain tree with the place of every key and value out. toml++ stays behind it.
#pragma once

#include "common/diagnostic.h"
#include "common/result.h"
#include "common/source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct TomlEntry;

struct Toml {
  enum class Kind : uint8_t { string, integer, real, boolean, time, array, table };

  Kind kind = Kind::table;
  Loc at;
  std::string text;    // of a string; of a date or time as TOML writes it
  int64_t number = 0;  // of an integer or boolean
  double real = 0;
  bool compact = false;  // a table in braces
  std::vector<Toml> items;
  std::vector<TomlEntry> entries;  // in the order of the file

  const TomlEntry* find(std::string_view key) const;
  // The table at `a`, `b`, … below this one, or null.
  const Toml* table(std::initializer_list<std::string_view> keys) const;
};

struct TomlEntry {
  std::string key;
  Loc key_at;
  Toml value;
};

// "a string", "an array": for messages.
std::string_view to_string(Toml::Kind kind);

struct TomlError {
  Loc at;
  std::string reason;  // without a full stop
};
using TomlResult = Expected<Toml, TomlError>;

// The error is for the caller to word. Places are in `file`, also when it is a derived buffer.
TomlResult read_toml(const Sources& sources, FileId file);

// The same for a configuration file: the error is reported.
Result<Toml> parse_toml(Diagnostics& diagnostics, const Sources& sources, FileId file);

}  // namespace retort
