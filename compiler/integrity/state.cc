#include "compiler/integrity/state.h"

#include "compiler/integrity/canonical.h"
#include "compiler/step.h"

#include <algorithm>
#include <set>

namespace retort {
namespace {

// It asks what the database holds, or names a type twice, which is left out the second time where
// the type is there: both depend on the revisions below.
bool depends_on_others(const Body& body) {
  std::set<std::pair<std::string, std::string>> types;
  return body.asks || std::any_of(body.items.begin(), body.items.end(), [&](const BodyItem& item) {
           const NamedType* const type = item.creates ? item.creates.get() : item.drops.get();
           return type && !types.emplace(type->schema.text, type->name.text).second;
         });
}

// There is none on purpose, which is known for sure; a hole is not.
bool has_no_way_back(const Body& body) {
  return !body.complete() &&
         std::all_of(body.holes.begin(), body.holes.end(), [](const Diagnostic& hole) {
           return hole.rule == "compile/irreversible" || hole.rule == "compile/no-down" ||
                  hole.rule == "compile/raises" || hole.rule == "compile/no-function";
         });
}

std::string hash_of(const Body& body, bool down) {
  if (down && has_no_way_back(body))
    return std::string(kNoHash);
  return body.complete() ? body_hash(body) : std::string(kUnknownHash);
}

std::vector<std::string> ids_of(const std::vector<Reference>& references) {
  std::vector<std::string> ids;
  for (const Reference& reference : references)
    ids.push_back(reference.id);
  return ids;
}

}  // namespace

RevisionState without_sql(const Run& run, const Chain& chain, const CompileOptions& options,
                          RevIndex revision) {
  const Revision& header = chain[revision];
  std::vector<SourcePart> parts{{"file", run.sources.text(header.file)}};
  if (header.down_file != FileId::none && header.down_file != header.file)
    parts.push_back({"down", run.sources.text(header.down_file)});
  for (const bool down : {false, true})
    if (const std::optional<FileId> file = options.overrides.find(revision, down))
      parts.push_back({down ? "override-down" : "override-up", run.sources.text(*file)});
  return {.source = source_hash(parts),
          .up = {},
          .down = {},
          .parents = ids_of(header.down_revisions),
          .depends = ids_of(header.depends_on)};
}

std::vector<RevisionState> states_of(Run& run, const Chain& chain, const CompileOptions& options,
                                     std::span<const RevIndex> revisions) {
  Diagnostics before = std::move(run.diagnostics);
  run.diagnostics = {};
  std::vector<Step> steps;
  for (const RevIndex revision : revisions) {
    steps.push_back({revision, false});
    steps.push_back({revision, true});
  }
  Compilation compilation(run, chain, options);
  std::vector<Body> bodies = compile_apart(compilation, steps);
  for (size_t i = 0; i < steps.size(); i += 2) {
    if (!depends_on_others(bodies[i]) && !depends_on_others(bodies[i + 1]))
      continue;
    std::vector<Body> settled =
        compile_steps(run, chain, options, std::span(steps).subspan(i, 2), Order::apart);
    bodies[i] = std::move(settled[0]);
    bodies[i + 1] = std::move(settled[1]);
  }
  std::vector<RevisionState> states;
  for (size_t i = 0; i < revisions.size(); ++i) {
    RevisionState& state = states.emplace_back(without_sql(run, chain, options, revisions[i]));
    state.up = hash_of(bodies[2 * i], false);
    state.down = hash_of(bodies[2 * i + 1], true);
  }
  run.diagnostics = std::move(before);
  return states;
}

}  // namespace retort
