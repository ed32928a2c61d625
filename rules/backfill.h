// UPDATE statements that fill columns of the same revision.
#pragma once

#include "rules/rules.h"

namespace retort::rules {

// Every column that is set was added by this transaction or, outside of one, by this revision.
bool fills_new_columns(const Visit& visit, const forms::Update& update);
// Every row is written: there is no WHERE, or it asks only whether the new column is NULL.
bool fills_all(const Visit& visit, const forms::Update& update);

}  // namespace retort::rules
