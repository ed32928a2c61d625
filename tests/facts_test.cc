// The facts about statements against what servers of seven versions were seen to do
// (tests/facts/versions.jsonl, locks.tsv).
#include "common/parallel.h"
#include "compiler/facts/facts.h"
#include "compiler/statement_forms.h"
#include "grammars/postgres/outside.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <map>
#include <rapidjson/document.h>
#include <set>
#include <sstream>

namespace retort::facts {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string(RETORT_SOURCE) + "/tests/facts/" + name);
  REQUIRE(in);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Parsed {
  std::vector<forms::Form> forms;
  bool valid = true;
  std::set<std::string> refused;  // by the grammar: the server's state, or none
};
std::vector<Parsed> parse(const std::string& sql, int server = pg::kNewestServer) {
  std::vector<Parsed> result;
  Sources sources;
  Diagnostics diagnostics;
  SqlSection section;
  section.file = sources.add("test.sql", sql);
  section.span = {0, static_cast<uint32_t>(sql.size())};
  const std::vector<Statement> statements =
      read_statements(sources, section, diagnostics, {false, server});
  std::vector<StatementForms> forms = forms_of(statements);
  for (size_t i = 0; i < forms.size(); ++i) {
    Parsed& parsed = result.emplace_back();
    parsed.forms = std::move(forms[i].forms);
    parsed.valid = statements[i].valid;
    if (parsed.valid)
      continue;
    pg::Limits limits;
    limits.server = server;
    if (const std::optional<pg::Reject> reject = pg::check(statements[i].sql, limits))
      parsed.refused.emplace(reject->sqlstate(server));
  }
  return result;
}

std::string bare(const std::string& name) {
  return name.starts_with("public.") ? name.substr(7) : name;
}

using Names = std::set<std::string>;
std::string text(const Names& names) {
  std::string result;
  for (const std::string& name : names)
    result += (result.empty() ? "" : ",") + name;
  return result;
}

// What a row of the facts says, and what the model says, in one form.
struct Outcome {
  std::map<std::string, LockMode> locks;
  Names rewritten, scanned, gone;
  std::map<std::string, std::string> unsure;

  std::string line() const {
    std::string result = "locks";
    for (const auto& [name, mode] : locks)
      result += fmt::format(" {}={}", name, sql_name(mode));
    return result + " | rewritten " + text(rewritten) + " | scanned " + text(scanned) + " | gone " +
           text(gone);
  }
};

struct Case {
  Outcome outcome;
  Names certain_errors, possible_errors;
  bool valid = true;
  bool outside = false;
  bool unknown = false;
};

Case run(const catalog::Catalog& base, const std::string& setup,
         const std::vector<std::string>& statements, int server) {
  Case result;
  Walk walk(base, server);
  for (const Parsed& statement : parse(setup, server)) {
    result.valid &= statement.valid;
    walk.look(statement.forms);
    walk.take();
  }
  walk.begin();
  const catalog::Id before = static_cast<catalog::Id>(walk.catalog().size());
  walk.look(parse("set timezone = 'UTC'")[0].forms);
  walk.take();
  for (const std::string& sql : statements)
    for (const Parsed& statement : parse(sql, server)) {
      result.valid &= statement.valid;
      result.certain_errors.insert(statement.refused.begin(), statement.refused.end());
      const Facts& facts = walk.look(statement.forms);
      if (facts.fails)
        result.certain_errors.emplace(facts.fails->sqlstate);
      if (facts.fails_with_rows)
        result.possible_errors.emplace(facts.fails_with_rows->sqlstate);
      result.possible_errors.insert(facts.may_fail.begin(), facts.may_fail.end());
      if (!facts.outside_only.empty())
        result.outside = true;
      result.unknown |= facts.certain == Answer::unknown;
      for (const Touched& touched : facts.touched) {
        if (touched.made || touched.id >= before)
          continue;
        const std::string name = bare(touched.name);
        Outcome& outcome = result.outcome;
        if (touched.lock >= LockMode::share_update_exclusive)
          outcome.locks[name] = std::max(outcome.locks[name], touched.lock);
        const bool index = touched.kind == catalog::Kind::index;
        if (touched.rewritten == Answer::yes || touched.new_file ||
            (index && touched.built == Answer::yes && !touched.replaced))
          outcome.rewritten.insert(name);
        if (touched.dropped || touched.replaced)
          outcome.gone.insert(name);
        if (!index && (touched.scanned == Answer::yes || touched.new_file) &&
            touched.kind != catalog::Kind::sequence)
          outcome.scanned.insert(name);
        if (touched.scanned == Answer::unknown)
          outcome.unsure[name] = "scan";
      }
      walk.take();
    }
  return result;
}

