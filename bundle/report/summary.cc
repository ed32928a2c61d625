#include "bundle/report/summary.h"

#include "bundle/report/holds.h"
#include "bundle/report/words.h"
#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::bundle {

using facts::LockMode;
using rollback::WayBackClass;

void Items::add(size_t most, std::string text, std::string step) {
  if (shown.size() < most)
    shown.push_back({std::move(text), std::move(step)});
  else
    ++left_out;
}

namespace {

// Of each list on page 1.
constexpr size_t kMost = 4;

std::string thing_count(size_t count, std::string_view noun) {
  return count == 1 ? fmt::format("one {}", noun) : counted(count, noun);
}

// What becomes of something that a statement takes away.
std::string_view fate(WayBackClass kind) {
  switch (kind) {
  case WayBackClass::exact:
  case WayBackClass::exact_slow: return "the way back makes it again";
  case WayBackClass::data_kept: return "saved first, can be put back";
  case WayBackClass::lossy: return "does not come back";
  case WayBackClass::backup_only: return "comes back only from a dump taken before";
  case WayBackClass::no_way_back: return "does not come back";
  }
  return "";
}

// Reads may wait for less than writes do.
std::string_view blocked_all_the_time(const Hold& hold) {
  const bool reads = facts::blocks_reads(hold.lock) && !longer(hold.writes, hold.reads);
  return reads ? "reads and writes" : "writes";
}

class Summariser {
public:
  Summariser(const Account& account, const ReportInfo& info) : account_(account), info_(info) {}

  Summary run() {
    head();
    locked();
    how_long();
    lost();
    back();
    totals();
    beliefs();
    disk();
    warnings();
    summary_.verdict = fmt::format("{} {} {}", lock_verdict_, loss_verdict_, back_verdict_);
    if (statements_ == 0)
      summary_.verdict = "There is nothing to run: no statement is in this range.";
    return std::move(summary_);
  }

private:
  template <typename Visitor>
  void each_statement(Visitor visit) const {
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      for (size_t s = 0; s < account_.revisions[r].statements.size(); ++s)
        visit(account_.revisions[r].statements[s], number_of(r, s));
  }

  template <class Visitor>
  void each_keep(Visitor visit) const {
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      for (const KeepAccount& keep : account_.revisions[r].keeps)
        visit(keep, number_of(r));
  }

  void head() {
    const std::string title = info_.title.empty() ? "Database change" : info_.title;
    // The name of a folder may begin with the number of the change already.
    const bool numbered = info_.change.empty() || title.starts_with(info_.change);
    summary_.heading = numbered ? title : info_.change + ": " + title;
    summary_.range = capital(range_words(account_)) + ", " + servers_words(account_.servers);
    each_statement([&](const StatementAccount&, const std::string&) { ++statements_; });
  }

  void locked() {
    Answer& answer = summary_.answers[0];
    answer.question = "What is locked?";
    const std::vector<Hold> holds = worst_holds(account_);
    size_t reads = 0;
    bool works = false;
    for (const Hold& hold : holds) {
      reads += facts::blocks_reads(hold.lock) ? 1 : 0;
      works = works || hold.writes.works;
      answer.items.add(kMost, hold_text(hold),
                       hold.copied ? number_of(hold.revision)
                                   : number_of(hold.revision, hold.statement));
    }
    if (holds.empty()) {
      answer.answer = "Nothing that others use is locked against reads or writes.";
      lock_verdict_ = "Nobody has to wait.";
      return;
    }
    const size_t writes = holds.size() - reads;
    std::vector<std::string> parts;
    if (reads > 0)
      parts.push_back("reads and writes of " + thing_count(reads, "relation"));
    if (writes > 0)
      parts.push_back((reads > 0 ? "only writes of " : "writes of ") +
                      thing_count(writes, "relation"));
    answer.answer = fmt::format("The run blocks {}{}", join(parts, ", and "),
                                works ? "." : ", each for a moment.");
    answer.grave = works;
    answer.note = "A transaction keeps its locks until it ends; the times count all of it. Before "
                  "that, the run waits for open transactions, and later users wait behind it.";
    lock_verdict_ = works ? blocking_verdict(holds) : answer.answer;
  }

