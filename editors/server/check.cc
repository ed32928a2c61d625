#include "editors/server/check.h"

#include "common/parallel.h"
#include "common/path.h"
#include "common/text.h"
#include "editors/server/clock.h"
#include "editors/server/requests/requests.h"
#include "editors/server/uri.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

struct Row {
  size_t asked = 0, failed = 0;
  double total = 0, longest = 0;
  std::string problem;
};

// What the methods of whole files want is among what those of a place want.
std::string params_at(const Session& session, const std::string& path, const Spot& spot,
                      uint32_t offset) {
  JsonWriter json;
  const LinePosition at = spot.lines->position(spot.text, offset, session.client.encoding);
  const auto write = [&](std::string_view key) {
    json.key(key).begin_object().number("line", at.line).number("character", at.column);
    json.end_object();
  };
  json.begin_object();
  json.key("textDocument").begin_object().text("uri", uri_of(path)).end_object();
  write("position");
  json.key("positions").begin_array().begin_object();
  json.number("line", at.line).number("character", at.column).end_object().end_array();
  json.key("range").begin_object();
  write("start");
  write("end");
  json.end_object().key("context").begin_object().boolean("includeDeclaration", true).end_object();
  return json.text("query", "a").end_object().take();
}

// They do something, or need what another answer gave.
bool is_left_out(std::string_view method) {
  return method == "workspace/executeCommand" || method == "textDocument/rename" ||
         method == "textDocument/prepareRename" || method.starts_with("callHierarchy/") ||
         method.find("textDocumentContent") != std::string_view::npos;
}

void ask(Session& session, const Method& method, const std::string& params, Row& row) {
  const JsonDocument document(params);
  JsonWriter json;
  const Clock::time_point begin = Clock::now();
  session.forget_texts();
  const Answered refused = method.answer(session, document.root(), json);
  const double time = milliseconds_since(begin);
  ++row.asked;
  row.total += time;
  row.longest = std::max(row.longest, time);
  if (refused || !JsonDocument(json.take()).valid()) {
    ++row.failed;
    row.problem = refused ? refused->message : "the answer is no JSON";
  }
}

CheckResult check(const Disk& disk, const std::string& path, unsigned threads) {
  CheckResult result;
  Session session(disk, threads);
  session.client.markdown = true;
  session.settings.hints = Hints::all;
  session.send = [](std::string_view, const std::string&, bool) {};
  DiskResult<std::string> text = disk.read(path);
  if (!text) {
    result.table = fmt::format("{}: {}\n", shown_path(path), text.error().reason);
    return result;
  }
  const Clock::time_point begin = Clock::now();
  Model* const model = session.workspace.model_of(disk.real_path(path));
  const double read = milliseconds_since(begin);
  if (!model || !model->usable()) {
    result.table = fmt::format(
        "{}: belongs to no chain: no retort.toml, alembic.ini or pyproject.toml above it names a "
        "folder of revisions that has it\n",
        shown_path(path));
    return result;
  }
  const Chain& chain = model->chain();
  result.table = fmt::format("chain      {}\nrevisions  {}, {}, read in {:.1f} ms\n",
                             shown_path(model->name()), chain.size(),
                             counted(chain.heads().size(), "head"), read);
  for (const FileId file : model->config().files)
    result.table += fmt::format("reads      {}\n", shown_path(model->path(file)));
  Document document;
  document.uri = uri_of(path);
  document.path = disk.real_path(path);
  document.text = *std::move(text);
  session.workspace.opened(std::move(document));
  JsonWriter params;
  params.begin_object().key("textDocument").begin_object().text("uri", uri_of(path));
  const std::string whole = params.end_object().end_object().take();
  const JsonDocument whole_document(whole);
  const Spot spot = *session.spot(whole_document.root());
  if (!spot.revision) {
    result.table += fmt::format("{}: is no revision\n", shown_path(path));
    return result;
  }
  std::vector<uint32_t> places = {chain[*spot.revision].id_at.begin};
  for (const SeenStatement& statement : model->statements(*spot.revision))
    if (!statement.elsewhere)
      places.push_back(statement.call.begin);
  result.good = true;
  result.table += fmt::format("{:<34}{:>6}{:>10}{:>10}\n", "", "asked", "mean ms", "most ms");
  for (const Method& method : methods()) {
    if (is_left_out(method.name))
      continue;
    Row row;
    for (const uint32_t place : places) {
      const std::string at = params_at(session, path, spot, place);
      ask(session, method, at, row);
      if (method.whole_file || method.name == "workspace/diagnostic")
        break;
    }
    result.table += fmt::format("{:<34}{:>6}{:>10.2f}{:>10.2f}{}\n", method.name, row.asked,
                                row.total / static_cast<double>(row.asked), row.longest,
                                row.failed == 0 ? "" : "  " + row.problem);
    result.good &= row.failed == 0;
  }
  return result;
}

}  // namespace

CheckResult check_file(const Disk& disk, const std::string& path, unsigned threads) {
  CheckResult result;
  on_large_stack([&] { result = check(disk, path, threads); });
  return result;
}

}  // namespace retort::lsp
