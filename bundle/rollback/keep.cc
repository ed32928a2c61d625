#include "bundle/rollback/keep.h"

#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/forms/expression.h"
#include "compiler/script/psql_text.h"
#include "grammars/postgres/tree.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace retort::rollback {
namespace {

using Role = KeptColumn::Role;
using Statements = std::vector<std::string>;

std::string in_keep(const std::string& name, std::string_view suffix = "") {
  return fmt::format("{}.\"{}{}\"", kKeepSchema, name, suffix);
}

// A value of a row as the keep stores it.
std::string stored(std::string_view alias, const std::string& name, const std::string& kept_as) {
  return kept_as.empty() ? fmt::format("{}.{}", alias, name)
                         : fmt::format("{}.{}::{}", alias, name, kept_as);
}

// … and as the table takes it again.
std::string restored(const KeptColumn& column) {
  return column.kept_as.empty() ? "k." + column.name
                                : fmt::format("k.{}::{}", column.name, column.type);
}

Statements list(const KeptTable& table, const std::function<bool(const KeptColumn&)>& wanted,
                const std::function<std::string(const KeptColumn&)>& text) {
  Statements all;
  for (const KeptColumn& column : table.columns)
    if (wanted(column))
      all.push_back(text(column));
  return all;
}

auto is(Role role) {
  return [role](const KeptColumn& column) { return column.role == role; };
}

bool kept_before(const KeptColumn& column) { return column.role != Role::added; }

std::string same_key(const KeptTable& table, std::string_view row, std::string_view kept,
                     bool after) {
  return join(list(table, is(Role::key),
                   [&](const KeptColumn& column) {
                     return fmt::format(
                         "{} = {}.{}",
                         stored(row, after ? column.name_after : column.name, column.kept_as), kept,
                         column.name);
                   }),
              " AND ");
}

// As text, since not every type can be compared.
std::string differ(const std::string& a, const std::string& b) {
  return fmt::format("{}::text IS DISTINCT FROM {}::text", a, b);
}

std::string changed_since(const KeptTable& table) {
  return join(list(table, is(Role::changed),
                   [](const KeptColumn& column) {
                     return differ(stored("t", column.name_after, column.type_after),
                                   "a." + column.name);
                   }),
              " OR ");
}

std::string not_old(const KeptTable& table, Role role) {
  return join(list(table, is(role),
                   [](const KeptColumn& column) {
                     return differ(stored("t", column.name, column.kept_as), "k." + column.name);
                   }),
              " OR ");
}

std::string guard(const std::string& name, const std::string& table) {
  std::string body =
      fmt::format("  IF to_regclass({0}) IS NOT NULL THEN\n"
                  "    RAISE EXCEPTION 'retort: % is still there from an earlier run', {0}\n"
                  "      USING ERRCODE = 'RT008', HINT = 'Nothing was changed. Run the clean-up "
                  "script of this revision first.';\n"
                  "  END IF;\n",
                  literal(in_keep(name)));
  if (!table.empty())
    body += fmt::format(
        "  IF row_security_active({0}) THEN\n"
        "    RAISE EXCEPTION 'retort: row security hides rows of % from this role', {0}\n"
        "      USING ERRCODE = 'RT008', HINT = 'Nothing was changed. Run this as a role that sees "
        "all rows.';\n"
        "  END IF;\n",
        literal(table));
  return do_block(body);
}

std::string comment(const Kept& kept, const std::string& name, const std::string& of) {
  return fmt::format(
      "COMMENT ON TABLE {} IS {}", in_keep(name),
      literal(fmt::format("kept by retort before revision {}: {}", kept.revision, of)));
}

// A publication of all tables has this one as well, and would forbid to change it.
std::string identified(const std::string& table) {
  return fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL", table);
}

void keep(const Kept& kept, const KeptTable& table, Statements& all) {
  all.push_back(guard(table.keep, table.table));
  all.push_back(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.table));
  Statements values = list(table, kept_before, [](const KeptColumn& column) {
    return column.kept_as.empty()
               ? "t." + column.name
               : fmt::format("{} AS {}", stored("t", column.name, column.kept_as), column.name);
  });
  if (table.has(Role::changed))
    values.push_back("false AS retort_changed");
  if (table.removed)
    values.push_back("false AS retort_removed");
  all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t", in_keep(table.keep),
                            join(values, ", "), table.table));
  all.push_back(comment(kept, table.keep, table.table));
  all.push_back(identified(in_keep(table.keep)));
}

