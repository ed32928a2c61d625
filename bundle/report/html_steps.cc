// A section for each revision, a row for each statement, and an appendix with what is too long.
#include "bundle/report/holds.h"
#include "bundle/report/html.h"
#include "bundle/report/words.h"
#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle::html {
namespace {

// Lines of the appendix for one statement. Rows that are loaded are nothing to read on paper.
constexpr size_t kAppendixLines = 1'000;

std::string risk(const Risk& each) {
  std::string text = fmt::format("<b>{}</b> <code>{}</code>: {}", level_words(each),
                                 escaped(each.rule), escaped(each.message));
  if (each.suppressed)
    text += fmt::format(" <i>Reason given:</i> {}",
                        each.reason.empty() ? "none" : escaped(each.reason));
  return "<p>" + text + "</p>\n";
}

std::string way_back(rollback::WayBackClass kind, std::string_view reason) {
  const std::string name = kind == rollback::WayBackClass::no_way_back
                               ? upper(rollback::to_string(kind))
                               : capital(rollback::to_string(kind));
  std::string text =
      fmt::format("<p>{0}{1}{2}</p>\n", kind >= rollback::WayBackClass::lossy ? "<b>" : "", name,
                  kind >= rollback::WayBackClass::lossy ? "</b>" : "");
  if (!reason.empty())
    text += fmt::format("<p class=\"sub\">{}</p>\n", escaped(reason));
  return text;
}

std::string statement_cell(const StatementAccount& each, const std::string& number) {
  const Folded shown = folded(each.sql);
  std::string text = fmt::format("<pre><code>{}</code></pre>\n", escaped(shown.text));
  if (shown.left_out > 0)
    text += fmt::format("<p class=\"sub\">… {}: <a href=\"#full-{}\">all of it is in the "
                        "appendix</a></p>\n",
                        counted(shown.left_out, "more line"), anchor(number));
  if (each.alone)
    text += "<p><b>Runs outside of a transaction.</b></p>\n";
  if (!each.file.empty())
    text += fmt::format("<p class=\"sub\">From {}</p>\n", escaped(origin(each)));
  return text;
}

std::string lock_cell(const StatementAccount& each, const std::string& kept) {
  std::string text;
  for (const LockLine& line : lock_lines(each))
    text +=
        fmt::format("<p>{}{}{}<br/><span class=\"sub\">{}</span></p>\n", line.blocks ? "<b>" : "",
                    escaped(line.who), line.blocks ? "</b>" : "", escaped(line.what));
  if (!kept.empty())
    text += fmt::format("<p>Kept until the transaction ends: <b>{}</b></p>\n", kept);
  return text.empty() ? fmt::format("<p>{}</p>\n", no_lock_words(each)) : text;
}

std::string work_cell(const StatementAccount& each) {
  std::string text = fmt::format("<p>{}</p>\n<p><b>{}</b></p>\n", capital(work_words(each.work)),
                                 escaped(capital(time_words(each))));
  if (!each.basis.empty())
    text += fmt::format("<p class=\"sub\">{}</p>\n", escaped(each.basis));
  if (const std::string disk = disk_words(each); !disk.empty())
    text += fmt::format("<p>{}</p>\n", escaped(disk));
  if (!each.certain)
    text += fmt::format("<p><b>Not certain:</b> {}</p>\n", each.missing.empty()
                                                               ? "not everything about it is known"
                                                               : escaped(each.missing));
  return text;
}

std::string row(const StatementAccount& each, const std::string& number, const std::string& kept) {
  std::string text = fmt::format("<tr id=\"{}\"{}><th scope=\"row\" class=\"number\">{}</th><td>",
                                 anchor(number), blocks(each) ? " class=\"stop\"" : "", number);
  text += statement_cell(each, number) + "</td><td>";
  if (!each.object.empty())
    text += fmt::format("<p>{}</p>\n", escaped(each.object));
  text += fmt::format("<p class=\"sub\">{}</p>\n", escaped(size_words(each)));
  text += "</td><td>" + lock_cell(each, kept) + "</td><td>" + work_cell(each) + "</td><td>";
  for (const Risk& one : sorted_risks(each.risks))
    text += risk(one);
  if (each.risks.empty() && each.lost.empty())
    text += "<p>None found</p>\n";
  for (const std::string& what : each.lost)
    text += fmt::format("<p><b>Removes</b> {}</p>\n", escaped(what));
  return text + "</td><td>" + way_back(each.way_back, each.way_back_reason) + "</td></tr>\n";
}

void texts(std::string& out, std::string_view name, const std::vector<std::string>& all) {
  if (all.empty())
    return;
  out += fmt::format("<dt>{}</dt><dd>", name);
  if (all.size() == 1) {
    out += escaped(all[0]);
  } else {
    out += "<ul>\n";
    for (const std::string& each : all)
      out += fmt::format("<li>{}</li>\n", escaped(each));
    out += "</ul>\n";
  }
  out += "</dd>\n";
}

std::string where_and_who(const RevisionAccount& revision) {
  std::string text;
  const auto one = [&](std::string_view name, std::string_view value) {
    if (!value.empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : " · ", name, escaped(value));
  };
  one("Runs", phase_words(revision.phase));
  one("Script", revision.script);
  one("Source", revision.file);
  one("Ticket", revision.ticket);
  one("Owner", revision.owner);
  return text.empty() ? "" : fmt::format("<p class=\"small\">{}</p>\n", text);
}

std::string head(const RevisionAccount& revision) {
  std::string text = where_and_who(revision) + "<dl class=\"facts\">\n";
  const auto one = [&](std::string_view name, std::string_view value) {
    if (!value.empty())
      text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(value));
  };
  texts(text, "INCOMPLETE, left out of the scripts", revision.holes);
  std::string back =
      capital(rollback::to_string(revision.way_back)) + ": " +
      (revision.way_back_reason.empty() ? std::string(rollback::explanation(revision.way_back))
                                        : revision.way_back_reason);
  one("Way back", back);
  std::vector<std::string> gone, since;
  for (const std::string& what : revision.lost)
    (written_since(what) ? since : gone).push_back(what);
  texts(text, "Does not come back", gone);
  texts(text, "Lost on the way back", since);
  texts(text, "Notes", revision.notes);
  texts(text, "Assumptions", revision.assumptions);
  if (!revision.risks.empty()) {
    text += "<dt>Risks of the whole step</dt><dd>";
    for (const Risk& each : sorted_risks(revision.risks))
      text += risk(each);
    text += "</dd>\n";
  }
  return text + "</dl>\n";
}

