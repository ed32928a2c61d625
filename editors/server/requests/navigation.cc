// From a name to what made it, and to everything that touches it.
#include "common/text.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "linter/body_text.h"

#include <algorithm>

namespace retort::lsp {
namespace {

// It makes the column, or gives it its name.
bool makes_column(const LintStatement& statement, std::string_view column) {
  for (const forms::Form& form : statement.forms) {
    if (const auto* const add = std::get_if<forms::AddColumn>(&form))
      if (add->column.name == column)
        return true;
    if (const auto* const rename = std::get_if<forms::Rename>(&form))
      if (rename->to == column)
        return true;
  }
  return false;
}

const LintStatement* statement_of(Model& model, const Model::Touching& touching) {
  const Unit& unit = model.unit(touching.revision);
  const LintSide& side = touching.down ? unit.down : unit.up;
  return touching.statement < side.statements.size() ? &side.statements[touching.statement]
                                                     : nullptr;
}

std::optional<Place> made_at(const Spot& spot, const Cursor& cursor) {
  Model& model = *spot.model;
  if (!cursor.column.empty()) {
    // The last statement before this one that gave the column.
    const size_t here = cursor.statements.empty() ? SIZE_MAX : cursor.statements.back()->number;
    std::optional<Place> found;
    for (const Model::Touching& touching : model.touching(cursor.object)) {
      const LintStatement* const statement =
          touching.down ? nullptr : statement_of(model, touching);
      if (statement && makes_column(*statement, cursor.column))
        found = place_of(model, touching.revision, *statement);
      if (touching.revision == *spot.revision && touching.statement >= here)
        break;
    }
    if (found)
      return found;
  }
  if (const std::optional<Model::Made> made = model.maker(*spot.revision, cursor.object))
    return place_of(model, made->revision, *made->statement);
  return std::nullopt;
}

std::vector<Place> revision_references(const Chain& chain, RevIndex revision) {
  std::vector<Place> places;
  for (RevIndex other = 0; other < chain.size(); ++other)
    for (const Span at : named_by(chain, other, revision))
      places.push_back({chain[other].path, at});
  return places;
}

void write_locations(Session& session, JsonWriter& json, std::span<const Place> places) {
  json.begin_array();
  for (const Place& place : places)
    session.write_location(json, place);
  json.end_array();
}

std::vector<Place> object_references(const Spot& spot, const Cursor& cursor) {
  Model& model = *spot.model;
  std::vector<Place> places;
  for (const Model::Touching& touching : model.touching(cursor.object)) {
    const LintStatement* const statement = statement_of(model, touching);
    if (!statement || (!cursor.column.empty() && !has_word(statement->sql, cursor.column)))
      continue;
    const Place place = place_of(model, touching.revision, *statement);
    if (places.empty() || places.back().path != place.path || !(places.back().span == place.span))
      places.push_back(place);
  }
  return places;
}

}  // namespace

Answered definition(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  const Cursor cursor = spot ? cursor_at(*spot) : Cursor();
  std::vector<Place> places;
  if (cursor.revision)
    places.push_back(header_of(*spot->model, *cursor.revision));
  else if (cursor.object != 0)
    if (const std::optional<Place> made = made_at(*spot, cursor))
      places.push_back(*made);
  write_locations(session, json, places);
  return std::nullopt;
}

Answered references(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  const Cursor cursor = spot ? cursor_at(*spot) : Cursor();
  std::vector<Place> places;
  if (cursor.revision) {
    if (params["context"]["includeDeclaration"].boolean())
      places.push_back(header_of(*spot->model, *cursor.revision));
    for (Place& place : revision_references(spot->model->chain(), *cursor.revision))
      places.push_back(std::move(place));
  } else if (cursor.object != 0) {
    places = object_references(*spot, cursor);
  }
  write_locations(session, json, places);
  return std::nullopt;
}

// The same word in this file, where it means the same.
Answered document_highlight(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  const Cursor cursor = spot ? cursor_at(*spot) : Cursor();
  json.begin_array();
  if (cursor.revision || cursor.object != 0) {
    const std::string_view word = spot->text.substr(cursor.word.begin, cursor.word.size());
    for (const Span whole : whole_words(spot->text, word)) {
      json.begin_object().key("range");
      write_range(json, spot->text, *spot->lines, whole, session.client.encoding);
      json.end_object();
    }
  }
  json.end_array();
  return std::nullopt;
}

// Ids of other revisions in the header.
Answered document_link(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  if (spot && spot->revision) {
    const Chain& chain = spot->model->chain();
    const Revision& revision = chain[*spot->revision];
    for (const Reference* const reference : references_of(revision))
      if (const std::optional<RevIndex> other = chain.find(reference->id)) {
        json.begin_object().key("range");
        write_range(json, spot->text, *spot->lines, reference->at, session.client.encoding);
        json.text("target", session.uri(chain[*other].path)).end_object();
      }
  }
  json.end_array();
  return std::nullopt;
}

}  // namespace retort::lsp
