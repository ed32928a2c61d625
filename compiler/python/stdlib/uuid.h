#pragma once

#include "compiler/python/natives.h"

#include <array>

namespace retort::py {

struct Uuid : Foreign {
  std::array<uint8_t, 16> bytes{};

  std::string canonical() const;  // 8-4-4-4-12
  std::string_view type_name() const override { return "UUID"; }
  const NativeTypeInfo* type_info() const override;
  Value get(Interpreter& in, std::string_view name) override;
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override;
  Truth equals(Interpreter& in, Value other) override;
  std::optional<size_t> hash() const override;
  Value repr(Interpreter& in) override;
  Value str(Interpreter& in) override;
};

}  // namespace retort::py
