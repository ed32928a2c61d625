// `retort lint`: what revisions, or files of SQL, do to a running server and to its data.
#include "linter/lint.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "cli/reports.h"
#include "cli/stats_compare.h"
#include "common/path.h"
#include "common/text.h"
#include "linter/finish.h"
#include "linter/fix.h"
#include "project/lint_inputs.h"
#include "rules/rules.h"
#include "versions/env_py.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unistd.h>

namespace retort {
namespace {

struct Wanted {
  std::vector<std::string> files;  // absolute, in order
  std::vector<std::string> ranges;
  bool standard_input = false;
};

bool is_source(std::string_view path) { return path.ends_with(".sql") || path.ends_with(".py"); }

void add_folder(const Disk& disk, const std::string& folder, std::vector<std::string>& files) {
  const DiskResult<std::vector<Entry>> entries = disk.list(folder);
  if (!entries)
    return;
  for (const Entry& entry : *entries) {
    const std::string path = join_path(folder, entry.name);
    if (entry.kind == EntryKind::folder && !entry.name.starts_with(".") &&
        entry.name != "__pycache__")
      add_folder(disk, path, files);
    else if (entry.kind == EntryKind::file && is_source(entry.name))
      files.push_back(path);
  }
}

Result<Wanted> wanted(Run& run, const Arguments& arguments) {
  Wanted result;
  for (const std::string& word : arguments.paths) {
    const std::string path = absolute_path(word);
    if (word == "-") {
      result.standard_input = true;
    } else if (run.disk.kind(path) == EntryKind::folder) {
      const size_t before = result.files.size();
      add_folder(run.disk, path, result.files);
      if (result.files.size() == before)
        run.diagnostics.report(Level::error, "usage/options", "missing", {},
                               fmt::format("{}: there is no .sql or .py file in it", word));
    } else if (run.disk.exists(path)) {
      result.files.push_back(path);
    } else if (is_source(word) || word.find('/') != std::string::npos) {
      run.diagnostics.report(Level::error, "usage/options", "missing", {},
                             fmt::format("{}: there is no such file or folder", word));
    } else {
      result.ranges.push_back(word);
    }
  }
  if (run.diagnostics.has_errors())
    return run.diagnostics.failed();
  return result;
}

// Files of SQL need no project. What else is wrong with the configuration is reported.
Result<std::optional<Project>> project_if_any(Run& run, const Arguments& arguments,
                                              const Wanted& files) {
  Diagnostics before = std::move(run.diagnostics);
  run.diagnostics = {};
  Result<Project> project = open_project(run, arguments);
  if (project) {
    before.append(std::move(run.diagnostics));
    run.diagnostics = std::move(before);
    return std::optional(std::move(*project));
  }
  const bool only_missing =
      std::all_of(run.diagnostics.all().begin(), run.diagnostics.all().end(),
                  [](const Diagnostic& diagnostic) { return diagnostic.rule == "config/missing"; });
  if (!only_missing || (files.files.empty() && !files.standard_input))
    return run.diagnostics.failed();
  run.diagnostics = std::move(before);
  return std::optional<Project>();
}

class LintCommand {
public:
  LintCommand(Run& run, const Arguments& arguments) : run_(run), arguments_(arguments) {}

  int operator()(Output& output) {
    const Result<std::vector<Report>> reports = read_reports(run_, arguments_);
    if (!reports)
      return kUsage;
    const std::optional<int> early_end = look();
    if (!early_end)
      return finish_up(*reports, output);
    report_early_end(run_, *reports, output);
    return *early_end;
  }

private:
  // Reads all that is to be linted; what ends the run before that.
  std::optional<int> look() {
    Result<Wanted> files = wanted(run_, arguments_);
    if (!files)
      return kUsage;
    Result<std::optional<Project>> project = project_if_any(run_, arguments_, *files);
    if (!project)
      return kUsage;
    project_ = std::move(*project);
    if (!project_ && !(arguments_.since.empty() && arguments_.from_revision.empty())) {
      run_.diagnostics.report(
          Level::error, "usage/options", "", {},
          fmt::format("{} is about a chain of revisions, and none is known here: say "
                      "`--versions FOLDER`, or run where alembic.ini is",
                      arguments_.since.empty() ? "--from" : "--since"));
      return kUsage;
    }
    Config config;
    if (project_) {
      config = project_->config;
    } else {
      ConfigRequest request = arguments_.config;
      request.needs_folders = false;
      Result<Config> own = read_config(run_, request);
      if (!own)
        return kUsage;
      config = std::move(*own);
    }
    Result<LintSettings> settings = read_lint_settings(run_, config, rules::known_names());
    if (!settings || !read_options(*settings))
      return kUsage;
    settings_ = std::move(*settings);
    Result<std::vector<LintStatement>> base = read_base(run_, settings_.base);
    if (!base || !read_statistics())
      return kUsage;
    base_ = std::move(*base);
    if (project_)
      read_env_py(run_, project_->config);
    if (project_ && !look_at(*project_, *files))
      return kUsage;
    if (!look_at_files(*files))
      return kUsage;
    return std::nullopt;
  }

