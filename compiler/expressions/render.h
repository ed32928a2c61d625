// Trees as SQL, with literals in place and every unnamed thing named.
#pragma once

#include "compiler/expressions/statement.h"

namespace retort::expr {

// DDL names columns without their tables.
enum class Names : uint8_t { bare, qualified };

Answer<std::string> render(const Ptr& expression, Names names);

// Values of parameters by name.
using Parameters = std::vector<std::pair<std::string, Ptr>>;
// `used` gets the names that the statement asked for.
Answer<std::string> render(const StatementPtr& statement, const Parameters& parameters = {},
                           std::vector<std::string>* used = nullptr);
Answer<std::string> render(const Ptr& expression, Names names, const Parameters& parameters,
                           std::vector<std::string>* used);

// What a SELECT yields, or RETURNING.
List selected_columns(const Statement& statement);
// The columns of a subquery, CTE or alias of this statement.
std::vector<ColumnInfo> exported_columns(const Statement& statement);
// As they are named; those of a join belong to its tables.
List columns_of(const FromPtr& from);

// ON clause by foreign keys; null when there is none, or more than one.
Ptr natural_condition(const FromPtr& left, const FromPtr& right);

}  // namespace retort::expr
