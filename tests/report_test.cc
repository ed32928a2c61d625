// What a bundle does, as text: the page is well-formed and has nothing foreign in it, every format
// says the same, and page 1 says what matters.
#include "bundle/report/holds.h"
#include "bundle/report/words.h"
#include "tests/markup.h"
#include "tests/report_accounts.h"
#include "tests/shell.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace retort;
using namespace retort::bundle;
using tests::count_of;

namespace {

bool has(std::string_view text, std::string_view wanted) {
  return text.find(wanted) != std::string_view::npos;
}

// Up to the list of steps: what is read first.
std::string first_page(const std::string& html) {
  const size_t end = html.find("<section id=\"steps\">");
  REQUIRE(end != std::string::npos);
  return tests::text_of(html.substr(html.find("<body>"), end - html.find("<body>")));
}

void check_page(const std::string& html) {
  const std::vector<std::string> problems = tests::markup_problems(html);
  for (const std::string& problem : problems)
    FAIL_CHECK(problem);
  CHECK(html.starts_with("<!DOCTYPE html>\n"));
  CHECK(has(html, "content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  for (const std::string_view foreign : {"<script", "<img", "<link", "<iframe", "<object", "<base",
                                         "<form", "src=", "@import", "url(", " on", "javascript:"})
    CHECK_MESSAGE(!tests::has_in_tags(html, foreign), foreign);
  CHECK(count_of(html, "<style>") == 1);
}

}  // namespace

TEST_CASE("report: the page of each account is well-formed and holds nothing foreign") {
  const ReportInfo info = tests::report_info();
  check_page(report_html(Account{}, ReportInfo{}));
  check_page(report_html(tests::ticket_account(), info));
  check_page(report_html(tests::hard_account(), info));
  check_page(report_html(tests::long_account(40), info));
  ReportInfo hostile = info;
  hostile.title = "</title><script>alert(1)</script>";
  hostile.change = "</style><b>\"'\\\n}*{display:none";
  hostile.chain = "&amp;<";
  hostile.tool_version = "<0>";
  hostile.approvals = {"<i>yes</i>", "\xFF\x01"};
  const std::string html = report_html(tests::hard_account(), hostile);
  check_page(html);
  const size_t style = html.find("<style>"), end = html.find("</style>");
  CHECK(!has(std::string_view(html).substr(style, end - style), "display:none"));
  CHECK(count_of(html, "</style>") == 1);
}

TEST_CASE("report: xmllint reads the page, and the schema takes the JSON") {
  const tests::TemporaryFolder folder;
  const ReportInfo info = tests::report_info();
  const std::vector<std::pair<std::string, Account>> accounts = {
      {"empty", Account{}},
      {"ticket", tests::ticket_account()},
      {"hard", tests::hard_account()},
      {"long", tests::long_account(40)}};
  for (const auto& [name, account] : accounts) {
    REQUIRE(tests::write(folder.path() + "/" + name + ".html", report_html(account, info)));
    REQUIRE(tests::write(folder.path() + "/" + name + ".json", report_json(account, info)));
  }
  if (tests::run_shell("xmllint --version", folder.path()).exit_code == 0) {
    const tests::Outcome xml = tests::run_shell("xmllint --noout *.html", folder.path());
    CHECK_MESSAGE(xml.exit_code == 0, xml.output);
  } else {
    MESSAGE("xmllint is not installed");
  }
  if (tests::run_shell("python3 -c 'import jsonschema'", folder.path()).exit_code == 0) {
    const tests::Outcome schema = tests::run_shell(
        "python3 \"$RETORT_SOURCE/tests/reports/validate.py\" report *.json", folder.path());
    CHECK_MESSAGE(schema.exit_code == 0, schema.output);
  } else {
    MESSAGE("python3-jsonschema is not installed");
  }
}