LockMode mode(std::string_view word) {
  constexpr std::pair<std::string_view, LockMode> kModes[] = {
      {"AS", LockMode::access_share},  {"RS", LockMode::row_share},
      {"RX", LockMode::row_exclusive}, {"SUE", LockMode::share_update_exclusive},
      {"S", LockMode::share},          {"SRX", LockMode::share_row_exclusive},
      {"X", LockMode::exclusive},      {"AX", LockMode::access_exclusive}};
  for (const auto& [name, value] : kModes)
    if (name == word)
      return value;
  return LockMode::none;
}

catalog::Catalog load(const std::string& preset, int server) {
  catalog::Replay replay;
  replay.catalog().server = server;
  for (const Parsed& statement : parse(file(preset))) {
    REQUIRE(statement.valid);
    const auto problem = replay.statement(statement.forms);
    if (problem)
      FAIL(problem->message);
  }
  return replay.catalog();
}

// --- locks.tsv ---

// What a statement did to each relation: `solo=AX(rewritten)`.
struct Effects {
  std::map<std::string, std::string> of;
  std::set<std::string> unsure;  // where the model cannot know
  std::set<std::string> certain_errors, possible_errors;
  bool valid = true;
  bool outside = false;
  bool known = true;

  std::string line() const {
    std::string result;
    for (const auto& [name, effect] : of)
      result += fmt::format("{}{}={}", result.empty() ? "" : "; ", name, effect);
    return result.empty() ? "none" : result;
  }
};

std::string short_name(LockMode mode) {
  constexpr std::string_view kNames[] = {"-", "AS", "RS", "RX", "SUE", "S", "SRX", "X", "AX"};
  return std::string(kNames[static_cast<size_t>(mode)]);
}

// Tables that rows were put into: of an empty one, nothing is read.
struct Filled {
  std::set<catalog::Id> tables;

  void add(const std::vector<forms::Form>& forms, catalog::Catalog& catalog) {
    const catalog::Apply look(catalog);
    for (const forms::Form& form : forms)
      if (const auto* insert = std::get_if<forms::Insert>(&form))
        fill(look, look.relation(insert->table));
      else if (const auto* query = std::get_if<forms::CreateTableAs>(&form))
        fill(look, look.relation(query->table));
  }
  void fill(const catalog::Apply& look, catalog::Id id) {
    tables.insert(id);
    for (const catalog::Id child : look.children(id))
      if (look.catalog.get(child)->as<catalog::Table>().partition)
        fill(look, child);
  }
};

std::string effect_of(const Touched& touched, const Filled& filled) {
  std::string flag;
  const bool index = touched.kind == catalog::Kind::index;
  if (touched.dropped)
    flag = "dropped";
  else if (index && (touched.made || touched.built == Answer::yes || touched.new_file))
    flag = "built";
  else if (touched.replaced)
    flag = "replaced";
  else if (touched.new_file || (touched.rewritten == Answer::yes && index == false &&
                                !filled.tables.contains(touched.id)))
    flag = "new-file";
  else if (touched.rewritten == Answer::yes)
    flag = "rewritten";
  else if (!index && touched.scanned == Answer::yes && filled.tables.contains(touched.id))
    flag = "scanned";
  return short_name(touched.lock) + (flag.empty() ? "" : "(" + flag + ")");
}

