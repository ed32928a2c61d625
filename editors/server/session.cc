#include "editors/server/session.h"

#include "common/text.h"
#include "editors/server/uri.h"

#include <algorithm>

namespace retort::lsp {
namespace {

void write(JsonWriter& json, LinePosition position) {
  json.begin_object().number("line", position.line).number("character", position.column);
  json.end_object();
}

}  // namespace

void write_range(JsonWriter& json, std::string_view text, const Lines& lines, Span span,
                 Encoding encoding) {
  json.begin_object().key("start");
  write(json, lines.position(text, span.begin, encoding));
  json.key("end");
  write(json, lines.position(text, std::max(span.begin, span.end), encoding));
  json.end_object();
}

std::string Session::file_of(std::string_view uri) const {
  const std::string path = path_of(uri);
  return path.empty() ? path : workspace.disk().real_path(path);
}

std::optional<Spot> Session::spot(JsonValue params) {
  Spot spot;
  spot.path = file_of(params["textDocument"]);
  if (spot.path.empty())
    return std::nullopt;
  spot.model = workspace.model_of(spot.path);
  if (spot.model && spot.model->usable())
    spot.revision = spot.model->revision(spot.path);
  const TextView& text = text_of(spot.path);
  spot.text = text.text;
  spot.lines = text.lines;
  if (params["position"].exists())
    spot.offset = offset(spot, params["position"]);
  return spot;
}

uint32_t Session::offset(const Spot& spot, JsonValue position) const {
  return spot.lines->offset(spot.text, position_in(position), client.encoding);
}

Span Session::span(const Spot& spot, JsonValue range) const {
  const uint32_t begin = offset(spot, range["start"]);
  return {begin, std::max(begin, offset(spot, range["end"]))};
}

const TextView& Session::text_of(const std::string& path) {
  const auto [known, added] = texts_.try_emplace(path);
  TextView& view = known->second;
  if (!added)
    return view;
  if (const Document* const document = workspace.documents().find(path)) {
    view.text = document->text;
    view.lines = &document->lines;
    return view;
  }
  for (Model* const model : workspace.models())
    if (const std::optional<RevIndex> revision = model->revision(path))
      view.text = model->sources().text(model->chain()[*revision].file);
  if (view.text.empty())
    if (DiskResult<std::string> text = workspace.disk().read(path)) {
      view.owned = with_line_feeds(*text);
      view.text = view.owned;
    }
  view.owned_lines = Lines(view.text);
  view.lines = &view.owned_lines;
  return view;
}

std::string Session::uri(const std::string& path) const {
  const Document* const document = workspace.documents().find(path);
  return document ? document->uri : uri_of(path);
}

void Session::write_position(JsonWriter& json, const TextView& text, uint32_t offset) const {
  write(json, text.lines->position(text.text, offset, client.encoding));
}

void Session::write_range(JsonWriter& json, const TextView& text, Span span) const {
  lsp::write_range(json, text.text, *text.lines, span, client.encoding);
}

void Session::write_range(JsonWriter& json, std::string_view key, const Place& place) {
  json.key(key);
  write_range(json, text_of(place.path), place.span);
}

void Session::write_location(JsonWriter& json, const Place& place) {
  json.begin_object().text("uri", uri(place.path));
  write_range(json, "range", place);
  json.end_object();
}

}  // namespace retort::lsp