TEST_CASE("report: page 1 of a ticket answers what is asked") {
  const std::string page = first_page(report_html(tests::ticket_account(), tests::report_info()));
  for (const std::string_view wanted :
       {"CHG-4711: order numbers outgrow integer",
        "From 41f0a6c2d853 to 9be0aa417f3c, PostgreSQL 15",
        "Blocks reads and writes of public.customers and public.orders for 21 to 99 s; one more is "
        "blocked, too.",
        "What data is removed or overwritten is saved first.",
        "You can go back, and the saved values are put back.", "What is locked?",
        "2.2 public.orders (about 3.0 M rows, 451 MB): reads and writes wait for 21 to 99 s",
        "2.2 public.order_lines: writes wait for 21 to 99 s", "How long does it take?",
        "29 s to 2.6 min of work in all.",
        "2.2 The longest wait for others: it blocks reads and writes of public.orders, for 20 to "
        "90 "
        "s",
        "What is lost?", "3.1 column public.orders.note: saved first, can be put back",
        "Can I go back?", "One thing is removed or overwritten and can be put back.",
        "3 Going back removes what was written since into column public.customers.last_order",
        "Steps: 3", "Statements: 5, 1 of them outside of transactions",
        "1 warning, 1 accepted with a reason",
        // 96 MB of the index stay, then 990 of the copy and 210 of sorting.
        "Free disk: 382 MB to 1.3 GB while it runs, most of it at step 2.2; up to 622 MB of it "
        "stay",
        "orders_prod, taken 2026-11-02", "public.orders has no triggers beyond those of the chain",
        "Reviewed by", "Approved by", "Run by"})
    CHECK_MESSAGE(has(page, wanted), wanted);
  CHECK(!has(page, "Warning"));
  CHECK(!has(page, "OLD"));
  CHECK(!has(page, "lint"));
  // Two minutes, at 200 words each.
  CHECK(count_of(page, " ") < 400);
  ReportInfo unsigned_info = tests::report_info();
  unsigned_info.sign_off = false;
  CHECK(!has(report_html(tests::ticket_account(), unsigned_info), "Reviewed by"));
}

TEST_CASE("report: old files go when their transaction ends, and not before") {
  constexpr int64_t kMega = 1'000'000;
  const auto rewrite = [](int64_t size) {
    StatementAccount each;
    each.disk.stays = {size * kMega / 2, size * kMega * 3 / 2};
    each.disk.freed = {size * kMega, size * kMega};
    return each;
  };
  Account account;
  account.revisions.resize(2);
  account.revisions[0].statements = {rewrite(100), rewrite(100)};
  account.revisions[1].statements = {rewrite(100)};
  DiskPeak peak = disk_peak(account);
  CHECK(peak.most.low == 100 * kMega);
  CHECK(peak.most.high == 300 * kMega);
  CHECK(peak.revision == 0);
  CHECK(peak.statement == 1);
  CHECK(peak.stays.low == 0);
  CHECK(peak.stays.high == 150 * kMega);
  CHECK(disk_peak(account, 1).most.high == 150 * kMega);
  CHECK(to_text(peak) == "100 to 300 MB");
  // Each for itself: the first copy has taken the old one's place.
  account.revisions[0].statements[1].alone = true;
  peak = disk_peak(account);
  CHECK(peak.most.high == 250 * kMega);
  CHECK(peak.revision == 1);
  // What a DROP would free may not be free yet, and may be.
  account.revisions[0].statements.clear();
  account.revisions[0].statements.emplace_back().disk.freed = {0, 80 * kMega};
  peak = disk_peak(account);
  CHECK(peak.most.low == 0);
  CHECK(peak.most.high == 150 * kMega);
  account.revisions[1].statements.emplace_back().disk.unknown = "the size of public.events";
  CHECK(to_text(disk_peak(account)) == "up to 150 MB and more, not known how much");
  CHECK(to_text(disk_peak(Account{})) == "none");
}

