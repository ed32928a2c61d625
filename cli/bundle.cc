// `retort bundle`: the folder that a change ticket carries, and what is asked of such a folder.
#include "bundle/archive.h"
#include "bundle/check.h"
#include "bundle/contents.h"
#include "bundle/report/report.h"
#include "bundle/rollback/judge.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/phases.h"
#include "cli/project.h"
#include "cli/verification.h"
#include "common/parallel.h"
#include "common/sha256.h"
#include "common/text.h"
#include "compiler/script/guarded.h"
#include "compiler/script/plain.h"
#include "compiler/statement_facts.h"
#include "compiler/step.h"
#include "linter/finish.h"
#include "linter/lint.h"
#include "rules/rules.h"
#include "versions/env_py.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace retort {
namespace {

// The time of the files in an archive.
int64_t archive_time() {
  constexpr int64_t kFirst = 315532800;  // 1980-01-01, where zip begins
  const char* const text = std::getenv("SOURCE_DATE_EPOCH");
  return text ? std::max(kFirst, static_cast<int64_t>(std::strtoll(text, nullptr, 10))) : kFirst;
}

class Builder {
public:
  Builder(Run& run, const Arguments& arguments, bundle::Request request)
      : run_(run), arguments_(arguments), request_(std::move(request)) {}

  // The files, or an exit code.
  std::variant<std::vector<NewFile>, int> files() {
    if (const int code = read(); code != kDone)
      return code;
    if (const int code = compile(); code != kDone)
      return code;
    std::vector<NewFile> result;
    on_large_stack([&] { result = gather(); });
    if (const int code = approve(); code != kDone)
      return code;
    return result;
  }

  const std::string& folder() const { return folder_; }

private:
  int read() {
    Result<Project> project = open_project(run_, arguments_);
    if (!project)
      return kUsage;
    project_ = std::move(*project);
    read_env_py(run_, project_.config);
    if (run_.diagnostics.has_errors())
      return chain_exit_code(run_);
    Result<LintSettings> settings = read_lint_settings(run_, project_.config, rules::known_names());
    if (!settings)
      return kUsage;
    settings_ = std::move(*settings);
    settings_.session["lock_timeout"] = "set";  // the scripts do, by default too
    const std::string statistics =
        arguments_.statistics.empty() ? settings_.stats : arguments_.statistics;
    if (!statistics.empty()) {
      Result<LoadedStatistics> loaded = load_statistics(run_, statistics);
      if (!loaded)
        return kUsage;
      statistics::warn(run_, loaded->file, loaded->statistics);
      statistics_ = std::move(*loaded);
    }
    const Result<Surroundings> around = surroundings(run_, project_, arguments_);
    if (!around)
      return kUsage;
    Ranges ranges(project_.chain, run_, *around);
    Result<std::vector<Step>> steps = ranges.upgrade(request_.range);
    if (!steps)
      return kUsage;
    steps_ = std::move(*steps);
    Result<Rows> rows = ranges.upgrade_start(request_.range);
    if (!rows)
      return kUsage;
    rows_ = std::move(*rows);
    const Result<size_t> after = first_after_deploy(run_, project_.chain, steps_);
    if (!after)
      return kUsage;
    after_ = *after;
    return kDone;
  }

  int compile() {
    const Chain& chain = project_.chain;
    options_ = compile_options(run_, project_, arguments_);
    if (run_.diagnostics.has_errors())
      return kUsage;
    options_.forms = true;
    bodies_ = compile_steps(run_, chain, options_, steps_, Order::script, rows_);
    size_t holes = 0;
    for (const Body& body : bodies_)
      for (const Diagnostic& hole : body.holes) {
        ++holes;
        run_.diagnostics
            .report(request_.allow_holes ? Level::warning : Level::error, hole.rule, hole.variant,
                    hole.at, hole.message)
            .notes = hole.notes;
      }
    return holes != 0 && !request_.allow_holes ? kHoles : kDone;
  }

  void find_ways_back() {
    rollback::JudgedWays judged =
        rollback::judge(run_, project_.chain, options_, steps_,
                        {.server = project_.config.servers.value.front(),
                         .statistics = statistics_ ? &statistics_->statistics : nullptr});
    ways_ = std::move(judged.ways);
    compose(judged.down);
  }

  static void add(Body& body, const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) {
      BodyItem& item = body.items.emplace_back();
      item.sql = sql;
      item.op = "keep";
    }
  }

  // The bodies with what keeps old rows, and puts them back, at its place.
  void compose(const std::vector<Body>& down) {
    for (size_t i = 0; i < steps_.size(); ++i) {
      Body& body = composed_.emplace_back();
      add(body, ways_[i].keep);
      body.items.insert(body.items.end(), bodies_[i].items.begin(), bodies_[i].items.end());
      add(body, ways_[i].seal);
      body.holes = bodies_[i].holes;
    }
    for (size_t i = 0; i < steps_.size(); ++i) {
      std::optional<Body>& body = down_.emplace_back();
      const rollback::RevisionWayBack& way = ways_[i];
      if (way.worst == rollback::WayBackClass::no_way_back ||
          (!way.replaces && !down[i].complete()))
        continue;
      body.emplace();
      add(*body, way.look);
      if (!way.replaces)
        body->items.insert(body->items.end(), down[i].items.begin(), down[i].items.end());
      add(*body, way.proposed);
      add(*body, way.put_back);
    }
  }

