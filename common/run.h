// What one run of a command shares. Passed as Run&; there are no globals.
#pragma once

#include "common/diagnostic.h"
#include "common/disk.h"
#include "common/parallel.h"
#include "common/source.h"

namespace retort {

struct Run {
  const Disk& disk = real_disk();
  unsigned threads = default_threads();
  Sources sources;
  Diagnostics diagnostics;

  // Reads a file into the sources; the error, if any, is for the caller to word.
  DiskResult<FileId> load(const std::string& path);
};

}  // namespace retort
