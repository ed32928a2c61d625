// What SQLAlchemy knows about the types of expressions, as far as it changes the text.
#include "compiler/expressions/build.h"

#include <array>

namespace retort::expr {

Affinity affinity_of(const TypePtr& type) {
  if (!type)
    return Affinity::none;
  switch (type->family) {
  case Family::none: return Affinity::none;
  case Family::text:
  case Family::enumeration: return Affinity::text;
  case Family::integer: return Affinity::integer;
  case Family::numeric: return Affinity::numeric;
  case Family::boolean: return Affinity::boolean;
  case Family::date: return Affinity::date;
  case Family::datetime: return Affinity::datetime;
  case Family::time: return Affinity::time;
  case Family::interval: return Affinity::interval;
  case Family::uuid:
  case Family::uuid_text:
  case Family::uuid_hex: return Affinity::uuid;
  case Family::binary: return Affinity::binary;
  case Family::array: return Affinity::array;
  case Family::json: return Affinity::json;
  case Family::hstore: return Affinity::hstore;
  case Family::other: return Affinity::other;
  }
  return Affinity::none;
}

bool same_affinity(const TypePtr& a, const TypePtr& b) {
  const Affinity affinity = affinity_of(a);
  return affinity == affinity_of(b) && (affinity != Affinity::other || a->sql == b->sql);
}

bool is_jsonb(const TypePtr& type) {
  return type && type->family == Family::json && type->sql == "JSONB";
}

TypePtr make_type(Type type) { return std::make_shared<const Type>(std::move(type)); }

const TypePtr& plain_type(Family family) {
  static const auto kTypes = [] {
    std::array<TypePtr, 32> types;
    constexpr std::pair<Family, const char*> kRows[] = {
        {Family::text, "VARCHAR"},
        {Family::integer, "INTEGER"},
        {Family::numeric, "NUMERIC"},
        {Family::boolean, "BOOLEAN"},
        {Family::date, "DATE"},
        {Family::datetime, "TIMESTAMP WITHOUT TIME ZONE"},
        {Family::time, "TIME WITHOUT TIME ZONE"},
        {Family::interval, "INTERVAL"},
        {Family::uuid, "UUID"},
        {Family::binary, "BYTEA"},
        {Family::json, "JSONB"},
    };
    for (const auto& [of, sql] : kRows) {
      Type type;
      type.sql = sql;
      type.family = of;
      types[static_cast<size_t>(of)] = make_type(std::move(type));
    }
    return types;
  }();
  return kTypes[static_cast<size_t>(family)];
}

TypePtr type_of_value(const Datum& value) {
  static const TypePtr kFloat = [] {
    Type type;
    type.sql = "FLOAT";
    type.family = Family::numeric;
    return make_type(std::move(type));
  }();
  if (value.as<bool>())
    return plain_type(Family::boolean);
  if (value.as<int64_t>())
    return plain_type(Family::integer);
  if (const auto* number = value.as<Number>())
    return number->kind == Number::Kind::integer ? plain_type(Family::integer)
           : number->kind == Number::Kind::real  ? kFloat
                                                 : plain_type(Family::numeric);
  if (value.as<std::string>())
    return plain_type(Family::text);
  if (value.as<Bytes>())
    return plain_type(Family::binary);
  if (const auto* moment = value.as<Moment>())
    return plain_type(moment->kind == Moment::Kind::date   ? Family::date
                      : moment->kind == Moment::Kind::time ? Family::time
                                                           : Family::datetime);
  if (value.as<Duration>())
    return plain_type(Family::interval);
  if (value.as<Uuid>())
    return plain_type(Family::uuid);
  return nullptr;
}

TypePtr array_of(const TypePtr& item) {
  Type type;
  type.family = Family::array;
  if (item && item->family == Family::array) {
    type.sql = item->sql + "[]";
    type.item = item->item;
  } else {
    type.sql = item ? item->sql + "[]" : "";
    type.item = item ? item : make_type({});
  }
  return make_type(std::move(type));
}

namespace {

bool concatenates(const TypePtr& type) {
  const Affinity affinity = affinity_of(type);
  return affinity == Affinity::text || affinity == Affinity::array || affinity == Affinity::json ||
         affinity == Affinity::hstore;
}

// What arithmetic between two types yields where it is not the type on the left.
struct Adaptation {
  Affinity left;
  Op op;
  Affinity right;
  Family result;  // none: the type on the right
};
constexpr Adaptation kAdaptations[] = {
    {Affinity::integer, Op::add, Affinity::date, Family::none},
    {Affinity::integer, Op::add, Affinity::numeric, Family::none},
    {Affinity::integer, Op::multiply, Affinity::interval, Family::none},
    {Affinity::integer, Op::multiply, Affinity::numeric, Family::none},
    {Affinity::integer, Op::true_divide, Affinity::integer, Family::numeric},
    {Affinity::integer, Op::true_divide, Affinity::numeric, Family::none},
    {Affinity::integer, Op::floor_divide, Affinity::numeric, Family::none},
    {Affinity::integer, Op::subtract, Affinity::numeric, Family::none},
    {Affinity::numeric, Op::multiply, Affinity::interval, Family::none},
    {Affinity::date, Op::add, Affinity::interval, Family::datetime},
    {Affinity::date, Op::add, Affinity::time, Family::datetime},
    {Affinity::date, Op::subtract, Affinity::date, Family::integer},
    {Affinity::date, Op::subtract, Affinity::interval, Family::datetime},
    {Affinity::date, Op::subtract, Affinity::datetime, Family::interval},
    {Affinity::datetime, Op::subtract, Affinity::datetime, Family::interval},
    {Affinity::time, Op::add, Affinity::date, Family::datetime},
    {Affinity::time, Op::subtract, Affinity::time, Family::interval},
    {Affinity::interval, Op::add, Affinity::date, Family::datetime},
    {Affinity::interval, Op::add, Affinity::datetime, Family::none},
    {Affinity::interval, Op::add, Affinity::time, Family::none},
};

}  // namespace

std::pair<Operator, TypePtr> adapt(const Operator& op, const TypePtr& left, const TypePtr& right) {
  if (!left) {
    if (!right || !is_commutative(op))
      return {op, left};
    return adapt(op, right, left);
  }
  if (op.op == Op::add && concatenates(left) && (!right || concatenates(right)))
    return {Op::concatenate, left->family == Family::enumeration ? plain_type(Family::text) : left};
  for (const Adaptation& row : kAdaptations)
    if (row.left == affinity_of(left) && row.op == op.op && row.right == affinity_of(right))
      return {op, row.result == Family::none ? right : plain_type(row.result)};
  return {op, left};
}

}  // namespace retort::expr
