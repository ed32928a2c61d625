#include "versions/header.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

// Before Alembic 0.2 the id was the file's name.
bool is_legacy_name(std::string_view file_name) {
  if (!file_name.ends_with(".py"))
    return false;
  file_name.remove_suffix(3);
  return !file_name.empty() && std::all_of(file_name.begin(), file_name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::string created_from(std::string_view doc) {
  constexpr std::string_view kMark = "Create Date:";
  const size_t at = doc.find(kMark);
  if (at == doc.npos)
    return {};
  const std::string_view rest = doc.substr(at + kMark.size());
  return std::string(trim(rest.substr(0, rest.find('\n'))));
}

}  // namespace

std::optional<Revision> to_revision(Header& header, FileId file, std::string_view file_name,
                                    Diagnostics& diagnostics) {
  auto& [revision, down_revision, branch_labels, depends_on] = header.values;
  if (!revision && !down_revision)
    return std::nullopt;
  const auto fail = [&](std::string_view variant, Span at, std::string message) -> Diagnostic& {
    return diagnostics.report(Level::error, "chain/broken", variant, {file, at},
                              std::move(message));
  };

  Revision result;
  result.file = file;
  if (revision) {
    if (revision->shape != HeaderValue::Shape::text) {
      fail("bad-id", revision->at, "`revision` must be a string");
      return std::nullopt;
    }
    result.id = std::move(revision->items[0].id);
    result.id_at = revision->items[0].at;
  } else if (is_legacy_name(file_name)) {
    result.id = file_name.substr(0, file_name.size() - 3);
  } else {
    fail("no-id", {}, "the file has a `down_revision` but no `revision`")
        .note("Alembic refuses the whole folder because of it; set `revision` or move the file");
    return std::nullopt;
  }
  if (!down_revision) {
    fail("no-parent", result.id_at, "the file has a `revision` but no `down_revision`")
        .note("the first revision of a chain says `down_revision = None`");
    return std::nullopt;
  }
  const std::pair<const std::optional<HeaderValue>&, std::string_view> lists[] = {
      {down_revision, "down_revision"},
      {branch_labels, "branch_labels"},
      {depends_on, "depends_on"}};
  for (const auto& [value, name] : lists)
    if (value && value->shape == HeaderValue::Shape::other) {
      fail("bad-id", value->at,
           fmt::format("`{}` must be None, a string or a tuple of strings", name));
      return std::nullopt;
    }
  result.down_revisions = std::move(down_revision->items);
  if (branch_labels)
    result.branch_labels = std::move(branch_labels->items);
  if (depends_on)
    result.depends_on = std::move(depends_on->items);
  result.doc = std::move(header.doc);
  result.created = created_from(result.doc);
  return result;
}

}  // namespace retort
