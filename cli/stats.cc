// `retort stats`: the script that takes statistics of a production database, and what is in the
// file that it wrote.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "cli/stats_compare.h"
#include "common/json.h"
#include "common/text.h"
#include "compiler/statistics/duration.h"
#include "compiler/statistics/statistics.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

using statistics::Statistics;
using statistics::Table;

constexpr size_t kShown = 10;  // tables, without -v

int print_script(Run& run, const Arguments& arguments, Output& output) {
  ConfigRequest request = arguments.config;
  request.needs_folders = false;
  Result<Config> config = read_config(run, request);
  if (!config)
    return kUsage;
  read_env_py(run, *config);
  output.write(statistics::script(config->version_table_schema.value, config->version_table.value));
  return kDone;
}

// What is no part of another one, the largest first.
std::vector<const Table*> by_size(const Statistics& read) {
  std::vector<const Table*> tables;
  for (const auto& [name, table] : read.tables())
    if (table.parent.empty())
      tables.push_back(&table);
  std::stable_sort(tables.begin(), tables.end(), [](const Table* a, const Table* b) {
    return a->bytes().value_or(INT64_MAX) > b->bytes().value_or(INT64_MAX);
  });
  return tables;
}

std::string name_of(const Table& table) {
  return forms::to_text(forms::Name{table.schema, table.name, {}});
}

std::string days(const Statistics& read) {
  return counted(static_cast<size_t>(read.counted_days), "day");
}

std::string use_of(const Table& table, const Statistics& read) {
  if (!read.counts())
    return "";
  if (read.idle(table, true))
    return "not used in " + days(read);
  return read.idle(table, false) ? "not written to in " + days(read) : "";
}

std::string version_text(int server) {
  return fmt::format("PostgreSQL {}.{}", server / 10000, server % 10000);
}

void print_summary(const Statistics& read, bool verbose, Output& output) {
  output.write(fmt::format("{} on {}, statistics of {}, {} old\n", read.database,
                           version_text(read.server), statistics::text_of(read.taken),
                           counted(static_cast<size_t>(read.age()), "day")));
  if (read.standby)
    output.write("taken on a standby: who writes to which table is not known\n");
  else if (!read.counts())
    output.write("its counters have run for less than a day: who uses which table is not known\n");
  if (read.has_versions)
    output.write(read.versions.empty() ? "at no revision\n"
                                       : fmt::format("at {}\n", join(read.versions, ", ")));
  const std::vector<const Table*> tables = by_size(read);
  int64_t total = 0;
  for (const Table* const table : tables)
    total += table->bytes().value_or(0);
  output.write(
      fmt::format("{}, {}\n", counted(tables.size(), "table"), statistics::bytes_text(total)));
  const size_t shown = verbose ? tables.size() : std::min(kShown, tables.size());
  size_t width = 0;
  for (size_t i = 0; i < shown; ++i)
    width = std::max(width, name_of(*tables[i]).size());
  for (size_t i = 0; i < shown; ++i) {
    const std::string use = use_of(*tables[i], read);
    output.write(fmt::format("  {:<{}}  {}{}\n", name_of(*tables[i]), width,
                             statistics::size_text(*tables[i]), use.empty() ? "" : ", " + use));
  }
  if (shown < tables.size())
    output.write(fmt::format("  … and {} more: -v\n", tables.size() - shown));
}

void print_json(const Statistics& read, Output& output) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.stats/1").text("database", read.database);
  json.number("server", read.server).text("taken", statistics::text_of(read.taken));
  json.number("age_days", read.age()).texts("revisions", read.versions).key("tables").begin_array();
  for (const Table* const table : by_size(read)) {
    json.begin_object().text("schema", table->schema).text("name", table->name);
    const auto number = [&](std::string_view key, std::optional<int64_t> value) {
      json.key(key);
      value ? json.number(*value) : json.null();
    };
    number("rows", table->rows ? std::optional(static_cast<int64_t>(*table->rows)) : std::nullopt);
    number("bytes", table->bytes());
    number("writes", table->writes);
    number("reads", table->reads);
    json.end_object();
  }
  output.write(json.end_array().end_object().take());
}

}  // namespace

int stats(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.print_sql)
    return print_script(run, arguments, output);
  if (arguments.statistics.empty()) {
    run.diagnostics.report(Level::error, "usage/options", "", {},
                           "which file of statistics? `retort stats --print-sql` prints the script "
                           "that writes one");
    return kUsage;
  }
  const Result<LoadedStatistics> loaded = load_statistics(run, arguments.statistics);
  if (!loaded)
    return kUsage;
  const Statistics& read = loaded->statistics;
  statistics::warn(run, loaded->file, read);
  if (!arguments.database.empty() && arguments.database != read.database) {
    run.diagnostics.report(Level::error, "stats/database", "", {loaded->file, {}},
                           fmt::format("these are statistics of the database `{}`, not of `{}`",
                                       read.database, arguments.database));
    return kDifference;
  }
  if (arguments.compare)
    return compare_with_chain(run, arguments, *loaded, output);
  if (arguments.format == OutputFormat::json)
    print_json(read, output);
  else
    print_summary(read, arguments.verbose, output);
  return kDone;
}

}  // namespace retort
