#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "common/memory.h"
#include "common/run.h"
#include "linter/report/text.h"

#include <algorithm>
#include <unistd.h>

namespace retort {
namespace {

bool wants_color(ColorChoice choice, int descriptor) {
  return choice == ColorChoice::always ||
         (choice == ColorChoice::automatic && is_terminal(descriptor));
}

void print_diagnostics(Run& run, const Arguments& arguments) {
  run.diagnostics.sort(run.sources);
  std::vector<Diagnostic> shown = run.diagnostics.all();
  std::erase_if(shown, [&](const Diagnostic& diagnostic) {
    return arguments.quiet ? diagnostic.level != Level::error
                           : diagnostic.level == Level::info && !arguments.verbose;
  });
  if (shown.empty())
    return;
  std::string text = to_text(shown, run.sources, wants_color(arguments.color, STDERR_FILENO));
  if (shown.size() > 1)
    text += summary(shown) + "\n";
  write_all(STDERR_FILENO, text);
}

int run_command(const Arguments& arguments) {
  const std::span<const Command> all = commands();
  const auto command = std::find_if(all.begin(), all.end(), [&](const Command& candidate) {
    return candidate.name == arguments.command;
  });
  Run run;
  Output output(arguments.format == OutputFormat::text &&
                wants_color(arguments.color, STDOUT_FILENO));
  const int code = command->run(run, arguments, output);
  if (!output.flush()) {
    run.diagnostics.report(Level::error, "output/unwritable", "", {},
                           "standard output cannot be written");
    print_diagnostics(run, arguments);
    return kInternal;
  }
  print_diagnostics(run, arguments);
  return code;
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  retort::prepare_memory();
  const auto parsed = retort::parse_arguments(argc, argv);
  if (const auto* const answer = std::get_if<retort::EarlyEnd>(&parsed)) {
    retort::write_all(answer->exit_code == 0 ? STDOUT_FILENO : STDERR_FILENO, answer->text);
    return answer->exit_code;
  }
  return retort::run_command(std::get<retort::Arguments>(parsed));
}
