#include "linter/report/json.h"

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
  json.end_array().end_object();
}

}  // namespace

void write_findings(JsonWriter& json, std::span<const Diagnostic> diagnostics,
                    const Sources& sources) {
  json.begin_array();
  for (const Diagnostic& diagnostic : diagnostics) {
    json.begin_object().text("rule", diagnostic.rule).text("variant", diagnostic.variant);
    json.text("level", to_string(diagnostic.level)).text("message", diagnostic.message);
    json.key("revision").null().key("direction").null();
    write_place(json, diagnostic.at, sources);
    json.key("statement").null();
    json.boolean("fixable", !diagnostic.fixes.empty()).boolean("suppressed", false);
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
  json.end_array();
}

std::string to_json(std::span<const Diagnostic> diagnostics, const Sources& sources) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.findings/1").key("findings");
  write_findings(json, diagnostics, sources);
  json.key("summary").begin_object();
  for (const Level level : {Level::error, Level::warning, Level::info})
    json.number(to_string(level),
                std::count_if(diagnostics.begin(), diagnostics.end(),
                              [&](const Diagnostic& d) { return d.level == level; }));
  return json.end_object().end_object().take();
}

}  // namespace retort
