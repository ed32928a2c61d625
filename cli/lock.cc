// `retort lock` and `retort release`: what revisions are is recorded in retort.lock, and what was
// released is held to it.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/json.h"
#include "common/path.h"
#include "common/text.h"
#include "compiler/integrity/history.h"
#include "linter/finding.h"
#include "project/integrity.h"
#include "versions/env_py.h"
#include "versions/git.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr std::string_view kEdited = "chain/edited";

class LockCommand {
public:
  LockCommand(Run& run, const Arguments& arguments, Output& output)
      : run_(run), arguments_(arguments), output_(output) {}

  int lock() {
    if (const int code = check_options(); code != kDone)
      return code;
    if (const int code = open(); code != kDone)
      return code;
    if (arguments_.check)
      return check();
    if (const int code = refuse_broken_chain(); code != kDone)
      return code;
    if (!arguments_.accept.empty())
      return accept();
    judge_all();
    if (report() == Level::error)
      return kIntegrity;
    refresh();
    return write(counted_changes());
  }

  int release() {
    if (const std::string problem = problem_of_release(arguments_.release); !problem.empty())
      return usage(problem);
    if (const int code = open(); code != kDone)
      return code;
    if (const int code = refuse_broken_chain(); code != kDone)
      return code;
    const Result<std::vector<RevIndex>> wanted = wanted_revisions();
    if (!wanted)
      return kUsage;
    judge_all();
    if (report() == Level::error)
      return kIntegrity;
    refresh();
    return stamp(*wanted);
  }

private:
  int usage(std::string message, std::string note = {}) {
    Diagnostic& diagnostic =
        run_.diagnostics.report(Level::error, "usage/options", "", {}, std::move(message));
    if (!note.empty())
      diagnostic.note(std::move(note));
    return kUsage;
  }

  int check_options() {
    if (!arguments_.against.empty() && !arguments_.check)
      return usage("--against goes with --check");
    if (arguments_.check && !arguments_.accept.empty())
      return usage("--check only looks, and --accept writes: give one of them");
    if (arguments_.accept.empty() != arguments_.reason.empty())
      return usage("--accept REV and --reason TEXT go together");
    if (!arguments_.accept.empty() && trim(arguments_.reason).empty())
      return usage("the reason is empty: say why the revision may be another one");
    return kDone;
  }

  int open() {
    Result<Project> project = open_project(run_, arguments_);
    if (!project)
      return kUsage;
    project_ = std::move(*project);
    read_env_py(run_, project_.config);  // it may name constraints
    options_ = compile_options(run_, project_, arguments_);
    whole_ = !is_broken(run_.diagnostics.all());
    path_ = lock_path(project_.config);
    Result<std::optional<LockFile>> lock = read_lock(run_, path_);
    if (!lock)
      return whole_ ? kIntegrity : kUnreadableChain;
    exists_ = lock->has_value();
    if (exists_)
      integrity_.lock = std::move(**lock);
    return kDone;
  }

  // What cannot be read would be recorded as gone.
  int refuse_broken_chain() {
    if (!run_.diagnostics.has_errors())
      return kDone;
    run_.diagnostics.report(Level::error, "integrity/broken-chain", "",
                            {run_.sources.declare(shown_path(path_)), {}},
                            "nothing is recorded of a chain with errors");
    return chain_exit_code(run_);
  }

  void judge_all() {
    integrity_.judgements = judge(run_, project_.chain, options_, integrity_.lock, whole_);
  }

  // --- checking
  // -----------------------------------------------------------------------------------

  int check() {
    if (!exists_) {
      run_.diagnostics
          .report(Level::error, "integrity/missing", "",
                  {run_.sources.declare(shown_path(path_)), {}}, "there is no lock to check with")
          .note("`retort lock` writes it; commit it with the revisions");
      return whole_ ? kIntegrity : kUnreadableChain;
    }
    LockFile base;
    std::vector<Rewritten> rewritten;
    if (!arguments_.against.empty()) {
      Result<std::pair<LockFile, LockFile>> other = other_locks();
      if (!other)
        return damaged_there_ ? kIntegrity : kUsage;
      base = std::move(other->first);
      rewritten = compare_history(base, other->second, integrity_.lock);
    }
    judge_all();
    add_rewritten(rewritten);
    const std::optional<Level> worst = report();
    if (arguments_.format == OutputFormat::json)
      write_json();
    else
      write_list();
    if (const int code = chain_exit_code(run_); code == kUnreadableChain)
      return code;
    return worst == Level::error ? kIntegrity : kDone;
  }