// All columns of a row as they are behind the upgrade.
bool is_there_after(const KeptColumn& column) { return !column.name_after.empty(); }

Statements rows_now(const KeptTable& table) {
  return list(table, is_there_after, [](const KeptColumn& column) {
    return fmt::format("{} AS {}",
                       stored("t", column.name_after,
                              column.role == Role::changed ? column.type_after : column.kept_as),
                       column.name);
  });
}

bool only_updated(const KeptTable& table) {
  return !table.inserted && !table.removed && !table.rewritten && !table.has(Role::dropped) &&
         std::none_of(table.columns.begin(), table.columns.end(),
                      [](const KeptColumn& column) { return column.retyped; });
}

std::string same_kept_key(const KeptTable& table) {
  return join(
      list(table, is(Role::key),
           [](const KeptColumn& column) { return fmt::format("a.{0} = k.{0}", column.name); }),
      " AND ");
}

void seal(const KeptTable& table, Statements& all) {
  if (table.removed)
    all.push_back(fmt::format(
        "UPDATE {} AS k SET retort_removed = true WHERE NOT EXISTS (SELECT FROM {} AS t WHERE {})",
        in_keep(table.keep), table.table_after, same_key(table, "t", "k", true)));
  if (table.inserted) {
    const Statements values = list(
        table, [](const KeptColumn& column) { return !column.name_after.empty(); },
        [](const KeptColumn& column) {
          return fmt::format(
              "{} AS {}",
              stored("t", column.name_after,
                     column.role == Role::changed ? column.type_after : column.kept_as),
              column.name);
        });
    all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t "
                              "WHERE NOT EXISTS (SELECT FROM {} AS k WHERE {})",
                              in_keep(table.keep, "_added"), join(values, ", "), table.table_after,
                              in_keep(table.keep), same_key(table, "t", "k", true)));
    all.push_back(identified(in_keep(table.keep, "_added")));
  }
  if (!table.has(Role::changed))
    return;
  Statements values = list(table, is(Role::key), [](const KeptColumn& column) {
    return fmt::format("{} AS {}", stored("t", column.name_after, column.kept_as), column.name);
  });
  for (std::string& value : list(table, is(Role::changed), [](const KeptColumn& column) {
         return fmt::format("{} AS {}", stored("t", column.name_after, column.type_after),
                            column.name);
       }))
    values.push_back(std::move(value));
  const std::string after = in_keep(table.keep, "_after");
  if (!only_updated(table)) {
    all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t", after,
                              join(values, ", "), table.table_after));
    return;
  }
  // Rows that the upgrade has left alone need no keeping.
  const std::string differs =
      join(list(table, is(Role::changed),
                [](const KeptColumn& column) {
                  return differ(stored("t", column.name_after, column.kept_as), "k." + column.name);
                }),
           " OR ");
  all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t JOIN {} AS k ON {} WHERE {}",
                            after, join(values, ", "), table.table_after, in_keep(table.keep),
                            same_key(table, "t", "k", true), differs));
  all.push_back(fmt::format("DELETE FROM {} AS k WHERE NOT EXISTS (SELECT FROM {} AS a WHERE {})",
                            in_keep(table.keep), after, same_kept_key(table)));
}

// Which rows are there, and which of the deleted ones somebody has made again: those are
// somebody's.
void look_for_rows(const KeptTable& table, Statements& all) {
  const Statements keys = list(table, is(Role::key), [](const KeptColumn& column) {
    return fmt::format("{} AS {}", stored("t", column.name_after, column.kept_as), column.name);
  });
  all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t",
                            in_keep(table.keep, "_there"), join(keys, ", "), table.table_after));
  all.push_back(fmt::format("UPDATE {} AS k SET retort_removed = false WHERE k.retort_removed AND "
                            "EXISTS (SELECT FROM {} AS t WHERE {})",
                            in_keep(table.keep), table.table_after,
                            same_key(table, "t", "k", true)));
}

