#include "compiler/script/guards.h"

#include "common/sha256.h"
#include "compiler/ddl/names.h"
#include "compiler/script/psql_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

std::string block(const std::string& declare, const std::string& body) {
  return fmt::format("DO {};",
                     dollar_quoted(fmt::format("\n{}{}BEGIN\n{}END ",
                                               declare.empty() ? "" : "DECLARE\n", declare, body)));
}

std::string array(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts)
    list += (list.empty() ? "" : ", ") + literal(text);
  return fmt::format("ARRAY[{}]::text[]", list);
}

std::string refuse(std::string_view condition, std::string_view state, std::string_view message,
                   std::string_view arguments, std::string_view hint) {
  return fmt::format("  IF {} THEN\n    RAISE EXCEPTION {}{}\n      USING ERRCODE = '{}'{};\n"
                     "  END IF;\n",
                     condition, literal(message), arguments, state,
                     hint.empty() ? "" : fmt::format(", HINT = {}", hint));
}

// `*` stands for anything.
std::string like_pattern(std::string_view glob) {
  std::string pattern;
  for (const char c : glob) {
    if (c == '%' || c == '_' || c == '\\')
      pattern += '\\';
    pattern += c == '*' ? '%' : c;
  }
  return pattern;
}

std::string session_checks(const Guard& guard) {
  std::string text = refuse(
      "transaction_timestamp() <> statement_timestamp()", "RT005",
      "retort: a transaction is open already, and the script makes its own; nothing was done", "",
      "'Run it without -1 (--single-transaction), with autocommit on.'");
  text +=
      refuse("pg_is_in_recovery()", "RT005", "retort: this server is a standby; nothing was done",
             "", "'Run it on the primary.'");
  text += refuse(
      "(SELECT reset_val = 'on' FROM pg_catalog.pg_settings\n"
      "       WHERE name = 'default_transaction_read_only')",
      "RT005", "retort: this session is read-only by default; nothing was done", "",
      "'Somebody set default_transaction_read_only for the role, the database or the client.'");
  const std::string major = "current_setting('server_version_num')::integer / 10000";
  if (!guard.servers.empty())
    text += refuse(
        fmt::format("{} NOT IN ({})", major, fmt::join(guard.servers, ", ")), "RT006",
        fmt::format("retort: the script is for PostgreSQL {}, the server is %; nothing was done",
                    fmt::join(guard.servers, ", ")),
        ", current_setting('server_version')", "");
  if (guard.min_server != 0)
    text += refuse(fmt::format("{} < {}", major, guard.min_server), "RT006",
                   fmt::format("retort: a revision needs PostgreSQL {} or newer, the server is %; "
                               "nothing was done",
                               guard.min_server),
                   ", current_setting('server_version')", "");
  if (!guard.database.empty())
    text +=
        refuse(fmt::format("current_database() NOT LIKE {}", literal(like_pattern(guard.database))),
               "RT006", "retort: the script is for the database %, this is %; nothing was done",
               fmt::format(", {}, current_database()", literal(guard.database)), "");
  return text;
}

// How far the database is from where the script begins, as far as the chain is one line there.
std::string distance(const Guard& guard) {
  if (guard.earlier.empty() && guard.later.empty())
    return "''";
  return fmt::format("replace(coalesce(': ' || array_position({}, here) || ' revisions earlier',\n"
                     "        ': ' || array_position({}, here) || ' revisions behind its end',\n"
                     "        ', which the script does not know'), ' 1 revisions', ' 1 revision')",
                     array(guard.earlier), array(guard.later));
}

std::string privilege_checks(const GuardTables& tables) {
  std::string text;
  for (const std::string_view privilege : {"SELECT", "INSERT", "UPDATE", "DELETE"})
    text += fmt::format("{}NOT has_table_privilege({}, '{}')", text.empty() ? "" : " OR\n       ",
                        literal(tables.version), privilege);
  return refuse(
      text, "RT005", "retort: % lacks a right on the version table; nothing was done",
      ", current_user",
      literal(fmt::format("Grant SELECT, INSERT, UPDATE and DELETE on {}.", tables.version)));
}

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (const char c : text) {
    result += c;
    if (c == '\n')
      result += "  ";
  }
  result.resize(result.size() - 2);
  return result;
}

// The rows into a variable, of a table that may not be there when the block is read.
std::string look_into(const GuardTables& tables, std::string_view variable) {
  return fmt::format("EXECUTE {}\n      INTO {};\n", literal(rows_query(tables)), variable);
}

std::string look(const GuardTables& tables) {
  return fmt::format("  here := ({});\n", rows_query(tables));
}

}  // namespace

