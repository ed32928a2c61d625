// What folds, and what a selection grows to: word, statement or call, direction, file.
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "linter/body_text.h"

#include <algorithm>
#include <set>

namespace retort::lsp {
namespace {

Span function_span(const FunctionText& function) {
  return {function.name.begin, std::max(function.name.end, function.body.end)};
}

// Statements in a file of SQL, and strings of SQL in Python.
std::vector<Span> sql_spans(const Spot& spot) {
  std::vector<Span> spans;
  for (const SeenStatement& statement : spot.model->statements(*spot.revision)) {
    const Place at = spot.model->place(statement.statement->at);
    if (at.path == spot.path)
      spans.push_back(at.span);
  }
  return spans;
}

}  // namespace

Answered folding_range(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  std::set<std::pair<uint32_t, uint32_t>> lines;
  if (spot && spot->revision) {
    const auto add = [&](Span span) {
      if (span.empty())
        return;
      const uint32_t first = spot->lines->line_of(span.begin);
      const uint32_t last = spot->lines->line_of(span.end - 1);
      if (last > first)
        lines.emplace(first, last);
    };
    for (const std::string_view name : {"upgrade", "downgrade"})
      if (const auto function = function_text(spot->text, name))
        add(function_span(*function));
    for (const SeenStatement& statement : spot->model->statements(*spot->revision))
      if (!statement.elsewhere)
        add(statement.call);
    for (const Span span : sql_spans(*spot))
      add(span);
  }
  json.begin_array();
  for (const auto& [first, last] : lines)
    json.begin_object().number("startLine", first).number("endLine", last).end_object();
  json.end_array();
  return std::nullopt;
}

Answered selection_range(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  const JsonValue positions = params["positions"];
  for (size_t i = 0; spot && i < positions.size(); ++i) {
    const uint32_t offset = session.offset(*spot, positions[i]);
    std::vector<Span> around = {word_at(spot->text, offset),
                                {0, static_cast<uint32_t>(spot->text.size())}};
    if (spot->revision) {
      for (const SeenStatement& statement : spot->model->statements(*spot->revision))
        if (!statement.elsewhere)
          around.push_back(statement.call);
      for (const Span span : sql_spans(*spot))
        around.push_back(span);
      for (const std::string_view name : {"upgrade", "downgrade"})
        if (const auto function = function_text(spot->text, name))
          around.push_back(function_span(*function));
    }
    std::erase_if(around, [&](Span span) { return offset < span.begin || offset > span.end; });
    std::sort(around.begin(), around.end(), [](Span a, Span b) { return a.size() < b.size(); });
    // Each must hold the one before it.
    std::vector<Span> nested;
    for (const Span span : around)
      if (nested.empty() || (span.begin <= nested.back().begin && span.end >= nested.back().end &&
                             !(span == nested.back())))
        nested.push_back(span);
    for (const Span span : nested) {
      json.begin_object().key("range");
      write_range(json, spot->text, *spot->lines, span, session.client.encoding);
      if (!(span == nested.back()))
        json.key("parent");
    }
    for (size_t k = 0; k < nested.size(); ++k)
      json.end_object();
  }
  json.end_array();
  return std::nullopt;
}

}  // namespace retort::lsp
