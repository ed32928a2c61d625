// Findings that the client asks for: of one file, and of the chain in files that nobody has open.
#include "common/sha256.h"
#include "editors/server/diagnostics.h"
#include "editors/server/requests/requests.h"

#include <algorithm>
#include <map>
#include <set>

namespace retort::lsp {
namespace {

// A report whose id says what is in it, so that one which is known is not sent again.
void write_report(Session& session, JsonWriter& json, const std::string& path,
                  std::string_view previous) {
  const std::vector<Shown> findings = diagnostics_of(session, path);
  JsonWriter items;
  write_diagnostics(session, items, path, findings);
  const std::string text = items.take();
  const std::string id = sha256(text).substr(0, 16);
  if (id == previous)
    json.text("kind", "unchanged").text("resultId", id);
  else
    json.text("kind", "full").text("resultId", id).key("items").raw(text);
}

}  // namespace

Answered document_diagnostic(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_object();
  if (spot)
    write_report(session, json, spot->path, params["previousResultId"].text());
  else
    json.text("kind", "full").key("items").begin_array().end_array();
  json.end_object();
  return std::nullopt;
}

Answered workspace_diagnostic(Session& session, JsonValue params, JsonWriter& json) {
  std::map<std::string, std::string> previous;  // result ids by path
  const JsonValue ids = params["previousResultIds"];
  for (size_t i = 0; i < ids.size(); ++i)
    if (std::string path = session.file_of(ids[i]); !path.empty())
      previous[std::move(path)] = ids[i]["value"].text();
  std::set<std::string> paths;
  for (std::string& path : files_with_chain_findings(session))
    paths.insert(std::move(path));
  for (const auto& [path, id] : previous)
    paths.insert(path);  // what went is said once, too
  const JsonValue token = params["partialResultToken"];
  json.begin_object().key("items").begin_array();
  constexpr size_t kMaxFiles = 1000;
  size_t count = 0;
  for (const std::string& path : paths) {
    const Document* const document = session.workspace.documents().find(path);
    if (document || ++count > kMaxFiles)
      continue;  // open ones are asked for one by one
    const auto write = [&](JsonWriter& to) {
      to.begin_object().text("uri", session.uri(path)).key("version").null();
      write_report(session, to, path, previous.contains(path) ? previous[path] : "");
      to.end_object();
    };
    if (!token.exists()) {
      write(json);
      continue;
    }
    JsonWriter part;  // for who shows each file as it comes
    part.begin_object().key("token").raw(token.json()).key("value").begin_object();
    write(part.key("items").begin_array());
    session.send("$/progress", part.end_array().end_object().end_object().take(), false);
  }
  json.end_array().end_object();
  return std::nullopt;
}

}  // namespace retort::lsp