Effects effects(const catalog::Catalog& base, Filled filled, const std::string& setup,
                const std::string& sql, int server) {
  Effects result;
  Walk walk(base, server);
  for (const Parsed& statement : parse(setup, server)) {
    result.valid &= statement.valid;
    result.certain_errors.insert(statement.refused.begin(), statement.refused.end());
    const Facts& facts = walk.look(statement.forms);
    if (facts.fails)
      result.certain_errors.emplace(facts.fails->sqlstate);
    filled.add(statement.forms, walk.catalog());
    walk.take();
  }
  walk.begin();
  for (const Parsed& statement : parse(sql, server)) {
    result.valid &= statement.valid;
    result.certain_errors.insert(statement.refused.begin(), statement.refused.end());
    const Facts& facts = walk.look(statement.forms);
    if (facts.fails)
      result.certain_errors.emplace(facts.fails->sqlstate);
    if (facts.fails_with_rows)
      result.possible_errors.emplace(facts.fails_with_rows->sqlstate);
    result.possible_errors.insert(facts.may_fail.begin(), facts.may_fail.end());
    result.outside |= !facts.outside_only.empty();
    result.known &= facts.certain == Answer::yes;
    for (const Touched& touched : facts.touched) {
      const std::string name = bare(touched.name);
      if (touched.made && touched.kind != catalog::Kind::index)
        continue;
      if (touched.lock == LockMode::none && touched.built != Answer::yes && !touched.dropped)
        continue;
      if (touched.made && name.find('.') == std::string::npos && touched.name == name)
        continue;  // of a temporary table
      result.of[name] = effect_of(touched, filled);
      if (touched.scanned == Answer::unknown || touched.built == Answer::unknown ||
          touched.rewritten == Answer::unknown)
        result.unsure.insert(name);
    }
    walk.take();
  }
  return result;
}

// `12-14: !42601 | 15-18: solo=AX`, or one outcome for all.
std::string outcome_on(const std::string& all, int server) {
  std::string_view rest = all;
  while (true) {
    const size_t bar = rest.find(" | ");
    const std::string_view part = rest.substr(0, bar);
    const size_t colon = part.find(": ");
    if (colon == std::string_view::npos)
      return std::string(part);
    const int from = std::stoi(std::string(part.substr(0, 2)));
    const int to = part[2] == '-' ? std::stoi(std::string(part.substr(3, 2))) : from;
    if (from <= server && server <= to)
      return std::string(part.substr(colon + 2));
    if (bar == std::string_view::npos)
      return "";
    rest = rest.substr(bar + 3);
  }
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result(1);
  for (const char c : line)
    if (c == '\t')
      result.emplace_back();
    else
      result.back() += c;
  return result;
}

// What runs outside of a block is over before its locks can be read: where they were not seen, any
// is right.
void forget_locks(std::string& model, const std::string& wanted) {
  std::map<std::string, std::string> seen;
  const auto each = [](const std::string& line, const auto& visit) {
    size_t begin = 0;
    while (begin < line.size()) {
      const size_t end = std::min(line.find("; ", begin), line.size());
      const std::string part = line.substr(begin, end - begin);
      const size_t equals = part.find('=');
      if (equals != std::string::npos)
        visit(part.substr(0, equals), part.substr(equals + 1));
      begin = end + 2;
    }
  };
  each(wanted, [&](const std::string& name, const std::string& effect) { seen[name] = effect; });
  std::string result;
  each(model, [&](const std::string& name, const std::string& effect) {
    const size_t flag = effect.find('(');
    const auto found = seen.find(name);
    if (found == seen.end() && flag == std::string::npos)
      return;
    const bool unseen = found != seen.end() && found->second.starts_with('-');
    result += (result.empty() ? "" : "; ") + name + "=" +
              (unseen ? "-" + (flag == std::string::npos ? "" : effect.substr(flag)) : effect);
  });
  model = result.empty() ? "none" : result;
}

// Without the `(scanned)` of what the model is not sure of.
std::string loosened(const std::string& outcome, const std::set<std::string>& unsure) {
  std::string result = outcome;
  for (const std::string& name : unsure)
    for (const std::string flag : {"(scanned)", "(built)", "(rewritten)"}) {
      const size_t at = ("; " + result).find("; " + name + "=");
      const size_t end =
          at == std::string::npos ? at : std::min(result.find(';', at), result.size());
      const size_t found = at == std::string::npos ? at : result.find(flag, at);
      if (found != std::string::npos && found < end)
        result.erase(found, flag.size());
    }
  return result;
}

