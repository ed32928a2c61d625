// Decimal numbers, kept as written.
#pragma once

#include "compiler/python/natives.h"

#include <string>

namespace retort::py {

struct Decimal : Foreign {
  std::string digits;

  std::string_view type_name() const override { return "decimal.Decimal"; }
  const NativeTypeInfo* type_info() const override;
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override;
  Value unary(Interpreter& in, std::string_view op) override;
  Truth truth(Interpreter& in) override;
  Truth equals(Interpreter& in, Value other) override;
  std::optional<size_t> hash() const override { return std::nullopt; }
  Value repr(Interpreter& in) override;
  Value str(Interpreter& in) override;
  Value format(Interpreter& in, std::string_view spec) override;
};

}  // namespace retort::py
