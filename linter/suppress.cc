#include "linter/suppress.h"

#include "common/text.h"
#include "linter/settings.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace retort {
namespace {

constexpr std::string_view kRule = "lint/suppression";

bool is_comment_or_blank(std::string_view line) {
  line = trim(line);
  return line.empty() || line.starts_with("--") || line.starts_with("#");
}

// Reads `retort: allow(…) reason` behind a comment's sign; false when it is none.
bool read_allowance(std::string_view line, uint32_t line_begin, FileId file, Allowance& allowance) {
  size_t sign = 0;
  for (;; ++sign) {
    sign = line.find("retort:", sign);
    if (sign == std::string_view::npos)
      return false;
    const std::string_view before = trim(line.substr(0, sign));
    if (before.ends_with("--") || before.ends_with("#"))
      break;
  }
  std::string_view rest = line.substr(sign + 7);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (rest.starts_with("allow-file")) {
    allowance.whole_file = true;
    rest.remove_prefix(10);
  } else if (rest.starts_with("allow")) {
    rest.remove_prefix(5);
  } else {
    return false;
  }
  const auto offset = [&](std::string_view part) {
    return line_begin + static_cast<uint32_t>(part.data() - line.data());
  };
  allowance.at = {
      file,
      {line_begin + static_cast<uint32_t>(sign), line_begin + static_cast<uint32_t>(line.size())}};
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (!rest.starts_with("("))
    return true;
  const size_t close = std::min(rest.find(')'), rest.size());
  for (std::string_view name : split(rest.substr(1, close - 1), ',')) {
    name = trim(name);
    if (!name.empty())
      allowance.rules.push_back(
          {name, {file, {offset(name), offset(name) + static_cast<uint32_t>(name.size())}}});
  }
  if (close < rest.size())
    allowance.reason = trim(rest.substr(close + 1));
  return true;
}

bool covers(std::string_view allowed, const Diagnostic& diagnostic) {
  return allowed == diagnostic.rule || allowed == full_name(diagnostic) ||
         (allowed.find('/') == std::string_view::npos && diagnostic.rule.starts_with(allowed) &&
          diagnostic.rule.substr(allowed.size()).starts_with("/"));
}

// The first and the last line of what a finding is about.
std::pair<uint32_t, uint32_t> lines_of(const Finding& finding, const Sources& sources) {
  const Loc at = sources.origin(finding.diagnostic.at);
  uint32_t first = sources.position(at.file, at.span.begin).line;
  uint32_t last = first;
  if (finding.unit && finding.statement != 0) {
    const LintSide& side = finding.down ? finding.unit->down : finding.unit->up;
    const Loc whole = sources.origin(side.statements[finding.statement - 1].call);
    if (whole.file == at.file) {
      first = std::min(first, sources.position(at.file, whole.span.begin).line);
      last = std::max(last, sources.position(at.file, whole.span.end).line);
    }
  }
  return {first, last};
}

// The comment is gone, with its line where that holds nothing else.
Edit without(const Allowance& allowance, const Sources& sources) {
  const std::string_view text = sources.text(allowance.at.file);
  Span at = allowance.at.span;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (at.begin > 0 && is_blank(text[at.begin - 1]))
    --at.begin;
  const char sign = at.begin > 0 ? text[at.begin - 1] : ' ';
  while (at.begin > 0 && text[at.begin - 1] == sign)
    --at.begin;
  while (at.begin > 0 && is_blank(text[at.begin - 1]))
    --at.begin;
  if (at.begin == 0 || text[at.begin - 1] == '\n') {
    while (at.end < text.size() && text[at.end] != '\n')
      ++at.end;
    at.end += at.end < text.size() ? 1 : 0;
  }
  return {{allowance.at.file, at}, ""};
}

Finding complaint(std::string_view variant, Loc at, std::string message) {
  Finding finding;
  finding.diagnostic.rule = kRule;
  finding.diagnostic.variant = variant;
  finding.diagnostic.level = Level::warning;
  finding.diagnostic.at = at;
  finding.diagnostic.message = std::move(message);
  return finding;
}

}  // namespace

std::vector<Allowance> read_allowances(const Sources& sources, FileId file) {
  std::vector<Allowance> all;
  const std::string_view text = sources.text(file);
  if (text.find("retort:") == std::string_view::npos)
    return all;
  std::vector<std::string_view> lines = split(text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    Allowance allowance;
    const auto begin = static_cast<uint32_t>(line.data() - text.data());
    if (!read_allowance(line, begin, file, allowance))
      continue;
    // A comment of its own stands for what follows it.
    size_t covered = i;
    if (is_comment_or_blank(line))
      while (covered + 1 < lines.size() && is_comment_or_blank(lines[covered]))
        ++covered;
    allowance.first_line = static_cast<uint32_t>(i + 1);
    allowance.last_line = static_cast<uint32_t>(covered + 1);
    all.push_back(std::move(allowance));
  }
  return all;
}

void suppress(std::vector<Finding>& findings, std::span<const FileId> files, const Sources& sources,
              std::span<const std::string_view> known, std::span<const std::string_view> ran) {
  std::map<FileId, std::vector<Allowance>> by_file;
  for (const FileId file : files)
    if (std::vector<Allowance> allowances = read_allowances(sources, file); !allowances.empty())
      by_file[file] = std::move(allowances);
  if (by_file.empty())
    return;
  for (Finding& finding : findings) {
    const Loc at = sources.origin(finding.diagnostic.at);
    const auto file = by_file.find(at.file);
    if (file == by_file.end())
      continue;
    const auto [first, last] = lines_of(finding, sources);
    for (Allowance& allowance : file->second) {
      if (!allowance.whole_file && (allowance.last_line < first || allowance.first_line > last))
        continue;
      const bool named =
          std::any_of(allowance.rules.begin(), allowance.rules.end(),
                      [&](const auto& rule) { return covers(rule.first, finding.diagnostic); });
      if (!named)
        continue;
      allowance.used = true;
      finding.suppressed = true;
      finding.reason = allowance.reason;
    }
  }
  for (auto& [file, allowances] : by_file)
    for (const Allowance& allowance : allowances) {
      bool all_known = !allowance.rules.empty();
      if (allowance.rules.empty())
        findings.push_back(complaint("unknown", allowance.at,
                                     "this names no rule: write `retort: allow(group/rule) why`"));
      bool looked_for = false;
      for (const auto& [name, at] : allowance.rules) {
        looked_for |= is_known_name(name.substr(0, name.find(':')), ran);
        if (name != "all" && is_known_name(name, known))
          continue;
        all_known = false;
        const bool variant = is_known_name(name.substr(0, name.find(':')), known);
        Finding& finding = findings.emplace_back(complaint(
            "unknown", at, fmt::format("there is no {} `{}`", variant ? "variant" : "rule", name)));
        if (const std::string_view near = nearest(name, known); !near.empty())
          finding.diagnostic.note(fmt::format("did you mean `{}`?", near));
      }
      if (!all_known)
        continue;
      if (allowance.reason.empty())
        findings.push_back(complaint(
            "no-reason", allowance.at,
            "a suppression needs its reason behind the parenthesis: the next reader asks for it"));
      if (!allowance.used && looked_for)
        findings
            .emplace_back(
                complaint("unused", allowance.at, "this silences nothing: remove the comment"))
            .diagnostic.fix({Safety::safe, "remove the comment", {without(allowance, sources)}});
    }
}

}  // namespace retort