  // The locks at the commit that this branch comes from, and at the reference. Without a common
  // commit, as in a clone of little depth, the reference stands for both.
  Result<std::pair<LockFile, LockFile>> other_locks() {
    const std::string& ref = arguments_.against;
    const Loc at{run_.sources.add_argument("--against", ref),
                 {0, static_cast<uint32_t>(ref.size())}};
    const std::string base = TRY(merge_base(run_, parent_path(path_), ref, at));
    LockFile tip = TRY(lock_at(ref, ref, at));
    if (tip.entries.empty())
      run_.diagnostics.report(Level::info, "integrity/missing", "", at,
                              fmt::format("`{}` has no revision in {}: there is nothing to compare "
                                          "with",
                                          ref, file_name(path_)));
    LockFile there = base.empty() ? tip : TRY(lock_at(base, ref, at));
    return std::pair(std::move(there), std::move(tip));
  }

  Result<LockFile> lock_at(const std::string& commit, const std::string& name, Loc at) {
    std::optional<std::string> text = TRY(read_git_file(run_, path_, commit, at));
    if (!text)
      return LockFile();
    const FileId file =
        run_.sources.add_argument(fmt::format("{}:{}", name, shown_path(path_)), *std::move(text));
    Result<LockFile> lock = parse_lock(run_.sources, file, run_.diagnostics);
    damaged_there_ = !lock;
    return lock;
  }

  void add_rewritten(const std::vector<Rewritten>& all) {
    for (const Rewritten& each : all) {
      const auto place = std::lower_bound(
          integrity_.judgements.begin(), integrity_.judgements.end(), each.entry->id,
          [](const Judgement& judgement, const std::string& id) { return judgement.id < id; });
      Judgement& judgement = place != integrity_.judgements.end() && place->id == each.entry->id
                                 ? *place
                                 : *integrity_.judgements.insert(place, Judgement{});
      judgement.id = each.entry->id;
      judgement.entry = each.entry;
      judgement.verdict = Verdict::rewritten;
      judgement.level = Level::error;
      judgement.rewritten = each.how;
    }
  }

  // --- what is found
  // --------------------------------------------------------------------------------

  // The worst of it.
  std::optional<Level> report() {
    std::optional<Level> worst;
    for (const Judgement& judgement : integrity_.judgements) {
      if (!judgement.level)
        continue;
      worst = std::max(worst.value_or(Level::info), *judgement.level);
      Explanation explanation = explain(judgement);
      const Loc at = judgement.revision && judgement.verdict != Verdict::rewritten
                         ? Loc{project_.chain[*judgement.revision].file,
                               project_.chain[*judgement.revision].id_at}
                         : judgement.entry->at;
      Diagnostic& diagnostic = run_.diagnostics.report(
          *judgement.level, kEdited, explanation.variant, at, std::move(explanation.message));
      for (std::string& note : explanation.notes)
        diagnostic.note(std::move(note));
    }
    return worst;
  }

  size_t count(Verdict verdict) const {
    return static_cast<size_t>(
        std::count_if(integrity_.judgements.begin(), integrity_.judgements.end(),
                      [&](const Judgement& judgement) { return judgement.verdict == verdict; }));
  }

  std::string path_of(const Judgement& judgement) const {
    return judgement.revision
               ? std::string(run_.sources.path(project_.chain[*judgement.revision].file))
               : "-";
  }

  void write_list() {
    size_t released = 0;
    for (const Judgement& judgement : integrity_.judgements) {
      released += judgement.released() ? 1 : 0;
      if (judgement.verdict != Verdict::same)
        output_.write(
            fmt::format("{:<16}  {}  {}  {}\n", to_string(judgement.verdict), judgement.id,
                        judgement.released() ? judgement.entry->release : "-", path_of(judgement)));
    }
    std::string summary =
        fmt::format("{}, {} released", counted(integrity_.judgements.size(), "revision"), released);
    for (const Verdict verdict : kVerdicts)
      if (verdict != Verdict::same && count(verdict) != 0)
        summary += fmt::format(", {} {}", count(verdict), to_string(verdict));
    output_.write(summary + "\n");
  }