void look(const KeptTable& table, Statements& all) {
  if (table.has(Role::changed) || table.inserted || table.refilled)
    all.push_back(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.table_after));
  if (table.inserted) {
    const std::string others =
        join(list(
                 table,
                 [](const KeptColumn& column) {
                   return column.role != Role::key && !column.name_after.empty();
                 },
                 [](const KeptColumn& column) {
                   return differ(
                       stored("t", column.name_after,
                              column.role == Role::changed ? column.type_after : column.kept_as),
                       "k." + column.name);
                 }),
             " OR ");
    if (!others.empty())  // rows that somebody has changed since are somebody's
      all.push_back(fmt::format("DELETE FROM {} AS k USING {} AS t WHERE {} AND ({})",
                                in_keep(table.keep, "_added"), table.table_after,
                                same_key(table, "t", "k", true), others));
  }
  if (table.cleared)
    all.push_back(fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t WHERE NOT EXISTS "
                              "(SELECT FROM {} AS k WHERE {})",
                              in_keep(table.keep, "_there"), join(rows_now(table), ", "),
                              table.table_after, in_keep(table.keep, "_added"),
                              same_key(table, "t", "k", true)));
  if (table.refilled)
    look_for_rows(table, all);
  if (table.has(Role::changed))
    all.push_back(fmt::format("UPDATE {} AS k SET retort_changed = true FROM {} AS t, {} AS a "
                              "WHERE {} AND {} AND ({})",
                              in_keep(table.keep), table.table_after, in_keep(table.keep, "_after"),
                              same_key(table, "t", "k", true), same_kept_key(table),
                              changed_since(table)));
}

// A trigger would write anew what is put back; those that are off already stay so.
std::string triggers_off(const KeptTable& table) {
  return do_block(
      fmt::format("  CREATE TABLE {0} AS\n"
                  "    SELECT format('%I.%I', n.nspname, c.relname) AS relation, g.tgname, "
                  "g.tgenabled\n"
                  "      FROM pg_catalog.pg_trigger AS g JOIN pg_catalog.pg_class AS c ON c.oid = "
                  "g.tgrelid\n"
                  "      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace\n"
                  "     WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND c.oid IN\n"
                  "           (SELECT {1}::regclass UNION SELECT relid FROM "
                  "pg_catalog.pg_partition_tree({1}::regclass));\n"
                  "  FOR each IN SELECT * FROM {0} LOOP\n"
                  "    EXECUTE format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', each.relation, "
                  "each.tgname);\n"
                  "  END LOOP;\n",
                  in_keep(table.keep, "_triggers"), literal(table.table)),
      "DECLARE each record;\n");
}

std::string triggers_on(const KeptTable& table) {
  return do_block(
      fmt::format("  FOR each IN SELECT * FROM {0} LOOP\n"
                  "    EXECUTE format('ALTER TABLE ONLY %s ENABLE %s TRIGGER %I', each.relation,\n"
                  "                   CASE each.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, "
                  "each.tgname);\n"
                  "  END LOOP;\n"
                  "  DROP TABLE {0};\n",
                  in_keep(table.keep, "_triggers")),
      "DECLARE each record;\n");
}

void set_identity(const KeptTable& table, std::string_view how, Statements& all) {
  for (const KeptColumn& column : table.columns)
    if (column.role == Role::dropped && column.identity_always)
      all.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET GENERATED {}", table.table,
                                column.name, how));
}

void insert(const KeptTable& table, Statements& all) {
  if (table.cleared)
    all.push_back(fmt::format(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS k WHERE NOT EXISTS "
        "(SELECT FROM {} AS t WHERE {})",
        table.table,
        join(list(table, is_there_after, [](const KeptColumn& column) { return column.name; }),
             ", "),
        join(list(table, is_there_after, restored), ", "), in_keep(table.keep, "_there"),
        table.table, same_key(table, "t", "k", false)));
  if (!table.gone() && !table.removed)
    return;
  const std::string names =
      join(list(table, kept_before, [](const KeptColumn& column) { return column.name; }), ", ");
  all.push_back(fmt::format(
      "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS k{}", table.table, names,
      join(list(table, kept_before, restored), ", "), in_keep(table.keep),
      table.gone() ? ""
                   : fmt::format(" WHERE k.retort_removed AND NOT EXISTS (SELECT FROM {} AS t "
                                 "WHERE {})",
                                 table.table, same_key(table, "t", "k", false))));
}

void merge(const KeptTable& table, Statements& all) {
  for (const Role role : {Role::dropped, Role::changed, Role::rest}) {
    if (table.gone() || !table.has(role) || (role == Role::rest && !table.refilled))
      continue;
    const Statements values = list(table, is(role), [](const KeptColumn& column) {
      return fmt::format("{} = {}", column.name, restored(column));
    });
    all.push_back(fmt::format("UPDATE {} AS t SET {} FROM {} AS k WHERE {}{} AND ({})", table.table,
                              join(values, ", "), in_keep(table.keep),
                              same_key(table, "t", "k", false),
                              role == Role::changed ? " AND NOT k.retort_changed"
                              : role == Role::rest  ? " AND k.retort_removed"
                                                    : "",
                              not_old(table, role)));
  }
}

