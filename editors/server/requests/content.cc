// Virtual documents, the commands that show them, and what the server knows.
#include "editors/server/content.h"
#include "common/path.h"
#include "editors/server/requests/requests.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

constexpr std::array<std::string_view, 5> kCommands = {
    "retort.showSql", "retort.open", "retort.explain", "retort.status", "retort.reload"};

void write_status(Session& session, JsonWriter& json) {
  json.begin_object().text("version", RETORT_VERSION).key("chains").begin_array();
  for (Model* const model : session.workspace.models()) {
    if (model->is_alone())
      continue;
    json.begin_object().text("folder", model->name()).boolean("usable", model->usable());
    if (model->usable()) {
      const Chain& chain = model->chain();
      json.number("revisions", static_cast<int64_t>(chain.size()));
      json.key("heads").begin_array();
      for (const RevIndex head : chain.heads())
        json.begin_object()
            .text("id", chain[head].id)
            .text("message", chain[head].title())
            .text("uri", session.uri(chain[head].path))
            .end_object();
      json.end_array();
      std::vector<std::string> files;
      for (const FileId file : model->config().files)
        files.push_back(model->path(file));
      json.texts("configuration", files);
      json.boolean("complete", model->idle());
    }
    json.end_object();
  }
  json.end_array();
  json.number("open", static_cast<int64_t>(session.workspace.documents().all().size()));
  json.end_object();
}

void show(Session& session, std::string_view uri) {
  if (!session.client.shows_documents)
    return;
  JsonWriter params;
  params.begin_object().text("uri", uri).boolean("takeFocus", true).end_object();
  session.send("window/showDocument", params.take(), true);
}

// The SQL of a revision by its file; empty: it is none.
std::string uri_of_revision(Session& session, const std::string& path) {
  Model* const model = session.workspace.model_of(path);
  const std::optional<RevIndex> revision =
      model && model->usable() ? model->revision(path) : std::nullopt;
  return revision ? sql_uri(*model, *revision, "upgrade") : "";
}

}  // namespace

std::span<const std::string_view> commands() { return kCommands; }

// What a command shows is its result, too: for clients that cannot be asked to show it.
Answered execute_command(Session& session, JsonValue params, JsonWriter& json) {
  const std::string_view command = params["command"].text();
  const std::string argument(params["arguments"][0].text());
  if (command == "retort.open") {
    show(session, argument);
    json.null();
  } else if (command == "retort.showSql" || command == "retort.explain") {
    std::string uri =
        command == "retort.explain" ? fmt::format("retort-rule:/{}.md", argument) : argument;
    if (const std::string path = session.file_of(argument); !path.empty())
      uri = uri_of_revision(session, path);
    const std::optional<std::string> text = content_of(session, uri);
    if (!text)
      return RequestError{RequestError::kFailed, fmt::format("there is no document `{}`", uri)};
    if (session.client.reads_content)
      show(session, uri);
    json.begin_object().text("uri", uri).text("text", *text).end_object();
  } else if (command == "retort.status") {
    write_status(session, json);
  } else if (command == "retort.reload") {
    session.workspace.set(session.settings.workspace);
    json.null();
  } else {
    return RequestError{RequestError::kInvalidParams,
                        fmt::format("there is no command `{}`", command)};
  }
  return std::nullopt;
}

Answered text_document_content(Session& session, JsonValue params, JsonWriter& json) {
  const std::string uri(params["uri"].text());
  const std::optional<std::string> text = content_of(session, uri);
  if (!text)
    return RequestError{RequestError::kFailed, fmt::format("there is no document `{}`", uri)};
  session.contents.insert(uri);
  json.begin_object().text("text", *text).end_object();
  return std::nullopt;
}

Answered status(Session& session, JsonValue, JsonWriter& json) {
  write_status(session, json);
  return std::nullopt;
}

}  // namespace retort::lsp
