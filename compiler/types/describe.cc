// Finds the row of a type and fills in what it says.
#include "compiler/types/tables.h"

#include "common/text.h"

#include <unordered_map>

namespace retort {

std::string_view library_of(std::string_view module) {
  if (module.substr(0, 10) != "sqlalchemy")
    return module.substr(0, module.find('.'));
  const std::string_view rest = module.substr(10);
  if (!rest.empty() && rest[0] != '.')
    return module.substr(0, module.find('.'));  // sqlalchemy_utils
  constexpr std::string_view kDialects = ".dialects.";
  if (rest.substr(0, kDialects.size()) != kDialects)
    return "sqlalchemy";
  const std::string_view dialect = rest.substr(kDialects.size());
  return dialect.substr(0, dialect.find('.'));
}

std::span<const TypeLibrary> type_libraries() {
  static const std::vector<TypeLibrary> kLibraries = [] {
    std::vector<TypeLibrary> libraries = {
        {"sqlalchemy", text_types()},          {"sqlalchemy", numeric_types()},
        {"sqlalchemy", time_types()},          {"sqlalchemy", enum_types()},
        {"postgresql", postgres_types()},      {"postgresql", postgres_time_types()},
        {"postgresql", postgres_enum_types()},
    };
    for (const TypeLibrary& library : third_party_types())
      libraries.push_back(library);
    return libraries;
  }();
  return kLibraries;
}

const TypeRow* find_type(std::string_view library, std::string_view name) {
  struct Place {
    std::string_view library;
    const TypeRow* row;
  };
  static const auto kByName = [] {
    std::unordered_map<std::string_view, std::vector<Place>> by_name;
    for (const TypeLibrary& table : type_libraries())
      for (const TypeRow& row : table.rows)
        by_name[row.name].push_back({table.name, &row});
    return by_name;
  }();
  const auto found = kByName.find(name);
  if (found == kByName.end())
    return nullptr;
  for (const Place& place : found->second)
    if (place.library == library)
      return place.row;
  return library == "postgresql" ? find_type("sqlalchemy", name) : nullptr;
}

static Answer<Type> describe_plain(const TypeCall& call, const TypeContext& context) {
  const TypeRow* row = find_type(call.library, call.name);
  if (!row)
    return problem("type `" + call.library + "." + call.name + "` is not known");
  const TypeArguments arguments = TRY(TypeArguments::bind(row->signature, call));
  Type type;
  type.family = row->family;
  type.counts = row->family == Family::integer || row->family == Family::numeric;
  type.sql = row->sql;
  if (row->fill)
    TRY(row->fill(arguments, context, type));
  return type;
}

Answer<Type> describe(const TypeCall& call, const TypeContext& context) {
  if (!call.variant)
    return describe_plain(call, context);
  // The affinity, and with it the choice of the autoincrement column, stays that of the base type.
  const Type base = TRY(describe_plain(call, context));
  Type type = TRY(describe(*call.variant, context));
  type.counts = base.counts;
  return type;
}

Answer<Type> describe_argument(const Datum& argument, const TypeContext& context) {
  const auto* call = argument.as<std::shared_ptr<const TypeCall>>();
  if (!call)
    return problem("a type is expected");
  return describe(**call, context);
}

}  // namespace retort
