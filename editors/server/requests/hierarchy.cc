// The chain as a call hierarchy: who calls a revision is its child, what it calls its parent.
#include "common/text.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/words.h"

#include <fmt/format.h>

namespace retort::lsp {
namespace {

void write_item(Session& session, JsonWriter& json, Model& model, RevIndex revision) {
  const Chain& chain = model.chain();
  const Place place = header_of(model, revision);
  json.begin_object().text("name", chain[revision].id).number("kind", 12);
  json.text("detail", title_of(chain[revision])).text("uri", session.uri(place.path));
  session.write_range(json, "range", place);
  session.write_range(json, "selectionRange", place);
  json.text("data", chain[revision].id).end_object();
}

Answered write_calls(Session& session, JsonValue params, JsonWriter& json, bool incoming) {
  Model* const model = session.workspace.model_of(session.file_of(params["item"]));
  const std::optional<RevIndex> revision =
      model && model->usable() ? model->chain().find_id(params["item"]["data"].text())
                               : std::nullopt;
  json.begin_array();
  if (revision) {
    const Chain& chain = model->chain();
    std::vector<RevIndex> others = incoming ? chain.children(*revision) : chain.parents(*revision);
    const std::vector<RevIndex>& more =
        incoming ? chain.dependants(*revision) : chain.dependencies(*revision);
    others.insert(others.end(), more.begin(), more.end());
    for (const RevIndex other : others) {
      json.begin_object().key(incoming ? "from" : "to");
      write_item(session, json, *model, other);
      // Where the one names the other.
      json.key("fromRanges").begin_array();
      const RevIndex naming = incoming ? other : *revision;
      const RevIndex named = incoming ? *revision : other;
      for (const Span at : named_by(chain, naming, named))
        session.write_range(json, session.text_of(chain[naming].path), at);
      json.end_array().end_object();
    }
  }
  json.end_array();
  return std::nullopt;
}

}  // namespace

// Anywhere in a file that names no other revision: the file's own.
Answered prepare_call_hierarchy(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  if (!spot || !spot->revision) {
    json.null();
    return std::nullopt;
  }
  const Cursor cursor = cursor_at(*spot);
  json.begin_array();
  write_item(session, json, *spot->model, cursor.revision.value_or(*spot->revision));
  json.end_array();
  return std::nullopt;
}

Answered incoming_calls(Session& session, JsonValue params, JsonWriter& json) {
  return write_calls(session, params, json, true);
}

Answered outgoing_calls(Session& session, JsonValue params, JsonWriter& json) {
  return write_calls(session, params, json, false);
}

}  // namespace retort::lsp
