// The version table stores ids in VARCHAR(32). A longer id passes every step of Alembic until its
// row is written, where PostgreSQL answers 22001 and the revision's transaction is rolled back.
#include "rules/rules.h"

#include "common/utf8.h"

#include <fmt/core.h>

namespace retort::rules {

static void check(const Chain& chain, Diagnostics& findings) {
  for (RevIndex i = 0; i < chain.size(); ++i) {
    const size_t length = utf8::count(chain[i].id);
    if (length > kMaxIdLength)
      findings
          .report(
              Level::error, "chain/id-too-long", "", {chain[i].file, chain[i].id_at},
              fmt::format("the id has {} characters and cannot be stored: the version table holds "
                          "{}",
                          length, kMaxIdLength))
          .note("PostgreSQL refuses its row (22001) after the revision has run, and rolls back");
  }
}

const ChainRule chain_id_too_long{.name = "chain/id-too-long",
                                  .level = Level::error,
                                  .occasion = Occasion::reading,
                                  .check = check};

}  // namespace retort::rules
