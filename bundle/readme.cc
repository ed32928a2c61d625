// README.txt: what the operator does, in order, with commands to copy.
#include "bundle/contents.h"

#include "bundle/report/words.h"
#include "common/text.h"
#include "compiler/script/guards.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle {
namespace {

bool has(std::span<const NewFile> files, std::string_view path) {
  return std::any_of(files.begin(), files.end(),
                     [&](const NewFile& file) { return file.path == path; });
}

std::string braces(const std::string& ids) { return "{" + ids + "}"; }

class Readme {
public:
  Readme(const Material& material, std::span<const NewFile> files)
      : material_(material), account_(material.account), files_(files) {}

  std::string text() {
    title();
    section("WHAT YOU NEED");
    needs();
    section("1. CHECK THE BUNDLE");
    line("Nothing may be missing, changed or added. In this folder:");
    command("sha256sum -c --strict SHA256SUMS");
    command("find . -type f | LC_ALL=C sort | diff - FILES");
    line("The first prints OK for every file, the second prints nothing. In PowerShell:");
    command(
        "Get-Content SHA256SUMS | ForEach-Object { $h, $f = $_ -split '  ', 2; if ((Get-FileHash");
    command("  $f).Hash -ne $h) { \"CHANGED: $f\" } }");
    section("2. PREFLIGHT");
    line("Reads only. It says whether the scripts would be let in, and who is in their way.");
    command(psql("preflight/010_preflight.sql", "evidence/preflight.log"));
    line("The last line of the log says: retort: preflight done");
    number_ = 3;
    dump();
    run("before", "RUN");
    if (has(files_, "after/run.sql")) {
      section(fmt::format("{}. DEPLOY THE CODE", number_++));
      line("Then go on.");
      run("after", "RUN WHAT COMES AFTER THE DEPLOY");
    }
    section(fmt::format("{}. VERIFY", number_++));
    line("Compares the database with what the revisions say.");
    command(psql("verify/900_verify.sql", "evidence/verify.log"));
    line("It ends with: retort verify: N checks passed");
    section("IF SOMETHING GOES WRONG");
    trouble();
    section("GOING BACK");
    line("rollback/PLAN.txt says what comes back, what does not, and how. Read it before you run");
    line("the change.");
    section("WHAT TO SEND BACK");
    line("The folder evidence/ with all logs. `retort bundle verify DIR --log evidence/run.log`");
    line("reads them.");
    section("SIGNING");
    line("Whoever releases the bundle signs SHA256SUMS; every other file hangs on it. One of:");
    command("ssh-keygen -Y sign -f KEY -n retort-bundle SHA256SUMS");
    command("ssh-keygen -Y verify -f ALLOWED_SIGNERS -I WHO -n retort-bundle \\");
    command("  -s SHA256SUMS.sig < SHA256SUMS");
    command("minisign -S -s KEY -m SHA256SUMS         minisign -V -p KEY.pub -m SHA256SUMS");
    command("gpg --detach-sign --armor SHA256SUMS     gpg --verify SHA256SUMS.asc SHA256SUMS");
    line("Keep the signature beside the folder, or take its file out of the second check above.");
    return std::move(text_);
  }

private:
  void line(std::string_view words) { (text_ += words) += '\n'; }
  void wrapped(std::string_view words) {
    constexpr size_t kWidth = 88;
    while (words.size() > kWidth) {
      const size_t end = words.rfind(' ', kWidth);
      if (end == words.npos)
        break;
      line(words.substr(0, end));
      words.remove_prefix(end + 1);
    }
    line(words);
  }
  void command(std::string_view words) { text_ += fmt::format("    {}\n", words); }
  void section(std::string_view words) {
    text_ += fmt::format("\n{}\n{}\n", words, std::string(words.size(), '-'));
  }
  static std::string psql(std::string_view file, std::string_view log) {
    return fmt::format("psql -X -v ON_ERROR_STOP=1 -e -d \"$DB\" -f {} > {} 2>&1", file, log);
  }

