#include "versions/current.h"

#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

class Reader {
public:
  Reader(std::string_view text, std::string_view table) : text_(text), table_(table) {
    uint32_t begin = text.starts_with(utf8::kByteOrderMark) ? 3 : 0;
    for (uint32_t i = begin; i <= text.size(); ++i)
      if (i == text.size() || text[i] == '\n') {
        lines_.push_back({begin, i > begin && text[i - 1] == '\r' ? i - 1 : i});
        begin = i + 1;
      }
    while (!lines_.empty() && trim(line(lines_.size() - 1)).empty())
      lines_.pop_back();
  }

  bool empty() const { return lines_.empty(); }

  // From the most telling form to the least: each leaves `ids_` alone unless it recognises itself.
  bool read_any() {
    return read_log() || read_statistics() || read_dump() || read_table() || read_csv() ||
           read_alembic() || read_plain();
  }

  CurrentRows take() { return {kind_, std::move(ids_)}; }

private:
  std::string_view line(size_t i) const { return text_.substr(lines_[i].begin, lines_[i].size()); }

  void add(std::string_view id) {
    id = trim(id);
    if (id.size() >= 2 && (id.front() == '"' || id.front() == '\'') && id.back() == id.front())
      id = id.substr(1, id.size() - 2);
    const auto begin = static_cast<uint32_t>(id.data() - text_.data());
    if (!id.empty())
      ids_.push_back({std::string(id), {begin, begin + static_cast<uint32_t>(id.size())}});
  }

  bool recognised(std::string_view kind) {
    kind_ = kind;
    return true;
  }

  // The last `retort: done 3/3, database at {a,b}` of a script's log.
  bool read_log() {
    constexpr std::string_view kMark = "database at {";
    for (size_t i = lines_.size(); i-- > 0;) {
      const std::string_view text = line(i);
      const size_t at = text.find(kMark);
      if (text.find("retort: done") == text.npos || at == text.npos)
        continue;
      const std::string_view rest = text.substr(at + kMark.size());
      for (const std::string_view id : split(rest.substr(0, rest.find('}')), ','))
        add(id);
      return recognised("log of a script");
    }
    return false;
  }

  bool read_statistics() {
    if (!line(0).starts_with("kind,"))
      return false;
    for (size_t i = 1; i < lines_.size(); ++i)
      if (line(i).starts_with("version,"))
        add(split(line(i), ',')[1]);
    return recognised("statistics file");
  }

  bool names_table(std::string_view text) const {
    const size_t at = text.find(table_);
    return at != text.npos && (at == 0 || !is_word(text[at - 1])) &&
           (at + table_.size() >= text.size() || !is_word(text[at + table_.size()]));
  }

  bool read_dump() {
    bool found = false;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view text = line(i);
      if (text.starts_with("COPY ") && names_table(text)) {
        found = true;
        while (++i < lines_.size() && line(i) != "\\.")
          add(line(i));
      } else if (text.starts_with("INSERT INTO ") && names_table(text)) {
        found = true;
        const size_t values = text.find("VALUES");
        const size_t open = values == text.npos ? values : text.find('\'', values);
        const size_t close = open == text.npos ? open : text.find('\'', open + 1);
        if (close != text.npos)
          add(text.substr(open, close - open + 1));
      }
    }
    return found && recognised("database dump");
  }

  // psql's aligned table: a heading, a rule, rows, a count.
  bool read_table() {
    for (size_t i = 1; i < lines_.size(); ++i) {
      const std::string_view rule = trim(line(i));
      const bool is_rule = rule.size() >= 3 && rule.find_first_not_of("-+|") == rule.npos;
      if (!is_rule || line(i - 1).find("version_num") == std::string_view::npos)
        continue;
      for (++i; i < lines_.size(); ++i) {
        const std::string_view row = trim(line(i));
        if (row.starts_with("(") || row.starts_with("+-"))
          break;
        const std::string_view bare =
            trim(row.starts_with('|') ? row.substr(1, row.rfind('|') - 1) : row);
        add(bare);
      }
      return recognised("psql table");
    }
    return false;
  }

  bool read_csv() {
    const std::string_view heading = trim(line(0));
    if (heading != "version_num" && heading != "\"version_num\"")
      return false;
    for (size_t i = 1; i < lines_.size(); ++i)
      if (!trim(line(i)).starts_with("("))
        add(line(i));
    return recognised("CSV");
  }

  // `id (head)`, or the long form's `Rev: id (head)`, between log lines.
  bool read_alembic() {
    bool found = false;
    for (size_t i = 0; i < lines_.size(); ++i) {
      std::string_view text = trim(line(i));
      const bool long_form = text.starts_with("Rev: ");
      if (long_form)
        text.remove_prefix(5);
      const size_t mark = text.find(" (");
      const bool marked = mark != text.npos && text.ends_with(')');
      if (!long_form && !marked)
        continue;
      const std::string_view id = text.substr(0, mark);
      if (id.empty() || id.find(' ') != id.npos)
        continue;
      add(id);
      found = true;
    }
    return found && recognised("output of `alembic current`");
  }

  bool read_plain() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view id = trim(line(i));
      if (id.starts_with("INFO "))  // Alembic's log, when both streams were kept
        continue;
      if (id.find_first_of(" \t;(") != id.npos) {
        ids_.clear();
        return false;
      }
      add(id);
    }
    return recognised("list of ids");
  }

  std::string_view text_;
  std::string_view table_;
  std::vector<Span> lines_;
  std::string_view kind_;
  std::vector<Reference> ids_;
};

}  // namespace

Result<CurrentRows> read_current(const Sources& sources, FileId file,
                                 std::string_view version_table, Diagnostics& diagnostics) {
  constexpr std::string_view kRule = "current/unreadable";
  const std::string_view text = sources.text(file);
  if (text.starts_with("PGDMP")) {
    Diagnostic diagnostic{kRule,
                          "archive",
                          Level::error,
                          {file, {}},
                          "this is a custom-format archive, which is not read here",
                          {},
                          {}};
    diagnostic.note(fmt::format("get the rows with: pg_restore -f - -a -t {} {}", version_table,
                                sources.path(file)));
    return diagnostics.fail(std::move(diagnostic));
  }
  if (text.find('\0') != text.npos)
    return diagnostics.fail(kRule, "binary", {file, {}}, "this file is not text");
  Reader reader(text, version_table);
  if (reader.empty())
    return CurrentRows{"empty output", {}};  // no rows: no revision is applied
  if (reader.read_any())
    return reader.take();
  Diagnostic diagnostic{kRule, "", Level::error, {file, {}}, "", {}, {}};
  if (text.find("PostgreSQL database dump") != text.npos) {
    diagnostic.message = fmt::format("this dump holds no rows of `{}`", version_table);
    diagnostic.note("a schema-only dump leaves them out");
  } else {
    diagnostic.message = "no version rows are recognised in this file";
  }
  diagnostic.note(
      fmt::format("psql -At -c 'SELECT version_num FROM {}' prints them", version_table));
  return diagnostics.fail(std::move(diagnostic));
}

}  // namespace retort
