// SARIF 2.1.0, within what hosts take: one run, relative paths, errors first, a fingerprint each.
#include "common/json.h"
#include "linter/report/report.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort {
namespace {

constexpr size_t kMostResults = 25'000;
constexpr size_t kMostShown = 5'000;  // the first ones

std::string_view sarif_level(Level level) {
  return level == Level::info ? "note" : to_string(level);
}

// A path as a reference: what is no letter, digit or mark is written by its bytes.
std::string uri(std::string_view path) {
  std::string result;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain)
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

void write_artifact(JsonWriter& json, FileId file, const Sources& sources) {
  json.key("artifactLocation").begin_object().text("uri", uri(sources.path(file))).end_object();
}

// The end is the place behind it.
void write_region(JsonWriter& json, std::string_view name, Loc at, const Sources& sources) {
  const Position begin = sources.position(at.file, at.span.begin);
  const Position end = sources.position(at.file, at.span.end);
  json.key(name).begin_object();
  json.number("startLine", begin.line).number("startColumn", begin.column);
  json.number("endLine", end.line).number("endColumn", end.column).end_object();
}

void write_location(JsonWriter& json, Loc loc, const Sources& sources) {
  const Loc at = sources.origin(loc);
  json.begin_object().key("physicalLocation").begin_object();
  write_artifact(json, at.file, sources);
  if (sources.has_text(at.file))
    write_region(json, "region", at, sources);
  json.end_object();
}

bool has_place(Loc loc, const Sources& sources) {
  const Loc at = sources.origin(loc);
  return at.file != FileId::none && !sources.is_argument(at.file);
}

void write_locations(JsonWriter& json, Loc loc, const Sources& sources) {
  json.key("locations").begin_array();
  if (has_place(loc, sources)) {
    write_location(json, loc, sources);
    json.end_object();
  }
  json.end_array();
}

// Whether it changes files, and nothing else.
bool is_change(const Fix& fix, const Sources& sources) {
  return !fix.edits.empty() &&
         std::all_of(fix.edits.begin(), fix.edits.end(), [&](const Edit& edit) {
           return has_place(edit.at, sources) && !sources.is_derived(edit.at.file);
         });
}

// One change a file, in the order of the fix; insertions delete nothing.
void write_fix(JsonWriter& json, const Fix& fix, const Sources& sources) {
  json.begin_object().key("description").begin_object().text("text", fix.title).end_object();
  json.key("artifactChanges").begin_array();
  std::vector<FileId> done;
  for (const Edit& first : fix.edits) {
    const FileId file = first.at.file;
    if (std::find(done.begin(), done.end(), file) != done.end())
      continue;
    done.push_back(file);
    json.begin_object();
    write_artifact(json, file, sources);
    json.key("replacements").begin_array();
    for (const Edit& edit : fix.edits) {
      if (edit.at.file != file)
        continue;
      json.begin_object();
      write_region(json, "deletedRegion", edit.at, sources);
      json.key("insertedContent").begin_object().text("text", edit.replacement).end_object();
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("properties").begin_object();
  json.text("safety", fix.safety == Safety::safe ? "safe" : "review").end_object().end_object();
}

void write_fixes(JsonWriter& json, const std::vector<Fix>& fixes, const Sources& sources) {
  if (std::none_of(fixes.begin(), fixes.end(),
                   [&](const Fix& fix) { return is_change(fix, sources); }))
    return;
  json.key("fixes").begin_array();
  for (const Fix& fix : fixes)
    if (is_change(fix, sources))
      write_fix(json, fix, sources);
  json.end_array();
}

void write_result(JsonWriter& json, const Finding& finding, const Sources& sources) {
  const Diagnostic& diagnostic = finding.diagnostic;
  json.begin_object().text("ruleId", diagnostic.rule);
  json.text("level", sarif_level(diagnostic.level));
  json.key("message").begin_object().text("text", full_message(finding)).end_object();
  write_locations(json, diagnostic.at, sources);
  json.key("relatedLocations").begin_array();
  for (const Note& note : diagnostic.notes)
    if (has_place(note.at, sources)) {
      write_location(json, note.at, sources);
      json.key("message").begin_object().text("text", note.text).end_object().end_object();
    }
  json.end_array();
  json.key("partialFingerprints").begin_object();
  json.text("retort/v1", finding.fingerprint).end_object();
  if (finding.suppressed) {
    json.key("suppressions").begin_array().begin_object();
    json.text("kind", finding.reason == "baseline" ? "external" : "inSource");
    json.text("justification", finding.reason).end_object().end_array();
  }
  write_fixes(json, diagnostic.fixes, sources);
  json.end_object();
}

void write_notification(JsonWriter& json, const Finding& finding, const Sources& sources) {
  json.begin_object().key("descriptor").begin_object().text("id", finding.rule()).end_object();
  json.text("level", sarif_level(finding.diagnostic.level));
  json.key("message").begin_object().text("text", full_message(finding)).end_object();
  write_locations(json, finding.diagnostic.at, sources);
  json.end_object();
}

// The run itself: whether it came to its end, and what stood in its way.
void write_invocation(JsonWriter& json, const ReportInput& input, size_t left_out) {
  const bool good =
      std::none_of(input.findings.begin(), input.findings.end(), [](const Finding& finding) {
        return is_tool_error(finding) && finding.diagnostic.level == Level::error;
      });
  json.key("invocations").begin_array().begin_object().boolean("executionSuccessful", good);
  json.key("toolExecutionNotifications").begin_array();
  for (const Finding& finding : input.findings)
    if (is_tool_error(finding))
      write_notification(json, finding, input.sources);
  if (left_out > 0) {
    Finding limit;
    limit.diagnostic.rule = "output/limit";
    limit.diagnostic.level = Level::warning;
    limit.diagnostic.message = fmt::format("{} more results are left out", left_out);
    write_notification(json, limit, input.sources);
  }
  json.end_array().end_object().end_array();
}

}  // namespace

std::string sarif_report(const ReportInput& input) {
  std::vector<const Finding*> results;
  for (const Finding& finding : input.findings)
    if (!is_tool_error(finding))
      results.push_back(&finding);
  const size_t left_out = results.size() - std::min(results.size(), kMostResults);
  // Otherwise the order is that of all reports, by which the first of two fixes that overlap
  // counts.
  if (results.size() > kMostShown)
    std::stable_sort(results.begin(), results.end(), [](const Finding* a, const Finding* b) {
      return a->diagnostic.level > b->diagnostic.level;
    });
  results.resize(results.size() - left_out);
  std::set<std::string_view> rules;
  for (const Finding* const finding : results)
    rules.insert(finding->rule());

  JsonWriter json;
  json.begin_object().text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.text("version", "2.1.0").key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object().text("name", "retort");
  json.text("version", RETORT_VERSION).key("rules").begin_array();
  for (const std::string_view rule : rules)
    json.begin_object().text("id", rule).end_object();
  json.end_array().end_object().end_object();
  write_invocation(json, input, left_out);
  json.text("columnKind", "unicodeCodePoints").key("results").begin_array();
  for (const Finding* const finding : results)
    write_result(json, *finding, input.sources);
  return json.end_array().end_object().end_array().end_object().take();
}

}  // namespace retort