void remove_added(const KeptTable& table, Statements& all) {
  if (table.refilled)  // what the way down has made and was never there
    all.push_back(
        fmt::format("DELETE FROM {0} AS t WHERE NOT EXISTS (SELECT FROM {1} AS k WHERE {2}) "
                    "AND NOT EXISTS (SELECT FROM {3} AS k WHERE k.retort_removed AND {2})",
                    table.table, in_keep(table.keep, "_there"), same_key(table, "t", "k", false),
                    in_keep(table.keep)));
  if (table.inserted)
    all.push_back(fmt::format("DELETE FROM {} AS t USING {} AS k WHERE {}", table.table,
                              in_keep(table.keep, "_added"), same_key(table, "t", "k", false)));
}

void set_sequence(const KeptSequence& sequence, Statements& all) {
  const std::string from = in_keep(sequence.keep);
  // A column that makes its sequence names it after itself, whatever its name was.
  const std::string rename =
      sequence.name.empty()
          ? ""
          : fmt::format(
                "  IF (SELECT relname FROM pg_catalog.pg_class WHERE oid = {0}) <> {1} THEN\n"
                "    EXECUTE pg_catalog.format('ALTER SEQUENCE %s RENAME TO %I', {0}, {1});\n"
                "  END IF;\n",
                sequence.back, literal(sequence.name));
  all.push_back(do_block(
      rename +
      (sequence.column_maximum.empty()
           ? fmt::format(
                 "  PERFORM pg_catalog.setval({}, k.last_value, k.is_called) FROM {} AS k;\n",
                 sequence.back, from)
           : fmt::format("  PERFORM pg_catalog.setval({}, greatest(k.last_value, m.top),\n"
                         "                            k.is_called OR coalesce(m.top >= "
                         "k.last_value, false))\n"
                         "     FROM {} AS k, ({}) AS m(top);\n",
                         sequence.back, from, sequence.column_maximum))));
}

// Rows that came after the upgrade, in a column that counts: they got numbers which are taken.
void number_new_rows(const KeptTable& table, Statements& all) {
  for (const KeptColumn& column : table.columns)
    if (column.role == Role::dropped && column.numbered)
      all.push_back(fmt::format(
          "UPDATE {} AS t SET {} = DEFAULT WHERE NOT EXISTS (SELECT FROM {} AS k WHERE {})",
          table.table, column.name, in_keep(table.keep), same_key(table, "t", "k", false)));
}

std::string check(const KeptTable& table) {
  const std::string from = in_keep(table.keep);
  if (table.gone())
    return do_block(
        fmt::format("  IF (SELECT count(*) FROM {0}) <> (SELECT count(*) FROM {1}) THEN\n"
                    "    RAISE EXCEPTION 'retort: % does not have the rows that were kept in %', "
                    "{2}, {3}\n"
                    "      USING ERRCODE = 'RT008', HINT = 'Nothing was changed: the downgrade is "
                    "taken back.';\n"
                    "  END IF;\n"
                    "  RAISE NOTICE 'retort: %: all % rows are back', {2}, (SELECT count(*) FROM "
                    "{0});\n",
                    from, table.table, literal(table.table), literal(from)));
  Statements wrong;
  if (table.has(Role::dropped))
    wrong.push_back(not_old(table, Role::dropped));
  if (table.has(Role::changed))
    wrong.push_back(fmt::format("(NOT k.retort_changed AND ({}))", not_old(table, Role::changed)));
  if (table.refilled && table.has(Role::rest))
    wrong.push_back(fmt::format("(k.retort_removed AND ({}))", not_old(table, Role::rest)));
  const std::string key = same_key(table, "t", "k", false);
  std::string body;
  if (!wrong.empty())
    body += fmt::format("  SELECT count(*) INTO wrong FROM {} AS k JOIN {} AS t ON {} WHERE {};\n",
                        from, table.table, key, join(wrong, " OR "));
  if (table.removed)
    body += fmt::format("  SELECT wrong + count(*) INTO wrong FROM {} AS k WHERE k.retort_removed "
                        "AND NOT EXISTS (SELECT FROM {} AS t WHERE {});\n",
                        from, table.table, key);
  body += fmt::format(
      "  IF wrong > 0 THEN\n"
      "    RAISE EXCEPTION 'retort: % rows of % do not have their old values "
      "again', wrong, {}\n"
      "      USING ERRCODE = 'RT008', HINT = 'Nothing was changed: the downgrade is taken back.';\n"
      "  END IF;\n",
      literal(table.table));
  body += fmt::format("  SELECT count(*) INTO gone FROM {} AS k WHERE NOT EXISTS (SELECT FROM {} "
                      "AS t WHERE {});\n",
                      from, table.table, key);
  if (table.has(Role::changed))
    body +=
        fmt::format("  SELECT count(*) INTO later FROM {} AS k WHERE k.retort_changed;\n", from);
  body += fmt::format("  RAISE NOTICE 'retort: %: % rows kept, % of them deleted since, % changed "
                      "since and left as they are',\n"
                      "    {}, (SELECT count(*) FROM {}), gone, later;\n",
                      literal(table.table), from);
  return do_block(body, "DECLARE wrong bigint := 0; gone bigint; later bigint := 0;\n");
}

}  // namespace