  // The relations that are blocked the longest, as far as they are few.
  static std::string blocking_verdict(const std::vector<Hold>& holds) {
    constexpr size_t kNames = 3;
    const std::string wait = to_text(holds.front().writes);
    const std::string_view what = blocked_all_the_time(holds.front());
    std::vector<std::string> names;
    for (const Hold& each : holds)
      if (names.size() < kNames && to_text(each.writes) == wait &&
          blocked_all_the_time(each) == what)
        names.push_back(each.relation);
    const size_t rest = holds.size() - names.size();
    const std::string more =
        rest == 0 ? ""
                  : fmt::format("; {} blocked, too",
                                rest == 1 ? "one more is" : fmt::format("{} more are", rest));
    return fmt::format("Blocks {} of {} for {}{}.", what, listed(names), wait, more);
  }

  static std::string hold_text(const Hold& hold) {
    std::string text = hold.relation;
    if (!hold.size.empty())
      text += fmt::format(" ({})", hold.size);
    if (facts::blocks_reads(hold.lock)) {
      const std::string reads = to_text(hold.reads), writes = to_text(hold.writes);
      text += reads == writes ? ": reads and writes wait for " + reads
                              : fmt::format(": writes wait for {}, reads for {}", writes, reads);
    } else {
      text += ": writes wait for " + to_text(hold.writes);
    }
    if (hold.times > 1)
      text += fmt::format("; the longest of {} times", hold.times);
    return text;
  }

  void how_long() {
    Answer& answer = summary_.answers[1];
    answer.question = "How long does it take?";
    longest();
    if (!summary_.longest_step.empty())
      answer.items.add(kMost, "The longest wait for others: it " + summary_.longest,
                       summary_.longest_step);
    Wait all;
    size_t unknown = 0;
    const auto no_estimate = [&](std::string_view of, std::string_view reason,
                                 const std::string& number) {
      ++unknown;
      answer.items.add(kMost, fmt::format("No estimate for {}: {}", of, reason), number);
    };
    for (size_t r = 0; r < account_.revisions.size(); ++r) {
      const RevisionAccount& revision = account_.revisions[r];
      for (const KeepAccount& keep : revision.keeps) {
        all.add(keep);
        if (!keep.time)
          no_estimate("the copy of old rows of " + keep.relation,
                      account_.statistics_of.empty() ? "there are no statistics"
                                                     : "the statistics do not tell of it",
                      number_of(r));
      }
      for (size_t s = 0; s < revision.statements.size(); ++s) {
        const StatementAccount& each = revision.statements[s];
        all.add(each);
        if (without_estimate(each))
          no_estimate(each.object.empty() ? "work" : "work on " + each.object, why(each),
                      number_of(r, s));
      }
    }
    if (!all.works)
      answer.answer = "A moment: nothing but the catalog changes.";
    else if (all.known.high == 0)
      answer.answer = "Not known.";
    else
      answer.answer = fmt::format("{} of work in all{}.", capital(statistics::text_of(all.known)),
                                  unknown > 0 ? ", as far as it can be told" : "");
    if (unknown > 0)
      answer.answer +=
          fmt::format(" {} no estimate.",
                      unknown == 1 ? "One part has" : fmt::format("{} parts have", unknown));
    answer.grave = unknown > 0;
  }

  std::string why(const StatementAccount& statement) const {
    if (!statement.basis.empty())
      return statement.basis;
    if (account_.statistics_of.empty() && statement.work != facts::Work::unknown)
      return "there are no statistics";
    return statement.missing.empty() ? "it is not known what the statement does"
                                     : statement.missing;
  }

