// The steps of one script with everything that a writer prints of them. Writers differ in what they
// put around: plain.h prints what Alembic prints.
#pragma once

#include "compiler/body.h"
#include "compiler/script/version_table.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct ScriptStep {
  std::string_view name;  // "upgrade", "downgrade", "stamp_revision"
  // Parents as the files name them, without dependencies; no id stands for base.
  std::vector<std::string_view> from;
  std::vector<std::string_view> to;
  std::optional<RevIndex> revision;  // whose body runs; none in a stamp
  const Body* body = nullptr;        // the same
  bool creates_table = false;        // there was no row before it
  VersionChange change;
};

// `rows` are those before the first step. The result views the chain and the bodies.
std::vector<ScriptStep> script_steps(const Chain& chain, Rows rows, std::span<const Step> steps,
                                     std::span<const Body> bodies);
std::vector<ScriptStep> script_steps(const Chain& chain, Rows rows,
                                     std::span<const StampStep> steps);

// The statement with its `;`, and its data when it copies. As in Alembic's scripts a `;` follows
// one that the text has already; unlike there, it stands on a line of its own behind a line
// comment.
std::string terminated(const BodyItem& item);
// With those that stand in one text with it; `number` is that of the last of them then.
std::string terminated(const std::vector<BodyItem>& items, size_t& number);

}  // namespace retort
