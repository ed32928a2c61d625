// Archives that are the same bytes on every machine: names sorted, one time for all, no owner.
#pragma once

#include "common/disk.h"

#include <span>
#include <string>
#include <string_view>

namespace retort::bundle {

// Below a folder of that name. `time` is in seconds since 1970.
std::string tar_archive(std::string_view folder, std::span<const NewFile> files, int64_t time);
// Stored, not compressed: a ticket is small, and compressors differ.
std::string zip_archive(std::string_view folder, std::span<const NewFile> files, int64_t time);

}  // namespace retort::bundle
