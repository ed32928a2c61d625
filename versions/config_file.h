// One configuration file in, its text in the sources out: UTF-8, without NUL, of sane size.
#pragma once

#include "common/run.h"

#include <string>

namespace retort {

// A byte order mark is kept in the text; the readers step over it.
Result<FileId> load_config_file(Run& run, const std::string& path);

}  // namespace retort
