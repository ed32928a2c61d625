// Bodies of revisions, byte for byte what real Alembic prints: those of the example chain, and of
// revisions that tests/oracle/generate.py makes up.
#include "tests/shell.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace retort;

namespace {

bool have_alembic(const tests::TemporaryFolder& folder) {
  return tests::run_shell("/usr/bin/python3 -c 'import alembic'", folder.path()).exit_code == 0;
}

// The number before a word.
int count(const std::string& output, const std::string& word) {
  const size_t end = output.find(" " + word);
  if (end == output.npos || end == 0)
    return 0;
  const size_t begin = output.find_last_not_of("0123456789", end - 1);
  return std::atoi(output.substr(begin + 1, end - begin - 1).c_str());
}

void compare(const char* options, int least) {
  const tests::TemporaryFolder folder;
  if (!have_alembic(folder))
    return;
  const char* const seed = std::getenv("RETORT_REVISIONS");  // other revisions, to look for more
  const tests::Outcome outcome =
      tests::run_shell(fmt::format("$RETORT_SOURCE/tests/oracle/generated.py --seed {} {} 2>&1",
                                   seed ? seed : "20260103", options),
                       folder.path());
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  CHECK(count(outcome.output, "functions compared") >= least);
  MESSAGE(outcome.output.substr(0, outcome.output.find('\n')));
}

}  // namespace

TEST_CASE("the example chain compiles to what real Alembic prints") {
  const tests::TemporaryFolder folder;
  if (!have_alembic(folder))
    return;
  const tests::Outcome outcome =
      tests::run_shell("oracle=$RETORT_SOURCE/tests/oracle; cd $RETORT_SOURCE/examples/shop && "
                       "$oracle/chain_report.py -c "
                       "alembic.ini --all 18 migrations/versions 2>&1",
                       folder.path());
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
}

TEST_CASE("made-up revisions compile to what real Alembic prints") { compare("--count 300", 570); }

TEST_CASE("made-up revisions with a naming convention compile to what real Alembic prints") {
  compare("--count 100 --convention", 180);
}
