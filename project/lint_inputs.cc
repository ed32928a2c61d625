#include "project/lint_inputs.h"

#include "common/text.h"
#include "versions/range.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {

Result<std::vector<LintStatement>> read_base(Run& run, const std::string& path) {
  if (path.empty())
    return std::vector<LintStatement>();
  const DiskResult<FileId> file = run.load(path);
  if (!file)
    return run.diagnostics.fail(
        "usage/options", "missing", {},
        fmt::format("{}: the base schema cannot be read: {}", path, file.error().reason));
  Unit base = unit_of(run, *file, true);
  for (Diagnostic& hole : base.up.holes)
    run.diagnostics.report(hole.level, hole.rule, hole.variant, hole.at, hole.message);
  return std::move(base.up.statements);
}

Result<std::set<std::string, std::less<>>> read_baseline(Run& run, const std::string& path) {
  std::set<std::string, std::less<>> accepted;
  if (path.empty())
    return accepted;
  const DiskResult<std::string> text = run.disk.read(path);
  if (!text)
    return run.diagnostics.fail("usage/options", "missing", {},
                                fmt::format("{}: the baseline cannot be read: {}; "
                                            "--write-baseline makes one",
                                            path, text.error().reason));
  for (const std::string_view line : split(*text, '\n'))
    accepted.emplace(line.substr(0, line.find(' ')));
  return accepted;
}

void accept(const std::set<std::string, std::less<>>& accepted, std::vector<Finding>& findings) {
  for (Finding& finding : findings)
    if (accepted.contains(finding.fingerprint)) {
      finding.suppressed = true;
      finding.reason = "baseline";
    }
}

std::optional<Integrity> read_integrity(Run& run, const Project& project,
                                        const CompileOptions& options, bool whole) {
  const Result<std::optional<LockFile>> lock = read_lock(run, lock_path(project.config));
  if (!lock || !*lock)
    return std::nullopt;
  std::optional<Integrity> integrity(std::in_place);
  integrity->lock = **lock;
  integrity->judgements =
      judge(run, project.chain, options, integrity->lock, whole, Judged::released);
  return integrity;
}

Result<> LintScope::leave_out_released(Run& run, const Chain& chain, const std::string& live,
                                       const Integrity* integrity) {
  if (!live.empty()) {
    const std::vector<RevIndex> found = TRY(Ranges(chain, run).revisions(live));
    reported -= chain.ancestors(found, Edges::all);
    together = true;
  } else if (!together && integrity && integrity->lock.has_released()) {
    released = retort::released(chain, *integrity);
    reported -= *released;
    released = chain.ancestors(released->members(), Edges::all);
    together = true;
  }
  return Nothing{};
}

std::optional<size_t> LintScope::first_unreleased(std::span<const Unit> units) const {
  if (released)
    return static_cast<size_t>(std::count_if(units.begin(), units.end(), [&](const Unit& unit) {
      return unit.index && released->contains(*unit.index);
    }));
  if (!together)
    return std::nullopt;
  const auto first =
      std::find_if(units.begin(), units.end(), [](const Unit& unit) { return unit.reported; });
  if (first == units.end())
    return std::nullopt;
  return static_cast<size_t>(first - units.begin());
}

}  // namespace retort
