// Whether a function gives the same value for the same input: what decides if a default can be
// computed once, and if an expression may stand in an index.
#pragma once

#include "compiler/facts/facts.h"

namespace retort::facts {

struct Study;

enum class Volatility : uint8_t { immutable, stable, volatile_, unknown };

struct Verdict {
  Volatility worst = Volatility::immutable;
  std::string function;        // the one that decides: `random()`
  bool every_overload = true;  // of that name is so
};

// Of all that an expression calls. Operators, casts and input functions are never volatile.
Verdict volatility_of(const Study& s, const forms::Mentions& mentions);
// Of the text of an expression.
Verdict volatility_of(const Study& s, std::string_view expression);

// A function of the server itself; nothing when none has this name.
struct Builtin {
  std::string_view name;
  std::string_view by_version;  // from 12 to 18: i, s, v, or - where it is not there
  bool every_overload;

  char on(int server) const { return by_version[static_cast<size_t>(server - 12)]; }
  bool has(int server) const { return on(server) != '-'; }
  Volatility volatility(int server) const {
    return on(server) == 'v'   ? Volatility::volatile_
           : on(server) == 's' ? Volatility::stable
                               : Volatility::immutable;
  }
};
const Builtin* builtin(std::string_view name);

}  // namespace retort::facts
