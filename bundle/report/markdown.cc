// For a pull request or a ticket, whose hosts have limits: what gives way first is the appendix,
// then the length of texts, then the rows of statements that nobody waits for.
#include "bundle/report/holds.h"
#include "bundle/report/markdown_text.h"
#include "bundle/report/report.h"
#include "bundle/report/summary.h"
#include "bundle/report/words.h"
#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle {
namespace {

struct Shape {
  bool appendix = true;
  size_t sql = 0, text = 0;  // characters of a statement and of any other text
  bool all_rows = true;
};
constexpr Shape kShapes[] = {
    {true, 400, 1'000, true}, {false, 400, 1'000, true}, {false, 160, 240, true},
    {false, 60, 100, true},   {false, 160, 240, false},  {false, 60, 100, false},
};
// Of the whole: the list of steps may take this much.
constexpr size_t kStepsLimit = 20'000;
constexpr size_t kMostApprovals = 20;
constexpr size_t kNoteRoom = 400;  // for the sentence that says what is not here

class Markdown {
public:
  Markdown(const Account& account, const ReportInfo& info, const Shape& shape)
      : account_(account), info_(info), shape_(shape), summary_(summarise(account, info)),
        kept_(kept_locks(account)) {}

  std::string run() {
    first_page();
    steps();
    for (size_t r = 0; r < account_.revisions.size() && !full_; ++r)
      step(r);
    if (shape_.appendix)
      appendix();
    if (left_out_ > 0)
      text_ += fmt::format("\n{} not shown here: report.html in the bundle has {}.\n",
                           left_out_ == 1 ? "One statement is"
                                          : fmt::format("{} statements are", left_out_),
                           left_out_ == 1 ? "it" : "all of them");
    return std::move(text_);
  }
  bool full() const { return full_; }

private:
  std::string say(std::string_view text) const { return markdown::text(text, shape_.text); }
  std::string code(std::string_view text) const { return markdown::code(text, shape_.text); }

  void list(const Items& items) {
    for (const Item& item : items.shown)
      text_ += fmt::format("- {}{}\n", item.step.empty() ? "" : "**" + item.step + "** ",
                           say(item.text));
    if (items.left_out > 0)
      text_ += fmt::format("- and {} more\n", items.left_out);
  }

  void first_page() {
    text_ += fmt::format("# {}\n\n{}.", say(summary_.heading), say(summary_.range));
    if (!info_.change.empty())
      text_ += fmt::format(" Change number: **{}**.", say(info_.change));
    text_ += fmt::format("\n\n**{}**\n", say(summary_.verdict));
    for (const std::string& warning : summary_.warnings)
      text_ += fmt::format("\n> **Warning:** {}\n", say(warning));
    for (const Answer& answer : summary_.answers) {
      text_ += fmt::format("\n### {}\n\n{}\n", answer.question, say(answer.answer));
      if (!answer.items.shown.empty())
        text_ += '\n';
      list(answer.items);
      if (!answer.note.empty())
        text_ += fmt::format("\n{}\n", say(answer.note));
    }
    text_ += "\n### In numbers\n\n";
    for (const Total& total : summary_.totals)
      text_ += fmt::format("- {}: {}\n", total.name, say(total.value));
    text_ += fmt::format("- Statistics: {}\n", say(summary_.statistics));
    text_ += "\n### Assumptions\n\n";
    list(summary_.assumptions);
    if (summary_.assumptions.shown.empty())
      text_ += "None.\n";
    if (!info_.approvals.empty())
      text_ += "\n### Approved\n\n";
    for (size_t i = 0; i < info_.approvals.size() && i < kMostApprovals; ++i)
      text_ += fmt::format("- {}\n", say(info_.approvals[i]));
    if (info_.approvals.size() > kMostApprovals)
      text_ += fmt::format("- and {} more\n", info_.approvals.size() - kMostApprovals);
    if (info_.sign_off)
      text_ += "\n### Sign-off\n\n| Role | Name | Date, time (UTC) |\n|---|---|---|\n"
               "| Reviewed by | | |\n| Approved by | | |\n| Run by | | |\n";
    text_ += '\n';
    if (!info_.chain.empty())
      text_ += fmt::format("Chain {}. ", code(info_.chain));
    text_ += fmt::format("Written by {} without a connection to the database.\n",
                         say(info_.tool_version));
  }

