#include "cli/command.h"
#include "cli/debug_forms.h"
#include "cli/debug_way_back.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/path.h"
#include "common/sha256.h"
#include "common/text.h"
#include "compiler/alembic/objects.h"
#include "compiler/given_values.h"
#include "compiler/python/loader.h"
#include "compiler/statements.h"
#include "grammars/python/tree.h"
#include "versions/read_python.h"

#include <fmt/format.h>

namespace retort {
namespace {

int print_python(Run& run, const Arguments& arguments, Output& output) {
  int code = kDone;
  for (const std::string& path : arguments.revisions) {
    const DiskResult<std::string> bytes = run.disk.read(path);
    if (!bytes) {
      run.diagnostics.report(Level::error, "chain/broken", "unreadable",
                             {run.sources.declare(path), {}},
                             fmt::format("the file cannot be read: {}", bytes.error().reason));
      code = kUnreadableChain;
      continue;
    }
    const FileId file = run.sources.add(path, decode_python(*bytes));
    const py::Tree tree = py::parse(run.sources.text(file));
    for (const Span error : tree.errors())
      run.diagnostics.report(Level::error, "chain/broken", "unparsable", {file, error},
                             error.empty() ? "something is missing here" : "this is no Python");
    if (!tree.errors().empty())
      code = kUnreadableChain;
    output.write(py::to_text(tree));
  }
  return code;
}

// What the configuration gives, as Python sees it.
int print_given(Run& run, const Arguments& arguments, Output& output) {
  Result<Config> config = read_config(run, arguments.config);
  if (!config)
    return kUsage;
  for (const std::string& assignment : arguments.environment)
    set_given(config->given.environment, assignment);
  const auto print = [&] {
    py::ProjectFiles files(run, {});
    py::ProjectLoader loader(files);
    py::Interpreter in(run.sources, loader);
    alembic::Operations operations({});
    alembic::Surroundings around;
    alembic::Modules modules(operations, around);
    in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
    for (const auto& [name, value] : give_values(in, config->given, operations)) {
      const py::Value shown = in.repr(value);
      const py::Str* const text = shown.as<py::Str>();
      if (shown.is_unknown() && value.is_unknown())
        output.write(fmt::format("{}: {}\n", name, value.object()->cause->text));
      else
        output.write(fmt::format("{} = {}\n", name, text ? text->text : in.type_name(value)));
    }
  };
  on_large_stack(print);
  return kDone;
}

// The names that a module defines and what they are, as repr() shows them; what it prints comes
// first. Without a file, what is given.
int print_values(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.revisions.empty())
    return print_given(run, arguments, output);
  int code = kDone;
  const auto print = [&] {
    for (const std::string& path : arguments.revisions) {
      py::ProjectFiles files(run, {parent_path(path)});
      py::ProjectLoader loader(files);
      const std::string_view name = file_name(path);
      const py::ModuleSource* const source =
          loader.load(path, std::string(name.substr(0, name.rfind('.'))));
      if (!source) {
        run.diagnostics.report(Level::error, "chain/broken", "unreadable",
                               {run.sources.declare(path), {}}, "the file cannot be read");
        code = kUnreadableChain;
        continue;
      }
      py::Interpreter in(run.sources, loader);
      in.print = [&](std::string_view text) { output.write(std::string(text)); };
      const py::Module* const module = in.run_module(*source);
      if (module)
        for (const auto& [key, value] : module->scope->names) {
          if (key.starts_with("__"))
            continue;
          const py::Value shown = in.repr(in.resolve(value));
          if (const py::Str* const text = shown.as<py::Str>())
            output.write(fmt::format("{} = {}\n", key, text->text));
          else if (shown.is_unknown())
            output.write(fmt::format("{}: {}\n", key, shown.object()->cause->text));
        }
      for (const Diagnostic& hole : in.holes())
        run.diagnostics.report(hole.level, hole.rule, hole.variant, hole.at, hole.message).notes =
            hole.notes;
      if (!in.holes().empty())
        code = kUnreadableChain;
    }
  };
  on_large_stack(print);
  return code;
}

int print_revisions(Run& run, const Project& project, Output& output) {
  const Chain& chain = project.chain;
  for (RevIndex i = 0; i < chain.size(); ++i) {
    const Revision& revision = chain[i];
    const auto places = [&](const std::vector<Reference>& references) {
      std::vector<std::string> parts;
      for (const Reference& reference : references)
        parts.push_back(
            fmt::format("{}@{}..{}", reference.id, reference.at.begin, reference.at.end));
      return join(parts, " ");
    };
    output.write(fmt::format(
        "{} {} {}\n  id {}..{}\n  down_revision [{}]\n  depends_on [{}]\n  branch_labels [{}]\n"
        "  created {}\n  sha256 {}\n",
        revision.id, to_string(revision.format), run.sources.path(revision.file),
        revision.id_at.begin, revision.id_at.end, places(revision.down_revisions),
        places(revision.depends_on), places(revision.branch_labels), revision.created,
        sha256(with_line_feeds(run.sources.text(revision.file)))));
  }
  return chain_exit_code(run);
}

// Without a range the graph, with one the steps that a script would take.
int print_chain(Run& run, const Project& project, const Arguments& arguments, Output& output) {
  const Chain& chain = project.chain;
  if (arguments.revisions.empty()) {
    for (RevIndex i = 0; i < chain.size(); ++i)
      output.write(fmt::format("{} <- {}\n", chain[i].id,
                               join(ids_of(chain, chain.normal_parents(i)), " ")));
    return chain_exit_code(run);
  }
  const Result<Surroundings> around = surroundings(run, project, arguments);
  if (!around)
    return kUsage;
  Ranges ranges(chain, run, *around);
  const std::string& range = arguments.revisions[0];
  const Result<std::vector<Step>> steps =
      arguments.downgrade ? ranges.downgrade(range) : ranges.upgrade(range);
  if (!steps)
    return kUsage;
  for (const Step& step : *steps) {
    const std::string below = join(ids_of(chain, chain.parents(step.revision)), ", ");
    const std::string& id = chain[step.revision].id;
    output.write(step.down ? fmt::format("downgrade {} -> {}\n", id, below)
                           : fmt::format("upgrade {} -> {}\n", below, id));
  }
  return chain_exit_code(run);
}

// The statements of SQL revisions, both ways.
int print_sql(Run& run, const Project& project, const Arguments& arguments, Output& output) {
  const Chain& chain = project.chain;
  const Result<std::vector<RevIndex>> shown =
      arguments.revisions.empty() ? Ranges(chain, run).history(":")
                                  : Ranges(chain, run).revisions(join(arguments.revisions, ","));
  if (!shown)
    return kUsage;
  const auto print = [&] {
    for (const RevIndex i : *shown) {
      const Revision& revision = chain[i];
      if (revision.format == Format::python)
        continue;
      const SqlBody body = read_sections(run.sources, revision, run.diagnostics);
      for (const bool down : {false, true})
        for (const Statement& statement :
             read_statements(run.sources, revision, body, down, run.diagnostics)) {
          const Position at = run.sources.position(statement.at.file, statement.at.span.begin);
          output.write(fmt::format("{} {} {}:{}:{} {}{}\n{}\n", revision.id, down ? "down" : "up",
                                   run.sources.path(statement.at.file), at.line, at.column,
                                   statement.transaction ? "transaction" : "alone",
                                   statement.valid ? "" : " invalid", statement.sql));
        }
    }
  };
  on_large_stack(print);  // the grammar recurses
  return run.diagnostics.has_errors() ? kUnreadableChain : kDone;
}

}  // namespace

int debug(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.phase == "python")
    return print_python(run, arguments, output);
  if (arguments.phase == "values")
    return print_values(run, arguments, output);
  const bool looks_inside =
      arguments.phase == "forms" || arguments.phase == "locks" || arguments.phase == "catalog";
  if (looks_inside && is_sql_file(arguments))
    return print_file_forms(run, arguments, output);
  const Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  if (arguments.phase == "revisions")
    return print_revisions(run, *project, output);
  if (arguments.phase.starts_with("way-back"))
    return print_ways_back(run, *project, arguments, output);
  if (arguments.phase == "sql")
    return print_sql(run, *project, arguments, output);
  if (looks_inside)
    return print_chain_forms(run, *project, arguments, output);
  return print_chain(run, *project, arguments, output);
}

}  // namespace retort
