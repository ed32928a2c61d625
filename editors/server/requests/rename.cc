// A revision's id, everywhere: in its header, in those that name it, in docstrings, and in the
// names of files.
#include "common/path.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/workspace_edit.h"

#include <fmt/format.h>

namespace retort::lsp {
namespace {

// The revision whose id is under the cursor.
std::optional<RevIndex> named(const std::optional<Spot>& spot, Span& word) {
  if (!spot)
    return std::nullopt;
  const Cursor cursor = cursor_at(*spot);
  word = cursor.word;
  return cursor.revision;
}

std::string problem_of(const Chain& chain, std::string_view id) {
  if (id.empty() || id.find_first_of(" \t\r\n\"'\\@:+,") != std::string_view::npos)
    return fmt::format("`{}` cannot be an id", id);
  if (id.size() > kMaxIdLength)
    return fmt::format("an id has at most {} letters", kMaxIdLength);
  if (chain.find(id))
    return fmt::format("`{}` is taken", id);
  return {};
}

}  // namespace

Answered prepare_rename(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  Span word;
  if (!named(spot, word))
    return RequestError{RequestError::kInvalidParams, "only the id of a revision can be renamed"};
  write_range(json, spot->text, *spot->lines, word, session.client.encoding);
  return std::nullopt;
}

Answered rename(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  Span word;
  const std::optional<RevIndex> revision = named(spot, word);
  if (!revision)
    return RequestError{RequestError::kInvalidParams, "only the id of a revision can be renamed"};
  Model& model = *spot->model;
  const Chain& chain = model.chain();
  const std::string id = chain[*revision].id;
  const std::string now(params["newName"].text());
  if (std::string problem = problem_of(chain, now); !problem.empty())
    return RequestError{RequestError::kInvalidParams, std::move(problem)};

  WorkspaceEdit edit;
  for (RevIndex other = 0; other < chain.size(); ++other) {
    const bool own = other == *revision;
    if (!own && named_by(chain, other, *revision).empty())
      continue;
    // Whole words: the header, and what the docstring says of it.
    const std::string& path = chain[other].path;
    for (const Span at : whole_words(session.text_of(path).text, id))
      edit.replace({path, at}, now);
    const std::string_view name = file_name(path);
    if (own && name.starts_with(id) && session.client.renames_files)
      edit.rename(path, join_path(parent_path(path), now + std::string(name.substr(id.size()))));
  }
  edit.write(session, json);
  return std::nullopt;
}

}  // namespace retort::lsp