  // The command line comes before the configuration.
  bool read_options(LintSettings& settings) {
    const Loc nowhere;
    bool good = true;
    for (const std::vector<std::string>* const names : {&arguments_.select, &arguments_.ignore})
      for (const std::string& name : *names)
        good &= check_rule_name(run_, name, nowhere, settings.rule_names(rules::known_names()));
    if (!arguments_.select.empty())
      settings.select = arguments_.select;
    settings.ignore.insert(settings.ignore.end(), arguments_.ignore.begin(),
                           arguments_.ignore.end());
    if (!arguments_.fail_on.empty())
      settings.fail_on = level_named(arguments_.fail_on);
    if (!arguments_.base.empty())
      settings.base = arguments_.base;
    if (!arguments_.statistics.empty())
      settings.stats = arguments_.statistics;
    if (!arguments_.released.empty())
      settings.released = arguments_.released;
    if (!arguments_.baseline.empty())
      settings.baseline = arguments_.baseline;
    if (arguments_.write_baseline && settings.baseline.empty()) {
      run_.diagnostics.report(Level::error, "usage/options", "", {},
                              "--write-baseline needs --baseline FILE");
      good = false;
    }
    return good;
  }

  bool read_statistics() {
    if (settings_.stats.empty())
      return true;
    Result<LoadedStatistics> loaded = load_statistics(run_, settings_.stats);
    if (!loaded)
      return false;
    statistics_ = std::move(*loaded);
    return true;
  }

  bool look_at(const Project& project, Wanted& files) {
    take_limits(settings_, project.config);  // env.py may have one
    const Chain& chain = project.chain;
    check_chain(chain, Occasion::checking, run_.diagnostics);
    LintScope scope{RevisionSet(chain.size()), {}};
    const bool all = files.files.empty() && files.ranges.empty() && !files.standard_input;
    for (RevIndex i = 0; i < chain.size(); ++i) {
      const std::string& path = chain[i].path;
      const auto given =
          std::find_if(files.files.begin(), files.files.end(),
                       [&](const auto& file) { return run_.disk.real_path(file) == path; });
      const bool named = given != files.files.end();
      if (named)
        files.files.erase(given);
      if (all || named)
        scope.reported.insert(i);
    }
    integrity_ = read_integrity(run_, project, compile_options(run_, project, arguments_),
                                !is_broken(run_.diagnostics.all()));
    return choose(project, files, scope) && look_at(project, std::move(scope));
  }

  bool choose(const Project& project, const Wanted& files, LintScope& scope) {
    const Chain& chain = project.chain;
    for (const std::string& range : files.ranges) {
      const Result<Surroundings> around = surroundings(run_, project, arguments_);
      if (!around)
        return false;
      const Result<std::vector<Step>> steps = Ranges(chain, run_, *around).upgrade(range);
      if (!steps)
        return false;
      for (const Step& step : *steps)
        scope.reported.insert(step.revision);
    }
    if (!arguments_.since.empty()) {
      const Result<RevisionSet> changed = changed_since(run_, project, arguments_.since);
      if (!changed)
        return false;
      scope.reported &= *changed;
      scope.together = true;
    }
    const std::string& live =
        arguments_.from_revision.empty() ? settings_.released : arguments_.from_revision;
    return scope.leave_out_released(run_, chain, live, integrity_ ? &*integrity_ : nullptr)
        .has_value();
  }

  bool look_at(const Project& project, LintScope scope) {
    const bool edited =
        integrity_ && std::any_of(integrity_->judgements.begin(), integrity_->judgements.end(),
                                  [](const Judgement& each) { return each.level.has_value(); });
    scope_ = std::move(scope);
    if (scope_->reported.empty() && !edited)
      return true;
    CompileOptions options = compile_options(run_, project, arguments_);
    options.forms = true;
    const RevisionSet* const first = scope_->released ? &*scope_->released : nullptr;
    add(units_of(run_, project.chain, options, scope_->reported, first), &project.chain);
    return true;
  }

