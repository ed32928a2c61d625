#include "tests/rule_page.h"

#include "common/path.h"
#include "common/text.h"
#include "editors/server/model.h"
#include "linter/finish.h"
#include "linter/fix.h"
#include "linter/lint.h"
#include "linter/report/report.h"
#include "rules/pages.h"
#include "rules/rules.h"
#include "tests/fake_disk.h"
#include "versions/read.h"

#include <algorithm>
#include <deque>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

namespace retort::tests {
namespace {

constexpr std::string_view kFolder = "/page/versions";

// The file that a block becomes, and how its lines and columns follow from the block's.
struct PageFile {
  std::string path;
  std::string text;
  size_t lines_before = 0;
  size_t indent = 0;
  const PageBlock* block = nullptr;
};

std::string revision_lines(size_t number, std::string_view sign) {
  return fmt::format("{0}revision = \"r{1}\"\n{0}down_revision = {2}\n", sign, number,
                     number == 1 ? sign.empty() ? "None" : "[]"
                                 : fmt::format("\"r{}\"", number - 1));
}

std::string indented(std::string_view text) {
  std::string result;
  for (const std::string_view line : split(text, '\n'))
    result += line.empty() ? "\n" : fmt::format("    {}\n", line);
  return result;
}

PageFile file_of(const PageBlock& block, size_t number) {
  PageFile file;
  file.block = &block;
  file.path = fmt::format("{}/r{:02}.{}", kFolder, number, block.language == "sql" ? "sql" : "py");
  if (block.language == "sql") {
    file.text = "-- /// retort\n" + revision_lines(number, "-- ") + "-- ///\n";
    file.lines_before = 4;
    file.text += block.text;
    return file;
  }
  file.text = "from alembic import op\nimport sqlalchemy as sa\n"
              "from sqlalchemy.dialects import postgresql\n" +
              revision_lines(number, "");
  file.lines_before = 5;
  if (block.text.find("def upgrade") != std::string::npos) {
    file.text += block.text;
    return file;
  }
  file.text += "def upgrade():\n" + indented(block.text) + "def downgrade():\n    pass\n";
  file.lines_before = 6;
  file.indent = 4;
  return file;
}

struct Marker {
  size_t line = 0;            // of the block, from 1: where the finding begins
  size_t marker_line = 0;     // of the marker itself
  size_t begin = 0, end = 0;  // columns from 1; 0: the first two
  std::string level, variant, message;
};

std::vector<Marker> markers_of(const PageBlock& block) {
  static const std::regex kMarker(
      R"(^\s*(?:--|#)\s*(\^+|<-)\s*(error|warning|info)(?:\[([\w-]+)\])?:\s*(.*)$)");
  std::vector<Marker> markers;
  size_t target = 0;
  const std::vector<std::string_view> lines = split(block.text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    std::cmatch match;
    if (!std::regex_match(lines[i].data(), lines[i].data() + lines[i].size(), match, kMarker)) {
      target = i + 1;
      continue;
    }
    Marker& marker = markers.emplace_back();
    marker.line = target;
    marker.marker_line = i + 1;
    if (match[1] != "<-") {
      marker.begin = static_cast<size_t>(match.position(1)) + 1;
      marker.end = marker.begin + static_cast<size_t>(match.length(1));
    }
    marker.level = match[2];
    marker.variant = match[3];
    marker.message = match[4];
  }
  return markers;
}

class Example {
public:
  Example(std::string_view rule, const PageSection& section) : rule_(rule) {
    for (const PageBlock& block : section.blocks) {
      if (block.language == "toml")
        disk_files_["/page/retort.toml"] = block.text;
      else if (block.attribute == "base")
        base_ = block.text;
      else if (block.attribute == "fixed")
        fixed_ = &block;
      else if (block.language == "sql" || block.language == "python")
        files_.push_back(file_of(block, files_.size() + 1));
    }
  }

  std::vector<PageMismatch> run() {
    std::vector<PageFile> after = files_;
    std::vector<PageFile> by_steps;
    size_t without_edits = 0, without_steps = 0;
    look(files_, own_rule(), [&](const std::vector<Finding>& found, Run& run) {
      compare(found, run.sources);
      compare_with_server(found, run.sources);
      for (const Finding& finding : found) {
        without_edits += has_edits(finding) ? 0 : 1;
        without_steps += steps_of(finding) ? 0 : 1;
      }
      if (without_edits != found.size())
        apply(after, found, run.sources);
      if (without_steps != found.size())
        by_steps = follow_steps(found, run.sources);
    });
    if (!fixed_ && std::equal(after.begin(), after.end(), files_.begin(),
                              [](const auto& a, const auto& b) { return a.text == b.text; }))
      after.clear();
    if (fixed_ && !after.empty()) {
      const PageFile wanted = file_of(*fixed_, files_.size());
      if (without_markers(after.back().text) != wanted.text)
        mismatches_.push_back(
            {fixed_->line, fmt::format("the fix gives\n{}", without_markers(after.back().text))});
    }
    if (!after.empty())
      check_fixed(after, without_edits);
    if (!by_steps.empty())
      check_steps(by_steps, without_steps);
    return std::move(mismatches_);
  }

private:
  using Selection = std::vector<std::string>;
  Selection own_rule() const { return {std::string(rule_)}; }

