// Names to objects, by PostgreSQL's search path.
#include "compiler/catalog/apply.h"
#include "compiler/forms/system_types.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::catalog {

using forms::Name;

namespace {

bool is_system_schema(std::string_view schema) {
  return schema == "pg_catalog" || schema == "information_schema" || schema == "pg_toast" ||
         schema.starts_with("pg_temp");
}

std::string plain(const Name& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

}  // namespace

bool Apply::certain(const Name& name) const {
  return certain() && !catalog.blurred.contains(name.name);
}

std::vector<Id> Apply::path() const {
  std::vector<Id> ids;
  for (const std::string& name : catalog.search_path)
    if (const Id id = catalog.find(Space::schema, name, 0))
      ids.push_back(id);
  return ids;
}

bool Apply::is_system(const Name& name) const {
  return is_system_schema(name.schema) || (name.schema.empty() && name.name.starts_with("pg_"));
}

Done<Id> Apply::schema(std::string_view name, Span at) const {
  const Id id = catalog.find(Space::schema, name, 0);
  if (id == 0 && certain({"", std::string(name), {}}) && !is_system_schema(name))
    return problem("3F000", at, fmt::format("schema \"{}\" does not exist", name));
  return id;
}

Done<Id> Apply::creation_schema(const Name& name) const {
  if (!name.schema.empty())
    return schema(name.schema, name.at);
  const std::vector<Id> schemas = path();
  if (!schemas.empty())
    return schemas.front();
  if (certain())
    return problem("3F000", name.at, "no schema has been selected to create in");
  return Id{0};
}

Id Apply::in_path(Space space, std::string_view name) const {
  for (const std::string& schema : catalog.search_path)
    if (const Id scope = catalog.find(Space::schema, schema, 0))
      if (const Id id = catalog.find(space, name, scope))
        return id;
  return 0;
}

Id Apply::find_role(std::string_view name) const {
  for (const Id id : catalog.named(Space::other, name))
    if (catalog.get(id)->kind == Kind::role)
      return id;
  return 0;
}

Id Apply::relation(const Name& name) const {
  if (!name.schema.empty()) {
    const Id schema = catalog.find(Space::schema, name.schema, 0);
    return schema == 0 ? 0 : catalog.find(Space::relation, name.name, schema);
  }
  return in_path(Space::relation, name.name);
}

Id Apply::type_named(const Name& name) const {
  if (!name.schema.empty()) {
    const Id schema = catalog.find(Space::schema, name.schema, 0);
    return schema == 0 ? 0 : catalog.find(Space::type, name.name, schema);
  }
  return in_path(Space::type, name.name);
}

std::vector<Id> Apply::functions(const Name& name) const {
  std::vector<Id> found;
  const Id wanted = name.schema.empty() ? 0 : catalog.find(Space::schema, name.schema, 0);
  const std::vector<Id> schemas = path();
  for (const Id id : catalog.named(Space::function, name.name)) {
    const Id schema = catalog.get(id)->schema;
    if (name.schema.empty() ? std::find(schemas.begin(), schemas.end(), schema) != schemas.end()
                            : schema == wanted)
      found.push_back(id);
  }
  return found;
}

Id Apply::function(const Name& name, const std::vector<Type>& inputs) const {
  for (const Id id : functions(name))
    if (catalog.get(id)->as<Function>().inputs == inputs)
      return id;
  return 0;
}

Done<Id> Apply::existing(const Name& name, Kind kind, bool may_be_missing) const {
  const Id id = relation(name);
  if (id != 0 || may_be_missing || !certain(name) || is_system(name))
    return id;
  if (!name.schema.empty() && kind != Kind::none && !is_system_schema(name.schema) &&
      catalog.find(Space::schema, name.schema, 0) == 0)
    return problem("3F000", name.at, fmt::format("schema \"{}\" does not exist", name.schema));
  // A query names what it misses in full; a command looks for the schema first.
  return problem(kind == Kind::index ? "42704" : "42P01", name.at,
                 fmt::format("{} \"{}\" does not exist", kind == Kind::index ? "index" : "relation",
                             plain(name)));
}

Done<Id> Apply::table(const Name& name, bool if_exists) {
  const Id found = relation(name);
  if (found == 0 && if_exists && certain(name))
    return Id{0};
  if (found != 0 || certain(name) || is_system(name))
    return existing(name, Kind::relation);
  // The table may be there although the chain did not make it: known from here on by what
  // happens to it.
  if (name.schema.empty() && path().empty())
    return Id{0};  // in a schema that is not known either
  const Id schema = TRY(creation_schema(name));
  if (schema == 0)
    return Id{0};
  Object object;
  object.kind = Kind::table;
  object.schema = schema;
  object.name = name.name;
  Table data;
  data.partial = true;
  data.unmade = true;
  object.data = std::move(data);
  return catalog.add(std::move(object));
}

bool Apply::partial(Id table) const {
  const Object* object = catalog.get(table);
  const Table* data = object ? object->maybe<Table>() : nullptr;
  return !object || (data && data->partial) || !certain({"", object->name, {}});
}

Done<const Column*> Apply::column(Id table, std::string_view name, Span at) const {
  const Object* object = catalog.get(table);
  if (!object)
    return static_cast<const Column*>(nullptr);
  if (const Column* found = object->column_named(name))
    return found;
  if (partial(table))
    return static_cast<const Column*>(nullptr);
  return problem(
      "42703", at,
      fmt::format("column \"{}\" of relation \"{}\" does not exist", name, object->name));
}

Done<Type> Apply::type(const forms::TypeName& name) const {
  Type type;
  type.array = name.array;
  type.modifiers = name.modifiers;
  if (name.name == forms::kUnknownType) {
    type.known = false;  // and nothing to write it by
    return type;
  }
  if (name.of_column) {
    const Id table = TRY(existing({"", name.schema, name.at}, Kind::relation));
    const Column* found = table == 0 ? nullptr : TRY(column(table, name.name, name.at));
    if (found)
      return found->type;
    type.known = false;
    type.internal = "unknown";
    return type;
  }
  if (forms::is_system_type(name)) {
    type.internal = name.name;
    return type;
  }
  const Name plain_name{name.schema, name.name, name.at};
  if (const Id id = type_named(plain_name)) {
    type.object = id;
    return type;
  }
  if (const Id id = relation(plain_name); id != 0 && catalog.get(id)->is_table_like()) {
    type.object = id;
    return type;
  }
  if (name.schema.empty() && name.name.starts_with('_')) {  // `_int4` is an array of `int4`
    forms::TypeName element = name;
    element.name.erase(0, 1);
    Done<Type> inner = this->type(element);
    if (inner && inner->known) {
      inner->array = true;
      return inner;
    }
  }
  // Extensions bring types that only they know.
  if (!certain(plain_name) || catalog.extended() || is_system(plain_name)) {
    type.known = false;
    type.internal = name.schema.empty()
                        ? forms::quoted(name.name)
                        : forms::quoted(name.schema) + "." + forms::quoted(name.name);
    return type;
  }
  if (!name.schema.empty() && catalog.find(Space::schema, name.schema, 0) == 0)
    return problem("3F000", name.at, fmt::format("schema \"{}\" does not exist", name.schema));
  return problem("42704", name.at, fmt::format("type \"{}\" does not exist", plain(plain_name)));
}

bool Apply::lacks_class(const Type& type, std::string_view method) const {
  // Extensions have operator classes for their own types; for these there are none.
  constexpr std::array<std::string_view, 3> kNever = {"json", "xml", "jsonpath"};
  constexpr std::array<std::string_view, 7> kShapes = {"point", "lseg",    "line",  "box",
                                                       "path",  "polygon", "circle"};
  constexpr std::array<std::string_view, 3> kHashed = {"xid", "cid", "aclitem"};
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), type.internal) != names.end();
  };
  const bool ordered = method == "btree";
  const bool lacks = among(kNever) || ((ordered || method == "hash") && among(kShapes)) ||
                     (ordered && among(kHashed));
  if (!lacks || !type.known || type.object != 0 || type.array || !certain())
    return false;
  for (Id id = 1; id < catalog.size(); ++id)
    if (const Object* object = catalog.get(id); object && object->kind == Kind::operator_class)
      return false;
  return true;
}

