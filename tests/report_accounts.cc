#include "tests/report_accounts.h"

#include <fmt/format.h>

namespace retort::tests {

using namespace bundle;
using facts::LockMode;
using facts::Work;
using rollback::WayBackClass;

namespace {

StatementAccount statement(std::string sql, std::string object, LockMode mode, Work work,
                           std::string file, size_t line) {
  StatementAccount result;
  result.sql = std::move(sql);
  result.object = object;
  result.locks.push_back({std::move(object), mode, true});
  result.lock = mode;
  result.work = work;
  result.file = std::move(file);
  result.line = line;
  return result;
}

void finish(RevisionAccount& revision) {
  for (const StatementAccount& each : revision.statements)
    if (each.way_back > revision.way_back) {
      revision.way_back = each.way_back;
      revision.way_back_reason = each.way_back_reason;
    }
}

const std::string kOrders = "about 3.0 M rows, 451 MB";

RevisionAccount index_revision() {
  RevisionAccount revision;
  revision.id = "7d21c0f4a9be";
  revision.title = "orders are searched by customer and day";
  revision.file = "migrations/versions/2026_10_12_index_orders.py";
  revision.script = "before/0010_41f0a6c2d853_to_7d21c0f4a9be.sql";
  revision.phase = Phase::before;
  StatementAccount create = statement(
      "CREATE INDEX CONCURRENTLY ix_orders_customer_day ON public.orders (customer_id, day)",
      "public.orders", LockMode::share_update_exclusive, Work::build, revision.file, 21);
  create.alone = true;
  create.locks.push_back({"public.ix_orders_customer_day", LockMode::access_exclusive, false});
  create.size = kOrders;
  create.time = statistics::Seconds{6, 44};
  create.basis = "narrow key, the table is read twice";
  create.disk.stays = {40'000'000, 96'000'000};
  create.disk.meanwhile = {0, 96'000'000};
  create.way_back_reason = "the index is dropped, concurrently";
  revision.statements.push_back(create);
  finish(revision);
  return revision;
}

RevisionAccount rewrite_revision() {
  RevisionAccount revision;
  revision.id = "c0ffee12aa04";
  revision.title = "order numbers outgrow integer";
  revision.file = "migrations/versions/2026_10_19_order_numbers.py";
  revision.script = "before/0020_7d21c0f4a9be_to_c0ffee12aa04.sql";
  revision.ticket = "SHOP-1180";
  revision.owner = "team-checkout";
  revision.notes = {"the sequence was at 1.9 G on 2026-10-01"};
  revision.assumptions = {"public.orders has no triggers beyond those of the chain"};
  StatementAccount add =
      statement("ALTER TABLE public.customers ADD COLUMN last_order bigint", "public.customers",
                LockMode::access_exclusive, Work::catalog, revision.file, 17);
  add.size = "about 220,000 rows, 31 MB";
  StatementAccount retype =
      statement("ALTER TABLE public.orders ALTER COLUMN number TYPE bigint", "public.orders",
                LockMode::access_exclusive, Work::rewrite, revision.file, 18);
  retype.locks.push_back({"public.order_lines", LockMode::share_row_exclusive, true});
  retype.size = kOrders;
  retype.time = statistics::Seconds{20, 90};
  retype.basis = "3.0 M rows are written anew, with 4 indexes";
  retype.disk.stays = {330'000'000, 990'000'000};
  retype.disk.meanwhile = {0, 210'000'000};
  retype.disk.freed = {661'000'000, 661'000'000};
  retype.risks.push_back({"lock/retype", Level::warning,
                          "reads and writes of public.orders wait while 451 MB are rewritten", true,
                          "agreed with the shop: at night, within the window"});
  retype.way_back = WayBackClass::exact_slow;
  retype.way_back_reason = "back to integer rewrites the table, and fails above 2,147,483,647";
  StatementAccount valid =
      statement("UPDATE public.customers SET last_order = o.number\nFROM public.orders o\n"
                "WHERE o.customer_id = customers.id AND o.newest",
                "public.customers", LockMode::row_exclusive, Work::rows, revision.file, 24);
  valid.locks.push_back({"public.orders", LockMode::access_share, true});
  valid.size = "about 220,000 rows, 31 MB";
  valid.time = statistics::Seconds{1.4, 9};
  valid.basis = "every row is updated";
  valid.disk.stays = {12'000'000, 47'000'000};
  revision.statements = {add, retype, valid};
  finish(revision);
  return revision;
}

RevisionAccount drop_revision() {
  RevisionAccount revision;
  revision.id = "9be0aa417f3c";
  revision.title = "orders lose the old note";
  revision.file = "migrations/versions/2026_11_02_drop_note.sql";
  revision.script = "after/0030_c0ffee12aa04_to_9be0aa417f3c.sql";
  revision.phase = Phase::after;
  StatementAccount drop = statement("ALTER TABLE public.orders DROP COLUMN note", "public.orders",
                                    LockMode::access_exclusive, Work::catalog, revision.file, 9);
  drop.size = kOrders;
  revision.keeps.push_back(
      {"public.orders",
       statistics::Seconds{2, 12},
       {.stays = {60'000'000, 150'000'000}, .meanwhile = {}, .freed = {}, .unknown = {}}});
  drop.lost = {"column public.orders.note"};
  revision.lost = {"values written after the upgrade: column public.customers.last_order"};
  drop.risks.push_back({"data/drop-column", Level::warning,
                        "the values of public.orders.note are lost; the old application may still "
                        "read the column",
                        false, ""});
  drop.way_back = WayBackClass::data_kept;
  drop.way_back_reason = "column public.orders.note: its values are saved first, by primary key";
  revision.statements.push_back(drop);
  finish(revision);
  return revision;
}

std::string long_body(size_t lines) {
  std::string sql = "CREATE OR REPLACE FUNCTION public.settle() RETURNS trigger LANGUAGE plpgsql "
                    "AS $$\nBEGIN\n";
  for (size_t i = 0; i < lines; ++i)
    sql += fmt::format(
        "  IF NEW.kind = {0} AND NEW.total > {0} THEN NEW.state := 'k{0}'; END IF;\n", i);
  return sql + "  RETURN NEW;\nEND $$";
}

}  // namespace

Account ticket_account() {
  Account account;
  account.from = "41f0a6c2d853";
  account.to = "9be0aa417f3c";
  account.servers = {15};
  account.revisions = {index_revision(), rewrite_revision(), drop_revision()};
  account.statistics_of = "orders_prod, taken 2026-11-02";
  account.warnings = 1;
  account.suppressed = 1;
  return account;
}

Account hard_account() {
  Account account;
  account.from = "";
  account.to = "ffee00112233, 0a0b0c0d0e0f";
  account.servers = {14, 15, 16};
  account.statistics_of = "lager_prod, taken 2026-08-30";
  account.statistics_old = true;
  account.errors = 2;
  account.warnings = 1;
  account.infos = 4;

  RevisionAccount label;
  label.id = "5be100aa77cc";
  label.title = "Grüße: Zustand „zurückgeschickt“ & 注文 <script>alert('x')</script>";
  label.file = "versions/größe <b>/0001.py";
  label.script = "before/0010_base_to_5be100aa77cc.sql";
  StatementAccount add = statement("ALTER TYPE public.state ADD VALUE 'zurückgeschickt'",
                                   "public.state", LockMode::none, Work::catalog, label.file, 8);
  add.locks.clear();
  add.alone = true;
  add.way_back = WayBackClass::no_way_back;
  add.way_back_reason = "the label 'zurückgeschickt' of the enum public.state cannot be dropped";
  StatementAccount use = statement(
      "UPDATE public.\"Lieferung\" SET state = 'zurückgeschickt' WHERE note = '</code><script "
      "src=\"https://evil.example/x.js\"></script>' AND mark = 'a" +
          std::string(kOverride) + "tpircs\xE2\x80\xAC b\x01 \xFF'",
      "public.\"Lieferung\"", LockMode::row_exclusive, Work::rows, label.file, 12);
  use.certain = false;
  use.missing = "public.\"Lieferung\" is not made in the chain";
  use.basis = "the size of public.\"Lieferung\" is not in the statistics";
  use.way_back = WayBackClass::backup_only;
  use.way_back_reason = "old values are overwritten, and the table has no primary key";
  use.lost = {"values of public.\"Lieferung\".state"};
  label.statements = {add, use};
  label.holes = {"versions/0001.py:30: `requests.get` is not known & not called: <nothing>",
                 "versions/0001.py:41: a loop over rows of the database"};
  label.lost = {"sort order of public.state"};
  finish(label);

  RevisionAccount body;
  body.id = "ffee00112233";
  body.title = "settling, in the database " + std::string(300, 'w');
  body.file = "versions/0002.py";
  body.script = "before/0020_5be100aa77cc_to_ffee00112233.sql";
  StatementAccount function =
      statement(long_body(230), "", LockMode::none, Work::catalog, body.file, 0);
  function.locks.clear();
  StatementAccount unknown =
      statement("CREATE INDEX ix_" + std::string(55, 'x') + " ON public.events (kind)",
                "public.events", LockMode::share, Work::build, body.file, 14);
  unknown.basis = "public.events is not in the statistics";
  unknown.disk.unknown = "the size of public.events";
  unknown.risks.push_back({"lock/create-index", Level::error,
                           "writes to public.events wait while the index is built", false, ""});
  unknown.risks.push_back({"style/naming", Level::info, "@dba: see `ix_*` | #12", true, ""});
  StatementAccount swept = statement("TRUNCATE public.events_old CASCADE", "public.events_old",
                                     LockMode::access_exclusive, Work::catalog, body.file, 15);
  for (size_t i = 0; i < 40; ++i)
    swept.locks.push_back(
        {fmt::format("public.events_{:02}", i), LockMode::access_exclusive, true});
  swept.way_back = WayBackClass::lossy;
  swept.way_back_reason = "the rows are gone";
  swept.lost = {"rows of public.events_old"};
  StatementAccount opaque = statement("DO $$ BEGIN PERFORM public.settle_all(); END $$", "",
                                      LockMode::none, Work::unknown, body.file, 16);
  opaque.locks.clear();
  opaque.certain = false;
  opaque.missing = "what a DO block does";
  body.statements = {function, unknown, swept, opaque};
  body.risks.push_back({"transaction/mixed", Level::warning,
                        "DDL on a busy table and changes of rows in one transaction", false, ""});
  body.notes = {"a note with a very long word: " + std::string(500, 'n'), "**bold** | <i>no</i>"};
  finish(body);

  RevisionAccount merge;
  merge.id = "0a0b0c0d0e0f";
  merge.title = "merge";
  merge.file = "versions/0003_merge.py";
  account.revisions = {label, body, merge};
  return account;
}

Account long_account(size_t statements) {
  Account account = ticket_account();
  const Account hard = hard_account();
  std::vector<StatementAccount> kinds;
  for (const RevisionAccount& revision : account.revisions)
    kinds.insert(kinds.end(), revision.statements.begin(), revision.statements.end());
  kinds.push_back(hard.revisions[1].statements[0]);
  kinds.back().sql = long_body(30);
  kinds.push_back(hard.revisions[1].statements[1]);
  kinds.push_back(statement("CREATE TABLE public.t (\n  id bigint PRIMARY KEY,\n  name text NOT "
                            "NULL,\n  price numeric(12, 2)\n)",
                            "public.t", LockMode::access_exclusive, Work::catalog, "", 0));
  kinds.back().locks[0].existing = false;
  kinds.back().lock = LockMode::none;
  account.revisions.clear();
  constexpr size_t kEach = 5;
  for (size_t i = 0; i < statements; ++i) {
    if (i % kEach == 0) {
      RevisionAccount revision;
      revision.id = fmt::format("{:012x}", (i + 1) * 2654435761U);
      revision.title = fmt::format("change {} of many", i / kEach + 1);
      revision.file = fmt::format("migrations/versions/{:04}_change.py", i / kEach + 1);
      revision.script = fmt::format("before/{:04}_to_{}.sql", (i / kEach + 1) * 10, revision.id);
      account.revisions.push_back(revision);
    }
    StatementAccount next = kinds[i * 7 % kinds.size()];
    next.file = account.revisions.back().file;
    next.line = 10 + i % kEach;
    account.revisions.back().statements.push_back(next);
  }
  for (RevisionAccount& revision : account.revisions)
    finish(revision);
  return account;
}

ReportInfo report_info() {
  ReportInfo info;
  info.title = "order numbers outgrow integer";
  info.change = "CHG-4711";
  info.chain = "blake2b:9c1f7a0e55d2";
  info.tool_version = "retort 0.1.0";
  return info;
}

}  // namespace retort::tests
