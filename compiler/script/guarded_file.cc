#include "compiler/script/guarded_file.h"

#include "common/parallel.h"
#include "common/sha256.h"
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/script/psql_text.h"
#include "compiler/script/standalone.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr size_t kKnownAround = 20;  // revisions before and behind that a refusal can name

// The ids on the one line that leads away from the rows, nearest first; a fork or merge ends it.
std::vector<std::string> line_from(const Chain& chain, const Rows& rows, bool up) {
  std::vector<std::string> ids;
  Rows at = rows;
  while (at.size() == 1 && ids.size() < kKnownAround) {
    if (up)
      at = chain.dependants(at[0]).empty() ? chain.children(at[0]) : Rows{};
    else
      at = chain.normal_parents(at[0]);
    if (at.size() == 1 || (!up && at.empty()))
      ids.push_back(shown(chain, at));
  }
  return ids;
}

// One file: some of the stages, in their order.
class Writer {
public:
  Writer(const Whole& whole, std::span<const Stage> all, size_t first, size_t count)
      : set_(whole), all_(all), first_(first), stages_(all.subspan(first, count)),
        tables_(whole.tables), version_(versioned(whole)),
        psql_(whole.options.client == Client::psql), progress_(needs_progress(all)),
        script_(id_of(all)) {}

  std::string text() {
    title();
    preamble();
    guard();
    if (stages_.size() > 1 || progress_)
      set_up();
    for (size_t i = 0; i < stages_.size(); ++i)
      stage(first_ + i);
    finish();
    return std::move(text_);
  }

private:
  // The version table as the guards name it.
  static Config versioned(const Whole& whole) {
    Config config = whole.config;
    if (config.version_table_schema.value.empty() && !config.search_path.value.empty())
      config.version_table_schema.value = config.search_path.value.front();
    return config;
  }

  // What the script does names it, so that a changed one is another.
  std::string id_of(std::span<const Stage> stages) const {
    std::string all = set_.tables.version;
    for (const Stage& stage : stages)
      for (const Stage::Act& act : stage.acts)
        all += fmt::format("\n{}\n{}", static_cast<int>(act.kind), act.sql);
    all += rows(stages.front().before) + "\n" + rows(stages.back().after);
    return sha256(all).substr(0, 12);
  }

  std::string rows(const Rows& of) const { return shown(set_.chain, of); }
  std::string start() const { return rows(stages_.front().before); }
  std::string target() const { return rows(stages_.back().after); }

  void line(std::string_view text) { (text_ += text) += '\n'; }
  void statement(std::string_view sql) { (text_ += sql) += ";\n"; }
  void gap() { text_ += '\n'; }

  // What the operator reads while it runs.
  void say(std::string_view words) {
    line(psql_ ? fmt::format("\\echo {}", psql_argument(words)) : notice_block(words));
  }

  // Truly: after a failed COMMIT some clients go on.
  void say_rows(const Rows& after) {
    if (psql_)
      say(fmt::format("retort: at {{{}}}", rows(after)));
    else
      line(fmt::format(
          "DO {};", dollar_quoted(fmt::format(" BEGIN RAISE NOTICE 'retort: at {{%}}', ({}); END ",
                                              rows_query(tables_)))));
  }

  void title() {
    const bool down = set_.steps[first_step()].name == "downgrade";
    const size_t revisions = last_step() - first_step() + 1;
    line(
        fmt::format("-- {} {{{}}} -> {{{}}}: {}, {}",
                    set_.steps[first_step()].body ? (down ? "Downgrade" : "Upgrade") : "Stamp",
                    start(), target(), counted(revisions, "revision"),
                    counted(transactions(), "transaction")) +
        (alone() == 0 ? "." : fmt::format(", {} outside of them.", counted(alone(), "statement"))));
    line(fmt::format("-- Script {} for {}.", script_,
                     psql_ ? "psql" : "any client that keeps one connection"));
    line(fmt::format("-- The database must be at {{{}}}. What is not so is refused.", start()));
    line(fmt::format("-- It is done when the last line says: {}", end_mark()));
    if (psql_ && stages_.size() > 1)
      line("-- After a failure, run it again: it goes on where it was.");
    gap();
  }

