// A branch label that is an id, or the beginning of one: what `upgrade <that>` means depends on
// what Alembic looks at first.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const Chain& chain, Diagnostics& findings) {
  constexpr size_t kShortest = 4;  // of what people type
  for (RevIndex i = 0; i < chain.size(); ++i)
    for (const Reference& label : chain[i].branch_labels)
      for (RevIndex other = 0; other < chain.size(); ++other)
        if (label.id.size() >= kShortest && chain[other].id.starts_with(label.id))
          findings
              .report(Level::info, "chain/ambiguous-prefix", "", {chain[i].file, label.at},
                      fmt::format("the label `{}` is {} `{}`", label.id,
                                  chain[other].id == label.id ? "also the id" : "how an id begins:",
                                  chain[other].id))
              .note({chain[other].file, chain[other].id_at}, "the id");
}

}  // namespace

const ChainRule chain_ambiguous_prefix{.name = "chain/ambiguous-prefix",
                                       .level = Level::info,
                                       .occasion = Occasion::checking,
                                       .check = check};

}  // namespace retort::rules
