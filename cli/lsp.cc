// `retort lsp`: the language server, over standard input and output.
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "common/path.h"
#include "common/run.h"
#include "editors/server/check.h"
#include "editors/server/server.h"

#include <unistd.h>

namespace retort {

int language_server(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.checked_file.empty())
    return lsp::serve(STDIN_FILENO, STDOUT_FILENO, {arguments.log_file, run.threads});
  const lsp::CheckResult result =
      lsp::check_file(run.disk, absolute_path(arguments.checked_file), run.threads);
  output.write(result.table);
  return result.good ? kDone : kFindings;
}

}  // namespace retort