  void steps() {
    text_ += "\n## Steps\n\n| Step | Revision | What it is | Statements | Blocks | Work in all | "
             "Way back |\n|---|---|---|---|---|---|---|\n";
    const size_t begin = text_.size();
    size_t shown = 0;
    const std::vector<StepLine> lines = step_lines(account_);
    for (const StepLine& line : lines) {
      const std::string phase = line.phase.empty() ? "" : " (" + line.phase + ")";
      const std::string row = fmt::format("| {} | {} | {}{} | {} | {} | {} | {} |\n", line.number,
                                          code(line.id), say(line.title), phase, line.statements,
                                          say(line.blocks), say(line.time), capital(line.back));
      if (text_.size() - begin + row.size() > kStepsLimit)
        break;
      text_ += row;
      ++shown;
    }
    if (shown < lines.size())
      text_ += fmt::format("\nand {}\n", counted(lines.size() - shown, "more step"));
  }

  static std::string joined(const std::vector<std::string>& parts) { return join(parts, "<br>"); }

  std::string risk(const Risk& each) const {
    std::string text =
        fmt::format("**{}** {}: {}", level_words(each), code(each.rule), say(each.message));
    if (each.suppressed)
      text += " (reason given: " + (each.reason.empty() ? "none" : say(each.reason)) + ")";
    return text;
  }

  std::string locks(const StatementAccount& each, const std::string& kept) const {
    std::vector<std::string> parts;
    for (const LockLine& line : lock_lines(each))
      parts.push_back(line.blocks ? fmt::format("**{}**: {}", line.who, say(line.what))
                                  : fmt::format("{}: {}", line.who, say(line.what)));
    if (!kept.empty())
      parts.push_back("Kept until the transaction ends: **" + kept + "**");
    return parts.empty() ? std::string(no_lock_words(each)) : joined(parts);
  }

  std::string work(const StatementAccount& each) const {
    std::vector<std::string> parts{capital(work_words(each.work)),
                                   "**" + say(capital(time_words(each))) + "**"};
    if (!each.basis.empty())
      parts.push_back(say(each.basis));
    if (const std::string disk = disk_words(each); !disk.empty())
      parts.push_back(disk);
    if (!each.certain)
      parts.push_back("**Not certain:** " + (each.missing.empty()
                                                 ? "not everything about it is known"
                                                 : say(each.missing)));
    return joined(parts);
  }

  std::string way_back(const StatementAccount& each) const {
    std::string text = capital(rollback::to_string(each.way_back));
    if (each.way_back >= rollback::WayBackClass::lossy)
      text = "**" + text + "**";
    return each.way_back_reason.empty() ? text : text + ": " + say(each.way_back_reason);
  }

  std::string row(size_t r, size_t s) const {
    const StatementAccount& each = account_.revisions[r].statements[s];
    const std::string number = number_of(r, s);
    std::string sql = markdown::code(each.sql, shape_.sql);
    if (each.alone)
      sql += "<br>Runs outside of a transaction.";
    std::vector<std::string> risks;
    for (const Risk& one : sorted_risks(each.risks))
      risks.push_back(risk(one));
    for (const std::string& what : each.lost)
      risks.push_back("**Removes** " + say(what));
    const std::string size = say(size_words(each));
    return fmt::format("| {} | {} | {}{} | {} | {} | {} | {} | {} |\n", number, sql,
                       each.object.empty() ? "" : say(each.object) + "<br>", size,
                       locks(each, kept_[r][s]), work(each),
                       risks.empty() ? "None found" : joined(risks), way_back(each),
                       say(origin(each)));
  }

  void texts(std::string_view name, const std::vector<std::string>& all) {
    for (const std::string& each : all)
      text_ += fmt::format("- {}: {}\n", name, say(each));
  }