// Rows in which the model differs from the servers, and why. Each must still differ.
struct Known {
  std::string_view row;
  std::string_view reason;
};
constexpr Known kKnown[] = {
    {"add-fk-to-partitioned", "the referencing table is empty, so that the query ends early"},
    {"set-compression-lz4", "those servers were built without lz4"},
    {"copy-to", "12 had let go of the lock when it was read"},
    {"alter-database-rename", "the catalog does not know which database it is"},
    {"prepare-transaction", "that server had prepared transactions switched off"},
    {"type mood -> mood2 +cast", "the cast of the setup is refused"},
};

void report(const std::vector<std::pair<std::string, std::string>>& differences,
            const std::set<std::string>& rows) {
  std::set<std::string> differing;
  for (const auto& [row, difference] : differences) {
    differing.insert(row);
    const bool known = std::any_of(std::begin(kKnown), std::end(kKnown),
                                   [&](const Known& each) { return each.row == row; });
    if (!known)
      FAIL_CHECK(difference);
  }
  for (const Known& known : kKnown)
    if (rows.contains(std::string(known.row)) && !differing.contains(std::string(known.row)))
      FAIL_CHECK(fmt::format("{} is right now: it need not be among the known ones", known.row));
}

}  // namespace

TEST_CASE("facts: what servers from 12 to 18 do is what the model says") {
  int rows = 0;
  int right = 0;
  int certain = 0;
  int unsure = 0;
  int newer = 0;
  std::vector<std::pair<std::string, std::string>> differences;
  std::set<std::string> names;
  std::set<std::string> not_known;
  on_large_stack([&] {
    const std::string all = file("versions.jsonl");
    std::map<int, catalog::Catalog> bases;
    for (int server = 12; server <= 18; ++server)
      bases[server] = load("versions.sql", server);
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
      rapidjson::Document row;
      row.Parse(line.c_str());
      REQUIRE(!row.HasParseError());
      names.insert(row["key"].GetString());
      std::vector<std::string> statements;
      for (const auto& statement : row["statements"].GetArray())
        statements.emplace_back(statement.GetString());
      for (const auto& result : row["results"].GetArray())
        for (int server = result["from"].GetInt(); server <= result["to"].GetInt(); ++server) {
          ++rows;
          const Case found = run(bases[server], row["setup"].GetString(), statements, server);
          const std::string key = fmt::format("{} on {}", row["key"].GetString(), server);
          if (result.HasMember("error")) {
            const std::string error = result["error"].GetString();
            const bool sure =
                found.certain_errors.contains(error) || (error == "25001" && found.outside);
            certain += sure;
            if (sure || found.possible_errors.contains(error))
              ++right;
            else
              differences.emplace_back(row["key"].GetString(),
                                       fmt::format("{}: fails with {}, the model says {} ({})", key,
                                                   error, text(found.certain_errors),
                                                   text(found.possible_errors)));
            continue;
          }
          if (!found.valid) {
            ++newer;
            continue;
          }
          if (!found.certain_errors.empty()) {
            differences.emplace_back(
                row["key"].GetString(),
                fmt::format("{}: the model fails it: {}", key, text(found.certain_errors)));
            continue;
          }
          Outcome wanted;
          for (const auto& lock : result["locks"].GetObject())
            wanted.locks[lock.name.GetString()] = mode(lock.value.GetString());
          for (const auto& name : result["rewrite"].GetArray())
            wanted.rewritten.insert(name.GetString());
          for (const auto& name : result["scan"].GetArray())
            wanted.scanned.insert(name.GetString());
          for (const auto& name : result["gone"].GetArray())
            wanted.gone.insert(name.GetString());
          Outcome model = found.outcome;
          // Where the model says that it cannot know, either is right.
          bool exact = true;
          for (const auto& [name, what] : model.unsure)
            if (wanted.scanned.contains(name) && !model.scanned.contains(name)) {
              model.scanned.insert(name);
              exact = false;
            }
          if (model.line() == wanted.line()) {
            ++right;
            certain += exact;
          } else if (found.unknown) {
            ++unsure;
            not_known.insert(row["key"].GetString());
          } else {
            differences.emplace_back(
                row["key"].GetString(),
                fmt::format("{}:\n  server {}\n  model  {}", key, wanted.line(), model.line()));
          }
        }
    }
  });
  report(differences, names);
  MESSAGE(fmt::format("{} of {} right, {} of them certain; {} not known to the model ({}); {} are "
                      "newer than the grammar",
                      right, rows, certain, unsure, fmt::join(not_known, ", "), newer));
}

