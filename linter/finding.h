// A diagnostic with what it is about.
#pragma once

#include "linter/unit.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

struct Finding {
  Diagnostic diagnostic;
  const Unit* unit = nullptr;  // none: the chain as a whole
  bool down = false;
  size_t statement = 0;     // of the side's, from 1; 0: none
  std::string sql;          // of the statement
  std::string fingerprint;  // stays when lines move or text is laid out anew
  bool off = false;         // its variant is, unless somebody asks for it
  bool suppressed = false;
  std::string reason;  // why

  std::string_view rule() const { return diagnostic.rule; }
  std::string_view revision() const { return unit ? std::string_view(unit->revision) : ""; }
};

// Every run of blanks and line ends as one blank.
std::string one_line(std::string_view text);

// `rule`, or `rule:variant`.
std::string full_name(const Diagnostic& diagnostic);

// Of its statement, among those that have SQL, from 1; 0: none.
size_t number_of(const Finding& finding);

// Files, then places, then rules.
void sort_findings(std::vector<Finding>& findings, const Sources& sources);

// Two findings are told apart by rule, revision and statement, and by their order among equals.
void set_fingerprints(std::vector<Finding>& findings, const Sources& sources);

}  // namespace retort
