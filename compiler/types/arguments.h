// Binds the arguments of a call to a Python signature that is written as data:
// "name, data_type, *, collation=None, **kw".
#pragma once

#include "compiler/types/datum.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct Parameter {
  enum class Kind : uint8_t { usual, keyword_only, rest, keywords };
  std::string_view name;
  std::string_view fallback;  // the default as Python writes it; empty when there is none
  Kind kind = Kind::usual;
};

std::vector<Parameter> read_signature(std::string_view signature);

class TypeArguments {
public:
  static Answer<TypeArguments> bind(std::string_view signature, const TypeCall& call);

  // Null when the argument was not given or is None; the readers below treat both alike.
  const Datum* find(std::string_view name) const;
  bool given(std::string_view name) const;
  const Data& rest() const { return rest_; }

  bool flag(std::string_view name, bool fallback) const;  // by Python's truth
  Answer<std::optional<std::string>> integer(std::string_view name) const;
  Answer<std::optional<std::string>> text(std::string_view name) const;

private:
  std::vector<std::pair<std::string, Datum>> values_;
  Data rest_;
};

bool is_true(const Datum& value);

}  // namespace retort
