#include "editors/server/workspace_edit.h"

#include "editors/server/uri.h"

namespace retort::lsp {

void WorkspaceEdit::replace(const Place& at, std::string text) {
  edits_[at.path].emplace_back(at.span, std::move(text));
}
void WorkspaceEdit::create(std::string path, std::string text) {
  created_.emplace_back(std::move(path), std::move(text));
}
void WorkspaceEdit::rename(std::string from, std::string to) {
  renamed_.emplace_back(std::move(from), std::move(to));
}

void WorkspaceEdit::write(Session& session, JsonWriter& json) const {
  const auto write_edits = [&](const std::string& path,
                               const std::vector<std::pair<Span, std::string>>& edits) {
    json.begin_array();
    for (const auto& [span, text] : edits) {
      json.begin_object();
      session.write_range(json, "range", Place{path, span});
      json.text("newText", text).end_object();
    }
    json.end_array();
  };
  json.begin_object();
  if (!session.client.document_changes) {
    json.key("changes").begin_object();
    for (const auto& [path, edits] : edits_) {
      json.key(session.uri(path));
      write_edits(path, edits);
    }
    json.end_object().end_object();
    return;
  }
  json.key("documentChanges").begin_array();
  for (const auto& [path, edits] : edits_) {
    const Document* const document = session.workspace.documents().find(path);
    json.begin_object().key("textDocument").begin_object().text("uri", session.uri(path));
    if (document)
      json.number("version", document->version);
    else
      json.key("version").null();
    json.end_object().key("edits");
    write_edits(path, edits);
    json.end_object();
  }
  for (const auto& [path, text] : created_) {
    json.begin_object().text("kind", "create").text("uri", uri_of(path)).end_object();
    json.begin_object().key("textDocument").begin_object().text("uri", uri_of(path));
    json.key("version").null().end_object().key("edits").begin_array().begin_object();
    json.key("range").raw(R"({"start":{"line":0,"character":0},"end":{"line":0,"character":0}})");
    json.text("newText", text).end_object().end_array().end_object();
  }
  for (const auto& [from, to] : renamed_)
    json.begin_object()
        .text("kind", "rename")
        .text("oldUri", session.uri(from))
        .text("newUri", uri_of(to))
        .end_object();
  json.end_array().end_object();
}

}  // namespace retort::lsp
