#include "cli/command.h"
#include "cli/config_show.h"
#include "cli/output.h"
#include "cli/project.h"
#include "versions/env_py.h"

namespace retort {

int config_show(Run& run, const Arguments& arguments, Output& output) {
  Result<Config> config = read_config(run, arguments.config);
  if (!config)
    return kUsage;
  read_env_py(run, *config);
  output.write(arguments.format == OutputFormat::json
                   ? config_json(*config, run.sources)
                   : config_text(*config, run.sources, arguments.origin));
  return kDone;
}

}  // namespace retort