TEST_CASE("facts: every statement locks what servers were seen to lock") {
  int rows = 0;
  int right = 0;
  int unsure = 0;
  int newer = 0;
  std::vector<std::pair<std::string, std::string>> differences;
  std::set<std::string> names;
  on_large_stack([&] {
    const std::string all = file("locks.tsv");
    std::map<int, catalog::Catalog> bases;
    Filled filled;
    for (int server = 12; server <= 18; ++server)
      bases[server] = load("locks.sql", server);
    for (const Parsed& statement : parse(file("locks.sql")))
      filled.add(statement.forms, bases[15]);
    std::istringstream lines(all);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const std::vector<std::string> row = cells(line);
      REQUIRE(row.size() == 4);
      names.insert(row[0]);
      for (int server = 12; server <= 18; ++server) {
        ++rows;
        std::string wanted = outcome_on(row[3], server);
        const Effects model = effects(bases[server], filled, row[1], row[2], server);
        const std::string key = fmt::format("{} on {}", row[0], server);
        const bool outside = wanted.starts_with("outside ");
        if (outside)
          wanted.erase(0, 8);
        if (wanted.starts_with('!')) {
          const std::string error = wanted.substr(1);
          if (model.certain_errors.contains(error) || (error == "25001" && model.outside)) {
            ++right;
          } else if (model.possible_errors.contains(error)) {
            ++unsure;
          } else if (!model.valid) {
            ++newer;
          } else {
            differences.emplace_back(row[0],
                                     fmt::format("{}: fails with {}, the model says {} ({})", key,
                                                 error, text(model.certain_errors), model.line()));
          }
          continue;
        }
        if (!model.valid) {
          ++newer;
          continue;
        }
        std::string line_of_model = model.line();
        if (outside)
          forget_locks(line_of_model, wanted);
        const bool agrees = loosened(wanted, model.unsure) == loosened(line_of_model, model.unsure);
        if (outside != model.outside && model.known)
          differences.emplace_back(
              row[0], fmt::format("{}: {}allowed in a block", key, outside ? "not " : ""));
        else if (!model.certain_errors.empty())
          differences.emplace_back(
              row[0], fmt::format("{}: the model fails it: {}", key, text(model.certain_errors)));
        else if (agrees) {
          ++(loosened(wanted, model.unsure) == wanted ? right : unsure);
        } else if (!model.known) {
          ++unsure;
        } else
          differences.emplace_back(
              row[0], fmt::format("{}:\n  server {}\n  model  {}", key, wanted, line_of_model));
      }
    }
  });
  report(differences, names);
  MESSAGE(fmt::format("{} of {} right, {} not known to the model; {} are newer than the grammar",
                      right, rows, unsure, newer));
}