bool KeptTable::has(KeptColumn::Role role) const {
  return std::any_of(columns.begin(), columns.end(), is(role));
}

std::string column_reference(std::string_view name) {
  std::string text = forms::quoted(name);
  if (text.front() != '"' && !pg::parse(fmt::format("INSERT INTO t ({}) VALUES (1)", text)))
    text = fmt::format("\"{}\"", text);  // a keyword
  return text;
}

Statements keep_statements(const Kept& kept) {
  Statements all;
  if (kept.empty())
    return all;
  all.push_back(fmt::format("CREATE SCHEMA IF NOT EXISTS {}", kKeepSchema));
  for (const KeptTable& table : kept.tables)
    keep(kept, table, all);
  for (const KeptSequence& sequence : kept.sequences) {
    all.push_back(guard(sequence.keep, ""));
    all.push_back(fmt::format("CREATE TABLE {} AS SELECT last_value, is_called FROM {}",
                              in_keep(sequence.keep), sequence.sequence));
    all.push_back(comment(kept, sequence.keep, sequence.sequence));
  }
  return all;
}

Statements seal_statements(const Kept& kept) {
  Statements all;
  for (const KeptTable& table : kept.tables)
    if (!table.gone())
      seal(table, all);
  return all;
}

Statements look_statements(const Kept& kept) {
  Statements all;
  for (const KeptTable& table : kept.tables)
    if (!table.gone())
      look(table, all);
  return all;
}

Statements put_back_statements(const Kept& kept) {
  Statements all;
  if (kept.empty())
    return all;
  if (!kept.tables.empty())  // ALTER TABLE refuses while checks of the table are waiting
    all.emplace_back("SET CONSTRAINTS ALL IMMEDIATE");
  for (const KeptTable& table : kept.tables)
    all.push_back(triggers_off(table));
  for (const KeptTable& table : kept.tables) {
    set_identity(table, "BY DEFAULT", all);
    insert(table, all);
  }
  for (const KeptTable& table : kept.tables)
    merge(table, all);
  for (auto table = kept.tables.rbegin(); table != kept.tables.rend(); ++table)
    remove_added(*table, all);
  for (const KeptSequence& sequence : kept.sequences)
    set_sequence(sequence, all);
  for (const KeptTable& table : kept.tables)
    number_new_rows(table, all);
  for (const KeptTable& table : kept.tables)
    all.push_back(check(table));
  all.insert(all.end(), kept.late.begin(), kept.late.end());
  for (const KeptTable& table : kept.tables) {
    set_identity(table, "ALWAYS", all);
    all.push_back(triggers_on(table));
  }
  return all;
}

Statements clean_up_statements(const Kept& kept) {
  Statements all;
  for (const KeptTable& table : kept.tables)
    for (const std::string_view suffix : {"", "_after", "_added", "_there"})
      all.push_back(fmt::format("DROP TABLE IF EXISTS {}", in_keep(table.keep, suffix)));
  for (const KeptSequence& sequence : kept.sequences)
    all.push_back(fmt::format("DROP TABLE IF EXISTS {}", in_keep(sequence.keep)));
  if (!all.empty())
    all.push_back(do_block(fmt::format(
        "  IF to_regnamespace({0}) IS NOT NULL AND NOT EXISTS\n"
        "     (SELECT FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace({0})) THEN\n"
        "    DROP SCHEMA {1};\n"
        "  END IF;\n",
        literal(kKeepSchema), kKeepSchema)));
  return all;
}

}  // namespace retort::rollback