  void longest() {
    summary_.longest = "none that is known";
    const StatementAccount* longest = longest_blocking(account_);
    const KeepAccount* copy = nullptr;
    each_keep([&](const KeepAccount& keep, const std::string& number) {
      if (!keep.time || (longest && keep.time->high <= longest->time->high) ||
          (copy && keep.time->high <= copy->time->high))
        return;
      copy = &keep;
      summary_.longest_step = number;
    });
    if (copy) {
      summary_.longest =
          fmt::format("blocks writes of {} for {} while its old rows are copied for the way back",
                      copy->relation, statistics::text_of(*copy->time));
      return;
    }
    if (!longest)
      return;
    each_statement([&](const StatementAccount& each, const std::string& number) {
      if (&each == longest)
        summary_.longest_step = number;
    });
    summary_.longest = fmt::format("{}{}, for {}", blocks_words(longest->lock),
                                   of_relation(*longest), time_words(*longest));
  }

  static std::string of_relation(const StatementAccount& statement) {
    for (const Lock& lock : statement.locks)
      if (lock.existing && lock.mode == statement.lock)
        return " of " + lock.relation;
    return statement.object.empty() ? "" : " of " + statement.object;
  }

  void lost() {
    Answer& answer = summary_.answers[2];
    answer.question = "What is lost?";
    size_t kept = 0, gone = 0, dump = 0;
    std::set<std::string> said;
    const auto say = [&](const std::string& text, WayBackClass kind, const std::string& step) {
      size_t& count = kind <= WayBackClass::data_kept     ? kept
                      : kind == WayBackClass::backup_only ? dump
                                                          : gone;
      ++count;
      answer.items.add(kMost, text, step);
    };
    for (size_t r = 0; r < account_.revisions.size(); ++r) {
      const RevisionAccount& revision = account_.revisions[r];
      said.clear();
      for (size_t s = 0; s < revision.statements.size(); ++s) {
        const StatementAccount& each = revision.statements[s];
        for (const std::string& what : each.lost)
          if (said.insert(what).second)
            say(what + ": " + std::string(fate(each.way_back)), each.way_back, number_of(r, s));
        // Nothing goes, but rows are not any more what they were.
        if (each.lost.empty() && each.work == facts::Work::rows &&
            each.way_back >= WayBackClass::data_kept)
          say(overwritten(each), each.way_back, number_of(r, s));
      }
      for (const std::string& what : revision.lost)
        if (!written_since(what) && !names_any(what, said))
          say(what + ": does not come back", WayBackClass::lossy, number_of(r));
    }
    answer.grave = gone + dump > 0;
    std::vector<std::string> parts;
    if (gone > 0)
      parts.push_back(fmt::format(
          "{} not come back", gone == 1 ? "one thing does" : fmt::format("{} things do", gone)));
    if (dump > 0)
      parts.push_back(
          fmt::format("{} back only from a dump taken before",
                      dump == 1 ? "one thing comes" : fmt::format("{} things come", dump)));
    if (kept > 0)
      parts.push_back(fmt::format("{} removed or overwritten and can be put back",
                                  kept == 1 ? "one thing is" : fmt::format("{} things are", kept)));
    answer.answer = parts.empty() ? "Nothing." : capital(listed(parts)) + ".";
    if (parts.empty())
      loss_verdict_ = "No data is lost.";
    else if (!answer.grave)
      loss_verdict_ = "What data is removed or overwritten is saved first.";
    else
      loss_verdict_ =
          gone > 0 ? "Data is lost for good." : "Data is lost unless a dump is taken first.";
  }

  static std::string overwritten(const StatementAccount& statement) {
    if (!statement.way_back_reason.empty())
      return statement.way_back_reason;
    return fmt::format("rows of {}: {}", statement.object, fate(statement.way_back));
  }
  static bool names_any(std::string_view text, const std::set<std::string>& things) {
    return std::any_of(things.begin(), things.end(), [text](const std::string& thing) {
      return text.find(thing) != std::string_view::npos;
    });
  }

  // What the way back takes with it, as one item.
  void taken_by_the_way_back(Answer& answer) const {
    constexpr size_t kNames = 3;
    std::vector<std::string> names;
    size_t count = 0;
    std::string first;
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      for (const std::string& what : account_.revisions[r].lost) {
        if (!written_since(what) || ++count > kNames)
          continue;
        const size_t colon = what.find(": ");
        names.push_back(colon == std::string::npos ? what : what.substr(colon + 2));
        first = first.empty() ? number_of(r) : first;
      }
    if (count == 0)
      return;
    if (count > kNames)
      names.push_back(fmt::format("{} more", count - kNames));
    answer.items.shown.push_back(
        {"Going back removes what was written since into " + listed(names), first});
  }

