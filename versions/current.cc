#include "versions/current.h"

#include "common/csv.h"
#include "common/text.h"
#include "common/utf8.h"
#include "versions/current_forms.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {

namespace current {

Lines::Lines(std::string_view text) : text_(text) {
  uint32_t begin = text.starts_with(utf8::kByteOrderMark) ? 3 : 0;
  for (uint32_t i = begin; i <= text.size(); ++i)
    if (i == text.size() || text[i] == '\n') {
      lines_.push_back({begin, i > begin && text[i - 1] == '\r' ? i - 1 : i});
      begin = i + 1;
    }
  while (!lines_.empty() && trim((*this)[lines_.size() - 1]).empty())
    lines_.pop_back();
}

void Lines::add(std::string_view cell, std::vector<Reference>& ids) const {
  cell = trim(cell);
  if (cell.size() >= 2 && (cell.front() == '"' || cell.front() == '\'') &&
      cell.back() == cell.front())
    cell = cell.substr(1, cell.size() - 2);
  if (!cell.empty())
    ids.push_back({std::string(cell), span(cell)});
}

// What `retort stats --print-sql` writes; stats --print-sql's reader is not needed for its one
// kind.
Answer read_statistics(const Lines& lines) {
  if (lines.empty() || !lines[0].starts_with("kind,"))
    return std::nullopt;
  Reading reading{{"statistics file", {}, {}}, {}};
  CsvReader csv(lines.text());
  CsvRow row;
  bool told = false;
  while (csv.next(row)) {
    const std::string_view line = lines.text().substr(row.offset);
    const Span at{row.offset, row.offset + static_cast<uint32_t>(
                                               std::min(line.find_first_of("\r\n"), line.size()))};
    if (row.fields[0] == "version" && row.fields.size() >= 4) {
      const size_t place = line.substr(0, at.size()).rfind(row.fields[3]);
      const uint32_t begin = at.begin + static_cast<uint32_t>(place == line.npos ? 0 : place);
      reading.rows.ids.push_back(
          {row.fields[3], {begin, begin + static_cast<uint32_t>(row.fields[3].size())}});
    }
    const bool about = row.fields.size() >= 3 && row.fields[2] == "version";
    told |= about && row.fields[0] == "done";
    if (about && row.fields[0] == "refused")
      reading.refusal = Refusal{"",
                                "the server refused the version rows to who took these statistics",
                                at,
                                {"they need the right to read the version table"}};
  }
  if (!told && !reading.refusal && reading.rows.ids.empty())
    reading.refusal = Refusal{"", "these statistics end before the version rows", {}, {}};
  return reading;
}

namespace {

constexpr std::string_view kVertical = "\u2502";  // of `\pset linestyle unicode`

// The cells of a line of a table, whatever separates them.
std::vector<std::string_view> cells(std::string_view line) {
  const std::string_view separator = line.find(kVertical) == line.npos ? "|" : kVertical;
  line = trim(line);
  if (line.starts_with(separator) && line.size() > separator.size() && line.ends_with(separator))
    line = line.substr(separator.size(), line.size() - 2 * separator.size());
  std::vector<std::string_view> result;
  for (size_t at = 0; at <= line.size();) {
    const size_t end = std::min(line.find(separator, at), line.size());
    result.push_back(trim(line.substr(at, end - at)));
    at = end + separator.size();
  }
  return result;
}

std::optional<size_t> version_cell(std::string_view line) {
  const std::vector<std::string_view> all = cells(line);
  const auto found = std::find(all.begin(), all.end(), "version_num");
  return found == all.end() ? std::nullopt : std::optional<size_t>(found - all.begin());
}

// `------+-----`, also in box characters.
bool is_rule(std::string_view line) {
  line = trim(line);
  const bool ascii = line.find_first_not_of("-+|") == line.npos;
  const bool box =
      line.find_first_not_of("\xE2\x94\x80\xBC\xA4\x9C\x8C\x90\x94\x98\xB4\xAC") == line.npos &&
      line.starts_with("\xE2\x94");
  return line.size() >= 3 && (ascii || box);
}

// `version_num | 41f0a6c2d853`, of psql's expanded display.
std::optional<std::string_view> expanded(std::string_view line) {
  const std::vector<std::string_view> all = cells(line);
  return all.size() == 2 && all[0] == "version_num" ? std::optional(all[1]) : std::nullopt;
}

}  // namespace

Answer read_psql(const Lines& lines) {
  Answer last;  // what was asked last counts
  bool rows_of_records = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::optional<size_t> cell = version_cell(lines[i]);
    const bool aligned = i + 1 < lines.size() && is_rule(lines[i + 1]);
    if (const std::optional<std::string_view> id = expanded(lines[i]); id && !aligned) {
      if (!rows_of_records)
        last = Reading{{"psql records", {}, {}}, {}};
      rows_of_records = true;
      lines.add(*id, last->rows.ids);
      continue;
    }
    // Unaligned and CSV have no rule below the heading, which then is all that the line has.
    if (!cell || (!aligned && trim(lines[i]) != "version_num"))
      continue;
    rows_of_records = false;
    last = Reading{{aligned ? "psql table" : "CSV", {}, {}}, {}};
    for (i += aligned ? 2 : 1; i < lines.size(); ++i) {
      const std::string_view line = trim(lines[i]);
      if (line.starts_with('(') || is_rule(line) || line.empty())
        break;
      const std::vector<std::string_view> all = cells(line);
      if (*cell < all.size())
        lines.add(all[*cell], last->rows.ids);
    }
  }
  if (last || lines.empty() || trim(lines[0]) != "\"version_num\"")
    return last;
  Reading quoted{{"CSV", {}, {}}, {}};
  for (size_t i = 1; i < lines.size(); ++i)
    lines.add(lines[i], quoted.rows.ids);
  return quoted;
}

