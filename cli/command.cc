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
      Command{"upgrade", "print the script that goes up to the heads, or along a range",
              Takes::script | Takes::steps | Takes::holes | Takes::current, upgrade},
      Command{"downgrade", "print the script that goes down along a range",
              Takes::script | Takes::steps | Takes::holes | Takes::current, downgrade},
      Command{"stamp", "print the script that only moves the rows of the version table",
              Takes::script | Takes::steps | Takes::current, stamp},
      Command{"ensure_version", "print the script that creates the version table",
              static_cast<unsigned>(Takes::script), ensure_version},
      Command{"verify", "print SQL that checks a database against the revisions",
              Takes::file | Takes::steps | Takes::current, verify},
      Command{"compile", "print what each revision does, one JSON object a line",
              Takes::steps | Takes::holes | Takes::current, compile},
      Command{"bundle", "make the folder that a change ticket carries, or check one",
              Takes::bundle | Takes::holes | Takes::current, bundle_command},
      Command{"lint", "say what revisions do to a running server and to its data",
              static_cast<unsigned>(Takes::lint), lint},
      Command{"lock", "record what the revisions are, or check that what was released is the same",
              static_cast<unsigned>(Takes::lock), lock},
      Command{"release", "mark revisions as released: from then on they must not change",
              static_cast<unsigned>(Takes::release), release},
      Command{"explain", "explain a rule, a lock or an SQL statement",
              static_cast<unsigned>(Takes::topic), explain},
      Command{"stats", "read statistics of a production database, for `lint --stats`",
              static_cast<unsigned>(Takes::statistics), stats},
      Command{"schema", "print the JSON Schema of an output", static_cast<unsigned>(Takes::schema),
              schema},
      Command{"lsp", "serve an editor, over standard input and output",
              static_cast<unsigned>(Takes::server), language_server},
      Command{"config show", "print every setting in force", static_cast<unsigned>(Takes::origin),
              config_show},
      Command{"debug", "print what one phase made of the input", Takes::phase | Takes::current,
              debug},
  };
  return kCommands;
}

}  // namespace retort
