// What the operator runs before anything is changed: would the scripts be let in, and what stands
// in their way right now. It only reads.
#include "bundle/contents.h"
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/script/guarded.h"
#include "compiler/script/guards.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace retort::bundle {
namespace {

// Tables that are there before, and that a statement locks so that somebody may wait.
std::vector<std::string> locked_tables(const Account& account) {
  std::set<std::string> names;
  for (const RevisionAccount& revision : account.revisions)
    for (const StatementAccount& statement : revision.statements)
      for (const Lock& lock : statement.locks)
        if (lock.existing && lock.mode >= facts::LockMode::share_update_exclusive)
          names.insert(lock.relation);
  return {names.begin(), names.end()};
}

// Relations that the scripts make, under names that nothing had before.
std::vector<std::string> made_relations(const Account& account) {
  std::set<std::string> old, made;
  for (const RevisionAccount& revision : account.revisions)
    for (const StatementAccount& statement : revision.statements)
      for (const Lock& lock : statement.locks)
        (lock.existing ? old : made).insert(lock.relation);
  std::vector<std::string> names;
  std::set_difference(made.begin(), made.end(), old.begin(), old.end(), std::back_inserter(names));
  return names;
}

std::string names_list(std::vector<std::string> names) {
  for (std::string& name : names)
    name = literal(name);
  return join(names, ",\n    ");
}

std::string in_list(std::vector<std::string> names) {
  for (std::string& name : names)
    name = fmt::format("to_regclass({})", literal(name));
  return join(names, ",\n    ");
}

}  // namespace

std::string preflight(const Material& material) {
  const GuardTables tables(material.config);
  Guard guard;
  guard.starts = {material.account.from};
  guard.target = material.account.to;
  if (!material.config.servers.is_default())
    guard.servers = material.config.servers.value;
  guard.database = material.config.database.value;
  guard.min_server = least_server(material.chain, material.steps);
  guard.only_looks = true;
  std::string text = "-- Reads only. Run it before the change, as the role that will run it.\n"
                     "\\set ON_ERROR_STOP on\n\\pset pager off\n"
                     "SET default_transaction_read_only = on;\nSET client_encoding = 'UTF8';\n"
                     "SET standard_conforming_strings = on;\n";
  if (!material.config.search_path.value.empty()) {
    std::vector<std::string> path;
    for (const std::string& name : material.config.search_path.value)
      path.push_back(quoted(name));
    text += fmt::format("SET search_path = {};\n", fmt::join(path, ", "));
  }
  if (!material.config.role.value.empty())
    text += fmt::format("SET ROLE {};\n", quoted(material.config.role.value));
  text += "\n-- Would the scripts be let in?\n" + guard_block(tables, guard) + "\n";
  const std::vector<std::string> locked = locked_tables(material.account);
  if (!locked.empty()) {
    const std::string list = in_list(locked);
    text += fmt::format(
        "\n\\echo\n\\echo 'Tables that will be locked, and their size:'\n"
        "SELECT c.oid::regclass AS \"table\", c.reltuples::bigint AS \"rows, estimated\",\n"
        "       pg_size_pretty(pg_table_size(c.oid)) AS size,\n"
        "       pg_size_pretty(pg_indexes_size(c.oid)) AS \"size of indexes\"\n"
        "  FROM pg_catalog.pg_class c\n WHERE c.oid IN (\n    {0})\n ORDER BY 1;\n"
        "\n\\echo 'Who holds them now, and for how long (wait until this is empty or short):'\n"
        "SELECT a.pid, a.usename AS \"user\", a.application_name AS application, l.mode,\n"
        "       l.relation::regclass AS \"table\",\n"
        "       date_trunc('second', clock_timestamp() - a.xact_start) AS \"open for\"\n"
        "  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)\n"
        " WHERE l.relation IN (\n    {0}) AND a.pid <> pg_backend_pid()\n"
        " ORDER BY a.xact_start LIMIT 20;\n"
        "\n\\echo 'Invalid indexes on them (left over of an earlier attempt):'\n"
        "SELECT i.indexrelid::regclass AS \"index\", i.indrelid::regclass AS \"table\"\n"
        "  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n"
        " WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid IN (\n    {0})\n ORDER BY 1;\n",
        list);
  }
  if (!locked.empty())
    text +=
        fmt::format("\n\\echo 'Tables that the scripts change, and that are not there (they would "
                    "stop at them):'\n"
                    "SELECT name AS \"table\" FROM unnest(ARRAY[\n    {}]) AS wanted (name)\n"
                    " WHERE to_regclass(name) IS NULL ORDER BY 1;\n",
                    names_list(locked));
  if (const std::vector<std::string> made = made_relations(material.account); !made.empty())
    text += fmt::format(
        "\n\\echo 'Tables that the scripts make, and that are there already (they would "
        "stop at them):'\n"
        "SELECT name AS \"table\" FROM unnest(ARRAY[\n    {}]) AS wanted (name)\n"
        " WHERE to_regclass(name) IS NOT NULL ORDER BY 1;\n",
        names_list(made));
  text += "\n\\echo 'Prepared transactions, which keep their locks for ever:'\n"
          "SELECT gid, prepared, owner FROM pg_catalog.pg_prepared_xacts\n"
          " WHERE database = current_database();\n"
          "\n\\echo 'retort: preflight done'\n";
  return text;
}

}  // namespace retort::bundle