GuardTables::GuardTables(const Config& config) {
  // Without a schema the table is where the search path that the script sets leads.
  std::string_view of = config.version_table_schema.value;
  if (of.empty() && !config.search_path.value.empty())
    of = config.search_path.value.front();
  schema = of.empty() ? "" : quoted(of);
  version = qualified(of, config.version_table.value);
  progress = qualified(of, "retort_progress");
  const std::string hash = sha256("retort " + version);
  lock_key = static_cast<int64_t>(std::stoull(hash.substr(0, 15), nullptr, 16));
}

std::string shown(const Chain& chain, const Rows& rows) {
  std::vector<std::string_view> ids;
  for (const RevIndex row : rows)
    ids.push_back(chain[row].id);
  std::sort(ids.begin(), ids.end());
  return fmt::format("{}", fmt::join(ids, ", "));
}

std::string rows_query(const GuardTables& tables) {
  return fmt::format("SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num COLLATE "
                     "\"C\"), '') FROM {}",
                     tables.version);
}

std::string guard_block(const GuardTables& tables, const Guard& guard) {
  std::string body = session_checks(guard);
  const std::string table = fmt::format("to_regclass({})", literal(tables.version));
  body += fmt::format("  IF {} IS NOT NULL THEN\n", table);
  body += indented(privilege_checks(tables));
  body += "    " + look_into(tables, "here");
  body += "  END IF;\n";
  std::string elsewhere = fmt::format("here <> ALL ({})", array(guard.starts));
  // A part of a revision leaves the rows as they are.
  std::string done = guard.starts.front() == guard.target
                         ? "false"
                         : fmt::format("here = {}", literal(guard.target));
  if (guard.progress) {
    body += fmt::format("  IF to_regclass({}) IS NOT NULL THEN\n", literal(tables.progress));
    body += fmt::format("    EXECUTE {} INTO other;\n",
                        literal(fmt::format("SELECT max(script) FROM {} WHERE script <> {}",
                                            tables.progress, literal(guard.script))));
    body += fmt::format("    EXECUTE {} INTO begun;\n",
                        literal(fmt::format("SELECT count(*) > 0 FROM {} WHERE script = {}",
                                            tables.progress, literal(guard.script))));
    body += indented(refuse(
        "other IS NOT NULL", "RT002",
        "retort: the script % was interrupted on this database and is not finished; nothing was "
        "done",
        ", other",
        literal(fmt::format("Run that script again first, or, if it is given up, delete its row "
                            "from {}.",
                            tables.progress))));
    body += "  END IF;\n";
    done += " AND NOT begun";
    elsewhere += " AND NOT begun";
  }
  body += refuse(done, "RT001", "retort: the database is already at {%}; nothing was done",
                 ", here", "");
  body +=
      refuse(elsewhere, "RT001",
             "retort: this script starts at {%}, the database is at {%}%; nothing was done",
             fmt::format(", {}, here,\n      {}", literal(guard.starts.front()), distance(guard)),
             "'Ask for a script that starts where the database is.'");
  if (guard.only_looks)
    return block("  here text := '';\n", body);
  body += refuse(fmt::format("NOT pg_try_advisory_lock({})", tables.lock_key), "RT002",
                 "retort: the database is already being changed by another run; nothing was done",
                 "", "'Wait until it has ended, then look where the database is.'");
  body += fmt::format("  IF {} IS NOT NULL THEN\n    {}", table, look_into(tables, "again"));
  body += "  END IF;\n";
  body += refuse("again <> here", "RT002",
                 "retort: the database has moved from {%} to {%} just now; nothing was done",
                 ", here, again", "");
  body += fmt::format("  PERFORM set_config('default_transaction_read_only', 'off', false);\n"
                      "  PERFORM set_config('retort.script', {}, false);\n",
                      literal(guard.script));
  return block(std::string("  here text := '';\n  again text := '';\n") +
                   (guard.progress ? "  other text;\n  begun boolean := false;\n" : ""),
               body);
}

