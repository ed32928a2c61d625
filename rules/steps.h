// Rewrites in several steps, with the names of the statement that they are for.
#pragma once

#include "rules/rules.h"

#include <optional>
#include <string>

namespace retort::rules {

// What a constraint is called: in the statement, or by PostgreSQL once it has run. Empty when that
// is not known.
std::string name_of_constraint(const Visit& visit, const forms::Constraint& constraint,
                               const forms::Name& table);

// What is said of steps with such names: that a naming convention, which could not be read, may
// make others of them.
std::string with_names(const Visit& visit, std::string_view title);

// On the way down there is no next revision, and no step.

// The statement with NOT VALID behind its constraint; VALIDATE in the next revision.
std::optional<Fix> validated_later(const Visit& visit, const forms::AddConstraint& add);
// The new column without its constraint, which is added NOT VALID; VALIDATE in the next revision.
std::optional<Fix> validated_later(const Visit& visit, const forms::AddColumn& add,
                                   const forms::Constraint& constraint);

}  // namespace retort::rules
