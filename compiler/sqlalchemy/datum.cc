#include "compiler/sqlalchemy/datum.h"

#include "compiler/python/natives.h"
#include "compiler/python/stdlib/datetime.h"
#include "compiler/python/stdlib/decimal.h"
#include "compiler/python/stdlib/uuid.h"
#include "compiler/sqlalchemy/objects.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/types/json.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

// Nothing real is nested deeper; a list that contains itself is.
constexpr int kMaxDepth = 100;

py::Value unknown_inside(py::Value value, int depth);

py::Value unknown_among(const std::vector<py::Value>& items, int depth) {
  for (const py::Value item : items)
    if (const py::Value found = unknown_inside(item, depth))
      return found;
  return {};
}

py::Value unknown_among(const py::Table& table, int depth) {
  for (const py::Table::Entry& entry : table.entries()) {
    if (!entry.alive)
      continue;
    for (const py::Value item : {entry.key, entry.value})
      if (const py::Value found = unknown_inside(item, depth))
        return found;
  }
  return {};
}

py::Value unknown_inside(py::Value value, int depth) {
  if (depth > kMaxDepth)
    return {};
  if (value.is_unknown())
    return value;
  if (const auto* list = value.as<py::List>())
    return unknown_among(list->items, depth + 1);
  if (const auto* tuple = value.as<py::Tuple>())
    return unknown_among(tuple->items, depth + 1);
  if (const auto* set = value.as<py::Set>())
    return unknown_among(set->table, depth + 1);
  if (const auto* dict = value.as<py::Dict>())
    return unknown_among(dict->table, depth + 1);
  if (const auto* instance = value.as<py::Instance>()) {
    if (instance->cls->flavour == py::Class::Flavour::enumeration)
      return unknown_inside(instance->attributes.find("_value_"), depth + 1);
    return unknown_inside(instance->data, depth + 1);
  }
  return {};
}

Answer<Datum> convert(py::Interpreter& in, py::Value value, int depth);

Answer<List> items_of(py::Interpreter& in, const std::vector<py::Value>& items, int depth) {
  List list;
  for (const py::Value item : items)
    list.items.push_back(TRY(convert(in, item, depth + 1)));
  return list;
}

// What str() shows of the value of an enum's member.
std::string shown(py::Interpreter& in, py::Value value) {
  const py::Value text = in.str(value);
  const auto* string = text.as<py::Str>();
  return string ? string->text : std::string();
}

EnumMember member_of(py::Interpreter& in, const py::Instance& instance) {
  EnumMember member;
  member.name = shown(in, instance.attributes.find("_name_"));
  member.value = shown(in, instance.attributes.find("_value_"));
  if (instance.cls->data == &py::kStrType)
    member.mixin = EnumMember::Mixin::text;
  else if (instance.cls->data == &py::kIntType)
    member.mixin = EnumMember::Mixin::integer;
  return member;
}

EnumClass class_of(py::Interpreter& in, const py::Class& cls) {
  EnumClass result;
  result.name = cls.name;
  // Aliases are attributes under another name than the member's own.
  for (const auto& [name, value] : cls.attributes) {
    const auto* instance = value.as<py::Instance>();
    if (!instance || instance->cls != &cls)
      continue;
    EnumMember member = member_of(in, *instance);
    member.alias = member.name != name;
    member.name = name;
    result.members.push_back(std::move(member));
  }
  return result;
}

Answer<Datum> foreign_datum(py::Interpreter& in, py::Value value, py::Foreign& foreign) {
  if (const auto* decimal = dynamic_cast<py::Decimal*>(&foreign))
    return Datum(Number{Number::Kind::decimal, decimal->digits});
  if (const auto* uuid = dynamic_cast<py::Uuid*>(&foreign))
    return Datum(Uuid{uuid->canonical()});
  if (const auto* delta = dynamic_cast<py::Delta*>(&foreign))
    return Datum(Duration{delta->microseconds});
  if (const auto* moment = dynamic_cast<py::Moment*>(&foreign)) {
    using What = py::Moment::What;
    const Moment::Kind kind = moment->what == What::date   ? Moment::Kind::date
                              : moment->what == What::time ? Moment::Kind::time
                                                           : Moment::Kind::datetime;
    return Datum(Moment{kind, moment->iso(' ')});
  }
  if (const auto* type = dynamic_cast<TypeObject*>(&foreign))
    return Datum(type->made_by);
  if (is_clause(value))
    return Datum(TRY(clause_sql(in, value, Names::bare)));
  return problem(fmt::format("a value of type {} has no place in SQL", foreign.type_name()));
}

Answer<Datum> convert(py::Interpreter& in, py::Value value, int depth) {
  if (depth > kMaxDepth)
    return problem("a value is nested too deeply");
  switch (value.type()) {
  case py::Type::none: return Datum();
  case py::Type::boolean: return Datum(value.integer() != 0);
  case py::Type::integer: return Datum(value.integer());
  case py::Type::floating: return Datum(Number{Number::Kind::real, python_float(value.floating())});
  case py::Type::string: return Datum(value.as<py::Str>()->text);
  case py::Type::bytes: return Datum(Bytes{value.as<py::Bytes>()->bytes});
  case py::Type::list: return Datum(TRY(items_of(in, value.as<py::List>()->items, depth)));
  case py::Type::tuple: return Datum(TRY(items_of(in, value.as<py::Tuple>()->items, depth)));
  case py::Type::set:
  case py::Type::range:
  case py::Type::iterator: {
    std::vector<py::Value> items;
    py::Value failed;
    if (!in.collect(value, items, failed))
      return problem("these items cannot be known");
    return Datum(TRY(items_of(in, items, depth)));
  }
  case py::Type::dict: {
    Dict dict;
    for (const py::Table::Entry& entry : value.as<py::Dict>()->table.entries())
      if (entry.alive)
        dict.entries.emplace_back(TRY(convert(in, entry.key, depth + 1)),
                                  TRY(convert(in, entry.value, depth + 1)));
    return Datum(std::move(dict));
  }
  case py::Type::instance: {
    const py::Instance& instance = *value.as<py::Instance>();
    if (instance.cls->flavour == py::Class::Flavour::enumeration)
      return Datum(member_of(in, instance));
    if (instance.data)
      return convert(in, instance.data, depth + 1);
    break;
  }
  case py::Type::class_:
    if (value.as<py::Class>()->flavour == py::Class::Flavour::enumeration)
      return Datum(class_of(in, *value.as<py::Class>()));
    break;
  case py::Type::foreign: return foreign_datum(in, value, *value.as<py::Foreign>());
  default: break;
  }
  return problem(fmt::format("a value of type {} has no place in SQL", in.type_name(value)));
}

}  // namespace

py::Value unknown_in(py::Value value) { return unknown_inside(value, 0); }

Answer<Datum> datum_of(py::Interpreter& in, py::Value value) { return convert(in, value, 0); }

}  // namespace retort::sa
