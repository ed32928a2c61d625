// Whether the values of a column survive a change of its type and the change back.
#pragma once

#include "compiler/catalog/catalog.h"

#include <string_view>

namespace retort::rollback {

// Every value of `from` becomes another value of `to`, and the cast back makes it what it was.
bool survives(const catalog::Catalog& catalog, const catalog::Type& from, const catalog::Type& to);

// USING casts the column and does nothing else to it: `note::text::status`. Nothing at all is a
// cast as well.
bool only_casts(const forms::AlterColumnType& form);

}  // namespace retort::rollback
