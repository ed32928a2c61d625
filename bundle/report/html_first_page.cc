// Page 1, and the list of steps behind it.
#include "bundle/report/html.h"
#include "bundle/report/words.h"
#include "common/text.h"

#include <fmt/format.h>

namespace retort::bundle::html {
namespace {

std::string list(const Items& items) {
  if (items.shown.empty())
    return "";
  std::string text = "<ul>\n";
  for (const Item& item : items.shown) {
    text += "<li>";
    if (!item.step.empty())
      text += fmt::format("{} ", reference(item.step));
    text += escaped(item.text) + "</li>\n";
  }
  if (items.left_out > 0)
    text += fmt::format("<li>and {} more: see the steps</li>\n", items.left_out);
  return text + "</ul>\n";
}

std::string card(const Answer& answer) {
  std::string text =
      fmt::format("<section class=\"answer{}\">\n<h2>{}</h2>\n<p>{}</p>\n",
                  answer.grave ? " grave" : "", escaped(answer.question), escaped(answer.answer));
  text += list(answer.items);
  if (!answer.note.empty())
    text += fmt::format("<p class=\"note\">{}</p>\n", escaped(answer.note));
  return text + "</section>\n";
}

void fact(std::string& text, std::string_view name, std::string_view inner) {
  text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), inner);
}

std::string facts_of(const Summary& summary, const ReportInfo& info) {
  std::string text = "<dl class=\"facts\">\n";
  std::string totals;
  for (const Total& total : summary.totals)
    totals += fmt::format("{}{}: {}", totals.empty() ? "" : " · ", escaped(total.name),
                          escaped(total.value));
  fact(text, "In numbers", totals);
  fact(text, "Statistics", escaped(summary.statistics));
  fact(text, "Assumptions", summary.assumptions.shown.empty() ? "none" : list(summary.assumptions));
  if (!info.approvals.empty()) {
    std::string approvals = "<ul>\n";
    for (const std::string& each : info.approvals)
      approvals += fmt::format("<li>{}</li>\n", escaped(each));
    fact(text, "Approved", approvals + "</ul>\n");
  }
  text += "</dl>\n";
  return text;
}

std::string sign_off(const ReportInfo& info) {
  std::string text = "<table class=\"signatures\">\n<caption>Sign-off</caption>\n"
                     "<colgroup><col style=\"width:20%\"/><col style=\"width:29%\"/>"
                     "<col style=\"width:23%\"/><col style=\"width:28%\"/></colgroup>\n"
                     "<thead><tr><th scope=\"col\">Role</th><th scope=\"col\">Name</th>"
                     "<th scope=\"col\">Date, time (UTC)</th><th scope=\"col\">Signature</th>"
                     "</tr></thead>\n<tbody>\n";
  for (const std::string_view role : {"Reviewed by", "Approved by", "Run by"})
    text += fmt::format("<tr><th scope=\"row\">{}</th><td></td><td></td><td></td></tr>\n", role);
  return "<div>\n" + text + "</tbody>\n</table>\n" +
         (info.change.empty() ? "<p class=\"note number\">Change number: ____________________</p>\n"
                              : "") +
         "</div>\n";
}

std::string work_and_disk(const StepLine& line) {
  return line.disk == "none" ? line.time : fmt::format("{}; free disk: {}", line.time, line.disk);
}

}  // namespace

std::string first_page(const Summary& summary, const ReportInfo& info) {
  std::string text = "<div class=\"first\">\n<header>\n";
  text += fmt::format("<h1>{}</h1>\n<p>{}.", escaped(summary.heading), escaped(summary.range));
  if (!info.change.empty())
    text += fmt::format(" Change number: <b>{}</b>.", escaped(info.change));
  text += "</p>\n<p class=\"note\">";
  if (!info.chain.empty())
    text += fmt::format("Chain <code>{}</code>. ", escaped(info.chain));
  text += fmt::format("Written by {} without a connection to the database.</p>\n</header>\n",
                      escaped(info.tool_version));
  text += fmt::format("<p class=\"verdict\">{}</p>\n", escaped(summary.verdict));
  if (!summary.warnings.empty())
    text += "<div class=\"warnings\">\n";
  for (const std::string& warning : summary.warnings)
    text += fmt::format("<p><b>Warning:</b> {}</p>\n", escaped(warning));
  if (!summary.warnings.empty())
    text += "</div>\n";
  text += "<div class=\"answers\">\n";
  for (const Answer& answer : summary.answers)
    text += card(answer);
  text += "</div>\n<div class=\"bottom\">\n" + facts_of(summary, info);
  if (info.sign_off)
    text += sign_off(info);
  return text + "</div>\n</div>\n";
}

std::string step_list(const Account& account) {
  std::string text = "<section id=\"steps\">\n<h2>Steps</h2>\n<table class=\"rows\">\n"
                     "<colgroup><col style=\"width:5%\"/><col style=\"width:14%\"/>"
                     "<col style=\"width:28%\"/><col style=\"width:9%\"/>"
                     "<col style=\"width:20%\"/><col style=\"width:12%\"/>"
                     "<col style=\"width:12%\"/></colgroup>\n<thead><tr>";
  for (const std::string_view head :
       {"Step", "Revision", "What it is", "Statements", "Blocks", "Work in all", "Way back"})
    text += fmt::format("<th scope=\"col\">{}</th>", head);
  text += "</tr></thead>\n<tbody>\n";
  for (const StepLine& line : step_lines(account)) {
    text += fmt::format("<tr><th scope=\"row\" class=\"number\">{}</th><td><code>{}</code></td>"
                        "<td>{}",
                        reference(line.number), escaped(line.id), escaped(line.title));
    if (!line.phase.empty())
      text += fmt::format(" ({})", line.phase);
    text += fmt::format("</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", line.statements,
                        escaped(line.blocks), escaped(work_and_disk(line)),
                        escaped(capital(line.back)));
  }
  return text + "</tbody>\n</table>\n</section>\n";
}

}  // namespace retort::bundle::html