  bool look_at_files(const Wanted& files) {
    std::vector<FileId> sources;
    for (const std::string& path : files.files) {
      const DiskResult<FileId> file = run_.load(path);
      if (!file) {
        run_.diagnostics.report(Level::error, "chain/broken", "unreadable",
                                {run_.sources.declare(path), {}},
                                fmt::format("the file cannot be read: {}", file.error().reason));
        continue;
      }
      if (path.ends_with(".sql")) {
        sources.push_back(*file);
      } else if (run_.sources.text(*file).find("revision") != std::string_view::npos) {
        run_.diagnostics.report(Level::error, "usage/options", "", {*file, {}},
                                "this is a revision of no chain that is known here: say "
                                "`--versions FOLDER`, or run where alembic.ini is");
        return false;
      }
    }
    if (files.standard_input) {
      DiskResult<std::string> text = read_stream("-");
      if (!text) {
        run_.diagnostics.report(Level::error, "usage/options", "", {},
                                fmt::format("standard input: {}", text.error().reason));
        return false;
      }
      sources.push_back(
          run_.sources.add(arguments_.stdin_name.empty() ? "standard input" : arguments_.stdin_name,
                           *std::move(text)));
    }
    if (sources.empty())
      return true;
    std::vector<Unit> units(sources.size());
    parallel_for(units.size(), run_.threads, [&](size_t i) {
      units[i] = unit_of(run_, sources[i], settings_.assume_transaction, settings_.servers.front());
    });
    if (!arguments_.isolated) {
      add(std::move(units), nullptr);
      return true;
    }
    for (Unit& unit : units) {
      std::vector<Unit> alone;
      alone.push_back(std::move(unit));
      add(std::move(alone), nullptr);
    }
    return true;
  }

  void add(std::vector<Unit> units, const Chain* chain) {
    groups_.push_back({units_.size(), units.size(), chain});
    units_.insert(units_.end(), std::make_move_iterator(units.begin()),
                  std::make_move_iterator(units.end()));
  }

  std::vector<Finding> run(std::span<const Unit> units, const Chain* chain,
                           std::span<const Rule* const> rules, unsigned threads) {
    LintInput input{.sources = run_.sources,
                    .chain = chain,
                    .base = base_,
                    .base_is_whole = !settings_.base.empty(),
                    .units = units,
                    .first_unreleased = {},
                    .statistics = statistics_ ? &statistics_->statistics : nullptr,
                    .integrity = chain && integrity_ ? &*integrity_ : nullptr};
    if (chain)
      input.first_unreleased = scope_->first_unreleased(units);
    std::vector<Finding> findings = lint(input, rules, settings_, threads);
    add_holes(units, run_.sources, findings);
    return findings;
  }

  // Groups know nothing of each other; where there is one, it is cut into parts.
  void run_groups() {
    const std::vector<const Rule*> rules = enabled(rules::rules(), settings_);
    std::vector<std::vector<Finding>> found(groups_.size());
    const auto run_group = [&](size_t i, unsigned threads) {
      const Group& group = groups_[i];
      found[i] =
          run(std::span(units_).subspan(group.first, group.count), group.chain, rules, threads);
    };
    if (groups_.size() > 2 * size_t{run_.threads})
      parallel_for(groups_.size(), run_.threads, [&](size_t i) { run_group(i, 1); });
    else
      on_large_stack([&] {
        for (size_t i = 0; i < groups_.size(); ++i)
          run_group(i, run_.threads);
      });
    for (std::vector<Finding>& findings : found)
      findings_.insert(findings_.end(), std::make_move_iterator(findings.begin()),
                       std::make_move_iterator(findings.end()));
  }

