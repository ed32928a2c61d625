#include "compiler/verification/queries.h"

namespace retort::verification {
namespace {

// Everywhere: names without quotes, as words.cc writes them; a relation that is not there hides
// what belongs to it, so that its absence is one line.
#define RETORT_VERDICT                                                                             \
  " || CASE WHEN f.found IS NULL THEN pg_catalog.concat(' is missing', ', expected: ' || "         \
  "NULLIF(e.expected, ''))\n"                                                                      \
  "           ELSE pg_catalog.concat(': expected ', COALESCE(NULLIF(e.expected, ''), 'nothing'), " \
  "', found ', COALESCE(NULLIF(f.found, ''), 'nothing')) END"
#define RETORT_MEMBER(word)                                                                        \
  "    SELECT '" word " ' || e.schema || '.' || e.relation || '.' || e.name"
#define RETORT_OBJECT(word) "    SELECT '" word " ' || e.schema || '.' || e.name"
#define RETORT_RELATION                                                                            \
  "    JOIN pg_catalog.pg_namespace n ON n.nspname = e.schema\n"                                   \
  "    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = e.relation\n"
#define RETORT_WHERE "    WHERE f.found IS NULL OR f.found <> e.expected\n    ORDER BY e.place"

constexpr Query kThings = {
    "that exist, or no longer exist", "kind, schema, relation, name, there",
    R"(    SELECT e.kind || ' ' || pg_catalog.concat_ws('.', NULLIF(e.schema, ''), NULLIF(e.relation, ''), e.name)
           || CASE WHEN e.there THEN ' is missing' ELSE ' is still there' END)",
    R"(    WHERE e.there <> CASE
      WHEN e.kind = 'schema' THEN
        EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = e.name)
      WHEN e.kind = 'extension' THEN
        EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = e.name)
      WHEN e.kind IN ('type', 'domain') THEN
        EXISTS (SELECT FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                WHERE n.nspname = e.schema AND t.typname = e.name)
      WHEN e.relation = '' THEN
        EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = e.schema AND c.relname = e.name
                  AND c.relkind = ANY (CASE e.kind WHEN 'table' THEN '{r,p}' WHEN 'view' THEN '{v}'
                    WHEN 'materialized view' THEN '{m}' WHEN 'foreign table' THEN '{f}'
                    WHEN 'sequence' THEN '{S}' ELSE '{}' END::pg_catalog.text[]))
      ELSE EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = e.schema AND c.relname = e.relation AND CASE e.kind
          WHEN 'column' THEN EXISTS (SELECT FROM pg_catalog.pg_attribute
            WHERE attrelid = c.oid AND attname = e.name AND attnum > 0 AND NOT attisdropped)
          WHEN 'index' THEN EXISTS (SELECT FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND x.relname = e.name)
          WHEN 'constraint' THEN EXISTS (SELECT FROM pg_catalog.pg_constraint
            WHERE conrelid = c.oid AND conname = e.name)
          WHEN 'trigger' THEN EXISTS (SELECT FROM pg_catalog.pg_trigger
            WHERE tgrelid = c.oid AND tgname = e.name AND NOT tgisinternal)
          WHEN 'rule' THEN EXISTS (SELECT FROM pg_catalog.pg_rewrite
            WHERE ev_class = c.oid AND rulename = e.name)
          WHEN 'policy' THEN EXISTS (SELECT FROM pg_catalog.pg_policy
            WHERE polrelid = c.oid AND polname = e.name)
          WHEN 'statistics object' THEN EXISTS (SELECT FROM pg_catalog.pg_statistic_ext
            WHERE stxrelid = c.oid AND stxname = e.name)
          ELSE e.there END) END
    ORDER BY e.place)"};

