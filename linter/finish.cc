#include "linter/finish.h"

#include "linter/body_text.h"
#include "linter/suppress.h"

#include <algorithm>

namespace retort {
namespace {

// Errors that no setting turns off: without them the rest would be judged on half of the text.
bool is_always_on(std::string_view rule) {
  return rule == "chain/broken" || rule == "sql/syntax" || rule.starts_with("config/") ||
         rule.starts_with("range/") || rule.starts_with("compile/") ||
         rule.starts_with("integrity/");
}

bool is_ignored(const Finding& finding, const Sources& sources, const LintSettings& settings) {
  if (settings.ignore.empty() && settings.ignore_in.empty())
    return false;
  const std::string full = full_name(finding.diagnostic);
  if (std::find(settings.ignore.begin(), settings.ignore.end(), full) != settings.ignore.end())
    return true;
  const Loc at = sources.origin(finding.diagnostic.at);
  if (at.file == FileId::none)
    return false;
  const std::string_view path = sources.path(at.file);
  for (const auto& [pattern, rules] : settings.ignore_in)
    if (matches_path(pattern, path) || matches_path("**/" + pattern, path))
      for (const std::string& rule : rules)
        if (rule == full || names_rule(rule, finding.rule()))
          return true;
  return false;
}

// Whether what a rule that runs has found was asked for: `select` may name one variant of it, and
// those that are off have to be named.
bool is_asked_for(const Finding& finding, const LintSettings& settings) {
  if (settings.select.empty() && !finding.off)
    return true;
  const std::string full = full_name(finding.diagnostic);
  const auto any_selected = [&](auto&& is) {
    return std::any_of(settings.select.begin(), settings.select.end(), is);
  };
  if (any_selected([&](std::string_view pattern) { return pattern == full || pattern == "all"; }))
    return true;
  return (!finding.off || settings.levels.contains(full)) &&
         (settings.select.empty() || any_selected([&](std::string_view pattern) {
            return names_rule(pattern, finding.rule());
          }));
}

void set_level(Finding& finding, const LintSettings& settings) {
  const auto by_variant = settings.levels.find(full_name(finding.diagnostic));
  const auto by_rule = settings.levels.find(finding.rule());
  if (by_variant != settings.levels.end())
    finding.diagnostic.level = by_variant->second;
  else if (by_rule != settings.levels.end())
    finding.diagnostic.level = by_rule->second;
}

// A body that raises on its way down says that there is none; `revert/missing` is about that. An
// error that Python raises is a mistake.
bool is_no_hole(const Diagnostic& hole, bool down) {
  return down && (hole.rule == "compile/irreversible" || hole.rule == "compile/no-down" ||
                  (hole.rule == "compile/raises" && hole.variant == "raise") ||
                  hole.rule == "compile/no-function");
}

// Each place once, however often a loop comes by; and of what lies in a module outside of the
// revision the first place only, said where the revision calls it.
std::vector<Diagnostic> at_their_places(const Unit& unit, bool down, const Sources& sources) {
  std::vector<Diagnostic> places;
  size_t outside = 0;
  const auto same_place = [](const Diagnostic& a, const Diagnostic& b) {
    return a.at == b.at && a.message == b.message;
  };
  for (const Diagnostic& hole : (down ? unit.down : unit.up).holes) {
    if (is_no_hole(hole, down) ||
        std::any_of(places.begin(), places.end(),
                    [&](const Diagnostic& other) { return same_place(hole, other); }))
      continue;
    const bool elsewhere =
        unit.index && hole.at.file != FileId::none && sources.origin(hole.at).file != unit.file;
    if (!elsewhere || outside++ == 0)
      places.push_back(hole);
  }
  for (Diagnostic& hole : places)
    if (outside > 0 && hole.at.file != FileId::none && sources.origin(hole.at).file != unit.file &&
        unit.index) {
      hole.note(hole.at, "in this module, which the revision calls");
      const std::optional<FunctionText> function =
          function_text(sources.text(unit.file), down ? "downgrade" : "upgrade");
      hole.at = {unit.file, function ? function->name : Span{}};
    }
  return places;
}

}  // namespace

bool is_selected(std::string_view rule, bool by_default, const LintSettings& settings) {
  const auto named = [&](const std::string& pattern) { return names_rule(pattern, rule); };
  const auto named_in_part = [&](std::string_view pattern) {
    return names_rule(pattern.substr(0, pattern.find(':')), rule);
  };
  const bool chosen = settings.select.empty() ? by_default || settings.levels.contains(rule)
                                              : std::any_of(settings.select.begin(),
                                                            settings.select.end(), named_in_part);
  return chosen && std::none_of(settings.ignore.begin(), settings.ignore.end(), named);
}

std::vector<const Rule*> enabled(std::span<const Rule* const> rules, const LintSettings& settings) {
  std::vector<const Rule*> result;
  for (const Rule* const rule : rules)
    if (is_selected(rule->name, rule->state == Default::on, settings))
      result.push_back(rule);
  return result;
}

void add_holes(std::span<const Unit> units, const Sources& sources,
               std::vector<Finding>& findings) {
  for (const Unit& unit : units) {
    if (!unit.reported)
      continue;
    for (const bool down : {false, true})
      for (const Diagnostic& hole : at_their_places(unit, down, sources)) {
        Finding& finding = findings.emplace_back();
        finding.unit = &unit;
        finding.down = down;
        finding.diagnostic = hole;
        if (hole.rule == "compile/unknown" || hole.rule == "compile/unsupported" ||
            hole.rule == "compile/limit") {
          finding.diagnostic.rule = "py/not-static";
          finding.diagnostic.level = Level::warning;
        }
      }
  }
}

void finish(std::vector<Finding>& findings, std::span<const Unit> units, const Sources& sources,
            const LintSettings& settings, std::span<const std::string_view> known) {
  std::erase_if(findings, [&](const Finding& finding) {
    const bool wanted =
        is_selected(finding.rule(), true, settings) && is_asked_for(finding, settings);
    return (!is_always_on(finding.rule()) && !wanted) || is_ignored(finding, sources, settings);
  });
  std::vector<FileId> files;
  for (const Unit& unit : units)
    if (unit.reported)
      files.push_back(unit.file);
  std::vector<std::string_view> ran;
  for (const std::string_view rule : known)
    if (rule.find(':') == std::string_view::npos && is_selected(rule, true, settings))
      ran.push_back(rule);
  suppress(findings, files, sources, known, ran);
  if (!is_selected("lint/suppression", true, settings))
    std::erase_if(findings,
                  [](const Finding& finding) { return finding.rule() == "lint/suppression"; });
  if (!settings.levels.empty())
    for (Finding& finding : findings)
      set_level(finding, settings);
  sort_findings(findings, sources);
}

}  // namespace retort
