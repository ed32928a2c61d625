// What it takes to make a column's values into those of another type.
#pragma once

#include "compiler/facts/study.h"

namespace retort::facts {

struct Conversion {
  enum class Kind : uint8_t {
    same,     // the bytes stay, and indexes keep their files
    relabel,  // the bytes stay, but another operator family or collation orders them
    convert,  // each value is computed anew
    none,     // there is no cast that is taken by itself
    unknown
  };
  Kind kind = Kind::same;
  std::string reason;
  std::string_view refuses = {};  // SQLSTATE, for values that do not fit
};

// Without USING. `zone` is the session's time zone; empty when it is not known.
Conversion conversion(const Study& s, const catalog::Type& from, const catalog::Type& to,
                      std::string_view zone);
// Whether an assignment casts it.
Answer assignable(const Study& s, const catalog::Type& from, const catalog::Type& to);

}  // namespace retort::facts