  std::vector<Finding> find(const std::vector<Unit>& units, const RevisionSet& before) {
    LintInput input{.sources = run_.sources,
                    .chain = &project_.chain,
                    .base = {},
                    .base_is_whole = false,
                    .units = units,
                    .first_unreleased = {},
                    .statistics = statistics_ ? &statistics_->statistics : nullptr};
    input.first_unreleased =
        static_cast<size_t>(std::count_if(units.begin(), units.end(), [&](const Unit& unit) {
          return unit.index && before.contains(*unit.index);
        }));
    const std::vector<const Rule*> rules = enabled(rules::rules(), settings_);
    std::vector<Finding> findings = lint(input, rules, settings_, run_.threads);
    finish(findings, units, run_.sources, settings_, settings_.rule_names(rules::known_names()));
    return findings;
  }

  std::vector<NewFile> gather() {
    const Chain& chain = project_.chain;
    find_ways_back();
    const RevisionSet before = chain.ancestors(rows_, Edges::all);
    RevisionSet range(chain.size());
    for (const Step& step : steps_)
      range.insert(step.revision);
    const Rows after = rows_behind(chain, rows_, steps_);
    Diagnostics reported = std::move(run_.diagnostics);
    run_.diagnostics = {};
    const std::vector<Unit> units = units_of(run_, chain, options_, range, &before);
    run_.diagnostics = std::move(reported);
    const std::vector<Finding> findings = find(units, before);
    facts::Walk walk(project_.config.servers.value.front());
    replay_before(run_, chain, options_, steps_, walk);
    account_ =
        bundle::account_of({chain, run_.sources, project_.config, steps_, bodies_, ways_, findings,
                            rows_, statistics_ ? &statistics_->statistics : nullptr, run_.threads},
                           walk);
    bundle::Material material{.chain = chain,
                              .sources = run_.sources,
                              .config = project_.config,
                              .request = request_,
                              .account = account_,
                              .ways = ways_,
                              .rows = rows_,
                              .steps = steps_,
                              .bodies = composed_,
                              .after = after_,
                              .down = down_,
                              .verification = {},
                              .report_html = {},
                              .report_markdown = {},
                              .report_json = {},
                              .start = {},
                              .statistics_hash = {},
                              .tool = "retort " RETORT_VERSION};
    const std::vector<std::string> scripts = script_names(material);
    for (size_t i = 0; i < scripts.size() && i < account_.revisions.size(); ++i)
      account_.revisions[i].script = scripts[i];
    material.verification =
        verification_of(units, {before, range, after, false}, project_,
                        fmt::format("what this bundle touches, at {}", account_.to));
    if (statistics_)
      material.statistics_hash = sha256(run_.sources.text(statistics_->file));
    if (request_.emit_test)
      material.start = start_script();
    report(material);
    folder_ = folder_name(material);
    return contents(material);
  }

  void report(bundle::Material& material) const {
    bundle::ReportInfo info;
    info.change = request_.change;
    info.chain = chain_hash(material);
    info.tool_version = material.tool;
    for (const std::string& id : request_.approved)
      info.approvals.push_back(fmt::format("{}: {}", id, request_.reason));
    material.report_html = report_html(account_, info);
    material.report_markdown = report_markdown(account_, info);
    material.report_json = report_json(account_, info);
  }

  // What brings an empty database to where the range begins.
  std::string start_script() {
    const Chain& chain = project_.chain;
    if (rows_.empty())
      return plain_version_table(project_.config);
    std::vector<std::string> ids;
    for (const RevIndex row : rows_)
      ids.push_back(chain[row].id);
    Diagnostics reported = std::move(run_.diagnostics);
    run_.diagnostics = {};
    Ranges ranges(chain, run_);
    const Result<std::vector<Step>> steps = ranges.upgrade(":" + join(ids, ","));
    std::string text = "-- What comes before the range cannot be compiled whole.\nSELECT 1 / 0;\n";
    if (steps) {
      const std::vector<Body> bodies = compile_steps(run_, chain, options_, *steps);
      const std::vector<ScriptStep> script = script_steps(chain, {}, *steps, bodies);
      const bool whole = std::all_of(bodies.begin(), bodies.end(),
                                     [](const Body& body) { return body.complete(); });
      if (whole)
        text = GuardedScript(chain, script, {}, project_.config, run_.sources,
                             {Client::psql, Transactions::per_revision, 0})
                   .text();
    }
    run_.diagnostics = std::move(reported);
    return text;
  }