TEST_CASE("report: page 1 says aloud what is grave") {
  ReportInfo info = tests::report_info();
  info.approvals = {"no way back of 5be100aa77cc"};
  const std::string page = first_page(report_html(tests::hard_account(), info));
  for (const std::string_view wanted :
       {"From base (before the first revision)", "PostgreSQL 14, 15 and 16", "for an unknown time",
        "Data is lost for good.", "You cannot go back once step 1 has run.",
        "The latest safe point is before step 1.", "2 parts could not be compiled",
        "The statistics are more than 30 days old.", "2 errors were found",
        "1.1 No way back: the label &#39;zurückgeschickt&#39; of the enum public.state cannot be "
        "dropped",
        "1.2 Backup only: old values are overwritten", "2.3 Lossy: the rows are gone",
        "1 sort order of public.state: does not come back",
        "1.2 values of public.&quot;Lieferung&quot;.state: comes back only from a dump taken "
        "before",
        "taken 2026-08-30 (OLD)", "2.4 not known: what a DO block does",
        "Approved no way back of 5be100aa77cc",
        "2.2 No estimate for work on public.events: "
        "public.events is not in the statistics",
        "Free disk: not known: the size of public.events"})
    CHECK_MESSAGE(has(page, wanted), wanted);
  Account no_statistics = tests::ticket_account();
  no_statistics.statistics_of.clear();
  CHECK(has(first_page(report_html(no_statistics, info)), "Run tools/stats.sql on the target"));
}

TEST_CASE("report: what is overwritten counts as lost, and what came later only on the way back") {
  Account account = tests::ticket_account();
  StatementAccount& update = account.revisions[1].statements[2];
  update.way_back = rollback::WayBackClass::data_kept;
  update.way_back_reason = "rows of public.customers: the old values are saved first";
  const std::string html = report_html(account, tests::report_info());
  const std::string page = first_page(html);
  CHECK(has(page, "2 things are removed or overwritten and can be put back."));
  CHECK(has(page, "2.3 rows of public.customers: the old values are saved first"));
  CHECK(!has(page, "last_order: does not come back"));
  CHECK(has(html, "<dt>Lost on the way back</dt><dd>values written after the upgrade: column "
                  "public.customers.last_order</dd>"));
  // The same in other words is not said twice.
  account.revisions[2].lost.push_back("column public.orders.note: its default");
  CHECK(!has(first_page(report_html(account, {})), "its default"));
  account.revisions[2].lost.push_back("comment of public.orders");
  CHECK(
      has(first_page(report_html(account, {})), "3 comment of public.orders: does not come back"));
}

TEST_CASE("report: an account without statements says so") {
  const std::string page = first_page(report_html(Account{}, ReportInfo{}));
  CHECK(has(page, "There is nothing to run: no statement is in this range."));
  CHECK(has(report_markdown(Account{}, ReportInfo{}), "There is nothing to run"));
}

TEST_CASE("report: a row has the facts of its statement") {
  const std::string text =
      tests::text_of(report_html(tests::ticket_account(), tests::report_info()));
  const size_t begin = text.find("2.2 ALTER TABLE public.orders ALTER COLUMN number TYPE bigint");
  REQUIRE(begin != std::string::npos);
  const std::string row = text.substr(begin, text.find("2.3 UPDATE") - begin);
  for (const std::string_view wanted :
       {"From migrations/versions/2026_10_19_order_numbers.py:18", "about 3.0 M rows, 451 MB",
        "Blocks reads and writes ACCESS EXCLUSIVE on public.orders",
        "Blocks writes SHARE ROW EXCLUSIVE on public.order_lines",
        "Kept until the transaction ends: 21 to 99 s", "Rewrites the whole table 20 to 90 s",
        "3.0 M rows are written anew, with 4 indexes", "Accepted lock/retype : reads and writes",
        "Reason given: agreed with the shop", "Exact, slow back to integer rewrites the table"})
    CHECK_MESSAGE(has(row, wanted), wanted);
  CHECK(has(text, "Nobody waits: it is new ACCESS EXCLUSIVE on public.ix_orders_customer_day"));
  CHECK(has(text, "Changes of the table&#39;s shape wait SHARE UPDATE EXCLUSIVE on public.orders"));
  CHECK(has(text, "Runs outside of a transaction."));
  CHECK(has(text, "Writes of the same rows wait ROW EXCLUSIVE on public.customers"));
}

