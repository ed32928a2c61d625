// Old rows in CSV files. What the upgrade did to them, and who has changed them since, is not in
// the files: that is what a keep in the database is better at.
#include "bundle/rollback/keep.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rollback {
namespace {

using Role = KeptColumn::Role;

std::string table_name(const std::string& keep) {
  return fmt::format("{}.\"{}\"", kKeepSchema, keep);
}

std::vector<std::string> columns(const KeptTable& table, std::string_view form) {
  std::vector<std::string> all;
  for (const KeptColumn& column : table.columns)
    if (column.role != Role::added)
      all.push_back(
          form == "select"   ? column.name + (column.kept_as.empty()
                                                  ? std::string()
                                                  : "::" + column.kept_as + " AS " + column.name)
          : form == "define" ? fmt::format("{} {}", column.name,
                                           column.kept_as.empty() ? column.type : column.kept_as)
                             : column.name);
  return all;
}

}  // namespace

std::string csv_save_script(const Kept& kept) {
  std::string text = fmt::format(
      "-- Writes the rows that revision {} destroys to CSV files in the current folder.\n"
      "-- Stop the writers first: what they write behind this is not in the files.\n"
      "\\set ON_ERROR_STOP on\n"
      "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
      "SET LOCAL row_security = off;\n",
      kept.revision);
  for (const KeptTable& table : kept.tables)
    text += fmt::format("\\copy (SELECT {} FROM {}) TO '{}.csv' WITH (FORMAT csv, HEADER)\n",
                        join(columns(table, "select"), ", "), table.table, table.keep);
  for (const KeptSequence& sequence : kept.sequences)
    text += fmt::format(
        "\\copy (SELECT last_value, is_called FROM {}) TO '{}.csv' WITH (FORMAT csv, HEADER)\n",
        sequence.sequence, sequence.keep);
  return text + "COMMIT;\n";
}

std::string csv_load_script(const Kept& kept) {
  std::string text = fmt::format(
      "-- Makes the keep of revision {} from its CSV files in the current folder. Run it before\n"
      "-- the downgrade, which then puts the rows back. The files do not tell what was written "
      "after\n"
      "-- the upgrade: rows that were changed since get their old values as well, rows that were\n"
      "-- deleted since come back, and rows that the upgrade added stay.\n"
      "\\set ON_ERROR_STOP on\n"
      "BEGIN;\n"
      "CREATE SCHEMA IF NOT EXISTS {};\n",
      kept.revision, kKeepSchema);
  for (const KeptTable& table : kept.tables) {
    std::vector<std::string> all = columns(table, "define");
    if (table.has(Role::changed))
      all.emplace_back("retort_changed boolean NOT NULL DEFAULT false");
    if (table.removed)
      all.emplace_back("retort_removed boolean NOT NULL DEFAULT false");
    text += fmt::format("CREATE TABLE {} ({});\n", table_name(table.keep), join(all, ", "));
    text += fmt::format("\\copy {} ({}) FROM '{}.csv' WITH (FORMAT csv, HEADER)\n",
                        table_name(table.keep), join(columns(table, "name"), ", "), table.keep);
    text += fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL;\n", table_name(table.keep));
    if (table.gone())
      continue;
    // As nothing is known of what the upgrade left, nothing counts as changed since.
    std::vector<std::string> keys;
    for (const KeptColumn& column : table.columns)
      if (column.role == Role::key)
        keys.push_back(fmt::format("t.{}{} = k.{}", column.name_after,
                                   column.kept_as.empty() ? "" : "::" + column.kept_as,
                                   column.name));
    const std::string key = join(keys, " AND ");
    if (table.removed)
      text += fmt::format("UPDATE {} AS k SET retort_removed = true WHERE NOT EXISTS (SELECT FROM "
                          "{} AS t WHERE {});\n",
                          table_name(table.keep), table.table_after, key);
    for (const std::string_view suffix : {"_after", "_added"}) {
      if (suffix == "_after" ? !table.has(Role::changed) : !table.inserted)
        continue;
      std::vector<std::string> values;
      for (const KeptColumn& column : table.columns)
        if (column.role == Role::key ||
            (suffix == "_after" ? column.role == Role::changed : !column.name_after.empty()))
          values.push_back(
              fmt::format("t.{}{} AS {}", column.name_after,
                          column.role == Role::changed
                              ? (column.type_after.empty() ? "" : "::" + column.type_after)
                              : (column.kept_as.empty() ? "" : "::" + column.kept_as),
                          column.name));
      text += fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t{};\n",
                          table_name(table.keep + std::string(suffix)), join(values, ", "),
                          table.table_after,
                          suffix == "_added" ? std::string(" WHERE false") : std::string());
    }
  }
  for (const KeptSequence& sequence : kept.sequences)
    text += fmt::format("CREATE TABLE {0} (last_value bigint, is_called boolean);\n"
                        "\\copy {0} FROM '{1}.csv' WITH (FORMAT csv, HEADER)\n",
                        table_name(sequence.keep), sequence.keep);
  return text + "COMMIT;\n";
}

}  // namespace retort::rollback
