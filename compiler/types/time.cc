// Dates, times and intervals.
#include "compiler/types/tables.h"

namespace retort {
namespace {

constexpr char kTimestamp[] = "TIMESTAMP";
constexpr char kTime[] = "TIME";

// Only the dialect's own classes have a precision.
template <const char* kWord>
Answer<> zoned(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> precision = TRY(arguments.integer("precision"));
  type.sql = kWord;
  if (precision)
    type.sql += "(" + *precision + ")";
  type.sql += arguments.flag("timezone", false) ? " WITH TIME ZONE" : " WITHOUT TIME ZONE";
  return Nothing();
}

Answer<> interval(const TypeArguments& arguments, const TypeContext&, Type& type) {
  if (!arguments.flag("native", true)) {
    type.sql = "TIMESTAMP WITHOUT TIME ZONE";  // SQLAlchemy adds intervals to 1970-01-01
    type.family = Family::other;
    return Nothing();
  }
  const std::optional<std::string> precision = TRY(arguments.integer("second_precision"));
  type.sql = "INTERVAL";
  if (precision)
    type.sql += " (" + *precision + ")";
  return Nothing();
}

// clang-format off
constexpr TypeRow kRows[] = {
  {"Date", "", Family::date, "DATE"},
  {"DATE", "", Family::date, "DATE"},
  {"DateTime", "timezone=False", Family::datetime, {}, zoned<kTimestamp>},
  {"TIMESTAMP", "timezone=False", Family::datetime, {}, zoned<kTimestamp>},
  {"DATETIME", "timezone=False", Family::datetime, "DATETIME"},
  {"Time", "timezone=False", Family::time, {}, zoned<kTime>},
  {"TIME", "timezone=False", Family::time, {}, zoned<kTime>},
  {"Interval", "native=True, second_precision=None, day_precision=None", Family::interval, {}, interval},
};
constexpr TypeRow kPostgresRows[] = {
  {"TIMESTAMP", "timezone=False, precision=None", Family::datetime, {}, zoned<kTimestamp>},
  {"TIME", "timezone=False, precision=None", Family::time, {}, zoned<kTime>},
};
// clang-format on

}  // namespace

std::span<const TypeRow> time_types() { return kRows; }
std::span<const TypeRow> postgres_time_types() { return kPostgresRows; }

}  // namespace retort