TEST_CASE("report: the worst risk comes first, and what is accepted last") {
  const std::vector<Risk> sorted = sorted_risks({{"a/note", Level::info, "", false, ""},
                                                 {"b/accepted", Level::error, "", true, "yes"},
                                                 {"c/warning", Level::warning, "", false, ""},
                                                 {"d/error", Level::error, "", false, ""}});
  std::string order;
  for (const Risk& each : sorted)
    order += each.rule.substr(0, 1);
  CHECK(order == "dcab");
}

TEST_CASE("report: marks that nobody sees are shown, and hostile text stays text") {
  const Account account = tests::hard_account();
  const ReportInfo info = tests::report_info();
  const std::string html = report_html(account, info);
  CHECK(!has(html, tests::kOverride));
  CHECK(has(html, "<span class=\"mark\">U+202E</span>"));
  CHECK(has(html, "<span class=\"mark\">U+0001</span>"));
  CHECK(has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
  const std::string markdown = report_markdown(account, info);
  CHECK(!has(markdown, tests::kOverride));
  CHECK(has(markdown, "[U+202E]"));
  CHECK(has(markdown, "&lt;script&gt;alert('x')&lt;/script&gt;"));
  CHECK(!has(markdown, "@dba"));
  CHECK(has(markdown, "@<!-- -->dba: see \\`ix\\_\\*\\` \\| #12"));
  // Programs get what the server gets.
  CHECK(has(report_json(account, info), tests::kOverride));
}

TEST_CASE("report: long bodies are folded, and whole in the appendix") {
  const std::string html = report_html(tests::hard_account(), tests::report_info());
  CHECK(has(html, "<a href=\"#full-s2-1\">all of it is in the appendix</a>"));
  CHECK(has(html, "<h3 id=\"full-s2-1\">"));
  CHECK(count_of(html, "k229") == 1);
  CHECK(count_of(html, ":= &#39;k1&#39;") == 2);

  CHECK(folded("SELECT 1\n\n").text == "SELECT 1");
  CHECK(folded("").left_out == 0);
  std::string lines = "1";
  for (size_t i = 2; i <= kFoldedLines; ++i)
    lines += fmt::format("\n{}", i);
  CHECK(folded(lines).left_out == 0);
  CHECK(folded(lines).text == lines);
  CHECK(folded(lines + "\nmore").left_out == 1);
  CHECK(folded(lines + "\nmore").text == lines);
  // One long line; a character is not cut in two.
  std::string wide(5'000, 'x');
  const Folded cut = folded(wide);
  CHECK(cut.left_out == 1);
  CHECK(cut.text.size() == kFoldedLines * 52);
  CHECK(folded("SELECT\n" + wide + "\nx").left_out == 2);
  // A line is cut only if it would never fit.
  CHECK(folded(lines.substr(0, lines.rfind('\n')) + "\n" + std::string(99, 'y')).text ==
        lines.substr(0, lines.rfind('\n')));
  wide.clear();
  for (size_t i = 0; i < 2'000; ++i)
    wide += "ü";
  CHECK(folded(wide).text.size() % 2 == 0);
}

TEST_CASE("report: others wait until the transaction ends") {
  const Account account = tests::ticket_account();
  const std::vector<Hold> holds = worst_holds(account);
  REQUIRE(holds.size() == 3);
  // customers is locked by a change of the catalog, and stays so during the rewrite of orders.
  CHECK(holds[0].relation == "public.customers");
  CHECK(number_of(holds[0].revision, holds[0].statement) == "2.1");
  CHECK(holds[0].reads.known.high == doctest::Approx(99));
  CHECK(holds[1].relation == "public.orders");
  CHECK(holds[1].times == 2);
  CHECK(holds[2].relation == "public.order_lines");
  CHECK(!holds[2].reads.works);

  // What stands alone is a transaction of its own.
  Account split = account;
  split.revisions[1].statements[1].alone = true;
  const std::vector<Hold> less = worst_holds(split);
  CHECK(less[0].relation == "public.orders");
  CHECK(less[0].writes.known.high == doctest::Approx(90));
  CHECK(to_text(less[2].writes) == "a moment");
  CHECK(less[2].relation == "public.customers");

  // A lock that becomes stronger: reads wait from there on.
  Account grown = account;
  std::vector<StatementAccount>& statements = grown.revisions[1].statements;
  statements[0].locks[0].mode = facts::LockMode::share;
  statements[2].locks[0].mode = facts::LockMode::access_exclusive;
  const std::vector<Hold> two = worst_holds(grown);
  CHECK(two[0].relation == "public.customers");
  CHECK(two[0].writes.known.high == doctest::Approx(99));
  CHECK(two[0].reads.known.high == doctest::Approx(9));
  CHECK(
      has(first_page(report_html(grown, {})), "writes wait for 21 to 99 s, reads for 1.4 to 9 s"));

  // Work without an estimate is longer than any.
  statements[2].time.reset();
  CHECK(worst_holds(grown)[0].writes.unknown);
  CHECK(has(report_markdown(grown, {}), "20 to 90 s and more, not known how much"));
  const std::vector<std::vector<std::string>> kept = kept_locks(account);
  CHECK(kept[1] == std::vector<std::string>{"21 to 99 s", "21 to 99 s", ""});
  CHECK(kept[2] == std::vector<std::string>{""});
}

TEST_CASE("report: Markdown stays below the limit of its hosts, and says what is not in it") {
  const ReportInfo info = tests::report_info();
  const std::string ticket = report_markdown(tests::ticket_account(), info);
  CHECK(has(ticket, "## Appendix: long statements"));
  CHECK(has(ticket, "| 2.2 | `ALTER TABLE public.orders ALTER COLUMN number TYPE bigint` |"));
  CHECK(
      has(ticket, "`UPDATE public.customers SET last_order = o.number ⏎ FROM public.orders o ⏎ "));
  CHECK(!has(ticket, "not shown here"));

  for (const size_t statements : {40U, 200U, 1'755U}) {
    const Account account = tests::long_account(statements);
    const std::string markdown = report_markdown(account, info);
    CHECK(markdown.size() <= kMarkdownLimit);
    // All rows have all their columns.
    for (const std::string_view line : tests::lines_of(markdown))
      if (line.starts_with("| 1.") || line.starts_with("| 2."))
        CHECK(tests::cells_of(line) == 8);
    const size_t rows = count_of(markdown, "\n| ") - account.revisions.size();
    CHECK(rows > 30);
    if (statements == 1'755)
      CHECK(has(markdown, "are not shown here: report.html in the bundle has all of them."));
    if (statements == 40)
      CHECK(!has(markdown, "not shown here"));
  }
  // One statement beyond all limits, and texts of that size everywhere else.
  Account huge = tests::ticket_account();
  huge.revisions[0].statements[0].sql = std::string(1'000'000, '`');
  huge.revisions[1].title = std::string(200'000, '<');
  huge.revisions[1].notes.assign(3'000, "a note");
  huge.from = std::string(100'000, 'f');
  CHECK(report_markdown(huge, info).size() <= kMarkdownLimit);
  check_page(report_html(huge, info));
}

TEST_CASE("report: nothing is left out of the page and of the JSON") {
  const Account account = tests::long_account(1'755);
  const ReportInfo info = tests::report_info();
  const std::string html = report_html(account, info);
  CHECK(count_of(html, "<tr id=\"s") == 1'755);
  CHECK(count_of(html, "<section id=\"r") == account.revisions.size());
  CHECK(count_of(report_json(account, info), "\"time_text\":") == 1'755);
  CHECK(html.size() < 4'000'000);
  CHECK(html == report_html(tests::long_account(1'755), info));
}
