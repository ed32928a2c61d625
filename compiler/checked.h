// One statement against the grammar, with what it does for who wants to know that as well: a tree
// costs twice the check, and both together three times.
#pragma once

#include "compiler/forms/forms.h"
#include "grammars/postgres/parse.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort {

struct Checked {
  std::optional<pg::Reject> reject;
  // Where they were asked for and the grammar takes the statement.
  std::optional<std::vector<forms::Form>> forms;
};

struct Wanted {
  bool forms = false;
  int server = pg::kNewestServer;  // the oldest that statements are for
};

// Call it on a large stack, as pg::check demands; several threads may do so.
Checked check_statement(std::string_view sql, const Wanted& wanted);

}  // namespace retort