  static std::string counted(size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  }
  size_t first_step() const { return stages_.front().acts.front().step; }
  size_t last_step() const { return stages_.back().acts.back().step; }
  size_t alone() const {
    return static_cast<size_t>(std::count_if(stages_.begin(), stages_.end(),
                                             [](const Stage& s) { return !s.alone.empty(); }));
  }
  size_t transactions() const { return stages_.size() - alone(); }

  std::string end_mark() const {
    return fmt::format("retort: done {}/{}, database at {{{}}}", last_step() + 1, set_.steps.size(),
                       target());
  }

  void preamble() {
    if (psql_) {
      line("\\set ON_ERROR_STOP on");
      line("\\set ON_ERROR_ROLLBACK off");
      line("\\set AUTOCOMMIT on");
      line("\\set SINGLELINE off");
      line("\\pset pager off");
      if (has_atomic_body()) {
        line("SELECT :VERSION_NUM < 140000 AS retort_old \\gset");
        line("\\if :retort_old");
        line(stop_block("retort: a function body in this script needs psql 14 or newer; nothing "
                        "was done",
                        "Older ones cut it at its semicolons."));
        line("\\endif");
      }
    }
    line("-- Until the guard has looked at everything, nothing can be written.");
    statement("SET default_transaction_read_only = on");
    statement("SET client_encoding = 'UTF8'");
    statement("SET standard_conforming_strings = on");
    statement("SET client_min_messages = notice");
    timeouts();
    statement("SET idle_in_transaction_session_timeout = '5min'");
    if (!set_.config.search_path.value.empty()) {
      std::vector<std::string> names;
      for (const std::string& name : set_.config.search_path.value)
        names.push_back(quoted(name));
      statement(fmt::format("SET search_path = {}", fmt::join(names, ", ")));
    }
    if (!set_.config.role.value.empty())
      statement(fmt::format("SET ROLE {}", quoted(set_.config.role.value)));
    gap();
  }

  bool has_atomic_body() const {
    return std::any_of(stages_.begin(), stages_.end(), [](const Stage& stage) {
      return std::any_of(stage.acts.begin(), stage.acts.end(), [](const Stage::Act& act) {
        const std::string text = lower(act.sql);
        return text.find("begin") != std::string::npos && text.find("atomic") != std::string::npos;
      });
    });
  }

  std::string lock_timeout(const SqlHeader* header) const {
    if (header && !header->lock_timeout.text.empty())
      return header->lock_timeout.text;
    return set_.config.lock_timeout.value.empty() ? "5s" : set_.config.lock_timeout.value;
  }
  std::string statement_timeout(const SqlHeader* header) const {
    if (header && !header->statement_timeout.text.empty())
      return header->statement_timeout.text;
    return set_.config.statement_timeout.value.empty() ? "0" : set_.config.statement_timeout.value;
  }
  void timeouts() {
    statement(fmt::format("SET lock_timeout = {}", literal(lock_timeout(nullptr))));
    statement(fmt::format("SET statement_timeout = {}", literal(statement_timeout(nullptr))));
  }

  void guard() {
    Guard guard;
    guard.script = script_;
    for (const Stage& stage : stages_)
      if (guard.starts.empty() || guard.starts.back() != rows(stage.before))
        guard.starts.push_back(rows(stage.before));
    guard.target = target();
    const bool down = set_.steps[first_step()].name == "downgrade";
    guard.earlier = line_from(set_.chain, stages_.front().before, down);
    guard.later = line_from(set_.chain, stages_.back().after, !down);
    guard.progress = progress_;
    if (!set_.config.servers.is_default())
      guard.servers = set_.config.servers.value;
    guard.min_server = set_.options.min_server;
    guard.database = set_.config.database.value;
    line(guard_block(tables_, guard));
    gap();
  }

