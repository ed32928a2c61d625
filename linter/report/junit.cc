// A test case for each revision; what fails the run fails its case.
#include "linter/report/report.h"

#include "common/utf8.h"

#include <fmt/format.h>

namespace retort {
namespace {

// XML has no way to say most control characters, nor two that are none.
std::string escaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const utf8::Char c = utf8::decode(text, i);
    switch (c.valid ? c.code : 0) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    case '\n': result += "&#10;"; break;
    case '\t': result += "&#9;"; break;
    case '\r': break;
    default:
      if (c.valid && c.code >= 0x20 && c.code != 0xFFFE && c.code != 0xFFFF)
        result += text.substr(i, c.size);
      else
        utf8::append(result, 0xFFFD);
    }
    i += c.size;
  }
  return result;
}

// Readers show one failure of a case: it holds all of them, a line each.
struct Case {
  std::string name, file;
  const Finding* first = nullptr;
  std::string lines;
  size_t failed = 0;
  bool skipped = false;
};

std::string element(const Case& each) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                                 escaped(each.file), escaped(each.name));
  if (!each.first && !each.skipped)
    return text + "/>\n";
  text += ">\n";
  if (each.first) {
    const std::string more = each.failed == 1 ? "" : fmt::format(" (and {} more)", each.failed - 1);
    const std::string_view kind = is_tool_error(*each.first) ? "error" : "failure";
    text += fmt::format("      <{} type=\"{}\" message=\"{}{}\">{}</{}>\n", kind,
                        escaped(full_name(each.first->diagnostic)),
                        escaped(full_message(*each.first)), more, escaped(each.lines), kind);
  } else {
    text += "      <skipped message=\"not everything in it could be compiled\"/>\n";
  }
  return text + "    </testcase>\n";
}

void add(Case& own, const Finding& finding, const Sources& sources) {
  if (!own.first)
    own.first = &finding;
  ++own.failed;
  const ReportPlace at = place_of(finding, sources);
  own.lines += own.lines.empty() ? "" : "\n";
  if (!at.path.empty())
    own.lines += fmt::format("{}:{}:{}: ", at.path, at.begin.line, at.begin.column);
  own.lines += fmt::format("{} [{}]", finding.diagnostic.message, full_name(finding.diagnostic));
}

}  // namespace

std::string junit_report(const ReportInput& input) {
  std::vector<Case> cases(2);
  cases[0].name = "the chain";
  cases[1].name = "the run";
  cases[0].file = cases[1].file = "retort";
  const size_t before = cases.size();
  for (const Unit& unit : input.units) {
    Case& own = cases.emplace_back();
    own.file = unit.file == FileId::none ? "" : input.sources.path(unit.file);
    own.name = unit.revision.empty() ? own.file : unit.revision;
    own.skipped = !unit.up.holes.empty();
  }
  for (const Finding& finding : input.findings) {
    if (!fails(finding, input.fail_on))
      continue;
    const size_t index = finding.unit
                             ? static_cast<size_t>(finding.unit - input.units.data()) + before
                             : size_t{is_tool_error(finding)};
    add(cases[index], finding, input.sources);
  }
  size_t failed = 0, errors = 0, skipped = 0, shown = 0;
  std::string text;
  for (size_t i = 0; i < cases.size(); ++i) {
    const Case& each = cases[i];
    if (i < before ? !each.first : !input.units[i - before].reported)
      continue;
    ++shown;
    const bool error = each.first && is_tool_error(*each.first);
    errors += error ? 1 : 0;
    failed += each.first && !error ? 1 : 0;
    skipped += !each.first && each.skipped ? 1 : 0;
    text += element(each);
  }
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                     "  <testsuite name=\"retort lint\" tests=\"{}\" failures=\"{}\" "
                     "errors=\"{}\" skipped=\"{}\" time=\"0\">\n{}  </testsuite>\n"
                     "</testsuites>\n",
                     shown, failed, errors, skipped, text);
}

}  // namespace retort
