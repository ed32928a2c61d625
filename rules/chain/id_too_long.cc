// The version table stores ids in VARCHAR(32). A longer id passes every step of Alembic until its
// row is written, where PostgreSQL answers 22001 and the revision's transaction is rolled back.
#include "rules/rules.h"

#include "common/utf8.h"

#include <fmt/core.h>
#include <optional>

namespace retort::rules {

// The id up to where it fits, wherever the chain names it. No database has stored it.
static std::optional<Fix> shortened(const Chain& chain, RevIndex revision) {
  const std::string& id = chain[revision].id;
  size_t end = 0;
  for (size_t i = 0; i < kMaxIdLength; ++i)
    end += utf8::decode(id, end).size;
  std::string name = id.substr(0, end);
  while (!name.empty() && (name.back() == '_' || name.back() == '-'))
    name.pop_back();
  for (RevIndex i = 0; i < chain.size(); ++i)
    if (chain[i].id.starts_with(name) && i != revision)
      return std::nullopt;
  const std::string written = fmt::format("\"{}\"", name);
  Fix fix{Safety::safe, fmt::format("call it `{}`, here and where it is named", name), {}};
  fix.edits.push_back({{chain[revision].file, chain[revision].id_at}, written});
  const auto rename = [&](FileId file, const std::vector<Reference>& references) {
    for (const Reference& reference : references) {
      if (reference.id != id && id.starts_with(reference.id))
        return false;  // a part of the id may mean another one now
      if (reference.id == id)
        fix.edits.push_back({{file, reference.at}, written});
    }
    return true;
  };
  for (RevIndex i = 0; i < chain.size(); ++i)
    if (!rename(chain[i].file, chain[i].down_revisions) ||
        !rename(chain[i].file, chain[i].depends_on))
      return std::nullopt;
  return fix;
}

static void check(const Chain& chain, Diagnostics& findings) {
  for (RevIndex i = 0; i < chain.size(); ++i) {
    const size_t length = utf8::count(chain[i].id);
    if (length <= kMaxIdLength)
      continue;
    Diagnostic& finding = findings.report(
        Level::error, "chain/id-too-long", "", {chain[i].file, chain[i].id_at},
        fmt::format("the id has {} characters and cannot be stored: the version table holds "
                    "{}",
                    length, kMaxIdLength));
    finding.note("PostgreSQL refuses its row (22001) after the revision has run, and rolls back");
    if (std::optional<Fix> fix = shortened(chain, i))
      finding.fix(std::move(*fix));
  }
}

const ChainRule chain_id_too_long{.name = "chain/id-too-long",
                                  .level = Level::error,
                                  .occasion = Occasion::reading,
                                  .check = check};

}  // namespace retort::rules
