// A test case for each revision; what fails the run fails its case.
#include "linter/report/report.h"

#include "common/utf8.h"

#include <fmt/format.h>

namespace retort {
namespace {

// XML has no way to say most control characters.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    case '\n': result += "&#10;"; break;
    case '\t': result += "&#9;"; break;
    default:
      if (static_cast<unsigned char>(c) >= 0x20)
        result += c;
    }
  }
  return utf8::replaced(result);
}

struct Case {
  std::string name, file;
  std::string failures;
  size_t failed = 0;
  bool skipped = false;
};

std::string element(const Case& each) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escaped(each.file),
                                 escaped(each.name));
  if (each.failures.empty() && !each.skipped)
    return text + "/>\n";
  text += ">\n" + each.failures;
  if (each.failures.empty())
    text += "      <skipped message=\"not everything in it could be compiled\"/>\n";
  return text + "    </testcase>\n";
}

std::string failure(const Finding& finding, const Sources& sources) {
  const ReportPlace at = place_of(finding, sources);
  return fmt::format("      <failure type=\"{}\" message=\"{}\">{}:{}:{}</failure>\n",
                     escaped(full_name(finding.diagnostic)), escaped(full_message(finding)),
                     escaped(at.path), at.begin.line, at.begin.column);
}

}  // namespace

std::string junit_report(const ReportInput& input) {
  std::vector<Case> cases;
  cases.push_back({"the chain", "retort", {}, 0, false});
  for (const Unit& unit : input.units) {
    Case& own = cases.emplace_back();
    own.file = unit.file == FileId::none ? "" : input.sources.path(unit.file);
    own.name = unit.revision.empty() ? own.file : unit.revision;
    own.skipped = !unit.up.holes.empty();
  }
  for (const Finding& finding : input.findings) {
    if (!fails(finding, input.fail_on))
      continue;
    const size_t index =
        finding.unit ? static_cast<size_t>(finding.unit - input.units.data()) + 1 : 0;
    cases[index].failures += failure(finding, input.sources);
    ++cases[index].failed;
  }
  size_t failed = 0, skipped = 0, shown = 0;
  std::string text;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (i == 0 ? cases[i].failures.empty() : !input.units[i - 1].reported)
      continue;
    ++shown;
    failed += cases[i].failures.empty() ? 0 : 1;
    skipped += cases[i].failures.empty() && cases[i].skipped ? 1 : 0;
    text += element(cases[i]);
  }
  const std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
                                         shown, failed, skipped);
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                     "  <testsuite name=\"retort lint\" {} time=\"0\">\n{}  </testsuite>\n"
                     "</testsuites>\n",
                     counts, text);
}

}  // namespace retort
