// One value of a configuration file becomes the value of a setting.
#pragma once

#include "versions/config_source.h"

namespace retort {

// What a reader of values knows about where it stands.
struct ValueContext {
  Diagnostics& diagnostics;
  const Disk& disk;
  const ConfigSource& source;
  const Config& config;
  const SettingInfo& info;
};

// Sets value and origin. Folders of `package:folder` are left as they are.
Result<> set_from_toml(const ValueContext& context, const Toml& value, Config& config);
Result<> set_from_ini(const ValueContext& context, const IniValue& value, Config& config);

}  // namespace retort