// `id (head)`, or the long form's `Rev: id (head)`, between log lines.
Answer read_alembic(const Lines& lines) {
  Reading reading{{"output of `alembic current`", {}, {}}, {}};
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view text = trim(lines[i]);
    const bool long_form = text.starts_with("Rev: ");
    if (long_form)
      text.remove_prefix(5);
    const size_t mark = text.find(" (");
    const bool marked = mark != text.npos && text.ends_with(')');
    if (!long_form && !marked)
      continue;
    const std::string_view id = text.substr(0, mark);
    if (!id.empty() && id.find(' ') == id.npos)
      lines.add(id, reading.rows.ids);
  }
  return reading.rows.ids.empty() ? Answer() : std::move(reading);
}

Answer read_ids(const Lines& lines) {
  Reading reading{{"list of ids", {}, {}}, {}};
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view id = trim(lines[i]);
    if (id.starts_with("INFO "))  // Alembic's log, when both streams were kept
      continue;
    if (id.find_first_of(" \t;(") != id.npos)
      return std::nullopt;
    lines.add(id, reading.rows.ids);
  }
  return reading;
}

}  // namespace current

namespace {

Diagnostic unreadable(FileId file, std::string_view variant, std::string message, Span at = {}) {
  return {"current/unreadable", variant, Level::error, {file, at}, std::move(message), {}, {}};
}

// What is no text that could have rows in it.
std::optional<Diagnostic> not_text(const Sources& sources, FileId file, std::string_view table) {
  const std::string_view text = sources.text(file);
  const bool tar = text.size() > 262 && text.substr(257, 5) == "ustar";
  if (text.starts_with("PGDMP") || (tar && text.starts_with("toc.dat"))) {
    Diagnostic diagnostic = unreadable(
        file, "archive",
        fmt::format("this is a {}-format archive, which is not read here", tar ? "tar" : "custom"));
    diagnostic.note(
        fmt::format("get the rows with: pg_restore -f - -a -t {} {}", table, sources.path(file)));
    return diagnostic;
  }
  if (text.starts_with("\x1f\x8b"))
    return unreadable(file, "binary", "this file is compressed: unpack it with gunzip");
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    Diagnostic diagnostic = unreadable(file, "binary", "this file is in UTF-16");
    diagnostic.note("PowerShell's `>` makes such files; `psql -o FILE` writes what psql prints");
    return diagnostic;
  }
  if (text.find('\0') != text.npos)
    return unreadable(file, "binary", "this file is not text");
  return std::nullopt;
}

}  // namespace

Result<CurrentRows> read_current(const Sources& sources, FileId file, VersionTableName version,
                                 Diagnostics& diagnostics) {
  if (std::optional<Diagnostic> problem = not_text(sources, file, version.table))
    return diagnostics.fail(*std::move(problem));
  const current::Lines lines(sources.text(file));
  if (lines.empty())
    return CurrentRows{"empty output", {}, {}};  // no rows: no revision is applied
  // From the most telling form to the least.
  current::Answer answer = current::read_log(lines);
  if (!answer)
    answer = current::read_statistics(lines);
  if (!answer)
    answer = current::read_dump(lines, version);
  if (!answer)
    answer = current::read_psql(lines);
  if (!answer)
    answer = current::read_alembic(lines);
  if (!answer)
    answer = current::read_ids(lines);
  if (answer && !answer->refusal)
    return std::move(answer->rows);
  Diagnostic diagnostic = unreadable(file, "", "no version rows are recognised in this file");
  if (answer) {
    diagnostic =
        unreadable(file, answer->refusal->variant, answer->refusal->message, answer->refusal->at);
    for (const std::string& note : answer->refusal->notes)
      diagnostic.note(note);
  }
  const std::string_view schema = version.schema == "public" ? "" : version.schema;
  diagnostic.note(fmt::format("psql -At -c 'SELECT version_num FROM {}{}{}' prints them", schema,
                              schema.empty() ? "" : ".", version.table));
  return diagnostics.fail(std::move(diagnostic));
}

}  // namespace retort