  void back() {
    Answer& answer = summary_.answers[3];
    answer.question = "Can I go back?";
    const WayBackClass worst = worst_way_back(account_);
    answer.grave = worst >= WayBackClass::lossy;
    switch (worst) {
    case WayBackClass::exact:
      answer.answer = "Yes, from every step, and everything is as it was.";
      back_verdict_ = "You can go back from every step.";
      break;
    case WayBackClass::exact_slow:
      answer.answer = "Yes, from every step, but the way back works through whole tables.";
      back_verdict_ = "You can go back from every step, but it takes time.";
      break;
    case WayBackClass::data_kept:
      answer.answer = "Yes. The run itself saves the old values, and the way back restores them.";
      back_verdict_ = "You can go back, and the saved values are put back.";
      break;
    case WayBackClass::lossy:
      answer.answer = "Yes, but not all that was there comes back.";
      back_verdict_ = "You can go back, but not all data comes back.";
      break;
    case WayBackClass::backup_only:
      answer.answer = "Only with a dump that is taken before the run.";
      back_verdict_ = "You can go back only with a dump that is taken before.";
      break;
    case WayBackClass::no_way_back:
      answer.answer = no_way_back();
      back_verdict_ = "You cannot go back" + answer.answer.substr(3);
      break;
    }
    if (statements_ == 0)
      answer.answer = "There is nothing to go back from.";
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      irreversible(r);
    answer.items = summary_.irreversible;
    taken_by_the_way_back(answer);
    answer.note = "How, step by step: rollback/PLAN.txt.";
  }

  std::string no_way_back() const {
    const auto first = std::find_if(
        account_.revisions.begin(), account_.revisions.end(),
        [](const RevisionAccount& each) { return each.way_back == WayBackClass::no_way_back; });
    const auto place = static_cast<size_t>(first - account_.revisions.begin());
    return fmt::format("No, once step {0} has run. The latest safe point is before step {0}.",
                       place + 1);
  }

  void irreversible(size_t r) {
    const RevisionAccount& revision = account_.revisions[r];
    bool any = false;
    const auto say = [&](WayBackClass kind, const std::string& reason, const std::string& step) {
      if (kind < WayBackClass::lossy)
        return;
      any = true;
      summary_.irreversible.add(kMost,
                                fmt::format("{}: {}", capital(rollback::to_string(kind)),
                                            reason.empty() ? rollback::explanation(kind) : reason),
                                step);
    };
    for (size_t s = 0; s < revision.statements.size(); ++s)
      say(revision.statements[s].way_back, revision.statements[s].way_back_reason, number_of(r, s));
    if (!any)
      say(revision.way_back, revision.way_back_reason, number_of(r));
  }

  void totals() {
    size_t alone = 0, blocking = 0;
    each_statement([&](const StatementAccount& each, const std::string&) {
      alone += each.alone ? 1 : 0;
      blocking += blocks(each) ? 1 : 0;
    });
    const auto add = [&](std::string name, std::string value) {
      summary_.totals.push_back({std::move(name), std::move(value)});
    };
    add("Steps", fmt::format("{}", account_.revisions.size()));
    add("Statements",
        alone == 0 ? fmt::format("{}", statements_)
                   : fmt::format("{}, {} of them outside of transactions", statements_, alone));
    add("Make others wait for more than a moment", fmt::format("{}", blocking));
    add("Risks", risks());
  }

  std::string risks() const {
    std::vector<std::string> parts;
    if (account_.errors > 0)
      parts.push_back(counted(account_.errors, "error"));
    if (account_.warnings > 0)
      parts.push_back(counted(account_.warnings, "warning"));
    if (account_.infos > 0)
      parts.push_back(counted(account_.infos, "note"));
    if (account_.suppressed > 0)
      parts.push_back(fmt::format("{} accepted with a reason", account_.suppressed));
    return parts.empty() ? "none found" : join(parts, ", ");
  }

