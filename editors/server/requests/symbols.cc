// The statements of a file by direction, and revisions and tables by name.
#include "common/text.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/words.h"
#include "linter/body_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

enum SymbolKind { kFile = 1, kFunction = 12, kStruct = 23, kEvent = 24 };

// One line of a statement.
std::string short_text(std::string_view sql) {
  std::string line = one_line(sql);
  constexpr size_t kWidth = 80;
  if (line.size() > kWidth) {
    size_t end = kWidth;
    while ((static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80)
      --end;
    line = line.substr(0, end) + "…";
  }
  return line;
}

}  // namespace

Answered document_symbol(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  if (!spot || !spot->revision) {
    json.end_array();
    return std::nullopt;
  }
  const auto range = [&](std::string_view key, Span span) {
    json.key(key);
    write_range(json, spot->text, *spot->lines, span, session.client.encoding);
  };
  const std::vector<SeenStatement>& all = spot->model->statements(*spot->revision);
  for (const bool down : {false, true}) {
    std::vector<const SeenStatement*> own;
    for (const SeenStatement& statement : all)
      if (statement.down == down && !statement.elsewhere)
        own.push_back(&statement);
    const std::string_view name = down ? "downgrade" : "upgrade";
    const std::optional<FunctionText> function = function_text(spot->text, name);
    if (own.empty() && !function)
      continue;
    const Span head = function ? function->name : own.front()->call;
    const Span whole =
        function ? Span{function->name.begin, std::max(function->name.end, function->body.end)}
                 : Span{own.front()->call.begin, own.back()->call.end};
    if (!session.client.hierarchical_symbols) {
      json.begin_object().text("name", name).number("kind", kFunction).key("location");
      session.write_location(json, {spot->path, whole});
      json.end_object();
      continue;
    }
    json.begin_object().text("name", name).number("kind", kFunction);
    const facts::LockMode lock = strongest_lock(all, down);
    json.text("detail", fmt::format("{}{}{}", counted(own.size(), "statement"),
                                    lock == facts::LockMode::none ? "" : ", ",
                                    lock == facts::LockMode::none ? "" : facts::sql_name(lock)));
    range("range", whole);
    range("selectionRange", head);
    json.key("children").begin_array();
    for (const SeenStatement* const statement : own) {
      // A child must lie inside of its parent.
      if (statement->call.begin < whole.begin || statement->call.end > whole.end)
        continue;
      json.begin_object().text("name", short_text(statement->statement->sql));
      json.number("kind", kEvent).text("detail", locks_text(statement->facts));
      range("range", statement->call);
      range("selectionRange", statement->call);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return std::nullopt;
}

Answered workspace_symbol(Session& session, JsonValue params, JsonWriter& json) {
  const std::string query = lower(params["query"].text());
  constexpr size_t kMax = 200;
  size_t count = 0;
  json.begin_array();
  const auto matches = [&](std::string_view text) {
    return query.empty() || lower(text).find(query) != std::string::npos;
  };
  for (Model* const model : session.workspace.models()) {
    if (!model->usable())
      continue;
    const Chain& chain = model->chain();
    for (RevIndex i = 0; i < chain.size() && count < kMax; ++i) {
      const std::string name = fmt::format("{}  {}", chain[i].id, title_of(chain[i]));
      const bool labelled =
          std::any_of(chain[i].branch_labels.begin(), chain[i].branch_labels.end(),
                      [&](const Reference& label) { return matches(label.id); });
      if (!matches(name) && !labelled)
        continue;
      ++count;
      json.begin_object().text("name", name).number("kind", kFile);
      if (chain.is_head(i))
        json.text("containerName", "head");
      json.key("location");
      session.write_location(json, header_of(*model, i));
      json.end_object();
    }
    if (query.empty())
      continue;  // all revisions were asked for
    const catalog::Catalog catalog = model->at_head();
    for (catalog::Id id = 1; id < catalog.size() && count < kMax; ++id) {
      const catalog::Object* const object = catalog.get(id);
      if (!object || !(object->is_table_like() || object->is_type()) || !matches(object->name))
        continue;
      const std::optional<Model::Made> made = model->maker_at_end(id);
      if (!made || !made->statement)
        continue;
      const Place place = place_of(*model, made->revision, *made->statement);
      ++count;
      json.begin_object().text("name", object->name).number("kind", kStruct);
      json.text("containerName", chain[made->revision].id).key("location");
      session.write_location(json, place);
      json.end_object();
    }
  }
  json.end_array();
  return std::nullopt;
}

}  // namespace retort::lsp
