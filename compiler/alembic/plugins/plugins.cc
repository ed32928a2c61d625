#include "compiler/alembic/plugins/plugins.h"

#include <algorithm>

namespace retort::alembic {

extern const Plugin kGivenTypes;  // of no package, but of compiler/given_values.cc

namespace {

constexpr const Plugin* kPlugins[] = {&kAlembicPostgresqlEnum, &kAlembicUtils, &kFlaskSqlAlchemy,
                                      &kGivenTypes};

}  // namespace

const Plugin* find_plugin(std::string_view module) {
  for (const Plugin* const plugin : kPlugins)
    if (module.substr(0, module.find('.')) == plugin->package)
      return plugin;
  return nullptr;
}

const Plugin* plugin_of_operation(std::string_view operation) {
  for (const Plugin* const plugin : kPlugins)
    if (std::find(plugin->operations.begin(), plugin->operations.end(), operation) !=
        plugin->operations.end())
      return plugin;
  return nullptr;
}

}  // namespace retort::alembic
