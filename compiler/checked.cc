#include "compiler/checked.h"

#include "compiler/forms/read.h"
#include "grammars/postgres/tree.h"

namespace retort {

Checked check_statement(std::string_view sql, bool with_forms) {
  if (with_forms)
    if (const Expected<pg::Tree, pg::Reject> tree = pg::parse(sql))
      return {std::nullopt, forms::read_forms(*tree)};
  return {pg::check(sql), std::nullopt};
}

}  // namespace retort
