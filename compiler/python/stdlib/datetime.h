// Points and spans in time, as constructed from literals.
#pragma once

#include "compiler/python/natives.h"

namespace retort::py {

struct Delta : Foreign {
  int64_t microseconds = 0;

  std::string_view type_name() const override { return "datetime.timedelta"; }
  const NativeTypeInfo* type_info() const override;
  Value get(Interpreter& in, std::string_view name) override;
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override;
  Value unary(Interpreter& in, std::string_view op) override;
  Truth truth(Interpreter&) override { return truth_of(microseconds != 0); }
  Truth equals(Interpreter& in, Value other) override;
  std::optional<size_t> hash() const override { return static_cast<size_t>(microseconds); }
  Value repr(Interpreter& in) override;
  Value str(Interpreter& in) override;
};

struct TimeZone : Foreign {
  int64_t seconds = 0;  // east of UTC

  std::string_view type_name() const override { return "datetime.timezone"; }
  const NativeTypeInfo* type_info() const override;
  Truth equals(Interpreter& in, Value other) override;
  std::optional<size_t> hash() const override { return static_cast<size_t>(seconds); }
  Value repr(Interpreter& in) override;
  Value str(Interpreter& in) override;
};

// A date, a time of day, or both.
struct Moment : Foreign {
  enum class What : uint8_t { date, time, both };
  What what = What::both;
  int64_t days = 0;          // since 1970-01-01; 0 for a time of day
  int64_t microseconds = 0;  // of the day
  TimeZone* zone = nullptr;

  std::string_view type_name() const override;
  const NativeTypeInfo* type_info() const override;
  Value get(Interpreter& in, std::string_view name) override;
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override;
  Truth equals(Interpreter& in, Value other) override;
  std::optional<size_t> hash() const override;
  Value repr(Interpreter& in) override;
  Value str(Interpreter& in) override;
  Value format(Interpreter& in, std::string_view spec) override;

  std::string iso(char separator = 'T') const;
  int64_t instant() const;  // microseconds since 1970 in UTC, or local when there is no zone
};

}  // namespace retort::py
