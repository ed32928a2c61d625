#include "compiler/step.h"

#include "common/text.h"
#include "compiler/python_body.h"
#include "compiler/statements.h"
#include "versions/sections.h"
#include "versions/sql_header.h"

#include <fmt/core.h>

namespace retort {
namespace {

// Statements outside the transaction that stand together share one gap between transactions.
void add_statements(const std::vector<Statement>& statements, Body& body) {
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
  for (const Statement& statement : statements) {
    switch_to(!statement.transaction, statement.at);
    BodyItem& item = body.items.emplace_back();
    item.sql = statement.sql;
    item.at = statement.at;
    item.op = "sql";
    item.transaction = statement.transaction;
    if (statement.copies)
      item.data = statement.data;
  }
  if (!statements.empty())
    switch_to(false, statements.back().at);
}

Body sql_body(const Sources& sources, const Revision& revision, bool down, Diagnostics& remarks) {
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
  add_statements(read_statements(sources, revision, sections, down, found), body);
  for (const Diagnostic& diagnostic : found.all()) {
    if (diagnostic.level == Level::error)
      body.holes.push_back(diagnostic);
    else
      remarks
          .report(diagnostic.level, diagnostic.rule, diagnostic.variant, diagnostic.at,
                  diagnostic.message)
          .notes = diagnostic.notes;
  }
  return body;
}

}  // namespace

CompileOptions compile_options(const Config& config, std::vector<std::string> x_arguments) {
  CompileOptions options;
  options.import_folders = config.import_folders;
  if (!config.naming_convention.is_default())
    options.naming = {config.naming_convention.value.begin(), config.naming_convention.value.end()};
  options.around.x_arguments = std::move(x_arguments);
  options.around.servers = config.servers.value;
  return options;
}

Body compile_step(Compilation& compilation, Step step, Diagnostics& remarks) {
  const Revision& revision = compilation.chain[step.revision];
  return revision.format == Format::python
             ? python_body(compilation, revision, step.down)
             : sql_body(compilation.run.sources, revision, step.down, remarks);
}

std::vector<Body> compile_apart(Compilation& compilation, std::span<const Step> steps) {
  std::vector<Body> bodies(steps.size());
  std::vector<Diagnostics> remarks(steps.size());
  parallel_for(steps.size(), compilation.run.threads,
               [&](size_t i) { bodies[i] = compile_step(compilation, steps[i], remarks[i]); });
  for (Diagnostics& remark : remarks)
    compilation.run.diagnostics.append(std::move(remark));
  return bodies;
}

std::vector<Body> compile_steps(Run& run, const Chain& chain, const CompileOptions& options,
                                std::span<const Step> steps, Order order,
                                std::span<const RevIndex> start) {
  Compilation compilation(run, chain, options);
  std::vector<Body> bodies = compile_apart(compilation, steps);
  settle(compilation, steps, order, start, bodies);
  return bodies;
}

}  // namespace retort
