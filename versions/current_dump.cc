// The rows of the version table in what pg_dump or pg_restore wrote.
#include "versions/current_forms.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::current {
namespace {

struct TableName {
  std::string schema, table;
};

// One part of a name, quoted or not; `text` goes on behind it.
std::optional<std::string> name_part(std::string_view& text) {
  std::string name;
  if (!text.starts_with('"')) {
    size_t end = 0;
    while (end < text.size() && (is_word(text[end]) || text[end] == '$'))
      ++end;
    name = text.substr(0, end);
    text.remove_prefix(end);
    return name.empty() ? std::nullopt : std::optional(name);
  }
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      name += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      name += text[i++];
    } else {
      text.remove_prefix(i + 1);
      return name;
    }
  }
  return std::nullopt;
}

std::optional<TableName> name_behind(std::string_view text, std::string_view word) {
  if (!text.starts_with(word))
    return std::nullopt;
  text.remove_prefix(word.size());
  std::optional<std::string> first = name_part(text);
  if (!first || !text.starts_with('.'))
    return first ? std::optional(TableName{"", *first}) : std::nullopt;
  text.remove_prefix(1);
  std::optional<std::string> second = name_part(text);
  return second ? std::optional(TableName{*first, *second}) : std::nullopt;
}

// The place of a column in the list behind COPY's table.
size_t place_of_id(std::string_view line) {
  const size_t open = line.find('(');
  const size_t close = line.find(')', open == line.npos ? 0 : open);
  if (open == line.npos || close == line.npos)
    return 0;
  const std::vector<std::string_view> columns = split(line.substr(open + 1, close - open - 1), ',');
  for (size_t i = 0; i < columns.size(); ++i)
    if (trim(columns[i]) == "version_num")
      return i;
  return 0;
}

struct Rows {
  std::string database;  // in what pg_dumpall wrote
  std::string schema;
  std::vector<Reference> ids;
};

class DumpReader {
public:
  DumpReader(const Lines& lines, std::string_view table) : lines_(lines), table_(table) {}

  void run() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      is_dump |= lines_[i].find("PostgreSQL database dump") != std::string_view::npos;
      if (lines_[i].starts_with("\\connect "))
        database_ = trim(lines_[i].substr(lines_[i].rfind(' ')));
      if (const auto copy = name_behind(lines_[i], "COPY ")) {
        i = read_copy(i, *copy);
      } else if (const auto insert = name_behind(lines_[i], "INSERT INTO ")) {
        if (insert->table == table_)
          i = read_insert(i, *insert);
      } else if (const auto create = name_behind(lines_[i], "CREATE TABLE ")) {
        has_table |= create->table == table_;
      }
    }
  }

  bool is_dump = false, has_table = false;
  std::vector<Rows> found;  // by schema

private:
  // Data may hold lines that look like anything.
  size_t read_copy(size_t i, const TableName& name) {
    const bool own = name.table == table_ && lines_[i].find("FROM stdin") != std::string_view::npos;
    if (lines_[i].find("FROM stdin") == std::string_view::npos)
      return i;
    const size_t place = place_of_id(lines_[i]);
    if (own)
      rows_of(name.schema);
    for (++i; i < lines_.size() && lines_[i] != "\\."; ++i) {
      const std::vector<std::string_view> cells = split(lines_[i], '\t');
      if (own && place < cells.size())
        lines_.add(cells[place], rows_of(name.schema));
    }
    return i;
  }

  // `INSERT INTO t VALUES ('a'), ('b');` on one line or several. Ids have no quotes in them.
  size_t read_insert(size_t i, const TableName& name) {
    std::vector<Reference>& ids = rows_of(name.schema);
    size_t from = lines_[i].find("VALUES");
    for (; i < lines_.size(); ++i) {
      const std::string_view line = lines_[i];
      for (size_t open = line.find('\'', std::min(from, line.size())); open != line.npos;) {
        const size_t close = line.find('\'', open + 1);
        if (close == line.npos)
          return i;
        lines_.add(line.substr(open, close - open + 1), ids);
        open = line.find('\'', close + 1);
      }
      if (trim(line).ends_with(';'))
        return i;
      from = 0;
    }
    return i;
  }

  std::vector<Reference>& rows_of(const std::string& schema) {
    const auto there = std::find_if(found.begin(), found.end(), [&](const Rows& rows) {
      return rows.database == database_ && rows.schema == schema;
    });
    return there != found.end() ? there->ids : found.emplace_back(Rows{database_, schema, {}}).ids;
  }

  const Lines& lines_;
  std::string_view table_;
  std::string database_;
};

// One of them each, in their order.
std::string listed(const std::vector<Rows>& found, std::string Rows::*part) {
  std::vector<std::string> names;
  for (const Rows& rows : found)
    if (std::string name = fmt::format("`{}`", rows.*part);
        std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  return join(names, ", ");
}

}  // namespace

Answer read_dump(const Lines& lines, const VersionTableName& version) {
  DumpReader reader(lines, version.table);
  reader.run();
  if (reader.found.empty() && !reader.is_dump)
    return std::nullopt;
  Reading reading{{"database dump", {}, {}}, {}};
  if (reader.found.empty()) {
    reading.refusal =
        Refusal{"", fmt::format("this dump holds no rows of `{}`", version.table), {}, {}};
    reading.refusal->notes.emplace_back(
        reader.has_table
            ? "a schema-only dump leaves them out"
            : "it does not have the table either: is it a dump of another database, or of "
              "some tables alone?");
    return reading;
  }
  const bool several = std::any_of(reader.found.begin(), reader.found.end(), [&](const Rows& rows) {
    return rows.database != reader.found.front().database;
  });
  if (several) {
    reading.refusal = Refusal{"",
                              fmt::format("this dump has a table `{}` in the databases {}",
                                          version.table, listed(reader.found, &Rows::database)),
                              {},
                              {"pg_dump writes one database alone"}};
    return reading;
  }
  const auto own = std::find_if(reader.found.begin(), reader.found.end(),
                                [&](const Rows& rows) { return rows.schema == version.schema; });
  if (own == reader.found.end() && reader.found.size() > 1) {
    reading.refusal = Refusal{"",
                              fmt::format("this dump has a table `{}` in the schemas {}",
                                          version.table, listed(reader.found, &Rows::schema)),
                              {},
                              {"`version_table_schema` in retort.toml says which one counts"}};
    return reading;
  }
  reading.rows.ids = std::move(own == reader.found.end() ? reader.found.front().ids : own->ids);
  return reading;
}

}  // namespace retort::current