  // Somebody waits for it, something is lost, or somebody found something.
  static bool matters(const StatementAccount& each) {
    return blocks(each) || !each.lost.empty() || !each.risks.empty() || !each.certain ||
           each.way_back >= rollback::WayBackClass::lossy;
  }

  void step(size_t r) {
    const RevisionAccount& revision = account_.revisions[r];
    std::vector<size_t> rows;
    for (size_t s = 0; s < revision.statements.size(); ++s)
      if (shape_.all_rows || matters(revision.statements[s]))
        rows.push_back(s);
    left_out_ += revision.statements.size() - rows.size();
    if (!shape_.all_rows && rows.empty() && revision.holes.empty())
      return;
    const size_t begin = text_.size();
    text_ += fmt::format("\n## Step {}: {} {}\n\n", number_of(r), say(revision.title),
                         code(revision.id));
    texts("**INCOMPLETE**, left out of the scripts", revision.holes);
    text_ += fmt::format("- Way back: {}: {}\n", rollback::to_string(revision.way_back),
                         say(revision.way_back_reason.empty()
                                 ? rollback::explanation(revision.way_back)
                                 : std::string_view(revision.way_back_reason)));
    for (const std::string& what : revision.lost)
      text_ += fmt::format("- {}: {}\n",
                           written_since(what) ? "Lost on the way back" : "Does not come back",
                           say(what));
    const auto one = [&](std::string_view name, std::string_view value) {
      if (!value.empty())
        text_ += fmt::format("- {}: {}\n", name, say(value));
    };
    one("When", phase_words(revision.phase));
    one("Ticket", revision.ticket);
    one("Owner", revision.owner);
    texts("Note", revision.notes);
    texts("Assumption", revision.assumptions);
    for (const Risk& each : sorted_risks(revision.risks))
      text_ += "- " + risk(each) + "\n";
    one("Script", revision.script);
    one("Source", revision.file);
    if (text_.size() + kNoteRoom > kMarkdownLimit)
      return cut(r, 0, begin);
    if (rows.empty())
      return;
    text_ += "\n| Step | Statement | Object, rows and size | Lock, and who waits | Work and its "
             "time | Risks | Way back | Origin |\n|---|---|---|---|---|---|---|---|\n";
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::string next = row(r, rows[i]);
      if (text_.size() + next.size() + kNoteRoom > kMarkdownLimit)
        return cut(r, rows.size() - i, text_.size());
      text_ += next;
    }
  }

  // Nothing more fits: `rest` statements of this step, and all of the later ones.
  void cut(size_t r, size_t rest, size_t keep) {
    full_ = true;
    if (keep < text_.size()) {
      text_.resize(keep);
      rest = account_.revisions[r].statements.size();
    }
    left_out_ += rest;
    for (size_t i = r + 1; i < account_.revisions.size(); ++i)
      left_out_ += account_.revisions[i].statements.size();
  }

  void appendix() {
    std::string text;
    for (size_t r = 0; r < account_.revisions.size(); ++r)
      for (size_t s = 0; s < account_.revisions[r].statements.size(); ++s) {
        const StatementAccount& each = account_.revisions[r].statements[s];
        if (!markdown::fits(each.sql, shape_.sql))
          text += fmt::format("\n### {}\n\n{}", number_of(r, s), markdown::block(each.sql));
        full_ = full_ || text_.size() + text.size() > kMarkdownLimit;
        if (full_)
          return;
      }
    if (!text.empty())
      text_ += "\n## Appendix: long statements\n" + text;
  }

  const Account& account_;
  const ReportInfo& info_;
  const Shape& shape_;
  Summary summary_;
  std::vector<std::vector<std::string>> kept_;
  std::string text_;
  size_t left_out_ = 0;
  bool full_ = false;
};

}  // namespace

std::string report_markdown(const Account& account, const ReportInfo& info) {
  std::string text;
  for (const Shape& shape : kShapes) {
    Markdown markdown(account, info, shape);
    text = markdown.run();
    if (!markdown.full())
      break;
  }
  return text;
}

}  // namespace retort::bundle
