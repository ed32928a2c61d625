// Python values that reach SQL: arguments of types, values of bulk_insert rows, scalar defaults.
#pragma once

#include "compiler/ddl/sql.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace retort {

struct Datum;
struct TypeCall;
using Data = std::vector<Datum>;

// What int64_t cannot hold exactly, as Python prints it: a large integer, a float, a Decimal.
struct Number {
  enum class Kind : uint8_t { integer, real, decimal };
  Kind kind = Kind::real;
  std::string text;
};
struct Bytes {
  std::string bytes;
};
// date, time and datetime as `isoformat(" ")` gives them.
struct Moment {
  enum class Kind : uint8_t { date, time, datetime };
  Kind kind = Kind::datetime;
  std::string text;
};
struct Duration {
  int64_t microseconds = 0;
};
struct Uuid {
  std::string text;  // with dashes, lower case
};
// A member of a Python enum; an alias names a value that another member already has.
struct EnumMember {
  enum class Mixin : uint8_t { none, text, integer };
  std::string name;
  std::string value;
  bool alias = false;
  Mixin mixin = Mixin::none;  // `class X(str, Enum)`: the member is its value, too
};
struct EnumClass {
  std::string name;
  std::vector<EnumMember> members;
};
struct List {
  Data items;
};
struct Dict {
  std::vector<std::pair<Datum, Datum>> entries;
};

struct Datum {
  using Value =
      std::variant<std::monostate, bool, int64_t, Number, std::string, Bytes, Moment, Duration,
                   Uuid, EnumMember, EnumClass, Sql, List, Dict, std::shared_ptr<const TypeCall>>;
  Value value;

  Datum() = default;  // None
  Datum(bool flag) : value(flag) {}
  Datum(int number) : value(int64_t{number}) {}
  Datum(int64_t number) : value(number) {}
  Datum(const char* text) : value(std::string(text)) {}
  Datum(std::string text) : value(std::move(text)) {}
  Datum(Number number) : value(std::move(number)) {}
  Datum(Bytes bytes) : value(std::move(bytes)) {}
  Datum(Moment moment) : value(std::move(moment)) {}
  Datum(Duration duration) : value(duration) {}
  Datum(Uuid uuid) : value(std::move(uuid)) {}
  Datum(EnumMember member) : value(std::move(member)) {}
  Datum(EnumClass members) : value(std::move(members)) {}
  Datum(Sql sql) : value(std::move(sql)) {}
  Datum(List list) : value(std::move(list)) {}
  Datum(Dict dict) : value(std::move(dict)) {}
  Datum(TypeCall call);

  bool is_none() const { return std::holds_alternative<std::monostate>(value); }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
};

// `sa.String(20)`: which type, and what it was called with.
struct TypeCall {
  // "sqlalchemy", "postgresql" for sqlalchemy.dialects.postgresql, or the top package of another
  // library; see `library_of`.
  std::string library = "sqlalchemy";
  std::string name;
  Data arguments = {};
  std::vector<std::pair<std::string, Datum>> keywords = {};
  std::shared_ptr<const TypeCall> variant = nullptr;  // of with_variant(…, "postgresql")
};

inline Datum::Datum(TypeCall call) : value(std::make_shared<const TypeCall>(std::move(call))) {}

}  // namespace retort
