// SQL text whose literals are in place: an expression that was compiled elsewhere, or the text of
// `text()` after `text_clause`.
#pragma once

#include "compiler/ddl/problem.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace retort {

struct Sql {
  std::string text;

  bool operator==(const Sql&) const = default;
};

// What `text()` and strings in their place print: `\:` is a colon. A `:word` in quotes, dollar
// quotes or comments stays; elsewhere it is a parameter without a value, where Alembic prints NULL
// in silence.
Answer<Sql> text_clause(std::string_view text);

// The same with values for parameters: what `value` answers to a name is put in its place.
using ParameterValue = std::function<std::optional<std::string>(std::string_view name)>;
Answer<Sql> text_clause(std::string_view text, const ParameterValue& value);

}  // namespace retort
