#include "common/csv.h"
#include "common/utf8.h"
#include "compiler/forms/expression.h"
#include "compiler/statistics/statistics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

namespace retort::statistics {

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"kind", "schema", "name", "part"};
constexpr std::string_view kWayOut = "`retort stats --print-sql` prints the script that writes one";
constexpr int kFormat = 1;
// What a row of a table that was never analyzed takes up, about.
constexpr double kGuessedRow = 100;

// Seconds since 1970 of "2026-11-02T10:11:12Z".
std::optional<int64_t> time_of(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  char end = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c", &year, &month, &day, &hour, &minute,
                  &second, &end) != 7 ||
      end != 'Z')
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok())
    return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace

class Reader {
public:
  Reader(Run& run, FileId file, Day now) : run_(run), file_(file), text_(run.sources.text(file)) {
    result_.now = now;
  }

  Result<Statistics> read() {
    if (const size_t bad = utf8::first_invalid(text_); bad != std::string_view::npos) {
      const bool wide = text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF");
      return fail({static_cast<uint32_t>(bad), static_cast<uint32_t>(bad + 1)},
                  wide ? "this is UTF-16, as PowerShell writes it, and UTF-8 is expected: let psql "
                         "write the file itself, with -o stats.csv"
                       : "this is not UTF-8, so that names would be misread");
    }
    CsvReader rows(text_);
    if (!rows.next(row_))
      return fail({}, fmt::format("the file is empty; {}", kWayOut));
    TRY(check_header());
    bool whole = false;
    while (rows.next(row_)) {
      if (!row_.closed && row_.fields[0] != "end")
        return fail(place(), "the file ends in the middle of this row: it was cut off on its way");
      if (row_.fields.size() < kColumns.size())
        return fail(place(), fmt::format("this row has {} of the columns {}", row_.fields.size(),
                                         "kind, schema, name and part"));
      whole = row_.fields[0] == "end";
      if (!whole)
        TRY(take());
    }
    if (!seen_meta_ && !result_.refused.contains("meta"))
      return fail({}, fmt::format("this file says nothing of its server and its age; {}", kWayOut));
    if (!seen_meta_)
      return fail({}, "the server refused to say what it is and when: use a role that may connect");
    if (!whole)
      return fail(place(),
                  "the file ends before its last row, `end`: it was cut off on its way, or "
                  "psql stopped");
    add_up();
    return std::move(result_);
  }

private:
  Unexpected<Failed> fail(Span at, std::string message) {
    return run_.diagnostics.fail("stats/unreadable", "", {file_, at}, std::move(message));
  }

  Span place() const {
    const size_t end = std::min(text_.find('\n', row_.offset), text_.size());
    return {row_.offset, static_cast<uint32_t>(end)};
  }

  Result<> check_header() {
    const bool ours = row_.fields[0] == kColumns[0];
    for (size_t i = 0; i < kColumns.size() && ours; ++i)
      if (i >= row_.fields.size() || row_.fields[i] != kColumns[i])
        return fail(place(), fmt::format("the column `{}` is missing here; the first line is "
                                         "kind,schema,name,part,facts",
                                         kColumns[i]));
    if (!ours)
      return fail(place(), fmt::format("this is no file of statistics; {}", kWayOut));
    return Nothing{};
  }

  // The value of `key=value`; none when there is no such fact, empty when the server has no answer.
  std::optional<std::string> fact(std::string_view key) const {
    for (size_t i = kColumns.size(); i < row_.fields.size(); ++i) {
      const std::string_view field = row_.fields[i];
      if (field.size() > key.size() && field[key.size()] == '=' && field.starts_with(key))
        return std::string(field.substr(key.size() + 1));
    }
    return std::nullopt;
  }

  Result<std::string> required(std::string_view key) {
    std::optional<std::string> value = fact(key);
    if (!value || value->empty())
      return fail(place(),
                  fmt::format("this row of the kind `{}` lacks `{}=`", row_.fields[0], key));
    return std::move(*value);
  }

  template <class Number>
  Result<std::optional<Number>> number(std::string_view key) {
    const std::optional<std::string> text = fact(key);
    if (!text || text->empty())
      return std::optional<Number>();
    Number value{};
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    bool good = error == std::errc() && stop == end;
    if constexpr (std::is_floating_point_v<Number>)
      good = good && std::isfinite(value);
    if (!good)
      return fail(place(), fmt::format("`{}={}` is no number", key, *text));
    return std::optional<Number>(value);
  }
  template <class Number>
  Result<Number> number(std::string_view key, Number otherwise) {
    return TRY(number<Number>(key)).value_or(otherwise);
  }

