#include "linter/finding.h"

#include "common/sha256.h"
#include "common/text.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace retort {
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return line;
}

size_t number_of(const Finding& finding) {
  if (!finding.unit || finding.statement == 0)
    return 0;
  const LintSide& side = finding.down ? finding.unit->down : finding.unit->up;
  return side.statements[finding.statement - 1].number;
}

std::string full_name(const Diagnostic& diagnostic) {
  std::string name(diagnostic.rule);
  if (!diagnostic.variant.empty())
    name += ":" + std::string(diagnostic.variant);
  return name;
}

void sort_findings(std::vector<Finding>& findings, const Sources& sources) {
  const auto key_of = [&](const Finding& finding) {
    const Loc at = sources.origin(finding.diagnostic.at);
    const std::string_view path =
        at.file == FileId::none ? std::string_view() : sources.path(at.file);
    return std::make_tuple(path, at.span.begin, finding.down, finding.statement, finding.rule(),
                           finding.diagnostic.variant,
                           std::string_view(finding.diagnostic.message));
  };
  using Key = decltype(key_of(findings.front()));
  std::vector<std::pair<Key, Finding*>> order;
  order.reserve(findings.size());
  for (Finding& finding : findings)
    order.emplace_back(key_of(finding), &finding);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  for (const auto& [key, finding] : order)
    sorted.push_back(std::move(*finding));
  findings = std::move(sorted);
}

void set_fingerprints(std::vector<Finding>& findings, const Sources& sources) {
  std::unordered_map<std::string, size_t> seen;
  for (Finding& finding : findings) {
    const Loc at = sources.origin(finding.diagnostic.at);
    std::string text = full_name(finding.diagnostic) + "\n";
    if (finding.unit && !finding.unit->revision.empty())
      text += finding.unit->revision;
    else if (at.file != FileId::none)
      text += sources.path(at.file);
    text += finding.down ? "\ndown\n" : "\nup\n";
    text += finding.statement != 0 ? one_line(finding.sql) : finding.diagnostic.message;
    text += "\n" + std::to_string(seen[text]++);
    finding.fingerprint = sha256(text).substr(0, 32);
  }
}

}  // namespace retort
