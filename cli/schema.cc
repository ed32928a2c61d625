// `retort schema`: the JSON Schema of an output.
#include "cli/schema.h"

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "common/run.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {

int schema(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.revisions.empty()) {
    for (const Schema& each : kSchemas)
      output.write(fmt::format("{}\n", each.name));
    return kDone;
  }
  const std::string& wanted = arguments.revisions.front();
  const auto found = std::find_if(kSchemas.begin(), kSchemas.end(), [&](const Schema& each) {
    // `retort.findings/1` is what stands in the output.
    return each.name == wanted || fmt::format("retort.{}/1", each.name) == wanted;
  });
  if (found != kSchemas.end()) {
    output.write(found->text);
    return kDone;
  }
  std::string names;
  for (const Schema& each : kSchemas)
    names += fmt::format("{}`{}`", names.empty() ? "" : ", ", each.name);
  run.diagnostics.report(Level::error, "usage/options", "", {},
                         fmt::format("there is no schema `{}`: it is one of {}", wanted, names));
  return kUsage;
}

}  // namespace retort
