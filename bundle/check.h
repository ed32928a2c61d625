// Questions about a bundle that somebody has in front of them.
#pragma once

#include "bundle/contents.h"
#include "common/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::bundle {

struct Check {
  bool good = true;
  std::string text;                   // a line for each thing that was looked at
  std::vector<std::string> from, to;  // rows, as the manifest has them
  std::optional<Request> request;     // what it was built from; none: the manifest is not readable
  std::vector<NewFile> files;         // as they are
};

// All files there, none changed, none added. Logs in `evidence/` and signatures may be.
Check check_folder(const Disk& disk, const std::string& folder);
// The log of its run: did it come to its end, and where does it leave the database?
void check_log(const std::string& log, Check& check);
// The bundle is what is built now.
void compare_with(std::span<const NewFile> built, Check& check);

// What differs between two bundles; empty: nothing.
Expected<std::string, std::string> difference(const Disk& disk, const std::string& a,
                                              const std::string& b);

}  // namespace retort::bundle