  // What all stages rely on.
  void set_up() {
    statement("BEGIN");
    if (stages_.front().before.empty())
      create_version_table();
    if (progress_) {
      line("-- How far the script is. The table goes when the script has come to its end.");
      statement(fmt::format("CREATE TABLE IF NOT EXISTS {} (script text PRIMARY KEY, done integer "
                            "NOT NULL, begun integer NOT NULL)",
                            tables_.progress));
      std::string from = "CASE here";
      std::string last;
      for (size_t i = 0; i < all_.size(); ++i)
        if (i == 0 || rows(all_[i].before) != last) {
          last = rows(all_[i].before);
          from += fmt::format(" WHEN {} THEN {}", literal(last), i);
        }
      from += fmt::format(" WHEN {} THEN {}", literal(rows(all_.back().after)), all_.size());
      statement(
          fmt::format("INSERT INTO {} (script, done, begun)\n  SELECT {}, at, at FROM (SELECT "
                      "{} END AS at FROM ({}) AS v (here)) AS s\n  ON CONFLICT (script) DO "
                      "NOTHING",
                      tables_.progress, literal(script_), from, rows_query(tables_)));
    }
    statement("COMMIT");
    gap();
  }

  void create_version_table() {
    std::string create = version_.create();
    constexpr std::string_view kCreate = "CREATE TABLE ";
    create.insert(kCreate.size(), "IF NOT EXISTS ");
    statement(create);
  }

  // A stage that is done is left out; with one stage there is nothing to leave out.
  bool skips() const { return psql_ && (stages_.size() > 1 || progress_); }

  void stage(size_t number) {
    const Stage& stage = all_[number];
    if (skips()) {
      if (progress_)
        line(fmt::format("SELECT done < {} AS retort_todo, begun >= {} AS retort_again FROM {} "
                         "WHERE script = {} \\gset",
                         number + 1, number + 1, tables_.progress, literal(script_)));
      else
        line(fmt::format("SELECT ({}) = {} AS retort_todo \\gset", rows_query(tables_),
                         literal(rows(stage.before))));
      line("\\if :retort_todo");
    }
    if (stage.alone.empty())
      transaction(stage, number);
    else
      run_alone(stage, number);
    if (skips()) {
      if (!stage.session.empty()) {
        line("\\else");
        for (const std::string& sql : stage.session)
          statement(psql_text(sql));
      }
      line("\\endif");
    }
    gap();
  }

  // Those of the revision's header, for the rest of the transaction or up to the next revision.
  void set_timeouts(size_t number) {
    const ScriptStep& step = set_.steps[number];
    const SqlHeader* const header = step.revision ? set_.chain[*step.revision].sql.get() : nullptr;
    const bool own =
        header && !(header->lock_timeout.text.empty() && header->statement_timeout.text.empty());
    if (own || own_timeouts_) {
      statement(fmt::format("SET LOCAL lock_timeout = {}", literal(lock_timeout(header))));
      statement(
          fmt::format("SET LOCAL statement_timeout = {}", literal(statement_timeout(header))));
    }
    own_timeouts_ = own;
  }