// What an expression over one table's columns needs.
Done<> Apply::mentioned(const forms::Mentions& mentions, Id table, std::vector<Need>& needs,
                        int own_column, Span at, bool new_old) const {
  const Object* object = catalog.get(table);
  for (const forms::ColumnUse& use : mentions.columns) {
    if (use.star || use.names.empty() || !object)
      continue;
    if (new_old && (use.names.size() < 2 || (use.names[0] != "new" && use.names[0] != "old")))
      continue;
    const std::string& name = use.names.back();
    if (use.names.size() == 1 && name == "value" && object->kind == Kind::domain)
      continue;
    const Column* found = object->column_named(name);
    const bool hidden = name == "ctid" || name == "xmin" || name == "tableoid" || name == "oid";
    if (found)
      needs.push_back({own_column, table, found->number, Strength::normal});
    else if (!partial(table) && use.names.size() == 1 && !hidden)
      return problem("42703", use.at.empty() && use.at.begin == 0 ? at : use.at,
                     fmt::format("column \"{}\" does not exist", name));
    else if (!partial(table) && new_old && !hidden)
      return problem("42703", use.at,
                     fmt::format("column {}.{} does not exist", use.names[0], name));
  }
  for (const forms::TypeName& name : mentions.types) {
    const Type type = TRY(this->type(name));
    if (type.object != 0)
      needs.push_back({own_column, type.object, 0, Strength::normal});
  }
  for (const forms::Mentions::Label& label : mentions.labels) {
    const Id id = label.type.array ? 0 : type_named({label.type.schema, label.type.name, {}});
    const Object* type = catalog.get(id);
    const TypeData* data = type ? type->maybe<TypeData>() : nullptr;
    if (data && data->form == TypeData::Form::enumeration &&
        std::find(data->labels.begin(), data->labels.end(), label.label) == data->labels.end() &&
        certain({"", type->name, {}}))
      return problem(
          "22P02", label.at,
          fmt::format("invalid input value for enum {}: \"{}\"", visible_name(*type), label.label));
  }
  for (const Name& name : mentions.relations) {
    const Id id = TRY(existing(name, Kind::relation));
    if (id != 0)
      needs.push_back({own_column, id, 0, Strength::normal});
  }
  for (const forms::FunctionUse& use : mentions.functions) {
    // Only where one function can be meant; types of arguments are not inferred.
    const std::vector<Id> found = functions(use.name);
    if (found.size() == 1)
      needs.push_back({own_column, found.front(), 0, Strength::normal});
  }
  return Nothing{};
}

Done<> Apply::free_relation_name(std::string_view name, Id schema, Span at) const {
  if (catalog.find(Space::relation, name, schema) != 0 && certain({"", std::string(name), {}}))
    return problem("42P07", at, fmt::format("relation \"{}\" already exists", name));
  return Nothing{};
}

Done<> Apply::free_type_name(std::string_view name, Id schema, Span at) const {
  const Id relation = catalog.find(Space::relation, name, schema);
  const bool row_type = relation != 0 && catalog.get(relation)->is_table_like();
  if ((row_type || catalog.find(Space::type, name, schema) != 0) &&
      certain({"", std::string(name), {}}))
    return problem("42710", at, fmt::format("type \"{}\" already exists", name));
  return Nothing{};
}

int Apply::next_column(Id table) const {
  const Object* object = catalog.get(table);
  const std::vector<Column>& columns =
      object->maybe<Table>() ? object->as<Table>().columns : object->as<TypeData>().columns;
  return columns.empty() ? 1 : columns.back().number + 1;
}

}  // namespace retort::catalog
