// A column that is dropped while one like it is added: what autogenerate makes of a rename.
#pragma once

#include "rules/rules.h"

namespace retort::rules {

struct Renamed {
  const forms::AddColumn* add = nullptr;
  const LintStatement* statement = nullptr;
  explicit operator bool() const { return add != nullptr; }
};

// The column of the same table and type that the revision adds, if it is the only one, if this is
// the only one that is dropped, and if nothing copies the values.
Renamed renamed_to(const Visit& visit, const forms::DropColumn& drop);

}  // namespace retort::rules
