#include "linter/report/json.h"

#include "linter/report/report.h"

#include <algorithm>

namespace retort {
namespace {

void write_place(JsonWriter& json, Loc loc, const Sources& sources) {
  const Loc at = sources.origin(loc);
  if (at.file == FileId::none || sources.is_argument(at.file)) {
    for (const std::string_view name : {"file", "line", "column", "end_line", "end_column"})
      json.key(name).null();
    return;
  }
  const Position begin = sources.position(at.file, at.span.begin);
  const Position end = sources.position(at.file, at.span.end);
  json.text("file", sources.path(at.file));
  json.number("line", begin.line).number("column", begin.column);
  json.number("end_line", end.line).number("end_column", end.column);
}

void write_fix(JsonWriter& json, const Fix& fix, const Sources& sources) {
  json.begin_object().text("title", fix.title);
  json.text("safety", fix.safety == Safety::safe ? "safe" : "review");
  json.key("edits").begin_array();
  for (const Edit& edit : fix.edits) {
    json.begin_object();
    write_place(json, edit.at, sources);
    json.text("replacement", edit.replacement).end_object();
  }
  json.end_array();
  if (!fix.steps.empty()) {
    json.key("steps").begin_array();
    for (const FixStep& step : fix.steps)
      json.begin_object().text("sql", step.sql).boolean("transaction", !step.outside).end_object();
    json.end_array();
  }
  json.end_object();
}

void write_finding(JsonWriter& json, const Finding& finding, const Sources& sources) {
  const Diagnostic& diagnostic = finding.diagnostic;
  json.begin_object().text("rule", diagnostic.rule).text("variant", diagnostic.variant);
  json.text("level", to_string(diagnostic.level)).text("message", diagnostic.message);
  if (finding.revision().empty())
    json.key("revision").null().key("direction").null();
  else
    json.text("revision", finding.revision())
        .text("direction", finding.down ? "downgrade" : "upgrade");
  write_place(json, diagnostic.at, sources);
  const size_t statement = number_of(finding);
  if (statement == 0)
    json.key("statement").null().key("sql").null();
  else
    json.number("statement", static_cast<int64_t>(statement)).text("sql", finding.sql);
  json.boolean("fixable", std::any_of(diagnostic.fixes.begin(), diagnostic.fixes.end(),
                                      [](const Fix& fix) { return fix.safety == Safety::safe; }));
  json.boolean("suppressed", finding.suppressed);
  if (finding.suppressed)
    json.text("reason", finding.reason);
  if (!finding.fingerprint.empty())
    json.text("fingerprint", finding.fingerprint);
  json.key("notes").begin_array();
  for (const Note& note : diagnostic.notes) {
    json.begin_object().text("message", note.text);
    write_place(json, note.at, sources);
    json.end_object();
  }
  json.end_array().key("fixes").begin_array();
  for (const Fix& fix : diagnostic.fixes)
    write_fix(json, fix, sources);
  json.end_array().end_object();
}

}  // namespace

void write_findings(JsonWriter& json, std::span<const Diagnostic> diagnostics,
                    const Sources& sources) {
  json.begin_array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Finding finding;
    finding.diagnostic = diagnostic;
    write_finding(json, finding, sources);
  }
  json.end_array();
}

std::string json_report(const ReportInput& input) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.findings/1").key("findings").begin_array();
  for (const Finding& finding : input.findings)
    write_finding(json, finding, input.sources);
  json.end_array().key("summary").begin_object();
  const auto count = [&](auto&& counts) {
    return std::count_if(input.findings.begin(), input.findings.end(), counts);
  };
  for (const Level level : {Level::error, Level::warning, Level::info})
    json.number(to_string(level), count([&](const Finding& finding) {
                  return !finding.suppressed && finding.diagnostic.level == level;
                }));
  json.number("suppressed", count([](const Finding& finding) { return finding.suppressed; }));
  json.number("units", std::count_if(input.units.begin(), input.units.end(),
                                     [](const Unit& unit) { return unit.reported; }));
  return json.end_object().end_object().take();
}

}  // namespace retort
