// A revision's id, everywhere: in its header, in those that name it, in docstrings, and in the
// names of files.
#include "common/path.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/workspace_edit.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

// The revision whose id is under the cursor.
std::optional<RevIndex> named(Session& session, const std::optional<Spot>& spot, Span& word) {
  if (!spot)
    return std::nullopt;
  const Cursor cursor = cursor_at(session, *spot);
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
  if (!named(session, spot, word))
    return RequestError{RequestError::kInvalidParams, "only the id of a revision can be renamed"};
  write_range(json, spot->text, *spot->lines, word, session.client.encoding);
  return std::nullopt;
}

Answered rename(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  Span word;
  const std::optional<RevIndex> revision = named(session, spot, word);
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
    const auto names_it = [&](const std::vector<Reference>& list) {
      return std::any_of(list.begin(), list.end(), [&](const Reference& reference) {
        return chain.find(reference.id) == revision;
      });
    };
    if (!own && !names_it(chain[other].down_revisions) && !names_it(chain[other].depends_on))
      continue;
    // Whole words: the header, and what the docstring says of it.
    const std::string& path = chain[other].path;
    const std::string_view text = session.text_of(path).text;
    for (size_t at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
      const auto offset = static_cast<uint32_t>(at);
      const Span whole = word_at(text, offset);
      if (whole.begin == offset && whole.size() == id.size())
        edit.replace({path, whole}, now);
    }
    const std::string_view name = file_name(path);
    if (own && name.starts_with(id) && session.client.renames_files)
      edit.rename(path, join_path(parent_path(path), now + std::string(name.substr(id.size()))));
  }
  edit.write(session, json);
  return std::nullopt;
}

}  // namespace retort::lsp