  static bool has_edits(const Finding& finding) {
    const std::vector<Fix>& fixes = finding.diagnostic.fixes;
    return std::any_of(fixes.begin(), fixes.end(),
                       [](const Fix& fix) { return !fix.edits.empty(); });
  }
  static const std::vector<FixStep>* steps_of(const Finding& finding) {
    for (const Fix& fix : finding.diagnostic.fixes)
      if (!fix.steps.empty() && !finding.down)
        return &fix.steps;
    return nullptr;
  }

  static void apply(std::vector<PageFile>& files, const std::vector<Finding>& found,
                    const Sources& sources) {
    const std::map<std::string, std::string> fixed = fixed_files(sources, found, Safety::review);
    for (PageFile& file : files)
      if (const auto text = fixed.find(file.path); text != fixed.end())
        file.text = text->second;
  }

  // What was fixed can still be read, compiles, and is found no more. Fixes that touch each other
  // are applied one after the other.
  void check_fixed(std::vector<PageFile>& after, size_t others) {
    constexpr int kMostPasses = 5;
    for (int pass = 0; pass < kMostPasses; ++pass) {
      bool again = false;
      look(after, own_rule(), [&](const std::vector<Finding>& found, Run& run) {
        again = std::any_of(found.begin(), found.end(), has_edits);
        if (again && pass + 1 < kMostPasses)
          return apply(after, found, run.sources);
        if (again || found.size() > others)
          for (const Finding& finding : found)
            mismatches_.push_back({first_line(), fmt::format("after the fix there still is: {}",
                                                             finding.diagnostic.message)});
      });
      if (!again)
        return;
    }
  }

  // The first step instead of the statement, each other one in a revision of its own.
  std::vector<PageFile> follow_steps(const std::vector<Finding>& found, const Sources& sources) {
    std::vector<PageFile> files = files_;
    std::vector<std::string> more;
    for (auto finding = found.rbegin(); finding != found.rend(); ++finding) {
      const std::vector<FixStep>* const steps = steps_of(*finding);
      if (!steps)
        continue;
      const LintStatement& statement = finding->unit->up.statements.at(finding->statement - 1);
      for (PageFile& file : files) {
        if (sources.path(statement.call.file) != file.path)
          continue;
        const Span at = statement.op == "sql" ? statement.at.span : statement.call.span;
        std::string first = steps->front().sql;
        if (statement.op != "sql")
          first = fmt::format(
              "{}op.execute(r\"\"\"{}\"\"\")",
              steps->front().outside ? "with op.get_context().autocommit_block(): " : "", first);
        file.text.replace(at.begin, at.size(), first);
      }
      for (size_t i = 1; i < steps->size(); ++i) {
        more.resize(std::max(more.size(), i));
        more[i - 1] += (*steps)[i].sql + ";\n";
      }
    }
    for (const std::string& text : more) {
      const size_t number = files.size() + 1;
      PageFile& file = files.emplace_back();
      file.path = fmt::format("{}/r{:02}.sql", kFolder, number);
      file.text = "-- /// retort\n" + revision_lines(number, "-- ") + "-- ///\n" + text;
    }
    return files;
  }

  // They do what the statement did and nothing that it was found for, under any rule about locks.
  void check_steps(const std::vector<PageFile>& files, size_t others) {
    look(files, own_rule(), [&](const std::vector<Finding>& found, Run&) {
      if (found.size() > others)
        for (const Finding& finding : found)
          mismatches_.push_back({first_line(), fmt::format("with the steps there still is: {}",
                                                           finding.diagnostic.message)});
    });
    look(files, {"lock", "fail", "txn/forbidden", "txn/validate-together"},
         [&](const std::vector<Finding>& found, Run& run) {
           for (const Finding& finding : found)
             for (size_t i = files_.size(); i < files.size(); ++i)
               if (finding.diagnostic.at.file != FileId::none &&
                   run.sources.path(finding.diagnostic.at.file) == files[i].path &&
                   finding.diagnostic.level != Level::info)
                 mismatches_.push_back(
                     {first_line(),
                      fmt::format("the steps are found by {}: {}\n{}", finding.diagnostic.rule,
                                  finding.diagnostic.message, files[i].text)});
         });
  }

