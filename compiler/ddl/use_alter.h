// ForeignKeyConstraint(…, use_alter=True): for tables that refer to each other. CREATE TABLE leaves
// it out; Alembic never adds it, SQLAlchemy only where it creates all tables of a MetaData.
#pragma once

#include "compiler/ddl/table.h"

#include <algorithm>

namespace retort {

inline bool leaves_out_a_key(const Table& table) {
  const auto any = [](const std::vector<Constraint>& constraints) {
    return std::any_of(constraints.begin(), constraints.end(), [](const Constraint& constraint) {
      const auto* const key = std::get_if<ForeignKey>(&constraint);
      return key && key->use_alter;
    });
  };
  return any(table.constraints) ||
         std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return any(column_constraints(column)); });
}

}  // namespace retort
