// How configuration files spell folders: lists in ini files, `package:folder`, relative paths.
#pragma once

#include "common/disk.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// Pieces are stripped and empty ones dropped. `separator` is a name or character as
// `path_separator` allows; without one, `fallback` holds the characters of Alembic's old splitting
// (", " for version_locations, ", :" for prepend_sys_path).
std::vector<std::string> split_paths(std::string_view text, std::string_view separator,
                                     std::string_view fallback);

// `package.module:sub/path`: relative, with a colon.
bool is_in_package(std::string_view text);

// The folder that Python would find, looking into `roots` in order; nothing if none has the
// package.
std::optional<std::string> package_folder(const Disk& disk, std::string_view text,
                                          const std::vector<std::string>& roots);

// `text` below the first base where that folder exists, else below the first base.
std::string resolve_folder(const Disk& disk, const std::string& text,
                           const std::vector<std::string>& bases);

}  // namespace retort