  static void write_state(JsonWriter& json, std::string_view name, const RevisionState& state) {
    json.key(name).begin_object();
    json.text("src1", state.source).text("up1", state.up).text("down1", state.down);
    json.texts("parents", state.parents).texts("depends", state.depends).end_object();
  }

  static void write_parts(JsonWriter& json, std::string_view name,
                          const std::vector<std::string_view>& parts) {
    json.texts(name, {parts.begin(), parts.end()});
  }

  void write_row(JsonWriter& json, const Judgement& judgement) const {
    json.begin_object().text("revision", judgement.id).key("file");
    if (judgement.revision)
      json.text(path_of(judgement));
    else
      json.null();
    json.text("verdict", to_string(judgement.verdict)).key("level");
    if (judgement.level)
      json.text(retort::to_string(*judgement.level));
    else
      json.null();
    json.key("release");
    if (judgement.released())
      json.text(judgement.entry->release);
    else
      json.null();
    write_parts(json, "differs", judgement.differs);
    write_parts(json, "unknown", judgement.unknown);
    json.key("accepted").begin_array();
    if (judgement.entry)
      for (const Acceptance& acceptance : judgement.entry->accepted)
        json.begin_object()
            .text("verdict", acceptance.verdict)
            .text("reason", acceptance.reason)
            .end_object();
    json.end_array();
    if (judgement.entry)
      write_state(json, "recorded", judgement.entry->wanted());
    else
      json.key("recorded").null();
    if (judgement.revision)
      write_state(json, "now", judgement.now);
    else
      json.key("now").null();
    json.end_object();
  }

  void write_json() {
    JsonWriter json;
    json.begin_object().text("schema", "retort.lock/1");
    json.text("lock", shown_path(path_)).key("revisions").begin_array();
    for (const Judgement& judgement : integrity_.judgements)
      write_row(json, judgement);
    json.end_array().key("summary").begin_object();
    for (const Verdict verdict : kVerdicts)
      json.number(to_string(verdict), static_cast<int64_t>(count(verdict)));
    output_.write(json.end_object().end_object().take());
  }

  // --- writing
  // --------------------------------------------------------------------------------------

  // What is not released is what it is; what is, stays.
  void refresh() {
    LockFile fresh;
    for (const Judgement& judgement : integrity_.judgements) {
      if (judgement.released()) {
        fresh.entries.push_back(*judgement.entry);
        continue;
      }
      if (!judgement.revision)
        continue;
      LockEntry& entry = fresh.entries.emplace_back();
      entry.id = judgement.id;
      entry.state = judgement.now;
      if (judgement.entry && judgement.entry->state != judgement.now)
        ++refreshed_;
    }
    // A revision that is gone, as somebody has accepted, has no judgement.
    for (const LockEntry& entry : integrity_.lock.entries)
      if (entry.released() && !integrity_.find(entry.id))
        fresh.entries.push_back(entry);
    std::sort(fresh.entries.begin(), fresh.entries.end(),
              [](const LockEntry& a, const LockEntry& b) { return a.id < b.id; });
    fresh_ = std::move(fresh);
  }

  std::string counted_changes() const {
    std::string text;
    const auto add = [&](size_t number, std::string_view what) {
      if (number != 0)
        text += fmt::format("{} {} {}", text.empty() ? ":" : ",", number, what);
    };
    add(count(Verdict::added), "new");
    add(refreshed_, "refreshed");
    add(count(Verdict::removed), "dropped");
    return fmt::format("{}: {}{}\n", shown_path(path_), counted(fresh_.entries.size(), "revision"),
                       text);
  }

