#include "tests/fuzz/seeds.h"

#include "common/disk.h"

#include <string>

namespace retort::fuzz {

void write_seeds(int argc, char** argv, std::span<const std::string_view> seeds) {
  for (int i = 1; i < argc; ++i) {
    const std::string folder = argv[i];
    if (folder.starts_with('-') || real_disk().kind(folder) != EntryKind::folder)
      continue;
    size_t number = 0;
    for (const std::string_view seed : seeds)
      if (!write_file(folder + "/seed-" + std::to_string(number++), seed))
        std::fprintf(stderr, "no seed could be written to %s\n", folder.c_str());
    return;
  }
}

}  // namespace retort::fuzz
