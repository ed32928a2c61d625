#include "cli/command.h"

#include <array>

namespace retort {

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"history", "list the revisions, newest first", Takes::range | Takes::current,
              history},
      Command{"heads", "list the revisions that nothing stands on", Takes::resolve | Takes::check,
              heads},
      Command{"branches", "list the branch points", 0, branches},
      Command{"show", "print revisions in full", Takes::revisions | Takes::current, show},
      Command{"current", "say where a database is, from a file", static_cast<unsigned>(Takes::from),
              current},
      Command{"config show", "print every setting in force", static_cast<unsigned>(Takes::origin),
              config_show},
      Command{"debug", "print what one phase made of the input", Takes::phase | Takes::current,
              debug},
  };
  return kCommands;
}

}  // namespace retort