  int finish_up(const std::vector<Report>& reports, Output& output) {
    run_groups();
    // What reading has found belongs to the result.
    for (const Diagnostic& diagnostic : run_.diagnostics.all()) {
      if (diagnostic.level == Level::info && !arguments_.verbose)
        continue;
      Finding& finding = findings_.emplace_back();
      finding.diagnostic = diagnostic;
    }
    const int chain_code = chain_exit_code(run_);
    run_.diagnostics = {};
    if (statistics_)  // about the input and no findings: they never fail a run
      doubt_statistics(run_, *statistics_, units_);
    finish(findings_, units_, run_.sources, settings_, settings_.rule_names(rules::known_names()));
    if (arguments_.quiet)
      std::erase_if(findings_, [](const Finding& finding) {
        return finding.diagnostic.level != Level::error;
      });
    if (!settings_.baseline.empty() || want_fingerprints(reports))
      set_fingerprints(findings_, run_.sources);
    if (!accept_baseline())
      return kUsage;
    if (arguments_.show_fixes) {
      for (const auto& [path, text] : fixed_files(run_.sources, findings_, Safety::review))
        output.write(unified_diff(path, text_of(path), text));
    } else if (arguments_.apply_fixes && !apply()) {
      return kInternal;
    }
    for (const std::string& path : fixed_)
      write_all(STDERR_FILENO, fmt::format("fixed {}\n", path));
    const ReportInput input{findings_,      run_.sources,
                            units_,         settings_.fail_on,
                            output.color(), arguments_.verbose || arguments_.fail_on == "info"};
    std::vector<Report> wanted_reports = reports;
    if (arguments_.show_fixes)  // the patch is what standard output is for
      std::erase_if(wanted_reports, [](const Report& report) { return report.file.empty(); });
    if (!write_reports(run_, wanted_reports, input, output))
      return kInternal;
    const auto unreadable = [](const Finding& finding) {
      return finding.rule() == "sql/syntax" && finding.diagnostic.level == Level::error;
    };
    if (chain_code == kUnreadableChain ||
        std::any_of(findings_.begin(), findings_.end(), unreadable))
      return kUnreadableChain;
    if (std::any_of(findings_.begin(), findings_.end(), [](const Finding& finding) {
          return finding.rule().starts_with("integrity/");
        }))
      return kIntegrity;
    const bool failed =
        std::any_of(findings_.begin(), findings_.end(),
                    [&](const Finding& finding) { return fails(finding, settings_.fail_on); });
    return failed ? kFindings : kDone;
  }

  std::string text_of(const std::string& path) const {
    for (const Unit& unit : units_)
      if (unit.file != FileId::none && run_.sources.path(unit.file) == path)
        return run_.sources.as_on_disk(unit.file, std::string(run_.sources.text(unit.file)));
    return {};
  }

  // Writes the files that safe fixes change; what they mend is no finding any more.
  bool apply() {
    for (const auto& [path, text] : fixed_files(run_.sources, findings_, Safety::safe)) {
      if (const DiskResult<Nothing> done = write_file(path, text); !done) {
        run_.diagnostics.report(Level::error, "output/unwritable", "", {},
                                fmt::format("{}: {}", path, done.error().reason));
        return false;
      }
      fixed_.push_back(path);
    }
    const std::vector<bool> done = mended(run_.sources, findings_, Safety::safe);
    std::vector<Finding> left;
    for (size_t i = 0; i < findings_.size(); ++i)
      if (!done[i])
        left.push_back(std::move(findings_[i]));
    findings_ = std::move(left);
    return true;
  }

  // Findings of the baseline are suppressed; `--write-baseline` makes all of them so.
  bool accept_baseline() {
    if (settings_.baseline.empty())
      return true;
    if (arguments_.write_baseline) {
      std::string text =
          "# Findings that are accepted: `retort lint --write-baseline` wrote them.\n";
      for (const Finding& finding : findings_)
        if (!finding.suppressed)
          text += fmt::format("{}  {}  {}\n", finding.fingerprint, full_name(finding.diagnostic),
                              finding.revision());
      if (const DiskResult<Nothing> done = write_file(settings_.baseline, text); !done) {
        run_.diagnostics.report(Level::error, "output/unwritable", "", {},
                                fmt::format("{}: {}", settings_.baseline, done.error().reason));
        return false;
      }
    }
    const auto accepted = read_baseline(run_, settings_.baseline);
    if (accepted)
      accept(*accepted, findings_);
    return accepted.has_value();
  }

  Run& run_;
  const Arguments& arguments_;
  std::optional<Project> project_;
  LintSettings settings_;
  std::vector<LintStatement> base_;
  std::optional<LoadedStatistics> statistics_;
  struct Group {  // units that build on each other
    size_t first, count;
    const Chain* chain;
  };
  std::vector<Unit> units_;
  std::vector<Group> groups_;
  std::vector<Finding> findings_;
  std::optional<Integrity> integrity_;
  std::optional<LintScope> scope_;  // of the chain
  std::vector<std::string> fixed_;  // files
};

}  // namespace

int lint(Run& run, const Arguments& arguments, Output& output) {
  return LintCommand(run, arguments)(output);
}

}  // namespace retort
