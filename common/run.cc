#include "common/run.h"

#include "common/path.h"

namespace retort {

DiskResult<FileId> Run::load(const std::string& path) {
  DiskResult<std::string> text = disk.read(path);
  if (!text)
    return Unexpected{std::move(text.error())};
  return sources.add(shown_path(path), *std::move(text));
}

}  // namespace retort