  void beliefs() {
    std::set<std::string> said;
    const auto say = [&](const std::string& text, const std::string& step) {
      if (!text.empty() && said.insert(text).second)
        summary_.assumptions.add(kMost, text, step);
    };
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      for (const std::string& each : account_.revisions[r].assumptions)
        say(each, number_of(r));
    each_statement([&](const StatementAccount& each, const std::string& number) {
      if (!each.certain)
        say(each.missing.empty() ? "not everything about this statement is known"
                                 : "not known: " + each.missing,
            number);
    });
    if (account_.statistics_of.empty())
      summary_.statistics =
          "none: sizes and times are not known. Run tools/stats.sql on the target "
          "and make the bundle again with what it prints";
    else
      summary_.statistics = account_.statistics_of + (account_.statistics_old ? " (OLD)" : "");
  }

  void disk() {
    summary_.disk = disk_sentence(account_);
    summary_.answers[1].note = fmt::format("Free disk: {}.", summary_.disk);
  }

  void warnings() {
    size_t holes = 0;
    for (const RevisionAccount& each : account_.revisions)
      holes += each.holes.size();
    if (holes > 0)
      summary_.warnings.push_back(fmt::format(
          "{} could not be compiled and {} not in the scripts, nor in this report. See the steps "
          "that are marked INCOMPLETE.",
          holes == 1 ? "One part" : fmt::format("{} parts", holes), holes == 1 ? "is" : "are"));
    if (account_.statistics_old)
      summary_.warnings.push_back("The statistics are more than 30 days old. The tables may have "
                                  "grown; the times are widened for it.");
    for (size_t i = 0; i < account_.production.size() && i < kMost; ++i)
      summary_.warnings.push_back(account_.production[i]);
    if (account_.production.size() > kMost)
      summary_.warnings.push_back(fmt::format("{} more about production: report.json has them.",
                                              account_.production.size() - kMost));
    if (account_.errors > 0)
      summary_.warnings.push_back(fmt::format(
          "{} found that nobody has accepted. See the column of risks.",
          account_.errors == 1 ? "One error was" : fmt::format("{} errors were", account_.errors)));
  }

  const Account& account_;
  const ReportInfo& info_;
  Summary summary_;
  size_t statements_ = 0;
  std::string lock_verdict_, loss_verdict_, back_verdict_;
};

}  // namespace

Summary summarise(const Account& account, const ReportInfo& info) {
  return Summariser(account, info).run();
}

std::vector<StepLine> step_lines(const Account& account) {
  std::vector<std::vector<Hold>> holds(account.revisions.size());
  for (Hold& hold : all_holds(account))
    holds[hold.revision].push_back(std::move(hold));
  std::vector<StepLine> lines;
  for (size_t r = 0; r < account.revisions.size(); ++r) {
    const RevisionAccount& revision = account.revisions[r];
    StepLine line;
    line.number = number_of(r);
    line.id = revision.id;
    line.title = revision.title;
    line.phase = phase_words(revision.phase);
    line.statements = revision.statements.size();
    line.back = rollback::to_string(revision.way_back);
    Wait all;
    for (const KeepAccount& each : revision.keeps)
      all.add(each);
    for (const StatementAccount& each : revision.statements)
      all.add(each);
    line.disk = to_text(disk_peak(account, r));
    line.time = revision.statements.empty() ? "nothing to do" : to_text(all);
    const Hold* worst = nullptr;
    std::set<std::string_view> relations;
    for (const Hold& hold : holds[r]) {
      relations.insert(hold.relation);
      if (!worst || longer(hold.writes, worst->writes) ||
          (!longer(worst->writes, hold.writes) && hold.lock > worst->lock))
        worst = &hold;
    }
    if (!worst)
      line.blocks = "nothing";
    else
      line.blocks = fmt::format(
          "{} of {}{}, for {}", blocked_all_the_time(*worst), worst->relation,
          relations.size() == 1 ? "" : fmt::format(" and {} more", relations.size() - 1),
          to_text(worst->writes));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace retort::bundle
