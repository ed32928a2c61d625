#include "compiler/statistics/statistics.h"

#include <fmt/format.h>

namespace retort::statistics {
namespace {

// One statement per kind: what a role may not see is missing alone. COPY writes the same text
// whatever psql is set to. Tables that somebody holds or wants exclusively are not measured, for
// the functions that measure would wait.
constexpr std::string_view kHead =
    R"sql(-- Statistics of a database, for `retort lint --stats FILE`. It only reads.
--
--   psql -X -f stats.sql DATABASE > stats.csv
--
-- Any role may run it; what the role may not see is left out. No row of a table is read, but for
-- those of the version table, and no value of a column is written.
\set QUIET on
\set ON_ERROR_STOP off
\set AUTOCOMMIT on
\set ON_ERROR_ROLLBACK off
\timing off
SET default_transaction_read_only = on;
SET client_encoding = 'UTF8';
SET statement_timeout = '5min';
SET lock_timeout = '2s';
\qecho kind,schema,name,part,facts

)sql";

struct Kind {
  std::string_view name;
  std::string_view query;
};

constexpr std::string_view kCatalogs =
    "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'";

constexpr Kind kKinds[] = {
    {"meta", R"sql(SELECT 'meta', '', current_database(), '',
    'format=1',
    'server=' || current_setting('server_version_num'),
    'taken=' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'started=' || to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'reset=' || to_char(pg_stat_get_db_stat_reset_time(oid) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'block_size=' || current_setting('block_size'),
    'standby=' || pg_is_in_recovery()
  FROM pg_database WHERE datname = current_database())sql"},
    {"system",
     R"sql(SELECT 'system', '', system_identifier::text, '' FROM pg_control_system())sql"},
    {"table", R"sql(WITH locked AS MATERIALIZED (
    SELECT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL
  ), measured AS (
    SELECT c.*, NOT EXISTS (
        SELECT FROM locked WHERE relation IN (c.oid, c.reltoastrelid)
          OR relation IN (SELECT indexrelid FROM pg_index WHERE indrelid IN (c.oid, c.reltoastrelid))
      ) AS free
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
  )
  SELECT 'table', n.nspname, c.relname, '',
    'kind=' || c.relkind::text,
    'parent_schema=' || pn.nspname,
    'parent=' || p.relname,
    'est_rows=' || c.reltuples::bigint,
    'pages=' || c.relpages,
    'heap=' || CASE WHEN c.free THEN pg_relation_size(c.oid) END,
    'indexes=' || CASE WHEN c.free THEN pg_indexes_size(c.oid) END,
    'toast=' || CASE WHEN c.free THEN pg_table_size(c.oid) - pg_relation_size(c.oid) END,
    'live=' || pg_stat_get_live_tuples(c.oid),
    'dead=' || pg_stat_get_dead_tuples(c.oid),
    'inserts=' || pg_stat_get_tuples_inserted(c.oid),
    'updates=' || pg_stat_get_tuples_updated(c.oid),
    'deletes=' || pg_stat_get_tuples_deleted(c.oid),
    'seq_scans=' || pg_stat_get_numscans(c.oid),
    'index_scans=' || coalesce((SELECT sum(pg_stat_get_numscans(indexrelid)) FROM pg_index WHERE indrelid = c.oid), 0),
    'vacuumed=' || to_char(greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'analyzed=' || to_char(greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'extension=' || (SELECT x.extname FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
  FROM measured c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_class p ON p.oid = i.inhparent
  LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE {catalogs}
  ORDER BY n.nspname, c.relname)sql"},
    {"index", R"sql(SELECT 'index', n.nspname, c.relname, t.relname,
    'pages=' || c.relpages,
    'scans=' || pg_stat_get_numscans(c.oid),
    'valid=' || i.indisvalid,
    'unique=' || i.indisunique,
    'primary=' || i.indisprimary
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND {catalogs}
  ORDER BY n.nspname, c.relname)sql"},
    {"column",
     R"sql(SELECT DISTINCT ON (n.nspname, c.relname, s.attname) 'column', n.nspname, c.relname, s.attname,
    'null_fraction=' || s.null_frac,
    'distinct=' || s.n_distinct,
    'width=' || s.avg_width
  FROM pg_stats s
  JOIN pg_namespace n ON n.nspname = s.schemaname
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename AND c.relkind IN ('r', 'p', 'm', 'f')
  WHERE {catalogs}
  ORDER BY n.nspname, c.relname, s.attname, s.inherited DESC)sql"},
    {"attribute", R"sql(SELECT 'attribute', n.nspname, c.relname, a.attname,
    'not_null=' || a.attnotnull
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND a.attnum > 0 AND NOT a.attisdropped AND {catalogs}
  ORDER BY n.nspname, c.relname, a.attnum)sql"},
    {"enum", R"sql(SELECT 'enum', n.nspname, t.typname, e.enumlabel,
    'order=' || row_number() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder),
    'extension=' || (SELECT x.extname FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
      WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
  FROM pg_enum e
  JOIN pg_type t ON t.oid = e.enumtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE {catalogs}
  ORDER BY n.nspname, t.typname, e.enumsortorder)sql"},
    {"constraint", R"sql(SELECT 'constraint', n.nspname, k.conname, t.relname,
    'type=' || k.contype::text,
    'valid=' || k.convalidated
  FROM pg_constraint k
  JOIN pg_namespace n ON n.oid = k.connamespace
  LEFT JOIN pg_class t ON t.oid = k.conrelid
  WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND {catalogs}
  ORDER BY n.nspname, t.relname, k.conname)sql"},
    {"setting", R"sql(SELECT 'setting', '', name, '',
    'value=' || CASE WHEN name = 'synchronous_standby_names' THEN (reset_val <> '')::text ELSE reset_val END,
    'unit=' || unit
  FROM pg_settings
  WHERE name IN ('lock_timeout', 'statement_timeout', 'wal_level', 'max_locks_per_transaction',
    'synchronous_standby_names', 'maintenance_work_mem')
  ORDER BY name)sql"},
    {"version", R"sql(SELECT 'version', n.nspname, c.relname, v.version_num
  FROM {version} v
  JOIN pg_class c ON c.oid = v.tableoid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  ORDER BY v.version_num)sql"},
};

// Always in quotes: whether a word is reserved depends on the server.
std::string identifier(std::string_view name) {
  std::string text = "\"";
  for (const char c : name)
    text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

std::string filled(std::string_view query, std::string_view version) {
  std::string text(query);
  for (const auto& [word, value] :
       {std::pair<std::string_view, std::string_view>{"{catalogs}", kCatalogs},
        {"{version}", version}})
    for (size_t at = text.find(word); at != text.npos; at = text.find(word, at + value.size()))
      text.replace(at, word.size(), value);
  return text;
}

}  // namespace

std::string script(std::string_view version_schema, std::string_view version_table) {
  const std::string version =
      (version_schema.empty() ? "" : identifier(version_schema) + ".") + identifier(version_table);
  std::string text(kHead);
  for (const Kind& kind : kKinds)
    text += fmt::format("COPY ({}\n) TO STDOUT WITH (FORMAT csv);\n"
                        "\\if :ERROR\n\\qecho refused,,{},,sqlstate=:LAST_ERROR_SQLSTATE\n"
                        "\\else\n\\qecho done,,{},\n\\endif\n\n",
                        filled(kind.query, version), kind.name, kind.name);
  text += "\\qecho end,,,\n";
  return text;
}

}  // namespace retort::statistics