  size_t first_line() const {
    return fixed_ ? fixed_->line : files_.empty() ? 1 : files_.back().block->line;
  }

  template <class Use>
  void look(const std::vector<PageFile>& files, const Selection& selection, Use&& use) {
    FakeDisk::Files on_disk = disk_files_;
    for (const PageFile& file : files)
      on_disk[file.path] = file.text;
    const FakeDisk disk(std::move(on_disk));
    Run run{.disk = disk, .threads = 1, .sources = {}, .diagnostics = {}};
    ConfigRequest request;
    request.start_folder = "/page";
    request.versions = {std::string(kFolder)};
    const Result<Config> config = read_config(run, request);
    if (!config) {
      report(run.diagnostics.all());
      return;
    }
    Result<LintSettings> settings = read_lint_settings(run, *config, rules::known_names());
    if (!settings) {
      report(run.diagnostics.all());
      return;
    }
    settings->select = selection;
    VersionFolders folders;
    folders.folders.push_back({std::string(kFolder), {}});
    const Chain chain = link(read_revisions(run, folders), run.diagnostics);
    RevisionSet all(chain.size());
    for (RevIndex i = 0; i < chain.size(); ++i)
      all.insert(i);
    CompileOptions options = compile_options(*config, {});
    options.forms = true;
    const std::vector<Unit> units = units_of(run, chain, options, all);
    if (run.diagnostics.has_errors())
      report(run.diagnostics.all());
    LintInput input{.sources = run.sources,
                    .chain = &chain,
                    .base = {},
                    .base_is_whole = !base_.empty(),
                    .units = units,
                    .first_unreleased = {},
                    .statistics = nullptr,
                    .integrity = nullptr};
    Unit base;
    if (!base_.empty())
      base = unit_of(run, run.sources.add("base.sql", base_), true);
    input.base = base.up.statements;
    const std::vector<const Rule*> rules = enabled(rules::rules(), *settings);
    input.least_part = 1;
    const auto look = [&](unsigned threads) {
      std::vector<Finding> findings;
      on_large_stack([&] { findings = lint(input, rules, *settings, threads); });
      add_holes(units, run.sources, findings);
      finish(findings, units, run.sources, *settings, rules::known_names());
      return findings;
    };
    const auto text_of = [&](const std::vector<Finding>& findings) {
      return json_report({.findings = findings, .sources = run.sources, .units = units});
    };
    const std::vector<Finding> findings = look(1);
    if (text_of(look(3)) != text_of(findings))
      mismatches_.push_back({files_.empty() ? 1 : files_.front().block->line,
                             "three threads find something else than one"});
    use(findings, run);
  }

  void report(const std::vector<Diagnostic>& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics)
      mismatches_.push_back({files_.empty() ? 1 : files_.front().block->line,
                             fmt::format("{}: {}", diagnostic.rule, diagnostic.message)});
  }

  // What the language server says of the same files, also when the last one was edited.
  void compare_with_server(const std::vector<Finding>& findings, const Sources& sources) {
    FakeDisk::Files on_disk = disk_files_;
    for (const PageFile& file : files_)
      on_disk[file.path] = file.text;
    std::string& settings = on_disk["/page/retort.toml"];
    std::string lint = fmt::format("[lint]\nselect = [\"{}\"]\n", rule_);
    if (!base_.empty()) {
      on_disk["/page/base.sql"] = base_;
      lint += "base = \"/page/base.sql\"\n";
    }
    const size_t table = settings.find("[lint]\n");
    if (table == std::string::npos)
      settings += lint;
    else
      settings.replace(table, std::string_view("[lint]\n").size(), lint);
    const FakeDisk disk(std::move(on_disk));
    lsp::ModelRequest request;
    request.config.start_folder = "/page";
    request.config.versions = {std::string(kFolder)};
    lsp::Model model(disk, request, 1);
    std::string wanted;
    for (const Finding& finding : findings) {
      const Loc at = sources.origin(finding.diagnostic.at);
      if (at.file != FileId::none)
        wanted += fmt::format("{} {}-{} {} {} {}\n", sources.path(at.file), at.span.begin,
                              at.span.end, full_name(finding.diagnostic),
                              to_string(finding.diagnostic.level), finding.diagnostic.message);
    }
    const auto check = [&](std::string_view when) {
      while (model.work()) {
      }
      std::string found;
      for (const PageFile& file : files_)
        for (const lsp::Shown& shown : model.findings(file.path))
          if (shown.rule == rule_ || rule_.empty())
            found += fmt::format("{} {}-{} {} {} {}\n", file.path, shown.at.span.begin,
                                 shown.at.span.end, shown.full_name, to_string(shown.level),
                                 shown.message);
      if (found != wanted)
        mismatches_.push_back(
            {first_line(), fmt::format("the language server finds something else {}\n{}", when,
                                       unified_diff("findings", wanted, found))});
    };
    check("at first");
    for (const PageFile& file : files_)
      if (const std::optional<RevIndex> revision = model.revision(file.path)) {
        model.edit(*revision, file.text + " ");
        (void)model.findings(file.path);
        model.edit(*revision, file.text);
      }
    check("after edits");
  }

