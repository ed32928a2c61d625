// Every request once on every call of one file, without an editor: what works there, and how fast.
#pragma once

#include "common/disk.h"

#include <string>

namespace retort::lsp {

struct CheckResult {
  std::string table;
  bool good = false;  // the file belongs to a chain, and every answer was one
};

CheckResult check_file(const Disk& disk, const std::string& path, unsigned threads);

}  // namespace retort::lsp