  void open(const Stage& stage, size_t number) {
    statement("BEGIN");
    own_timeouts_ = false;
    set_timeouts(stage.acts.front().step);
    if (stages_.size() == 1 && !progress_ && stage.before.empty())
      create_version_table();
    statement(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", tables_.version));
    const std::string before = rows(stage.before);
    line(begin_block(tables_, begin_of(before, number)));
  }

  Begin begin_of(std::string_view before, size_t number) const {
    return {before, script_, progress_ ? std::optional(number) : std::nullopt, !psql_};
  }

  void transaction(const Stage& stage, size_t number) {
    size_t next = 0;
    announce(stage, next);
    open(stage, number);
    gap();
    for (; next < stage.acts.size(); ++next)
      act(stage, next);
    close(stage, number);
  }

  // Titles that come before anything is done.
  void announce(const Stage& stage, size_t& next) {
    while (next < stage.acts.size() && stage.acts[next].kind == Stage::Act::Kind::title)
      title_of(stage.acts[next++].step);
  }

  void title_of(size_t number) {
    const ScriptStep& step = set_.steps[number];
    const auto side = [](const std::vector<std::string_view>& ids) {
      return ids.empty() ? std::string("base") : fmt::format("{}", fmt::join(ids, ", "));
    };
    std::string words = fmt::format("{} -> {}", side(step.from), side(step.to));
    if (step.revision && !set_.chain[*step.revision].title().empty())
      words += fmt::format(": {}", one_line(set_.chain[*step.revision].title()));
    line(fmt::format("-- {}", words));
    say(fmt::format("retort: [{}/{}] {}", number + 1, set_.steps.size(), words));
  }

  static std::string one_line(std::string_view text) {
    std::string result(text);
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; },
        ' ');
    return result;
  }

  void act(const Stage& stage, size_t& at) {
    const Stage::Act& act = stage.acts[at];
    switch (act.kind) {
    case Stage::Act::Kind::title:
      title_of(act.step);
      set_timeouts(act.step);
      break;
    case Stage::Act::Kind::statement: write(act); break;
    case Stage::Act::Kind::hole: write_hole(*act.hole); break;
    case Stage::Act::Kind::rows: move_rows(act.step); break;
    }
  }

  void write(const Stage::Act& act) {
    const BodyItem& item = *act.item;
    if (!item.assertion.empty()) {
      line(assertion_block(act.sql, item.assertion));
    } else if (item.rows) {
      line(rows_block(act.sql, *item.rows));
    } else {
      BodyItem printed;
      printed.sql = psql_ ? psql_text(act.sql) : act.sql;
      printed.data = item.data;
      line(terminated(printed));
    }
    gap();
  }

  void write_hole(const Diagnostic& hole) {
    const Loc at = set_.sources.origin(hole.at);
    const Position position = set_.sources.position(at.file, at.span.begin);
    line(stop_block(fmt::format("retort: a part of this revision is missing: {}:{}:{}: {}",
                                set_.sources.path(at.file), position.line, position.column,
                                one_line(hole.message)),
                    "Write its SQL here by hand, in place of this block."));
    gap();
  }

  void move_rows(size_t number) {
    const ScriptStep& step = set_.steps[number];
    for (const RowChange& change : step.change.changes)
      statement(version_.statement(set_.chain, change, /*returning=*/false));
    line(end_block(tables_, rows(step.change.rows)));
  }

  void note_done(size_t number) {
    if (progress_)
      statement(fmt::format("UPDATE {} SET done = {}, begun = {} WHERE script = {}",
                            tables_.progress, number + 1, number + 1, literal(script_)));
  }

  void close(const Stage& stage, size_t number) {
    note_done(number);
    statement("COMMIT");
    if (stage.before != stage.after)
      say_rows(stage.after);
  }

  // Its beginning is noted before it and its end behind it, each in a transaction of its own.
  void run_alone(const Stage& stage, size_t number) {
    size_t next = 0;
    announce(stage, next);
    const Stage::Act& act = stage.statement();
    Standalone how;
    on_large_stack([&] { how = standalone(act.sql, stage.alone); });
    const std::string what = how.object.empty() ? std::string(stage.alone)
                                                : fmt::format("{}, {}", stage.alone, how.object);
    line(fmt::format("-- {} cannot run in a transaction.", stage.alone));
    say(fmt::format("retort: outside of a transaction: {}", what));
    if (!psql_) {
      statement("SET default_transaction_read_only = on");
      const std::string before = rows(stage.before);
      const std::string note = mark_done(number);
      Begin begin = begin_of(before, number);
      begin.leftovers = how.leftovers;
      begin.done_already = how.done;
      begin.note_done = note;
      begin.arm = true;
      line(begin_block(tables_, begin));
    }
    if (psql_)
      clean_up(how);
    open(stage, number);
    statement(fmt::format("UPDATE {} SET begun = {} WHERE script = {}", tables_.progress,
                          number + 1, literal(script_)));
    statement("COMMIT");
    do_alone(act, how, number);
    open(stage, number);
    for (++next; next < stage.acts.size(); ++next)
      this->act(stage, next);
    close(stage, number);
  }

  std::string mark_done(size_t number) const {
    return fmt::format("UPDATE {} SET done = {} WHERE script = {};", tables_.progress, number + 1,
                       literal(script_));
  }

  // While it waits it stands in nobody's way, and giving up would leave an invalid index behind.
  void patiently(const std::string& sql) {
    statement("SET lock_timeout = 0");
    statement("SET statement_timeout = 0");
    line(sql);
    timeouts();
  }

  void clean_up(const Standalone& how) {
    if (how.leftovers.empty())
      return;
    line(
        fmt::format("SELECT count(*) > 0 AS retort_left, coalesce(string_agg(statement, '; '), '') "
                    "AS retort_leftovers\n  FROM (\n{}\n) AS l (statement) \\gset",
                    how.leftovers));
    line("\\if :retort_left");
    line("\\echo 'retort: first, what an earlier attempt left behind:' :retort_leftovers");
    patiently(how.leftovers + " \\gexec");
    line("\\endif");
  }

  void do_alone(const Stage::Act& act, const Standalone& how, size_t number) {
    const bool asks = psql_ && !how.done.empty();
    if (asks) {
      line(fmt::format("SELECT NOT (:'retort_again'::boolean AND {}) AS retort_todo \\gset",
                       how.done));
      line("\\if :retort_todo");
    } else if (psql_ && !how.repeatable) {
      line("\\if :retort_again");
      line(ambiguous(number));
      line("\\endif");
    }
    patiently(terminated_text(act));
    if (asks)
      line("\\endif");
    if (!how.done.empty())
      line(demand_block(how.done, fmt::format("retort: {} is not as it should be now", how.object),
                        "Run the script again.", "RT003"));
  }

  std::string terminated_text(const Stage::Act& act) const {
    BodyItem printed;
    printed.sql = psql_ ? psql_text(act.sql) : act.sql;
    return terminated(printed);
  }

  std::string ambiguous(size_t number) const {
    return stop_block(
        "retort: this statement was begun before, and whether it was done cannot be seen",
        fmt::format("If it was done, run: {} If not, run: UPDATE {} SET begun = {} WHERE script = "
                    "{}; Then run the script again.",
                    mark_done(number), tables_.progress, number, literal(script_)));
  }

  void finish() {
    const bool last = first_ + stages_.size() == all_.size();
    if (progress_ && last) {
      statement("BEGIN");
      statement(
          fmt::format("DELETE FROM {} WHERE script = {}", tables_.progress, literal(script_)));
      line(finish_block(tables_, target(), true));
      statement("COMMIT");
    } else {
      line(finish_block(tables_, target(), false));
    }
    std::vector<std::string_view> set = {"default_transaction_read_only", "client_min_messages",
                                         "lock_timeout", "statement_timeout",
                                         "idle_in_transaction_session_timeout"};
    if (!set_.config.search_path.value.empty())
      set.push_back("search_path");
    if (!set_.config.role.value.empty())
      set.push_back("ROLE");
    for (const std::string_view name : set)
      statement(fmt::format("RESET {}", name));
    if (psql_)
      say(end_mark());
    else
      line(fmt::format(
          "DO {};",
          dollar_quoted(fmt::format(" BEGIN IF ({}) = {} THEN RAISE NOTICE '%', {}; END IF; END ",
                                    rows_query(tables_), literal(target()), literal(end_mark())))));
  }

  const Whole& set_;
  std::span<const Stage> all_;
  size_t first_;
  std::span<const Stage> stages_;
  const GuardTables& tables_;
  VersionTable version_;
  bool psql_;
  bool progress_;
  std::string script_;
  bool own_timeouts_ = false;  // the transaction has other ones than the script
  std::string text_;
};

}  // namespace

std::string guarded_file(const Whole& whole, std::span<const Stage> stages, size_t first,
                         size_t count) {
  return Writer(whole, stages, first, count).text();
}

}  // namespace retort