  bool flag(std::string_view key) const {
    const std::optional<std::string> text = fact(key);
    return text == "true" || text == "t";
  }

  Result<> take() {
    const std::string& kind = row_.fields[0];
    if (kind == "meta")
      return take_meta();
    if (kind == "table")
      return take_table();
    if (kind == "column")
      return take_column();
    if (kind == "index")
      return take_index();
    if (kind == "system") {
      result_.system = row_.fields[2];
    } else if (kind == "enum") {
      std::vector<Enum>& enums = result_.enums;
      if (enums.empty() || enums.back().schema != row_.fields[1] ||
          enums.back().name != row_.fields[2])
        enums.push_back({row_.fields[1], row_.fields[2], {}, fact("extension").value_or("")});
      enums.back().labels.push_back(row_.fields[3]);
    } else if (kind == "constraint") {
      const std::string type = TRY(required("type"));
      result_.constraints.push_back(
          {row_.fields[1], row_.fields[2], row_.fields[3], type[0], flag("valid")});
    } else if (kind == "attribute") {
      attributes_.push_back({forms::to_text(forms::Name{row_.fields[1], row_.fields[2], {}}),
                             row_.fields[3], flag("not_null")});
    } else if (kind == "version") {
      result_.versions.push_back(row_.fields[3]);
    } else if (kind == "setting") {
      result_.settings[row_.fields[2]] = fact("value").value_or("");
    } else if (kind == "done") {
      if (row_.fields[2] == "version")
        result_.has_versions = true;
    } else if (kind == "refused") {
      result_.refused[row_.fields[2]] = fact("sqlstate").value_or("");
    }
    return Nothing{};  // kinds that come later are none of ours
  }

  Result<> take_meta() {
    const int format = TRY(number<int>("format", 0));
    if (format != kFormat)
      return fail(place(),
                  format == 0
                      ? fmt::format("this row of the kind `meta` lacks `format=`")
                      : fmt::format("the format of this file is {}, and this retort reads {}: "
                                    "print the script again with `retort stats --print-sql`",
                                    format, kFormat));
    const std::string taken = TRY(required("taken"));
    const std::optional<int64_t> at = time_of(taken);
    if (!at)
      return fail(place(), fmt::format("`taken={}` is no time", taken));
    seen_meta_ = true;
    result_.database = row_.fields[2];
    result_.server = TRY(number<int>("server", 0));
    result_.block_size = TRY(number<int64_t>("block_size", 8192));
    result_.standby = flag("standby");
    constexpr int64_t kDay = 86400;
    result_.taken = *at / kDay;
    std::optional<int64_t> since;
    for (const std::string_view key : {"started", "reset"})
      if (const std::optional<int64_t> time = time_of(fact(key).value_or("")))
        since = std::max(*time, since.value_or(*time));
    result_.counted_days = since ? static_cast<double>(*at - *since) / kDay : 0;
    return Nothing{};
  }

  Result<> take_table() {
    Table table;
    table.schema = row_.fields[1];
    table.name = row_.fields[2];
    table.kind = TRY(required("kind"))[0];
    if (const std::string parent = fact("parent").value_or(""); !parent.empty())
      table.parent = forms::to_text(forms::Name{fact("parent_schema").value_or(""), parent, {}});
    table.extension = fact("extension").value_or("");
    table.heap = TRY(number<int64_t>("heap"));
    table.indexes = TRY(number<int64_t>("indexes"));
    table.toast = TRY(number<int64_t>("toast"));
    const std::optional<double> estimate = TRY(number<double>("est_rows"));
    const double pages = TRY(number<double>("pages", 0));
    const double live = TRY(number<double>("live", 0));
    if (!table.heap && pages > 0)  // somebody held it: its size when it was last counted
      table.heap = static_cast<int64_t>(pages) * result_.block_size;
    if (!fact("est_rows"))
      return fail(place(), "this row of the kind `table` lacks `est_rows=`");
    const bool partitioned = table.kind == 'p' || table.kind == 'f';
    // As the planner does: rows per page when it was last counted, times the pages of now.
    if (partitioned) {
    } else if (table.heap == 0) {
      table.rows = 0;
    } else if (pages > 0 && estimate.value_or(-1) >= 0) {
      table.rows = table.heap ? *estimate / pages * static_cast<double>(*table.heap) /
                                    static_cast<double>(result_.block_size)
                              : *estimate;
    } else if (live > 0) {
      table.rows = live;
    } else if (table.heap) {
      table.rows = static_cast<double>(*table.heap) / kGuessedRow;
      table.rows_from_size = true;
    }
    table.writes = TRY(sum({"inserts", "updates", "deletes"}));
    table.reads = TRY(sum({"seq_scans", "index_scans"}));
    const std::string name = forms::to_text(forms::Name{table.schema, table.name, {}});
    result_.tables_.insert_or_assign(name, std::move(table));
    return Nothing{};
  }