TEST_CASE("facts: what a transaction has done decides what it may do next") {
  int rows = 0;
  int right = 0;
  int possible = 0;
  int unknown = 0;
  std::vector<std::pair<std::string, std::string>> differences;
  std::set<std::string> names;
  on_large_stack([&] {
    std::map<int, catalog::Catalog> bases;
    for (int server = 12; server <= 18; ++server)
      bases[server] = load("transactions.sql", server);
    std::istringstream lines(file("transactions.tsv"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const std::vector<std::string> row = cells(line);
      REQUIRE(row.size() == 3);
      names.insert(row[0]);
      const bool alone = row[1].starts_with("!q ; ") && row[1].find(" ; ", 5) == std::string::npos;
      for (int server = 12; server <= 18; ++server) {
        ++rows;
        const std::string wanted = outcome_on(row[2], server);
        Walk walk(bases[server], server);
        walk.begin();
        std::set<std::string> certain, perhaps;
        bool known = true;
        for (std::string_view rest = row[1]; !rest.empty();) {
          const size_t end = std::min(rest.find(" ; "), rest.size());
          const std::string step(rest.substr(0, end));
          rest.remove_prefix(std::min(end + 3, rest.size()));
          if (step == "||")
            walk.begin();
          if (step == "||" || step == "!q")
            continue;
          for (const Parsed& statement : parse(step, server)) {
            const Facts& facts = walk.look(statement.forms);
            if (facts.fails)
              certain.emplace(facts.fails->sqlstate);
            if (!facts.outside_only.empty() && !alone && !step.starts_with("prepare"))
              perhaps.insert("25001");
            certain.insert(statement.refused.begin(), statement.refused.end());
            perhaps.insert(facts.may_fail.begin(), facts.may_fail.end());
            known &= facts.certain == Answer::yes;
            walk.take();
          }
          if (!certain.empty())
            break;
        }
        const std::string key = fmt::format("{} on {}", row[0], server);
        const std::string error = wanted.starts_with('!') ? wanted.substr(1) : "";
        if (error.empty() ? certain.empty() : certain.contains(error))
          ++right;
        else if (certain.empty() && perhaps.contains(error))
          ++possible;
        else if (certain.empty() && !known)
          ++unknown;
        else
          differences.emplace_back(row[0], fmt::format("{}: {}, the model says {} ({})", key,
                                                       wanted, text(certain), text(perhaps)));
      }
    }
  });
  report(differences, names);
  MESSAGE(fmt::format("{} of {} right, {} possible, {} not known to the model", right, rows,
                      possible, unknown));
}

// The compiler asks before it has a catalog, and by the words alone.
TEST_CASE("facts: what the compiler runs outside of transactions is what the model keeps out") {
  constexpr std::string_view kStatements[] = {
      "CREATE INDEX CONCURRENTLY i ON t (a)",
      "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
      "CREATE INDEX \"concurrently\" ON t (a)",
      "CREATE INDEX i ON t (a)",
      "DROP INDEX CONCURRENTLY i",
      "DROP INDEX i",
      "REINDEX TABLE CONCURRENTLY t",
      "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
      "REINDEX (CONCURRENTLY off) INDEX i",
      "REINDEX INDEX i",
      "REINDEX TABLE t",
      "REINDEX SCHEMA public",
      "REINDEX (VERBOSE) DATABASE d",
      "REINDEX SYSTEM d",
      "VACUUM",
      "VACUUM (ANALYZE) t",
      "VACUUM FULL t",
      "ANALYZE t",
      "CLUSTER",
      "CLUSTER VERBOSE",
      "CLUSTER t USING i",
      "CREATE DATABASE d",
      "DROP DATABASE d",
      "DROP DATABASE IF EXISTS d",
      "ALTER DATABASE d SET TABLESPACE s",
      "ALTER DATABASE d SET work_mem = '1MB'",
      "ALTER DATABASE d RENAME TO e",
      "CREATE TABLESPACE s LOCATION '/s'",
      "DROP TABLESPACE s",
      "DROP TABLESPACE IF EXISTS s",
      "ALTER TABLESPACE s RENAME TO r",
      "ALTER SYSTEM SET work_mem = '1MB'",
      "ALTER SYSTEM RESET ALL",
      "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
      "ALTER TABLE p DETACH PARTITION q",
      "ALTER TABLE p DETACH PARTITION q FINALIZE",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
      "DROP SUBSCRIPTION s",
      "DROP SUBSCRIPTION IF EXISTS s",
      "ALTER SUBSCRIPTION s REFRESH PUBLICATION WITH (copy_data = false)",
      "ALTER SUBSCRIPTION s SET PUBLICATION p",
      "ALTER SUBSCRIPTION s ADD PUBLICATION p",
      "ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = off)",
      "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)",
      "ALTER SUBSCRIPTION s ENABLE",
      "ALTER SUBSCRIPTION s CONNECTION 'y'",
      "COMMIT PREPARED 'x'",
      "ROLLBACK PREPARED 'x'",
      "PREPARE TRANSACTION 'x'",
      "COMMIT",
      "DISCARD ALL",
      "DISCARD PLANS",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
      "ALTER TYPE t ADD VALUE 'x'",
      "CREATE PUBLICATION p",
      "DROP DATABASE d WITH (FORCE)"};
  on_large_stack([&] {
    for (const std::string_view sql : kStatements) {
      CAPTURE(sql);
      const std::vector<Parsed> parsed = parse(std::string(sql));
      REQUIRE(parsed.size() == 1);
      CHECK(parsed[0].valid);
      Walk walk(15);
      const bool outside = !walk.look(parsed[0].forms).outside_only.empty();
      CHECK(outside == !pg::forbidden_in_transaction(sql).empty());
    }
  });
}

}  // namespace retort::facts