constexpr std::string_view kHead =
    "<colgroup><col style=\"width:5%\"/><col style=\"width:30%\"/><col style=\"width:10%\"/>"
    "<col style=\"width:16%\"/><col style=\"width:12%\"/><col style=\"width:16%\"/>"
    "<col style=\"width:11%\"/></colgroup>\n"
    "<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Statement and origin</th>"
    "<th scope=\"col\">Object, rows and size</th><th scope=\"col\">Lock, and who waits</th>"
    "<th scope=\"col\">Work and its time</th><th scope=\"col\">Risks</th>"
    "<th scope=\"col\">Way back</th></tr></thead>\n";

}  // namespace

std::string step_sections(const Account& account) {
  const std::vector<std::vector<std::string>> kept = kept_locks(account);
  std::string text;
  for (size_t r = 0; r < account.revisions.size(); ++r) {
    const RevisionAccount& revision = account.revisions[r];
    const std::string number = number_of(r);
    text += fmt::format("<section id=\"{}\">\n<div class=\"head\">\n<h2>Step {}: {} "
                        "<code>{}</code></h2>\n{}</div>\n",
                        anchor(number), number, escaped(revision.title), escaped(revision.id),
                        head(revision));
    if (revision.statements.empty()) {
      text += "<p>No statements: only the record of the version changes.</p>\n";
    } else {
      text += fmt::format("<table class=\"rows\">\n{}<tbody>\n", kHead);
      for (size_t s = 0; s < revision.statements.size(); ++s)
        text += row(revision.statements[s], number_of(r, s), kept[r][s]);
      text += "</tbody>\n</table>\n";
    }
    text += "</section>\n";
  }
  return text;
}

std::string appendix(const Account& account) {
  std::string text;
  for (size_t r = 0; r < account.revisions.size(); ++r)
    for (size_t s = 0; s < account.revisions[r].statements.size(); ++s) {
      const StatementAccount& each = account.revisions[r].statements[s];
      if (folded(each.sql).left_out == 0)
        continue;
      const std::string number = number_of(r, s);
      const Folded shown = folded(each.sql, kAppendixLines);
      text +=
          fmt::format("<h3 id=\"full-{}\">{}{}</h3>\n<pre><code>{}</code></pre>\n", anchor(number),
                      reference(number), each.object.empty() ? "" : ": " + escaped(each.object),
                      escaped(shown.text));
      if (shown.left_out > 0)
        text +=
            fmt::format("<p>… {}: see the script {}</p>\n", counted(shown.left_out, "more line"),
                        escaped(account.revisions[r].script));
    }
  if (text.empty())
    return "";
  constexpr std::string_view kHeading = "<h2>Appendix: long statements</h2>\n";
  return fmt::format("<section class=\"appendix\" id=\"appendix\">\n{}<div class=\"columns\">\n{}"
                     "</div>\n</section>\n",
                     kHeading, text);
}

}  // namespace retort::bundle::html
