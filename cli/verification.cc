#include "cli/verification.h"

#include "cli/listing.h"
#include "compiler/verification/verification.h"
#include "linter/unmade.h"

namespace retort {
namespace {

// What no revision makes is there all the same; so are the schemas of the search path.
verification::Found found(std::span<const Unit> units, const Config& config) {
  Unmade unmade = retort::unmade({}, units);
  verification::Found result{std::move(unmade.names), std::move(unmade.schemas),
                             config.search_path.value};
  std::set<std::string> made;
  for (const Unit& unit : units)
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms)
        if (const auto* const schema = std::get_if<forms::CreateSchema>(&form))
          made.insert(schema->schema);
  for (const std::string& schema : config.search_path.value)
    if (!made.contains(schema) && !schema.starts_with("$"))
      result.schemas.insert(schema);
  return result;
}

verification::Witness replayed(std::span<const Unit> units, const VerifiedPart& part,
                               const Config& config) {
  verification::Witness witness(found(units, config));
  witness.catalog().server = config.servers.value.front();
  const auto replay = [&](const RevisionSet& revisions) {
    for (const Unit& unit : units) {
      if (!revisions.contains(*unit.index))
        continue;
      witness.begin(unit.up.holes.empty());
      for (const LintStatement& statement : unit.up.statements)
        witness.statement(statement.forms);
      witness.end();
    }
  };
  replay(part.before);
  witness.mark();
  replay(part.range);
  return witness;
}

// As scripts look it up.
std::string version_schema(const Config& config) {
  const bool by_path =
      config.version_table_schema.value.empty() && !config.search_path.value.empty();
  return by_path ? config.search_path.value.front() : config.version_table_schema.value;
}

}  // namespace

std::string verification_of(std::span<const Unit> units, const VerifiedPart& part,
                            const Project& project, const std::string& title,
                            Diagnostics* diagnostics) {
  verification::Witness witness = replayed(units, part, project.config);
  std::string text = verification::script(witness,
                                          {.title = title,
                                           .rows = ids_of(project.chain, part.rows),
                                           .version_schema = version_schema(project.config),
                                           .version_table = project.config.version_table.value},
                                          part.whole ? verification::Scope::everything
                                                     : verification::Scope::touched);
  if (diagnostics && witness.doubts().unknown != 0)
    diagnostics
        ->report(Level::warning, "compile/not-checked", "", {},
                 "not all that these revisions do is known: what may have been touched is left out")
        .note("the lines `not checked` at the top of the script say what that is");
  return text;
}

}  // namespace retort