  // Steps without a way back need somebody's word.
  int approve() {
    bool good = true;
    for (size_t i = 0; i < ways_.size(); ++i) {
      if (ways_[i].worst != rollback::WayBackClass::no_way_back)
        continue;
      const std::string& id = ways_[i].id;
      if (std::any_of(request_.approved.begin(), request_.approved.end(),
                      [&](const std::string& each) { return id.starts_with(each); }))
        continue;
      good = false;
      const Revision& revision = project_.chain[steps_[i].revision];
      run_.diagnostics
          .report(Level::error, "bundle/no-way-back", "", {revision.file, revision.id_at},
                  fmt::format("`{}` has no way back: {}", id, ways_[i].reason))
          .note(fmt::format("whoever may decide that says so: `--accept {} --reason TEXT`; it "
                            "stands in the manifest and on the first page",
                            id));
    }
    return good ? kDone : kHoles;
  }

  Run& run_;
  const Arguments& arguments_;
  bundle::Request request_;
  Project project_;
  LintSettings settings_;
  std::optional<LoadedStatistics> statistics_;
  CompileOptions options_;
  std::vector<Step> steps_;
  Rows rows_;
  size_t after_ = 0;
  std::vector<Body> bodies_, composed_;
  std::vector<std::optional<Body>> down_;
  std::vector<rollback::RevisionWayBack> ways_;
  bundle::Account account_;
  std::string folder_;
};

bundle::Request request_of(const Arguments& arguments) {
  bundle::Request request;
  request.range = arguments.revisions.empty() ? ":heads" : arguments.revisions[0];
  request.change = arguments.change;
  request.release = arguments.release;
  request.approved = arguments.accept;
  request.reason = arguments.reason;
  request.allow_holes = arguments.allow_holes;
  request.with_source = arguments.with_source;
  request.emit_test = arguments.emit_test;
  return request;
}

int fail(Run& run, std::string_view rule, std::string message, int code) {
  run.diagnostics.report(Level::error, rule, "", {}, std::move(message));
  return code;
}

int build(Run& run, const Arguments& arguments, Output& output) {
  if (!arguments.accept.empty() && trim(arguments.reason).empty())
    return fail(run, "usage/options", "--accept needs --reason TEXT: why there need be no way back",
                kUsage);
  const bool archive = !arguments.archive.empty();
  if (arguments.output_file.empty() && !archive)
    return fail(run, "usage/options",
                "-o says which folder to make; with --archive it may be left out", kUsage);
  Builder builder(run, arguments, request_of(arguments));
  const std::variant<std::vector<NewFile>, int> built = builder.files();
  if (const int* const code = std::get_if<int>(&built))
    return *code;
  const std::vector<NewFile>& files = std::get<std::vector<NewFile>>(built);
  const std::string place = arguments.output_file.empty()
                                ? fmt::format("{}.{}", builder.folder(), arguments.archive)
                                : arguments.output_file;
  DiskResult<Nothing> written = Nothing{};
  if (!archive)
    written = write_folder(place, files);
  else if (arguments.archive == "zip")
    written = write_file(place, bundle::zip_archive(builder.folder(), files, archive_time()));
  else
    written = write_file(place, bundle::tar_archive(builder.folder(), files, archive_time()));
  if (!written)
    return fail(run, "output/unwritable",
                fmt::format("{}: the bundle cannot be written: {}", place, written.error().reason),
                kUsage);
  output.write(
      fmt::format("{}: {} files; begin with README.txt and report.html\n", place, files.size()));
  return chain_exit_code(run);
}

int check(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.revisions.size() != 2)
    return fail(run, "usage/options", "bundle verify takes one folder", kUsage);
  bundle::Check check = bundle::check_folder(run.disk, arguments.revisions[1]);
  if (!arguments.log_file.empty()) {
    const DiskResult<std::string> log = read_stream(arguments.log_file);
    if (!log)
      return fail(
          run, "usage/options",
          fmt::format("{}: the log cannot be read: {}", arguments.log_file, log.error().reason),
          kUsage);
    check_log(*log, check);
  }
  if (arguments.rebuild && check.request) {
    bundle::Request request = *check.request;
    Builder builder(run, arguments, request);
    const std::variant<std::vector<NewFile>, int> built = builder.files();
    if (const int* const code = std::get_if<int>(&built))
      return *code;
    compare_with(std::get<std::vector<NewFile>>(built), check);
  }
  output.write(check.text);
  return check.good ? kDone : kIntegrity;
}

int compare(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.revisions.size() != 3)
    return fail(run, "usage/options", "bundle diff takes two folders", kUsage);
  const Expected<std::string, std::string> difference =
      bundle::difference(run.disk, arguments.revisions[1], arguments.revisions[2]);
  if (!difference)
    return fail(run, "usage/options", difference.error(), kUsage);
  output.write(*difference);
  return difference->empty() ? kDone : kDifference;
}

}  // namespace

int bundle_command(Run& run, const Arguments& arguments, Output& output) {
  const std::string word = arguments.revisions.empty() ? "" : arguments.revisions[0];
  if (word == "verify")
    return check(run, arguments, output);
  if (word == "diff")
    return compare(run, arguments, output);
  if (arguments.revisions.size() > 1)
    return fail(run, "usage/options", "bundle takes one range", kUsage);
  return build(run, arguments, output);
}

}  // namespace retort
