#include "editors/server/publish.h"

#include "editors/server/diagnostics.h"

namespace retort::lsp {
namespace {

// Behind the last of several edits.
constexpr std::chrono::milliseconds kPause{40};
// After that a client that announced to ask has not done so.
constexpr std::chrono::milliseconds kPatience{700};

}  // namespace

void Publisher::plan() {
  if (session_.client.pulls)
    return;
  due_ = Clock::now() + (session_.client.announced_pull ? kPatience : kPause);
}

void Publisher::touch(const std::string& path, bool now) {
  if (!now)
    return;
  waiting_.insert(path);
  // What is said of one file depends on the graph, and so on the others.
  plan();
}

void Publisher::touch_all() {
  for (const auto& [path, document] : session_.workspace.documents().all())
    waiting_.insert(path);
  plan();
}

void Publisher::closed(const std::string& path) {
  waiting_.insert(path);
  plan();
}

void Publisher::pulled() {
  Client& client = session_.client;
  if (client.pulls)
    return;
  client.pulls = true;
  due_.reset();
  waiting_.clear();
  for (const std::string& path : std::exchange(published_, {})) {
    JsonWriter json;
    json.begin_object().text("uri", session_.uri(path));
    json.key("diagnostics").begin_array().end_array().end_object();
    session_.send("textDocument/publishDiagnostics", json.take(), false);
  }
  said_.clear();
}

void Publisher::refresh() {
  const Client& client = session_.client;
  if (client.pulls) {
    if (client.refreshes_diagnostics)
      session_.send("workspace/diagnostic/refresh", "null", true);
  } else {
    touch_all();
  }
  if (client.refreshes_lenses)
    session_.send("workspace/codeLens/refresh", "null", true);
  if (client.refreshes_hints)
    session_.send("workspace/inlayHint/refresh", "null", true);
}

void Publisher::publish() {
  due_.reset();
  std::set<std::string> paths = std::exchange(waiting_, {});
  for (std::string& path : files_with_chain_findings(session_))
    paths.insert(std::move(path));
  paths.insert(published_.begin(), published_.end());
  for (const auto& [path, document] : session_.workspace.documents().all())
    if (said_.contains(path))
      paths.insert(path);
  for (const std::string& path : paths)
    publish(path);
}

void Publisher::publish(const std::string& path) {
  const Document* const document = session_.workspace.documents().find(path);
  const std::vector<Shown> findings = diagnostics_of(session_, path);
  if (findings.empty())
    published_.erase(path);
  else
    published_.insert(path);
  JsonWriter json;
  json.begin_object().text("uri", session_.uri(path));
  if (document)
    json.number("version", document->version);
  json.key("diagnostics");
  write_diagnostics(session_, json, path, findings);
  std::string text = json.end_object().take();
  std::string& before = said_[path];
  if (before == text)
    return;
  before = text;
  session_.send("textDocument/publishDiagnostics", std::move(text), false);
}

}  // namespace retort::lsp
