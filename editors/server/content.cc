#include "editors/server/content.h"

#include "common/parallel.h"
#include "compiler/script/guarded.h"
#include "compiler/script/plain.h"
#include "compiler/step.h"
#include "editors/server/uri.h"
#include "editors/server/words.h"
#include "rules/pages.h"
#include "versions/range.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

constexpr std::string_view kSql = "retort-sql:/";
constexpr std::string_view kRule = "retort-rule:/";

// The command that prints the same.
std::string range_of(const Chain& chain, RevIndex revision, bool down) {
  std::string parents;
  for (const RevIndex parent : chain.parents(revision))
    parents += (parents.empty() ? "" : ",") + chain[parent].id;
  if (parents.empty())
    parents = "base";
  return down ? chain[revision].id + ":" + parents : parents + ":" + chain[revision].id;
}

std::string remarks(const std::vector<Diagnostic>& diagnostics, const Sources& sources) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    const Loc at = sources.origin(diagnostic.at);
    std::string place;
    if (at.file != FileId::none)
      place = fmt::format("{}:{}: ", sources.path(at.file),
                          sources.position(at.file, at.span.begin).line);
    text += fmt::format("-- {}{}\n", place, diagnostic.message);
  }
  return text;
}

std::string script(Model& model, RevIndex revision, bool down, bool guarded) {
  Run& run = model.run();
  const Chain& chain = model.chain();
  const std::string range = range_of(chain, revision, down);
  const uint32_t buffers = run.sources.count();
  std::string text;
  on_large_stack([&] {
    Ranges ranges(chain, run);
    const Result<std::vector<Step>> steps = down ? ranges.downgrade(range) : ranges.upgrade(range);
    const Result<Rows> rows = down ? ranges.downgrade_start(range) : ranges.upgrade_start(range);
    if (!steps || !rows) {
      text = remarks(run.diagnostics.all(), run.sources);
      return;
    }
    const std::vector<Body> bodies =
        compile_steps(run, chain, model.options(), *steps, Order::script, *rows);
    for (const Body& body : bodies)
      if (!body.complete())
        text += "-- This is not complete: what follows lacks what cannot be compiled.\n" +
                remarks(body.holes, run.sources) + "\n";
    const std::vector<ScriptStep> all = script_steps(chain, *rows, *steps, bodies);
    const GuardedScript script(
        chain, all, *rows, model.config(), run.sources,
        {retort::Client::psql, Transactions::as_written, least_server(chain, *steps)});
    text += guarded ? script.text() : plain_script(chain, all, model.config(), run.sources);
  });
  run.diagnostics = {};
  run.sources.drop_derived(buffers);
  return text;
}

std::string schema(catalog::Catalog catalog) {
  std::string text;
  for (catalog::Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    if (object && (object->is_table_like() || object->is_type()))
      text += (text.empty() ? "" : "\n") + definition_text(catalog, id) + "\n";
  }
  return text.empty() ? "-- There is nothing yet.\n" : text;
}

std::optional<std::string> sql(Session& session, std::string_view rest) {
  const size_t question = rest.find('?');
  const std::string path = percent_decoded(rest.substr(0, question));
  constexpr std::string_view kChain = "chain=";
  std::string chain_name;
  if (question != std::string_view::npos && rest.substr(question + 1).starts_with(kChain))
    chain_name = percent_decoded(rest.substr(question + 1 + kChain.size()));
  const size_t slash = path.find('/');
  if (slash == std::string::npos)
    return std::nullopt;
  const std::string_view id = std::string_view(path).substr(0, slash);
  std::string_view what = std::string_view(path).substr(slash + 1);
  if (what.ends_with(".sql"))
    what.remove_suffix(4);
  for (Model* const model : session.workspace.models()) {
    if (!model->usable() || (!chain_name.empty() && model->name() != chain_name))
      continue;
    const std::optional<RevIndex> revision = model->chain().find_id(id);
    if (!revision)
      continue;
    if (what == "upgrade" || what == "downgrade")
      return script(*model, *revision, what == "downgrade", false);
    if (what == "guarded")
      return script(*model, *revision, false, true);
    if (what == "schema-before")
      return schema(model->before(*revision, false, 0));
    if (what == "schema-after")
      return schema(model->before(*revision, false, SIZE_MAX));
  }
  return std::nullopt;
}

}  // namespace

std::string sql_uri(const Model& model, RevIndex revision, std::string_view what) {
  return fmt::format("{}{}/{}.sql?chain={}", kSql, percent_encoded(model.chain()[revision].id),
                     what, percent_encoded(model.name()));
}

std::optional<std::string> content_of(Session& session, std::string_view uri) {
  if (uri.starts_with(kSql))
    return sql(session, uri.substr(kSql.size()));
  if (uri.starts_with(kRule)) {
    std::string rule = percent_decoded(uri.substr(kRule.size()));
    if (rule.ends_with(".md"))
      rule.resize(rule.size() - 3);
    if (const rules::Page* const page = rules::page(rule))
      return std::string(page->text);
  }
  return std::nullopt;
}

}  // namespace retort::lsp
