// Packages whose operations or classes retort knows: each a module in Python, which the interpreter
// runs in place of the installed one. A new one is a file here and a line in plugins.cc.
#pragma once

#include <span>
#include <string_view>

namespace retort::alembic {

struct Plugin {
  std::string_view package;  // and all modules below it
  std::string_view source;
  std::span<const std::string_view> operations;  // that importing it in env.py registers
};

extern const Plugin kAlembicPostgresqlEnum, kAlembicUtils, kFlaskSqlAlchemy;

const Plugin* find_plugin(std::string_view module);  // by dotted name, or null
const Plugin* plugin_of_operation(std::string_view operation);

}  // namespace retort::alembic
