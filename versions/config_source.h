// Which configuration files there are: a request in, the parsed files out, strongest first.
#pragma once

#include "versions/config.h"

namespace retort {

struct ConfigSource {
  enum class Kind : uint8_t { retort_toml, tool_retort, ini, tool_alembic };
  Kind kind = Kind::retort_toml;
  bool named = false;  // by `-c`, not found by the search
  FileId file = FileId::none;
  std::string folder;
  Strings bases;  // where its relative folders are looked for
  Toml toml;      // the whole file, [tool.retort] or [tool.alembic]
  Ini ini;

  bool is_own() const { return kind == Kind::retort_toml || kind == Kind::tool_retort; }
};

struct ConfigSources {
  std::vector<ConfigSource> all;  // by precedence
  std::string stopped_at;         // the last folder that was searched, for messages
};

Result<ConfigSources> find_config(Run& run, const ConfigRequest& request);

}  // namespace retort
