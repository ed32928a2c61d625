// Any bytes as a file of SQL, and as one revision of a chain, through all of the linter: no crash,
// places inside of the text, reports that can be written, fixes that apply, the same findings
// whatever the number of threads.
#include "linter/lint.h"
#include "cli/command.h"
#include "compiler/step.h"
#include "linter/finish.h"
#include "linter/fix.h"
#include "linter/report/report.h"
#include "rules/pages.h"
#include "rules/rules.h"
#include "tests/fuzz/seeds.h"
#include "versions/chain.h"
#include "versions/read_sql.h"

using namespace retort;

namespace {

// The SQL of the examples on the rules' pages.
std::vector<std::string> examples() {
  std::vector<std::string> texts;
  for (const rules::Page& page : rules::pages()) {
    std::string_view rest = page.text;
    for (size_t begin = rest.find("```sql"); begin != rest.npos; begin = rest.find("```sql")) {
      rest.remove_prefix(std::min(rest.find('\n', begin) + 1, rest.size()));
      const size_t end = std::min(rest.find("```"), rest.size());
      texts.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 3, rest.size()));
    }
  }
  return texts;
}

std::string print(const Run& run, std::span<const Finding> findings, std::span<const Unit> units) {
  std::string all;
  for (const ReportFormat& format : report_formats())
    all += format.write({findings, run.sources, units, Level::info, true, true});
  return all;
}

void look(Run& run, std::span<const Unit> units, const Chain* chain) {
  LintSettings settings;
  settings.servers = {12, 15, 18};
  const LintInput input{.sources = run.sources,
                        .chain = chain,
                        .base = {},
                        .base_is_whole = false,
                        .units = units,
                        .first_unreleased = {},
                        .least_part = 1};
  std::string first;
  for (const unsigned threads : {1U, 3U}) {
    std::vector<Finding> findings = lint(input, rules::rules(), settings, threads);
    add_holes(units, run.sources, findings);
    finish(findings, units, run.sources, settings, rules::known_names());
    set_fingerprints(findings, run.sources);
    for (const Finding& finding : findings) {
      const Loc at = finding.diagnostic.at;
      MUST(at.file == FileId::none || at.span.begin <= at.span.end);
      MUST(at.file == FileId::none || at.span.end <= run.sources.text(at.file).size());
      MUST(!finding.diagnostic.message.empty());
    }
    (void)fixed_files(run.sources, findings, Safety::review);
    const std::string text = print(run, findings, units);
    MUST(first.empty() || text == first);
    first = text;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static const std::vector<std::string> texts = examples();
  fuzz::write_seeds(*argc, *argv, std::vector<std::string_view>(texts.begin(), texts.end()));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  {
    Run run;
    const FileId before = run.sources.add("/v/0.sql", "CREATE TABLE t (id bigint, a text);\n");
    const FileId file = run.sources.add("/v/1.sql", text);
    std::vector<Unit> units;
    units.push_back(unit_of(run, before, true));
    units.push_back(unit_of(run, file, true));
    on_large_stack([&] { look(run, units, nullptr); });
  }
  Run run;
  const std::string head = "-- /// retort\n-- revision = \"";
  const std::string first =
      head + "a1\"\n-- down_revision = []\n-- ///\nCREATE TABLE t (id bigint, a text);\n"
             "-- retort: down\nDROP TABLE t;\n";
  const std::string second = head + "b2\"\n-- down_revision = \"a1\"\n-- ///\n" + text;
  const std::array files = {SqlFile{"/v/1.sql", run.sources.add("/v/1.sql", first)},
                            SqlFile{"/v/2.sql", run.sources.add("/v/2.sql", second)}};
  const Chain chain =
      link(read_sql_files(run.sources, files, false, run.diagnostics), run.diagnostics);
  RevisionSet all(chain.size());
  for (RevIndex i = 0; i < chain.size(); ++i)
    all.insert(i);
  CompileOptions options;
  options.forms = true;
  const std::vector<Unit> units = units_of(run, chain, options, all);
  on_large_stack([&] { look(run, units, &chain); });
  return 0;
}
