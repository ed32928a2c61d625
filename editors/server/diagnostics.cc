#include "editors/server/diagnostics.h"

#include "rules/pages.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::lsp {
namespace {

int severity(Level level) { return level == Level::error ? 1 : level == Level::warning ? 2 : 3; }

// What stands under no line of its own.
std::string message_of(const Shown& finding, bool related) {
  std::string text = finding.message;
  for (const auto& [place, note] : finding.notes)
    if (place.path.empty() || !related)
      text += "\nnote: " + note;
  for (const ShownFix& fix : finding.fixes)
    if (fix.edits.empty()) {
      text += "\nhelp: " + fix.title;
      for (const FixStep& step : fix.steps)
        text += "\n  " + step.sql + ";";
    }
  return text;
}

}  // namespace

std::vector<Shown> diagnostics_of(Session& session, const std::string& path) {
  Model* const model = session.workspace.model_of(path);
  if (!model)
    return {};
  const bool open = session.workspace.documents().find(path) != nullptr;
  std::vector<Shown> findings = model->findings(path, open ? Depth::all : Depth::chain);
  std::erase_if(findings, [](const Shown& finding) { return finding.suppressed; });
  return findings;
}

std::vector<std::string> files_with_chain_findings(Session& session) {
  std::set<std::string> paths;
  for (Model* const model : session.workspace.models())
    for (std::string& path : model->files_with_chain_findings())
      paths.insert(std::move(path));
  return {paths.begin(), paths.end()};
}

void write_diagnostics(Session& session, JsonWriter& json, const std::string& path,
                       std::span<const Shown> findings) {
  json.begin_array();
  const Client& client = session.client;
  for (const Shown& finding : findings.first(std::min(findings.size(), kMaxFindings))) {
    json.begin_object();
    session.write_range(json, "range", finding.at);
    json.number("severity", severity(finding.level));
    json.text("code", finding.full_name).text("source", "retort");
    if (client.code_description && client.reads_content && rules::page(finding.rule))
      json.key("codeDescription")
          .begin_object()
          .text("href", fmt::format("retort-rule:/{}.md", finding.rule))
          .end_object();
    json.text("message", message_of(finding, client.related));
    if (client.tags && (finding.rule == "lint/suppression" || finding.rule == "compile/override"))
      json.key("tags").begin_array().number(1).end_array();  // unnecessary
    if (client.related && std::any_of(finding.notes.begin(), finding.notes.end(),
                                      [](const auto& note) { return !note.first.path.empty(); })) {
      json.key("relatedInformation").begin_array();
      for (const auto& [place, note] : finding.notes)
        if (!place.path.empty()) {
          json.begin_object().key("location");
          session.write_location(json, place);
          json.text("message", note).end_object();
        }
      json.end_array();
    }
    json.key("data").begin_object().text("fingerprint", finding.fingerprint).end_object();
    json.end_object();
  }
  if (findings.size() > kMaxFindings) {
    json.begin_object();
    session.write_range(json, "range", Place{path, {}});
    json.number("severity", 3).text("source", "retort").text("code", "lint/more");
    json.text("message", fmt::format("{} more findings are not shown: `retort lint` lists them",
                                     findings.size() - kMaxFindings));
    json.end_object();
  }
  json.end_array();
}

}  // namespace retort::lsp
