// Findings on their way to an editor: places are bytes of files, nothing refers to the run.
#pragma once

#include "linter/finding.h"

#include <string>
#include <utility>
#include <vector>

namespace retort::lsp {

struct Place {
  std::string path;  // absolute; empty: nowhere
  Span span;
};

struct ShownEdit {
  Place at;
  std::string text;
};

struct ShownFix {
  Safety safety = Safety::review;
  std::string title;
  std::vector<ShownEdit> edits;
  std::vector<FixStep> steps;
};

struct Shown {
  std::string rule;       // "lock/retype"
  std::string full_name;  // "lock/retype:rewrite"
  Level level = Level::warning;
  Place at;
  std::string message;
  std::vector<std::pair<Place, std::string>> notes;
  std::vector<ShownFix> fixes;
  std::string fingerprint;
  std::string revision;
  bool down = false;
  size_t statement = 0;  // from 1; 0: none
  bool suppressed = false;
};

}  // namespace retort::lsp
