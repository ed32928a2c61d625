#include "versions/config_file.h"

#include "common/path.h"
#include "common/utf8.h"

#include <fmt/core.h>

namespace retort {

// The readers keep several copies of a value; a configuration of this size is a mistake anyway.
static constexpr size_t kMaxConfigSize = size_t{1} << 20;

Result<FileId> load_config_file(Run& run, const std::string& path) {
  const DiskResult<FileId> loaded = run.load(path);
  if (!loaded)
    return run.diagnostics.fail(
        "config/missing", "file", {},
        fmt::format("cannot read configuration `{}`: {}", shown_path(path), loaded.error().reason));

  const std::string_view text = run.sources.text(*loaded);
  const auto refuse = [&](size_t offset, std::string message) {
    const uint32_t at = static_cast<uint32_t>(offset);
    return run.diagnostics.fail("config/syntax", "encoding", {*loaded, {at, at}},
                                std::move(message));
  };
  if (text.size() > kMaxConfigSize)
    return refuse(0, "configuration is larger than 1 MiB");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return refuse(0, "file is encoded in UTF-16: save it as UTF-8");
  if (const size_t bad = utf8::first_invalid(text); bad != std::string_view::npos)
    return refuse(bad, "file is not UTF-8 from here on");
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    return refuse(nul, "file contains a NUL byte");
  return *loaded;
}

}  // namespace retort
