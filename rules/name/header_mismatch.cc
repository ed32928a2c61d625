// The head of a revision says "Revision ID:" and "Revises:" for people, and in variables for
// Alembic. A copied file, or a moved line, leaves the two apart, and people read the wrong one.
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

struct Line {
  bool found = false;
  Span at;  // of the value
  std::vector<std::string> ids;
};

// `Revises: a, b` in the file's first docstring.
Line read_line(std::string_view source, std::string_view title) {
  Line line;
  const size_t open = std::min(source.find("\"\"\""), source.find("'''"));
  if (open == std::string_view::npos)
    return line;
  // Nothing but comments and blank lines before it.
  for (const std::string_view each : split(source.substr(0, open), '\n'))
    if (!trim(each).empty() && !trim(each).starts_with("#"))
      return line;
  const size_t close = source.find(source.substr(open, 3), open + 3);
  const std::string_view text = source.substr(0, close);
  for (size_t begin = open + 3; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view whole = text.substr(begin, end - begin);
    if (whole.starts_with(title)) {
      const std::string_view value = trim(whole.substr(title.size()));
      const auto at = static_cast<uint32_t>(
          value.empty() ? begin + title.size() : static_cast<size_t>(value.data() - source.data()));
      line.found = true;
      line.at = {at, at + static_cast<uint32_t>(value.size())};
      for (const std::string_view id : split(value, ','))
        if (!trim(id).empty() && trim(id) != "None")
          line.ids.emplace_back(trim(id));
      return line;
    }
    begin = end + 1;
  }
  return line;
}

void compare(RevisionVisit& visit, std::string_view title, std::vector<std::string> wanted) {
  Line line = read_line(visit.source(), title);
  if (!line.found)
    return;
  std::vector<std::string> written = line.ids;
  std::vector<std::string> meant = wanted;
  std::sort(written.begin(), written.end());
  std::sort(meant.begin(), meant.end());
  if (written == meant)
    return;
  const std::string is = join(wanted, ", ");
  Diagnostic& finding = visit.report(
      line.at.empty() ? Span{line.at.begin - static_cast<uint32_t>(title.size()), line.at.begin}
                      : line.at,
      fmt::format("the docstring says {} `{}`, and Alembic goes by `{}`", title,
                  join(line.ids, ", "), is));
  finding.fix({Safety::safe,
               "write what Alembic goes by",
               {{{visit.unit().file, line.at}, (line.at.empty() && !is.empty() ? " " : "") + is}}});
}

void check(RevisionVisit& visit) {
  if (!visit.unit().index)
    return;
  const Revision& revision = (*visit.chain())[*visit.unit().index];
  if (revision.format != Format::python)
    return;
  compare(visit, "Revision ID:", {revision.id});
  std::vector<std::string> parents;
  for (const Reference& parent : revision.down_revisions)
    parents.push_back(parent.id);
  compare(visit, "Revises:", std::move(parents));
}

}  // namespace

const Rule name_header_mismatch{
    .name = "name/header-mismatch", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
