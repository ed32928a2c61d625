// `-- retort: allow(lock/retype) reason` (`#` in Python): on the line of a statement, on the line
// above it, or, as `allow-file(…)`, anywhere in the file.
#pragma once

#include "linter/finding.h"

#include <span>
#include <string_view>
#include <vector>

namespace retort {

struct Allowance {
  Loc at;  // the comment
  bool whole_file = false;
  std::vector<std::pair<std::string_view, Loc>> rules;  // rules, groups, or `rule:variant`
  std::string_view reason;
  uint32_t first_line = 0, last_line = 0;  // of what it stands for
  bool used = false;
};

std::vector<Allowance> read_allowances(const Sources& sources, FileId file);

// Marks what is allowed, and reports allowances that lack a reason, name no rule or silence nothing
// (lint/suppression). `known` are the names of all rules, `ran` those that were looked for.
void suppress(std::vector<Finding>& findings, std::span<const FileId> files, const Sources& sources,
              std::span<const std::string_view> known, std::span<const std::string_view> ran);

}  // namespace retort
