// `retort compile`: what each revision does in each direction, one JSON object a line. Other
// people's scripts read it, so that a row is there for every body and no error ends the run.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/json.h"
#include "compiler/script/script.h"
#include "compiler/statement_facts.h"
#include "compiler/step.h"
#include "versions/env_py.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

void write_place(JsonWriter& json, Loc loc, const Sources& sources) {
  const Loc at = sources.origin(loc);
  if (at.file == FileId::none) {
    json.key("file").null().key("line").null().key("column").null();
    return;
  }
  const Position position = sources.position(at.file, at.span.begin);
  json.text("file", sources.path(at.file));
  json.number("line", position.line).number("column", position.column);
}

void write_parents(JsonWriter& json, const Revision& revision) {
  json.key("down_revision");
  if (revision.down_revisions.empty())
    json.null();
  else if (revision.down_revisions.size() == 1)
    json.text(revision.down_revisions[0].id);
  else {
    json.begin_array();
    for (const Reference& parent : revision.down_revisions)
      json.text(parent.id);
    json.end_array();
  }
}

// What is known of one statement on the first server that is aimed at.
struct Effect {
  std::vector<std::pair<std::string, facts::LockMode>> locks;
  facts::Work work = facts::Work::unknown;
};

Effect effect_of(const facts::Facts& facts) {
  Effect effect;
  effect.work = facts.work;
  // What nobody else sees yet needs no lock.
  for (const facts::Touched& touched : facts.touched)
    if (touched.lock != facts::LockMode::none && !touched.made)
      effect.locks.emplace_back(touched.name, touched.lock);
  return effect;
}

void write_statement(JsonWriter& json, const BodyItem& item, bool transaction, const Effect& effect,
                     const Sources& sources) {
  json.begin_object().text("sql", item.sql);
  write_place(json, item.at, sources);
  json.text("op", item.op).boolean("transaction", transaction);
  json.key("locks").begin_array();
  for (const auto& [relation, mode] : effect.locks)
    json.begin_object()
        .text("relation", relation)
        .text("mode", facts::server_name(mode))
        .end_object();
  json.end_array().text("work", facts::to_string(effect.work)).end_object();
}

std::string body_text(const Body& body) {
  std::string text;
  for (size_t i = 0; i < body.items.size(); ++i)
    if (body.items[i].kind == BodyItem::Kind::statement)
      text += terminated(body.items, i) + "\n\n";
  return text;
}

std::string row(const Revision& revision, bool down, const Body& body,
                const std::vector<Effect>& effects, const Sources& sources) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.compile/1");
  json.text("file", sources.path(revision.file)).text("revision", revision.id);
  write_parents(json, revision);
  json.text("direction", down ? "downgrade" : "upgrade").boolean("ok", body.complete());
  json.text("sql", body_text(body)).key("statements").begin_array();
  bool outside = false;
  size_t statement = 0;
  for (const BodyItem& item : body.items) {
    if (item.kind == BodyItem::Kind::statement)
      write_statement(json, item, item.transaction && !outside, effects[statement++], sources);
    else
      outside = item.kind == BodyItem::Kind::autocommit_begin;
  }
  json.end_array().key("assumptions").begin_array();
  for (const Assumption& assumption : body.assumptions) {
    json.begin_object().text("text", assumption.text);
    write_place(json, assumption.at, sources);
    json.end_object();
  }
  json.end_array().key("error");
  if (body.complete()) {
    json.null();
  } else {
    // The reason belongs to it: nobody reads a row twice.
    std::string message = body.holes[0].message;
    for (const Note& note : body.holes[0].notes)
      message += "; " + note.text;
    json.begin_object().text("rule", body.holes[0].rule).text("message", message);
    write_place(json, body.holes[0].at, sources);
    json.end_object();
  }
  return json.end_object().take();
}

// What the header calls irreversible has no body to compile.
bool is_hole(const Body& body) {
  return std::any_of(body.holes.begin(), body.holes.end(),
                     [](const Diagnostic& hole) { return hole.rule != "compile/irreversible"; });
}

// Each statement behind what its ancestors have built, also those that no row is written for.
std::vector<std::vector<Effect>> effects_of(Run& run, const Project& project,
                                            const CompileOptions& options,
                                            const std::vector<Step>& steps,
                                            const std::vector<Body>& bodies) {
  facts::Walk walk(project.config.servers.value.front());
  replay_before(run, project.chain, options, steps, walk);
  std::vector<std::vector<Effect>> effects(steps.size());
  each_facts(run.sources, steps, bodies, walk, run.threads,
             [&](size_t step, size_t, const StatementForms&, const facts::Facts& facts) {
               effects[step].push_back(effect_of(facts));
             });
  return effects;
}

// A file is read once per direction and would be reported twice.
void drop_repeated(Diagnostics& diagnostics) {
  Diagnostics once;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const bool seen = std::any_of(once.all().begin(), once.all().end(), [&](const Diagnostic& d) {
      return d.at == diagnostic.at && d.message == diagnostic.message;
    });
    if (!seen)
      once.report(diagnostic.level, diagnostic.rule, diagnostic.variant, diagnostic.at,
                  diagnostic.message)
          .notes = diagnostic.notes;
  }
  diagnostics = std::move(once);
}

}  // namespace

int compile(Run& run, const Arguments& arguments, Output& output) {
  Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  read_env_py(run, project->config);
  const Chain& chain = project->chain;
  std::vector<RevIndex> revisions;
  if (arguments.revisions.empty()) {
    // A broken chain has rows as well, as far as its links go.
    RevisionSet all(chain.size());
    for (RevIndex i = 0; i < chain.size(); ++i)
      all.insert(i);
    revisions = newest_first(chain, std::move(all), chain.real_heads());
    std::reverse(revisions.begin(), revisions.end());
  } else {
    const Result<Surroundings> around = surroundings(run, *project, arguments);
    if (!around)
      return kUsage;
    const Result<std::vector<Step>> steps =
        Ranges(chain, run, *around).upgrade(arguments.revisions[0]);
    if (!steps)
      return kUsage;
    for (const Step& step : *steps)
      revisions.push_back(step.revision);
  }
  std::vector<Step> steps;
  for (const RevIndex i : revisions) {
    steps.push_back({i, false});
    steps.push_back({i, true});
  }

  const CompileOptions options = compile_options(run, *project, arguments);
  Diagnostics before = std::move(run.diagnostics);
  run.diagnostics = {};
  const std::vector<Body> bodies = compile_steps(run, chain, options, steps, Order::apart);
  drop_repeated(run.diagnostics);
  before.append(std::move(run.diagnostics));
  run.diagnostics = std::move(before);

  const std::vector<std::vector<Effect>> effects =
      effects_of(run, *project, options, steps, bodies);
  for (size_t i = 0; i < steps.size(); ++i)
    output.write(row(chain[steps[i].revision], steps[i].down, bodies[i], effects[i], run.sources));
  const int code = chain_exit_code(run);
  const auto holes = static_cast<size_t>(std::count_if(bodies.begin(), bodies.end(), is_hole));
  if (holes == 0)
    return code;
  run.diagnostics
      .report(arguments.allow_holes ? Level::info : Level::error, "compile/holes", "", {},
              fmt::format("{} of {} bodies could not be compiled: their rows say why", holes,
                          bodies.size()))
      .note("give retort.toml the values that they ask for, or write the SQL by hand into "
            "`overrides/REVISION.up.sql`");
  return code == kDone && !arguments.allow_holes ? kHoles : code;
}

}  // namespace retort
