#include "cli/listing.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

bool is_current(const ListingStyle& style, RevIndex i) {
  return style.current &&
         std::find(style.current->begin(), style.current->end(), i) != style.current->end();
}

std::string painted(const ListingStyle& style, std::string_view code, std::string_view text) {
  return style.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string names(const std::vector<Reference>& references) {
  std::vector<std::string> parts;
  for (const Reference& reference : references)
    parts.push_back(reference.id);
  return join(parts, ", ");
}

}  // namespace

std::vector<std::string> ids_of(const Chain& chain, const std::vector<RevIndex>& revisions) {
  std::vector<std::string> ids;
  for (const RevIndex i : revisions)
    ids.push_back(chain[i].id);
  return ids;
}

std::string parents_text(const Chain& chain, RevIndex i) {
  return chain[i].down_revisions.empty() ? "<base>" : names(chain[i].down_revisions);
}

std::string short_form(const Chain& chain, RevIndex i, const ListingStyle& style) {
  const Revision& revision = chain[i];
  std::string text;
  if (style.parents) {
    text += parents_text(chain, i);
    if (!revision.depends_on.empty())
      text += fmt::format(" ({})", names(revision.depends_on));
    text += " -> ";
  }
  text += painted(style, "33", revision.id);
  if (style.labels && !chain.labels(i).empty())
    text += painted(style, "36", fmt::format(" ({})", fmt::join(chain.labels(i), ", ")));
  if (chain.is_real_head(i))
    text += painted(style, "1;32", " (head)");
  else if (chain.is_head(i))
    text += painted(style, "1;32", " (effective head)");
  if (is_current(style, i))
    text += painted(style, "1;35", " (current)");
  if (style.tree_marks && chain.is_branch_point(i))
    text += " (branchpoint)";
  if (style.tree_marks && chain.is_merge_point(i))
    text += " (mergepoint)";
  if (style.title)
    text += fmt::format(", {}", revision.title());
  return text;
}

std::string long_form(const Chain& chain, RevIndex i, const ListingStyle& style) {
  const Revision& revision = chain[i];
  std::string text = fmt::format("Rev: {}", painted(style, "33", revision.id));
  if (chain.is_head(i))
    text += painted(style, "1;32", " (head)");
  if (chain.is_branch_point(i))
    text += " (branchpoint)";
  if (chain.is_merge_point(i))
    text += " (mergepoint)";
  if (is_current(style, i))
    text += painted(style, "1;35", " (current)");
  text += fmt::format("\n{}: {}\n", chain.is_merge_point(i) ? "Merges" : "Parent",
                      parents_text(chain, i));
  if (!revision.depends_on.empty())
    text += fmt::format("Also depends on: {}\n", names(revision.depends_on));
  if (chain.is_branch_point(i))
    text += fmt::format("Branches into: {}\n", join(ids_of(chain, chain.children(i)), ", "));
  if (!chain.labels(i).empty())
    text += fmt::format("Branch names: {}\n", fmt::join(chain.labels(i), ", "));
  text += fmt::format("Path: {}\n\n", revision.path);
  for (const std::string_view line : split(revision.doc, '\n'))
    if (!revision.doc.empty())
      text += fmt::format("    {}\n", line);
  return text + (revision.doc.empty() ? "\n\n" : "\n");
}

}  // namespace retort