  Result<std::optional<int64_t>> sum(std::initializer_list<std::string_view> keys) {
    int64_t total = 0;
    for (const std::string_view key : keys) {
      const std::optional<int64_t> count = TRY(number<int64_t>(key));
      if (!count)
        return std::optional<int64_t>();
      total += *count;
    }
    return std::optional(total);
  }

  Result<> take_column() {
    Column column;
    column.name = row_.fields[3];
    const std::string nulls = TRY(required("null_fraction"));
    column.null_fraction = TRY(number<double>("null_fraction", 0.0));
    column.distinct = TRY(number<double>("distinct", 0.0));
    column.width = TRY(number<int64_t>("width", int64_t{0}));
    columns_.emplace_back(forms::to_text(forms::Name{row_.fields[1], row_.fields[2], {}}),
                          std::move(column));
    return Nothing{};
  }

  Result<> take_index() {
    Index index;
    index.schema = row_.fields[1];
    index.name = row_.fields[2];
    index.table = row_.fields[3];
    index.bytes = TRY(number<int64_t>("pages", int64_t{0})) * result_.block_size;
    index.scans = TRY(number<int64_t>("scans", int64_t{0}));
    index.valid = flag("valid");
    index.unique = flag("unique");
    result_.indexes.push_back(std::move(index));
    return Nothing{};
  }

  // A partitioned table is what its partitions are.
  void add_up() {
    std::map<std::string, Table, std::less<>>& tables = result_.tables_;
    for (auto& [name, column] : columns_)
      if (const auto table = tables.find(name); table != tables.end()) {
        std::string key = column.name;
        table->second.columns.insert_or_assign(std::move(key), std::move(column));
      }
    for (Attribute& attribute : attributes_)
      if (const auto table = tables.find(attribute.table); table != tables.end())
        table->second.attributes.emplace(std::move(attribute.name), attribute.not_null);
    for (auto& [name, table] : tables)
      if (table.kind == 'p') {
        table.rows = 0;
        table.heap = table.indexes = table.toast = table.writes = table.reads = 0;
      }
    const auto add = [](auto& to, const auto& part) {
      if (to && part)
        *to += *part;
      else
        to.reset();
    };
    for (const auto& [name, leaf] : tables) {
      if (leaf.kind == 'p')
        continue;
      std::string_view parent = leaf.parent;
      for (int depth = 0; !parent.empty() && depth < 64; ++depth) {
        const auto above = tables.find(parent);
        if (above == tables.end() || above->second.kind != 'p')
          break;
        Table& to = above->second;
        add(to.rows, leaf.rows);
        add(to.heap, leaf.heap);
        add(to.indexes, leaf.indexes);
        add(to.toast, leaf.toast);
        add(to.writes, leaf.writes);
        add(to.reads, leaf.reads);
        to.rows_from_size |= leaf.rows_from_size;
        parent = to.parent;
      }
    }
  }

  Run& run_;
  FileId file_;
  std::string_view text_;
  CsvRow row_;
  bool seen_meta_ = false;
  std::vector<std::pair<std::string, Column>> columns_;
  struct Attribute {
    std::string table, name;
    bool not_null = false;
  };
  std::vector<Attribute> attributes_;
  Statistics result_;
};

Result<Statistics> read(Run& run, FileId file, Day now) { return Reader(run, file, now).read(); }

void warn(Run& run, FileId file, const Statistics& statistics) {
  for (const auto& [kind, state] : statistics.refused)
    run.diagnostics.report(Level::warning, "stats/incomplete", "", {file, {}},
                           fmt::format("nothing is known of the kind `{}`: the server refused it{}",
                                       kind, state.empty() ? "" : fmt::format(" ({})", state)));
  if (statistics.old())
    run.diagnostics
        .report(
            Level::warning, "stats/old", "", {file, {}},
            fmt::format("these statistics are {} days old, of {}: durations are doubted the more",
                        statistics.age(), text_of(statistics.taken)))
        .note("take them again");
}

}  // namespace retort::statistics