  void compare(const std::vector<Finding>& findings, const Sources& sources) {
    std::vector<bool> met(findings.size());
    for (const PageFile& file : files_)
      for (const Marker& marker : markers_of(*file.block)) {
        bool found = false;
        for (size_t i = 0; i < findings.size() && !found; ++i)
          if (!met[i] && is_meant(findings[i], sources, file, marker))
            found = met[i] = true;
        if (!found)
          mismatches_.push_back({file.block->line + marker.marker_line - 1,
                                 fmt::format("not found: {}: {}", marker.level, marker.message)});
      }
    for (size_t i = 0; i < findings.size(); ++i)
      if (!met[i])
        mismatches_.push_back(unmet(findings[i], sources));
  }

  static bool is_meant(const Finding& finding, const Sources& sources, const PageFile& file,
                       const Marker& marker) {
    const Diagnostic& diagnostic = finding.diagnostic;
    const Loc at = sources.origin(diagnostic.at);
    if (sources.path(at.file) != file.path || to_string(diagnostic.level) != marker.level ||
        diagnostic.variant != marker.variant ||
        diagnostic.message.find(marker.message) == std::string::npos)
      return false;
    const Position begin = sources.position(at.file, at.span.begin);
    const Position end = sources.position(at.file, at.span.end);
    if (marker.line == 0)
      return begin.line <= file.lines_before;
    if (begin.line != marker.line + file.lines_before)
      return false;
    if (marker.begin == 0)
      return begin.column <= file.indent + 2;
    return begin.column == marker.begin + file.indent &&
           (end.line != begin.line || end.column == marker.end + file.indent);
  }

  PageMismatch unmet(const Finding& finding, const Sources& sources) {
    const Diagnostic& diagnostic = finding.diagnostic;
    const Loc at = sources.origin(diagnostic.at);
    const Position begin = sources.position(at.file, at.span.begin);
    const Position end = sources.position(at.file, at.span.end);
    for (const PageFile& file : files_)
      if (sources.path(at.file) == file.path)
        return {
            file.block->line + begin.line - file.lines_before - 1,
            fmt::format("found: columns {} to {}: {}{}: {}", begin.column - file.indent,
                        end.column - file.indent - 1, to_string(diagnostic.level),
                        diagnostic.variant.empty() ? "" : fmt::format("[{}]", diagnostic.variant),
                        diagnostic.message)};
    return {1, fmt::format("found elsewhere: {}", diagnostic.message)};
  }

  static std::string without_markers(std::string_view text) {
    static const std::regex kMarker(R"(\s*(--|#)\s*(\^+|<-)\s*(error|warning|info).*)");
    std::string result;
    std::vector<std::string_view> lines = split(text, '\n');
    if (!lines.empty() && lines.back().empty())
      lines.pop_back();
    for (const std::string_view line : lines)
      if (!std::regex_match(line.begin(), line.end(), kMarker))
        result += std::string(line) + "\n";
    return result;
  }

  std::string_view rule_;
  FakeDisk::Files disk_files_;
  std::string base_;
  std::vector<PageFile> files_;
  const PageBlock* fixed_ = nullptr;
  std::vector<PageMismatch> mismatches_;
};

struct Page {
  std::string path;  // from the root of the repository
  std::string rule;
  std::vector<PageSection> sections;
};
struct RegisteredExample {
  const Page* page = nullptr;
  const PageSection* section = nullptr;
  std::string name;
};
struct PageRegistry {
  std::deque<Page> pages;
  std::deque<RegisteredExample> examples;
};
PageRegistry& registry() {
  static PageRegistry all;
  return all;
}

void run_current() {
  const doctest::detail::TestCase* test = doctest::getContextOptions()->currentTest;
  const auto found = std::find_if(
      registry().examples.begin(), registry().examples.end(),
      [&](const RegisteredExample& each) { return each.name.c_str() == test->m_name; });
  REQUIRE(found != registry().examples.end());
  for (const PageMismatch& mismatch : run_example(found->page->rule, *found->section))
    ADD_FAIL_CHECK_AT(found->page->path.c_str(), static_cast<int>(mismatch.line), mismatch.message);
}

}  // namespace