  int write(const std::string& message) {
    const std::string path = run_.disk.real_path(path_);  // a link stays one
    const std::string text = print_lock(fresh_);
    const DiskResult<std::string> old = run_.disk.read(path);
    if (!old || *old != text)
      if (const DiskResult<Nothing> done = write_file(path, text); !done) {
        run_.diagnostics.report(Level::error, "output/unwritable", "",
                                {run_.sources.declare(shown_path(path_)), {}},
                                fmt::format("the lock cannot be written: {}", done.error().reason));
        return kInternal;
      }
    if (arguments_.format == OutputFormat::json)
      write_json();
    else
      output_.write(message);
    return chain_exit_code(run_);
  }

  // --- accepting
  // ------------------------------------------------------------------------------------

  int accept() {
    judge_all();
    fresh_ = integrity_.lock;
    const std::string reason = one_line(trim(arguments_.reason));
    std::string message;
    for (const std::string& name : arguments_.accept) {
      const Judgement* const judgement = named(name);
      if (!judgement)
        return kUsage;
      if (!judgement->released())
        return usage(fmt::format("`{}` is not released and free to change", judgement->id),
                     "`retort lock` records it as it is");
      if (judgement->verdict == Verdict::same)
        return usage(fmt::format("`{}` is what it was: there is nothing to accept", judgement->id));
      LockEntry& entry = *fresh_.find(judgement->id);
      Acceptance& acceptance = entry.accepted.emplace_back();
      acceptance.verdict = to_string(judgement->verdict);
      if (judgement->revision)
        acceptance.state = judgement->now;
      acceptance.reason = reason;
      message += fmt::format("{}: `{}` is accepted as {}\n", shown_path(path_), judgement->id,
                             acceptance.verdict);
    }
    return write(message);
  }

  // By its id, or as a revision of the chain is named.
  const Judgement* named(const std::string& name) {
    if (const Judgement* const judgement = integrity_.find(name))
      return judgement;
    const Result<std::vector<RevIndex>> found = Ranges(project_.chain, run_).revisions(name);
    if (!found)
      return nullptr;
    if (found->size() != 1) {
      usage(fmt::format("`{}` is {}: accept them one by one", name,
                        counted(found->size(), "revision")));
      return nullptr;
    }
    return integrity_.find(project_.chain[found->front()].id);
  }

  // --- releasing
  // ------------------------------------------------------------------------------------

  Result<std::vector<RevIndex>> wanted_revisions() {
    std::vector<RevIndex> wanted;
    if (arguments_.revisions.empty()) {
      for (RevIndex i = 0; i < project_.chain.size(); ++i)
        wanted.push_back(i);
      return wanted;
    }
    const Surroundings around = TRY(surroundings(run_, project_, arguments_));
    Ranges ranges(project_.chain, run_, around);
    for (const Step& step : TRY(ranges.upgrade(arguments_.revisions[0])))
      wanted.push_back(step.revision);
    return wanted;
  }

  int stamp(const std::vector<RevIndex>& wanted) {
    const Chain& chain = project_.chain;
    size_t stamped = 0;
    for (const RevIndex revision : wanted) {
      LockEntry& entry = *fresh_.find(chain[revision].id);
      if (entry.released())
        continue;
      entry.release = arguments_.release;
      ++stamped;
    }
    // Who runs a revision has run all below it.
    const RevisionSet below = chain.ancestors(wanted, Edges::all);
    for (const RevIndex revision : below.members())
      if (!fresh_.find(chain[revision].id)->released()) {
        const std::string& end = chain[wanted.back()].id;
        return usage(
            fmt::format("`{}` stands below this range and is not released", chain[revision].id),
            fmt::format("release it as well: `retort release {} :{}`", arguments_.release, end));
      }
    return write(fmt::format("{}: {} released as {}\n", shown_path(path_),
                             stamped == 0 ? "nothing new is" : counted(stamped, "revision"),
                             arguments_.release));
  }

  Run& run_;
  const Arguments& arguments_;
  Output& output_;
  Project project_;
  CompileOptions options_;
  std::string path_;
  bool exists_ = false;
  bool whole_ = true;
  bool damaged_there_ = false;
  Integrity integrity_;
  LockFile fresh_;
  size_t refreshed_ = 0;
};

}  // namespace

int lock(Run& run, const Arguments& arguments, Output& output) {
  return LockCommand(run, arguments, output).lock();
}

int release(Run& run, const Arguments& arguments, Output& output) {
  return LockCommand(run, arguments, output).release();
}

}  // namespace retort