std::string begin_block(const GuardTables& tables, const Begin& begin) {
  std::string declare = "  here text;\n";
  std::string body;
  if (begin.careful)
    body +=
        refuse(fmt::format("current_setting('retort.script', true) IS DISTINCT FROM {}",
                           literal(begin.script)),
               "RT001",
               "retort: the guard at the head of the script has not passed; the step was not begun",
               "", "");
  body += look(tables);
  body += refuse(fmt::format("here <> {}", literal(begin.rows)), "RT001",
                 "retort: this step starts at {%}, the database is at {%}; the step was not begun",
                 fmt::format(", {}, here", literal(begin.rows)), "");
  if (begin.done) {
    declare += "  steps integer;\n";
    body += fmt::format("  steps := (SELECT done FROM {} WHERE script = {});\n", tables.progress,
                        literal(begin.script));
    body += refuse(fmt::format("steps IS DISTINCT FROM {}", *begin.done), "RT002",
                   fmt::format("retort: this is step {}, and % steps are done; it was not begun",
                               *begin.done + 1),
                   ", coalesce(steps::text, 'no')",
                   "'Steps that are done need not be run again: go on behind them.'");
  }
  if (!begin.leftovers.empty()) {
    declare += "  leftovers text;\n";
    body += fmt::format("  SELECT string_agg(statement, '; ') INTO leftovers FROM (\n{}\n  ) AS l "
                        "(statement);\n",
                        begin.leftovers);
    body += refuse("leftovers IS NOT NULL", "RT003",
                   "retort: an earlier attempt left something behind; the step was not begun", "",
                   "'Run this, then the step again: ' || leftovers");
  }
  if (!begin.done_already.empty())
    body += refuse(fmt::format("(SELECT begun > {} FROM {} WHERE script = {}) AND {}", *begin.done,
                               tables.progress, literal(begin.script), begin.done_already),
                   "RT003", "retort: an earlier attempt has done this; it only has to be noted", "",
                   literal(begin.note_done));
  if (begin.careful && !begin.arm) {
    // A client that sets savepoints passes over errors, those of these blocks too: only the end of
    // its connection stops it. A row that a savepoint encloses has another transaction's id.
    declare += "  id bigint;\n";
    body += fmt::format(
        "  INSERT INTO {0} (version_num) VALUES ('retort') RETURNING xmin::text::bigint INTO id;\n"
        "  DELETE FROM {0} WHERE version_num = 'retort';\n"
        "  IF id <> txid_current() % 4294967296 THEN\n"
        "    RAISE WARNING 'retort: the client sets savepoints of its own; the step was not "
        "begun'\n"
        "      USING HINT = 'Switch off ON_ERROR_ROLLBACK in psql, autosave in JDBC.';\n"
        "    PERFORM pg_terminate_backend(pg_backend_pid());\n"
        "  END IF;\n",
        tables.version);
  }
  if (begin.arm)
    body += "  PERFORM set_config('default_transaction_read_only', 'off', false);\n";
  return block(declare, body);
}

std::string end_block(const GuardTables& tables, std::string_view rows) {
  std::string body = look(tables);
  body += refuse(fmt::format("here <> {}", literal(rows)), "RT001",
                 "retort: this revision should leave {%}, and the database is at {%}; the "
                 "transaction is taken back",
                 fmt::format(", {}, here", literal(rows)), "");
  return block("  here text;\n", body);
}

std::string finish_block(const GuardTables& tables, std::string_view rows, bool drop_progress) {
  std::string body = look(tables);
  body += refuse(fmt::format("here <> {}", literal(rows)), "RT001",
                 "retort: the script should end at {%}, and the database is at {%}",
                 fmt::format(", {}, here", literal(rows)), "");
  if (drop_progress)
    body += fmt::format("  IF NOT EXISTS (SELECT FROM {0}) THEN\n    DROP TABLE {0};\n  END IF;\n",
                        tables.progress);
  body += fmt::format("  PERFORM pg_advisory_unlock({});\n", tables.lock_key);
  return block("  here text;\n", body);
}

std::string assertion_block(std::string_view sql, std::string_view words) {
  return block("", refuse(fmt::format("NOT coalesce((\n{}\n  ), false)", sql), "RT007",
                          "retort: assertion failed: %; the step was not done",
                          fmt::format(", {}", literal(words)), ""));
}

std::string rows_block(std::string_view sql, RowRange rows) {
  const std::string most = rows.most == UINT64_MAX ? "or more" : fmt::format("to {}", rows.most);
  std::string outside = fmt::format("changed < {}", rows.least);
  if (rows.most != UINT64_MAX)
    outside += fmt::format(" OR changed > {}", rows.most);
  return block("  changed bigint;\n",
               fmt::format("  EXECUTE {};\n  GET DIAGNOSTICS changed = ROW_COUNT;\n",
                           dollar_quoted(sql, "sql")) +
                   refuse(outside, "RT007",
                          fmt::format("retort: the statement changes % rows, {} {} were agreed; "
                                      "the step was not done",
                                      rows.least, most),
                          ", changed", ""));
}

std::string demand_block(std::string_view expression, std::string_view message,
                         std::string_view hint, std::string_view sqlstate) {
  return block("",
               refuse(fmt::format("NOT ({})", expression), sqlstate, "%",
                      fmt::format(", {}", literal(message)), hint.empty() ? "" : literal(hint)));
}

std::string stop_block(std::string_view message, std::string_view hint, std::string_view sqlstate) {
  return block("", fmt::format("  RAISE EXCEPTION '%', {}\n    USING ERRCODE = '{}', HINT = {};\n",
                               literal(message), sqlstate, literal(hint)));
}

std::string notice_block(std::string_view text) {
  return fmt::format(
      "DO {};", dollar_quoted(fmt::format(" BEGIN RAISE NOTICE '%', {}; END ", literal(text))));
}

}  // namespace retort