std::vector<PageMismatch> run_example(std::string_view rule, const PageSection& section) {
  return Example(rule, section).run();
}

void register_rule_pages() {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(join_path(RETORT_SOURCE, "rules")))
    if (entry.path().extension() == ".md")
      paths.push_back(entry.path().lexically_relative(RETORT_SOURCE).string());
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    std::ifstream stream(join_path(RETORT_SOURCE, path), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    Page& page = registry().pages.emplace_back();
    page.path = path;
    page.rule = path.substr(6, path.size() - 9);  // rules/…​.md
    page.sections = parse_page(text);
    for (const PageSection& section : page.sections) {
      const bool runs_commands =
          std::any_of(section.blocks.begin(), section.blocks.end(),
                      [](const PageBlock& block) { return block.language == "console"; });
      if (!section.is_example() || runs_commands)
        continue;
      RegisteredExample& each = registry().examples.emplace_back(
          RegisteredExample{&page, &section, path + ": " + section.title});
      doctest::detail::regTest(doctest::detail::TestCase(run_current, page.path.c_str(),
                                                         static_cast<unsigned>(section.line),
                                                         doctest::detail::TestSuite()) *
                               each.name.c_str());
    }
  }
}

TEST_CASE("every rule has a page, and every page a rule") {
  std::vector<std::string> pages;
  for (const Page& page : registry().pages)
    pages.push_back(page.rule);
  for (const std::string_view rule : rules::rule_names()) {
    INFO(rule);
    CHECK(std::find(pages.begin(), pages.end(), rule) != pages.end());
  }
  for (const std::string& page : pages) {
    INFO(page);
    CHECK(std::find(rules::rule_names().begin(), rules::rule_names().end(), page) !=
          rules::rule_names().end());
  }
}

// What may be named in retort.toml and in comments is what the pages tell of.
TEST_CASE("every variant of a rule is on its page") {
  for (const Rule* const rule : rules::rules()) {
    std::string file(rule->name);
    std::replace(file.begin(), file.end(), '-', '_');
    std::ifstream in(fmt::format("{}/rules/{}.cc", RETORT_SOURCE, file));
    REQUIRE(in);
    const std::string code(std::istreambuf_iterator<char>(in), {});
    std::vector<std::string> named(rule->off.begin(), rule->off.end());
    constexpr std::string_view kSet = "variant = ";
    for (size_t at = code.find(kSet); at != std::string::npos; at = code.find(kSet, at + 1)) {
      const size_t end = std::min(code.find_first_of(",;}", at), code.size());
      for (size_t quote = code.find('"', at); quote < end; quote = code.find('"', quote)) {
        const size_t close = code.find('"', quote + 1);
        const std::string text = code.substr(quote + 1, close - quote - 1);
        if (!text.empty() && text == lower(text))  // else it is what something is compared with
          named.push_back(text);
        quote = close + 1;
      }
    }
    const std::set<std::string> told = rules::variants(rule->name);
    for (const std::string& variant : named) {
      INFO(rule->name << ":" << variant);
      CHECK(told.contains(variant));
    }
  }
}

TEST_CASE("an example that does not come out is noticed") {
  const auto problems = [](std::string_view page) {
    std::string text;
    for (const PageMismatch& mismatch : run_example("lock/create-index", parse_page(page).back()))
      text += fmt::format("{}: {}\n", mismatch.line, mismatch.message);
    return text;
  };
  constexpr std::string_view kBegin = "## Caught\n```sql\nCREATE TABLE t (a int);\n```\n```sql\n"
                                      "CREATE INDEX i ON t (a);\n";
  const std::string begin(kBegin);
  CHECK(problems(begin + "--                ^ error: writes to t wait\n```\n") == "");
  CHECK(problems(begin + "```\n") ==
        "6: found: columns 19 to 19: error: writes to t wait until this index is built\n");
  CHECK(problems(begin + "--                ^ warning: writes\n```\n") ==
        "7: not found: warning: writes\n"
        "6: found: columns 19 to 19: error: writes to t wait until this index is built\n");
  CHECK(problems(begin + "--                ^^ error: writes\n```\n").starts_with("7: not found"));
}

}  // namespace retort::tests
