#include "compiler/step.h"

#include "common/path.h"
#include "common/text.h"
#include "compiler/given_values.h"
#include "compiler/python_body.h"
#include "compiler/statements.h"
#include "versions/sections.h"
#include "versions/sql_header.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <set>
#include <tuple>

namespace retort {
namespace {

// Statements outside the transaction that stand together share one gap between transactions.
void add_statements(std::vector<Statement> statements, Body& body) {
  bool outside = false;
  const auto switch_to = [&](bool wanted, Loc at) {
    if (outside == wanted)
      return;
    outside = wanted;
    BodyItem& edge = body.items.emplace_back();
    edge.kind = wanted ? BodyItem::Kind::autocommit_begin : BodyItem::Kind::autocommit_end;
    edge.at = at;
    edge.op = "sql";
    edge.transaction = false;
  };
  for (Statement& statement : statements) {
    switch_to(!statement.transaction, statement.at);
    BodyItem& item = body.items.emplace_back();
    item.sql = statement.sql;
    item.at = statement.at;
    item.op = "sql";
    item.transaction = statement.transaction;
    item.assertion = statement.assertion;
    item.rows = statement.rows;
    item.forms = std::move(statement.forms);
    if (statement.copies)
      item.data = statement.data;
  }
  if (!statements.empty())
    switch_to(false, statements.back().at);
}

void take_findings(const Diagnostics& found, Body& body, Diagnostics& remarks) {
  for (const Diagnostic& diagnostic : found.all()) {
    if (diagnostic.level == Level::error)
      body.holes.push_back(diagnostic);
    else
      remarks
          .report(diagnostic.level, diagnostic.rule, diagnostic.variant, diagnostic.at,
                  diagnostic.message)
          .notes = diagnostic.notes;
  }
}

Body sql_body(const Sources& sources, const Revision& revision, bool down, const Wanted& wanted,
              Diagnostics& remarks) {
  Body body;
  Diagnostics found;
  const SqlBody sections = read_sections(sources, revision, found);
  const HeaderText& irreversible = revision.sql->irreversible;
  if (down && !trim(irreversible.text).empty())
    found.report(Level::error, "compile/irreversible", "", {revision.file, irreversible.at},
                 fmt::format("`{}` cannot be taken back: {}", revision.id, irreversible.text));
  else if (down && !sections.has_down) {
    Diagnostic& missing =
        found.report(Level::error, "compile/no-down", "", {revision.file, revision.id_at},
                     "the revision has no down part");
    if (revision.format == Format::sql)
      missing.note("an empty part says that there is nothing to take back; `irreversible` in the "
                   "header says that it cannot be");
  }
  add_statements(read_statements(sources, revision, sections, down, found, wanted), body);
  take_findings(found, body, remarks);
  return body;
}

std::map<std::string, alembic::Surroundings::Options, std::less<>> ini_options(const Ini& ini) {
  std::map<std::string, alembic::Surroundings::Options, std::less<>> sections;
  Diagnostics ignored;
  for (const std::string_view section : ini.section_names())
    for (const std::string_view key : ini.keys(section)) {
      const Result<std::optional<IniValue>> value = ini.get(ignored, section, key);
      std::optional<std::string>& option = sections[std::string(section)][std::string(key)];
      if (value && *value)
        option = (*value)->text;
    }
  return sections;
}

}  // namespace

CompileOptions compile_options(const Config& config, std::vector<std::string> x_arguments) {
  CompileOptions options;
  options.import_folders = config.import_folders;
  if (!config.naming_convention.is_default())
    options.naming = {config.naming_convention.value.begin(), config.naming_convention.value.end()};
  options.naming_unknown = config.naming_unknown;
  for (const GivenValue& fallback : config.given.x) {
    const std::string key = fallback.name + "=";
    if (std::none_of(x_arguments.begin(), x_arguments.end(),
                     [&](const std::string& given) { return given.starts_with(key); }))
      options.around.x_arguments.push_back(key + fallback.value.text);
  }
  options.around.x_arguments.insert(options.around.x_arguments.end(), x_arguments.begin(),
                                    x_arguments.end());
  options.around.servers = config.servers.value;
  options.around.section = config.section;
  if (config.ini)
    options.around.ini = ini_options(*config.ini);
  options.given = config.given;
  if (!config.script_location.value.empty())
    options.env_py = join_path(config.script_location.value, "env.py");
  return options;
}

Wanted CompileOptions::wanted() const {
  const std::vector<int>& servers = around.servers;
  if (servers.empty())
    return {forms};
  return {forms, servers.front()};
}

static Body own_body(Compilation& compilation, Step step, Diagnostics& remarks) {
  const Revision& revision = compilation.chain[step.revision];
  return revision.format == Format::python ? python_body(compilation, revision, step.down)
                                           : sql_body(compilation.run.sources, revision, step.down,
                                                      compilation.options.wanted(), remarks);
}

static Body override_body(const Sources& sources, FileId file, Step step, const Wanted& wanted,
                          Diagnostics& remarks) {
  Body body;
  Diagnostics found;
  for (const SqlSection& section : read_half(sources, file, step.down, found).sections)
    add_statements(read_statements(sources, section, found, wanted), body);
  take_findings(found, body, remarks);
  body.assumptions.push_back(
      {{file, {}},
       fmt::format("hand-written SQL of {} stands for {}()", sources.path(file),
                   step.down ? "downgrade" : "upgrade")});
  return body;
}

Body compile_step(Compilation& compilation, Step step, Diagnostics& remarks) {
  const std::optional<FileId> file = compilation.options.overrides.find(step.revision, step.down);
  if (!file)
    return own_body(compilation, step, remarks);
  Body body =
      override_body(compilation.run.sources, *file, step, compilation.options.wanted(), remarks);
  const Loc at = {*file, {}};
  Diagnostics ignored;
  if (own_body(compilation, step, ignored).complete())
    remarks
        .report(
            Level::warning, "compile/override", "stale", at,
            fmt::format("`{}` compiles without this override", compilation.chain[step.revision].id))
        .note("remove the file, unless its SQL is to differ from the revision's on purpose");
  else
    remarks.report(Level::info, "compile/override", "used", at, body.assumptions.front().text);
  return body;
}

// What is said of a file as a whole is said on both ways through it, and once is enough.
static void append_once(std::span<const Diagnostics> remarks, Diagnostics& all) {
  std::set<std::tuple<FileId, uint32_t, std::string_view>> said;
  for (const Diagnostics& remark : remarks)
    for (const Diagnostic& each : remark.all())
      if (said.emplace(each.at.file, each.at.span.begin, each.message).second)
        all.report(each.level, each.rule, each.variant, each.at, each.message) = each;
}

std::vector<Body> compile_apart(Compilation& compilation, std::span<const Step> steps) {
  std::vector<Body> bodies(steps.size());
  std::vector<Diagnostics> remarks(steps.size());
  parallel_for(steps.size(), compilation.run.threads,
               [&](size_t i) { bodies[i] = compile_step(compilation, steps[i], remarks[i]); });
  append_once(remarks, compilation.run.diagnostics);
  return bodies;
}

std::vector<Body> compile_both_ways(Compilation& compilation, RevIndex revision,
                                    const catalog::Catalog& before) {
  const std::array<Step, 2> steps{Step{revision, false}, Step{revision, true}};
  std::vector<Body> bodies = compile_apart(compilation, steps);
  settle(compilation, steps, before, bodies);
  return bodies;
}

std::vector<Body> compile_steps(Run& run, const Chain& chain, const CompileOptions& options,
                                std::span<const Step> steps, Order order,
                                std::span<const RevIndex> start) {
  Compilation compilation(run, chain, options);
  std::vector<Body> bodies = compile_apart(compilation, steps);
  settle(compilation, steps, order, start, bodies);
  for (const GivenValue* const unused : unused_values(options.given, compilation.asked_for))
    run.diagnostics.report(Level::info, "config/unused", "", unused->name_at,
                           fmt::format("nothing that was compiled asks for `{}`", unused->name));
  return bodies;
}

}  // namespace retort
