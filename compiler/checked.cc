#include "compiler/checked.h"

#include "compiler/forms/read.h"
#include "grammars/postgres/tree.h"

namespace retort {

Checked check_statement(std::string_view sql, const Wanted& wanted) {
  pg::Limits limits;
  limits.server = wanted.server;
  if (!wanted.forms)
    return {pg::check(sql, limits), std::nullopt};
  Expected<pg::Tree, pg::Reject> tree = pg::parse(sql, limits);
  if (!tree)
    return {std::move(tree.error()), std::nullopt};
  return {std::nullopt, forms::read_forms(*tree)};
}

}  // namespace retort
