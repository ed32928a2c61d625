#include "rules/backfill.h"

#include "rules/around.h"

#include <algorithm>

namespace retort::rules {

bool fills_new_columns(const Visit& visit, const forms::Update& update) {
  const catalog::Object* const table = visit.relation(update.table);
  const auto is_new = [&](const std::string& column) {
    if (table && visit.transaction().added(table->id, column))
      return true;
    return static_cast<bool>(
        find_form<forms::AddColumn>(earlier(visit), [&](const forms::AddColumn& add) {
          return add.column.name == column && same_relation(visit, add.table, update.table);
        }));
  };
  return !update.columns.empty() &&
         std::all_of(update.columns.begin(), update.columns.end(), is_new);
}

bool fills_all(const Visit& visit, const forms::Update& update) {
  if (!update.filtered)
    return update.query.from.empty();
  // Nothing but `new IS NULL`: no literal, no other table, no other column behind WHERE.
  const std::string_view sql = visit.statement().sql;
  const size_t where = sql.rfind("WHERE");
  if (where == std::string_view::npos || !update.query.from.empty())
    return false;
  const std::string_view condition = sql.substr(where);
  return std::any_of(update.columns.begin(), update.columns.end(), [&](const std::string& column) {
    return condition.ends_with(column + " IS NULL") && condition.find(" AND ") == condition.npos &&
           condition.find(" OR ") == condition.npos;
  });
}

}  // namespace retort::rules