constexpr Query kRelations = {
    "tables and views", "kind, schema, name, expected",
    "    SELECT e.kind || ' ' || e.schema || '.' || e.name" RETORT_VERDICT,
    R"(    LEFT JOIN LATERAL (
      SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                            WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence'
                            WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                            WHEN 'c' THEN 'composite type' ELSE 'table' END
             || CASE c.relpersistence WHEN 'u' THEN ' unlogged' ELSE '' END
             || COALESCE((
                  SELECT ' partitioned by ' || CASE p.partstrat WHEN 'l' THEN 'list' WHEN 'r' THEN 'range' ELSE 'hash' END
                         || ' (' || pg_catalog.string_agg(COALESCE(a.attname::pg_catalog.text, 'expression'), ', ' ORDER BY k.place) || ')'
                  FROM pg_catalog.pg_partitioned_table p
                  CROSS JOIN pg_catalog.unnest(p.partattrs::pg_catalog.int2[]) WITH ORDINALITY k (number, place)
                  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.number AND k.number > 0
                  WHERE p.partrelid = c.oid GROUP BY p.partstrat), '')
             || COALESCE((
                  SELECT CASE WHEN c.relispartition THEN ' partition of ' ELSE ' inherits ' END
                         || pg_catalog.string_agg(pn.nspname || '.' || p.relname, ', ' ORDER BY i.inhseqno)
                  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
                  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
                  WHERE i.inhrelid = c.oid AND c.relkind IN ('r', 'p', 'f')), '')
             || CASE WHEN c.relrowsecurity THEN ' with row security' ELSE '' END AS found
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = e.schema AND c.relname = e.name
        AND (e.expected IS NOT NULL OR c.relkind IN ('r', 'p', 'f', 'v', 'm'))
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kColumns = {
    "columns (parts: t type, T its name, n not null, i identity, d default, c collation)",
    "schema, relation, name, parts, value, expected", RETORT_MEMBER("column") RETORT_VERDICT,
    RETORT_RELATION R"(    LEFT JOIN LATERAL (
      SELECT pg_catalog.concat_ws(' ',
        CASE WHEN pg_catalog.strpos(e.parts, 't') > 0
               THEN pg_catalog.replace(pg_catalog.format_type(a.atttypid, a.atttypmod), '"', '')
             WHEN pg_catalog.strpos(e.parts, 'T') > 0
               THEN COALESCE(element.typname || '[]', t.typname::pg_catalog.text) END,
        CASE WHEN pg_catalog.strpos(e.parts, 'n') > 0 AND a.attnotnull THEN 'not null' END,
        CASE WHEN pg_catalog.strpos(e.parts, 'i') > 0 THEN
          CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END END,
        CASE WHEN pg_catalog.strpos(e.parts, 'd') > 0 THEN
          CASE WHEN d.oid IS NULL THEN NULL
               WHEN a.attgenerated <> '' THEN 'generated'
               WHEN e.value IS NULL THEN 'default'
               ELSE 'default ' || CASE
                 WHEN x.text = e.value THEN e.value
                 WHEN pg_catalog.strpos(e.parts, 'v') > 0 AND x.bare = e.value THEN e.value
                 WHEN pg_catalog.strpos(e.parts, 'f') > 0
                  AND pg_catalog.lower(pg_catalog.regexp_replace(x.text, '^[^''(]*\.', '')) = e.value THEN e.value
                 WHEN pg_catalog.strpos(e.parts, '#') > 0 AND x.number ~ '^-?[0-9]+([.][0-9]+)?$' THEN
                   CASE WHEN x.number::pg_catalog.numeric = e.value::pg_catalog.numeric THEN e.value ELSE x.text END
                 ELSE x.text END END END,
        CASE WHEN pg_catalog.strpos(e.parts, 'c') > 0 THEN 'collate ' || l.collname END) AS found
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
      LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN LATERAL (
        SELECT y.text, pg_catalog.regexp_replace(y.text, '::[^'']*$', '') AS bare,
               pg_catalog.regexp_replace(pg_catalog.regexp_replace(y.text, '::[^'']*$', ''), '[''() ]', '', 'g') AS number
        FROM (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS text) AS y
      ) AS x ON e.value IS NOT NULL
      WHERE a.attrelid = c.oid AND a.attname = e.name AND a.attnum > 0 AND NOT a.attisdropped
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kConstraints = {"constraints", "schema, relation, name, expected",
                                RETORT_MEMBER("constraint") RETORT_VERDICT,
                                RETORT_RELATION R"(    LEFT JOIN LATERAL (
      SELECT pg_catalog.concat_ws(' ',
        CASE o.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
                       WHEN 'f' THEN 'foreign key' ELSE 'exclude' END,
        CASE WHEN o.contype <> 'x' THEN '(' || COALESCE((
          SELECT pg_catalog.string_agg(a.attname::pg_catalog.text, ', ' ORDER BY
                   CASE WHEN o.contype = 'c' THEN a.attname::pg_catalog.text COLLATE pg_catalog."C" END, k.place)
          FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY k (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number), '') || ')' END,
        CASE WHEN o.contype = 'f' THEN (
          SELECT 'references ' || rn.nspname || '.' || r.relname || ' (' || (
            SELECT pg_catalog.string_agg(a.attname::pg_catalog.text, ', ' ORDER BY k.place)
            FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY k (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.number) || ')'
          FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
          WHERE r.oid = o.confrelid) END,
        'on delete ' || CASE o.confdeltype WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                                           WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END,
        'on update ' || CASE o.confupdtype WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                                           WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END,
        CASE WHEN o.confmatchtype = 'f' THEN 'match full' END,
        CASE WHEN o.contype = 'c' AND o.connoinherit THEN 'no inherit' END,
        CASE WHEN o.condeferrable THEN 'deferrable' END,
        CASE WHEN o.condeferred THEN 'initially deferred' END,
        CASE WHEN NOT o.convalidated THEN 'not valid' END) AS found
      FROM pg_catalog.pg_constraint o
      WHERE o.conrelid = c.oid AND o.conname = e.name AND o.contype IN ('p', 'u', 'c', 'f', 'x')
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kIndexes = {
    "indexes (valid: it must be valid and ready)", "schema, relation, name, valid, expected",
    RETORT_MEMBER("index") RETORT_VERDICT, RETORT_RELATION R"(    LEFT JOIN LATERAL (
      SELECT pg_catalog.concat(
        CASE WHEN e.expected IS NULL THEN NULL ELSE pg_catalog.concat_ws(' ',
          CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisunique THEN 'unique' END, m.amname,
          '(' || k.keys || ')', 'include (' || k.included || ')',
          CASE WHEN pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct' = 'true' THEN 'nulls not distinct' END,
          CASE WHEN i.indpred IS NOT NULL THEN 'where' END) END,
        CASE WHEN e.valid AND NOT (i.indisvalid AND i.indisready AND i.indislive)
             THEN ' not valid' END) AS found
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = x.relam
      CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(q.part, ', ' ORDER BY q.place) FILTER (WHERE q.place <= i.indnkeyatts) AS keys,
               pg_catalog.string_agg(q.part, ', ' ORDER BY q.place) FILTER (WHERE q.place > i.indnkeyatts) AS included
        FROM (SELECT p.place, COALESCE(a.attname::pg_catalog.text, 'expression') || CASE
                WHEN p.place > i.indnkeyatts THEN '' ELSE
                CASE i.indoption[p.place::pg_catalog.int4 - 1] & 3
                  WHEN 1 THEN ' desc nulls last' WHEN 2 THEN ' nulls first' WHEN 3 THEN ' desc' ELSE '' END END AS part
              FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY p (number, place)
              LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = p.number AND p.number <> 0
             ) AS q
      ) AS k
      WHERE i.indrelid = c.oid AND x.relname = e.name
    ) AS f ON true
    WHERE f.found IS NULL OR f.found <> COALESCE(e.expected, '')
    ORDER BY e.place)"};

constexpr Query kEnums = {"enums", "schema, name, labels",
                          R"(    SELECT 'enum ' || e.schema || '.' || e.name
           || CASE WHEN f.labels IS NULL THEN ' is missing'
                   ELSE ': expected (' || pg_catalog.array_to_string(e.labels, ', ')
                        || '), found (' || pg_catalog.array_to_string(f.labels, ', ') || ')' END)",
                          R"(    LEFT JOIN LATERAL (
      SELECT ARRAY(SELECT l.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum l
                   WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS labels
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = e.schema AND t.typname = e.name AND t.typtype = 'e'
    ) AS f ON true
    WHERE f.labels IS DISTINCT FROM e.labels
    ORDER BY e.place)"};

constexpr Query kTypes = {"domains and other types", "schema, name, expected",
                          RETORT_OBJECT("type") RETORT_VERDICT,
                          R"(    LEFT JOIN LATERAL (
      SELECT CASE t.typtype
        WHEN 'd' THEN pg_catalog.concat('domain over ',
          pg_catalog.replace(pg_catalog.format_type(t.typbasetype, t.typtypmod), '"', ''),
          CASE WHEN t.typnotnull THEN ' not null' END,
          CASE WHEN t.typdefault IS NOT NULL THEN ' default' END,
          (SELECT ' check (' || pg_catalog.string_agg(z.words, ', ' ORDER BY z.words COLLATE pg_catalog."C") || ')'
           FROM (SELECT o.conname || CASE WHEN o.convalidated THEN '' ELSE ' not valid' END AS words
                 FROM pg_catalog.pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c') AS z))
        WHEN 'r' THEN (SELECT 'range over ' || pg_catalog.replace(pg_catalog.format_type(r.rngsubtype, NULL), '"', '')
                       FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)
        WHEN 'c' THEN pg_catalog.concat('composite (',
          (SELECT pg_catalog.string_agg(a.attname || ' ' || pg_catalog.replace(
                    pg_catalog.format_type(a.atttypid, a.atttypmod), '"', ''), ', ' ORDER BY a.attnum)
           FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), ')')
        WHEN 'e' THEN 'enum' ELSE 'type' END AS found
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = e.schema AND t.typname = e.name
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kSequences = {"sequences", "schema, name, expected",
                              RETORT_OBJECT("sequence") RETORT_VERDICT,
                              R"(    LEFT JOIN LATERAL (
      SELECT pg_catalog.format_type(s.seqtypid, NULL) || ' start ' || s.seqstart || ' increment ' || s.seqincrement
             || ' from ' || s.seqmin || ' to ' || s.seqmax || ' cache ' || s.seqcache
             || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END
             || COALESCE((
                  SELECT CASE d.deptype WHEN 'i' THEN ' identity of ' ELSE ' owned by ' END
                         || tn.nspname || '.' || t.relname || '.' || a.attname
                  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
                  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')), '') AS found
      FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = e.schema AND c.relname = e.name
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kFunctions = {
    "functions", "schema, name, inputs, expected",
    R"(    SELECT e.expected || ' ' || e.schema || '.' || e.name || COALESCE('(' || pg_catalog.array_to_string(e.inputs, ', ') || ')', '')
           || CASE WHEN f.found IS NULL THEN ' is missing' ELSE ': found ' || f.found END)",
    R"(    LEFT JOIN LATERAL (
      SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS found
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = e.schema AND p.proname = e.name AND (e.inputs IS NULL OR e.inputs = ARRAY(
        SELECT pg_catalog.replace(pg_catalog.format_type(i.type, NULL), '"', '')
        FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY i (type, place) ORDER BY i.place))
      LIMIT 1
    ) AS f ON true
)" RETORT_WHERE};

constexpr Query kTriggers = {"triggers", "schema, relation, name, whole, expected",
                             RETORT_MEMBER("trigger") RETORT_VERDICT,
                             RETORT_RELATION R"(    LEFT JOIN LATERAL (
      SELECT CASE WHEN g.tgtype & 2 <> 0 THEN 'before' WHEN g.tgtype & 64 <> 0 THEN 'instead of' ELSE 'after' END
             || ' ' || pg_catalog.concat_ws(' or ', CASE WHEN g.tgtype & 4 <> 0 THEN 'insert' END,
                  CASE WHEN g.tgtype & 8 <> 0 THEN 'delete' END, CASE WHEN g.tgtype & 16 <> 0 THEN 'update' END,
                  CASE WHEN g.tgtype & 32 <> 0 THEN 'truncate' END)
             || CASE WHEN g.tgtype & 1 <> 0 THEN ' each row' ELSE '' END
             || CASE WHEN e.whole THEN ' execute ' || pn.nspname || '.' || p.proname ELSE '' END AS found
      FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
      JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
      WHERE g.tgrelid = c.oid AND g.tgname = e.name AND NOT g.tgisinternal
    ) AS f ON true
)" RETORT_WHERE};

}  // namespace

const Query& query_of(Section section) {
  switch (section) {
  case Section::things: return kThings;
  case Section::relations: return kRelations;
  case Section::columns: return kColumns;
  case Section::constraints: return kConstraints;
  case Section::indexes: return kIndexes;
  case Section::enums: return kEnums;
  case Section::types: return kTypes;
  case Section::sequences: return kSequences;
  case Section::functions: return kFunctions;
  case Section::triggers: break;
  }
  return kTriggers;
}

}  // namespace retort::verification