  void title() {
    const Request& request = material_.request;
    std::string name = request.change.empty() ? "DATABASE CHANGE" : request.change;
    line(name);
    line(std::string(name.size(), '='));
    text_ += '\n';
    line(fmt::format("Takes a database from {} to {}: {}.", braces(account_.from),
                     braces(account_.to), counted(account_.revisions.size(), "revision")));
    for (const RevisionAccount& revision : account_.revisions)
      line(fmt::format("  {}  {}", revision.id, revision.title));
    text_ += '\n';
    const size_t first = rollback::first_without_way_back(material_.ways);
    if (first == 0)
      line(fmt::format("Going back: {}.", rollback::explanation(worst_way_back(account_))));
    else
      line(fmt::format("Going back: when {} has run, there is no way back behind it.",
                       material_.ways[first - 1].id));
    line("report.html says what each statement locks, how long, and what is lost.");
    if (!request.approved.empty())
      line(fmt::format("Approved without a way back: {} ({}).", join(request.approved, ", "),
                       request.reason));
    for (const RevisionAccount& revision : account_.revisions)
      for (const std::string& hole : revision.holes)
        line(fmt::format("NOT COMPLETE: {}: {}", revision.id, hole));
  }

  void needs() {
    line("psql of the server's major version or newer, and sha256sum or PowerShell. Nothing else.");
    line("All commands run in this folder. Say which database:");
    command(material_.config.database.value.empty() ||
                    material_.config.database.value.find('*') != std::string::npos
                ? "DB=orders_prod"
                : fmt::format("DB={}", material_.config.database.value));
    line("DB may also be a connection string. Host, port and user go into PGHOST, PGPORT, PGUSER.");
    wrapped("Free disk on the server: " + disk_sentence(account_) + ".");
    if (!material_.config.role.value.empty())
      line(fmt::format("The scripts run as the role {}.", material_.config.role.value));
  }

  void dump() {
    const bool any = std::any_of(material_.ways.begin(), material_.ways.end(),
                                 [](const rollback::RevisionWayBack& way) { return way.dump; });
    if (!any)
      return;
    section(fmt::format("{}. SAVE", number_++));
    line("Some rows only come back from a dump that is taken now: see BEFORE THE UPGRADE in");
    line("rollback/PLAN.txt.");
  }

  void run(std::string_view folder, std::string_view words) {
    section(fmt::format("{}. {}", number_++, words));
    command(psql(fmt::format("{}/run.sql", folder),
                 folder == "before" ? "evidence/run.log" : "evidence/run_after.log"));
    line("Output goes to a file, not through a pipe: a pipe would lose the exit code.");
    line("It was done when psql exits with 0 and the last line of the log says:");
    const bool before = folder == "before";
    const size_t end = before ? material_.after : material_.steps.size();
    const size_t count = before ? end : end - material_.after;
    const Rows rows = rows_behind(material_.chain, material_.rows, material_.steps.subspan(0, end));
    command(fmt::format("retort: done {}/{}, database at {}", count, count,
                        braces(shown(material_.chain, rows))));
  }

  void trouble() {
    line("Exit code of psql:");
    line("  0  done, if the last line says so");
    line("  1  psql could not read a file: are you in this folder?");
    line("  2  the connection was lost. Run the same command again: it goes on where it was.");
    line("  3  the server refused something: the log says what. Nothing half-done stays behind.");
    text_ += '\n';
    line("What the log may say:");
    line("  RT001 \"this script starts at {..}, the database is at {..}\"");
    line("        Nothing was done. The database is somewhere else: ask for another bundle.");
    line("        \"already at\": it was run before.");
    line("  RT002 \"already being changed by another run\", \"another script was interrupted\"");
    line("        Wait for the other one, or finish it first.");
    line("  RT003 \"something is left of an earlier attempt\"");
    line("        Run the same command again; where that does not help, the hint says what to do.");
    line("  RT005 the session: a transaction is open (psql -1), a standby, a right is missing");
    line("  RT006 another server version or database than the scripts are for");
    line("  RT007 a demand of a revision does not hold: an assertion, a number of rows");
    line("  canceling statement due to lock timeout (55P03)");
    line("        Somebody held a table too long. Nothing of that step was done: run it again.");
    text_ += '\n';
    line("An index build was interrupted (power cut, Ctrl-C): run the same command again. The");
    line("invalid index is dropped and built anew; steps that are done are left out.");
    text_ += '\n';
    line("Where the database is, at any time:");
    command("psql -X -d \"$DB\" -f tools/current.sql");
  }

  const Material& material_;
  const Account& account_;
  std::span<const NewFile> files_;
  int number_ = 3;
  std::string text_;
};

}  // namespace

std::string readme(const Material& material, std::span<const NewFile> files) {
  return Readme(material, files).text();
}

}  // namespace retort::bundle
