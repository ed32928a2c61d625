#include "compiler/ops/call.h"

#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>

namespace retort {

using py::Value;

void OpCall::set(std::string_view name, Value value) {
  for (auto& [known, old] : values_)
    if (known == name) {
      old = value;
      return;
    }
  values_.emplace_back(name, value);
}

static Value shape_of(Value value) {
  const auto* const unknown = dynamic_cast<const py::Unknown*>(value.object());
  return unknown && unknown->shape ? unknown->shape : value;
}

OpCall OpCall::shape() const {
  OpCall shape(in);
  for (const auto& [name, value] : values_) {
    const py::Tuple* const tuple = value.as<py::Tuple>();
    if (!tuple) {
      shape.set(name, shape_of(value));
      continue;
    }
    std::vector<Value> items;
    for (const Value item : tuple->items)
      if (const Value known = shape_of(item); !known.is_unknown())
        items.push_back(known);
    shape.set(name, in.tuple(std::move(items)));
  }
  return shape;
}

bool OpCall::given(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& entry) { return entry.first == name && entry.second; });
}

Value OpCall::value(std::string_view name) {
  for (const auto& [known, value] : values_) {
    if (known != name || !value || value.is_none())
      continue;
    const Value unclear = sa::unknown_in(value);
    if (!unclear)
      return value;
    if (!unknown)
      unknown = unclear;
    return {};
  }
  return {};
}

std::optional<bool> OpCall::maybe(std::string_view name) {
  const Value given_value = value(name);
  if (!given_value)
    return {};
  return in.truth(given_value) == py::Truth::yes;
}

bool OpCall::flag(std::string_view name) { return maybe(name).value_or(false); }

std::optional<std::string> OpCall::optional_text(std::string_view name) {
  const Value given_value = value(name);
  if (!given_value)
    return {};
  if (const py::Str* const text = in.plain(given_value).as<py::Str>())
    return text->text;
  const Value shown = in.str(given_value);
  const py::Str* const text = shown.as<py::Str>();
  return text ? text->text : std::string();
}

std::string OpCall::text(std::string_view name) { return optional_text(name).value_or(""); }

Identifier OpCall::identifier(std::string_view name) {
  const Value given_value = value(name);
  return given_value ? sa::identifier_of(in.plain(given_value)) : Identifier();
}

ConstraintName OpCall::constraint_name(std::string_view name) {
  const Value given_value = value(name);
  return given_value ? sa::constraint_name_of(in.plain(given_value)) : ConstraintName();
}

Columns OpCall::columns(std::string_view name) {
  const Value given_value = value(name);
  return given_value ? sa::columns_of(in, given_value) : Columns();
}

Index::Pairs OpCall::pairs(std::string_view name) {
  Index::Pairs list;
  const Value given_value = value(name);
  const py::Dict* const dict = given_value.as<py::Dict>();
  if (!dict)
    return list;
  for (const py::Table::Entry& entry : dict->table.entries())
    if (entry.alive) {
      const Value shown = in.str(entry.value);
      list.emplace_back(sa::text_of(entry.key), sa::text_of(shown));
    }
  return list;
}

Deferral OpCall::deferral() { return {maybe("deferrable"), text("initially")}; }

Answer<std::optional<Sql>> OpCall::sql(std::string_view name) {
  const Value given_value = value(name);
  if (!given_value)
    return std::optional<Sql>();
  return std::optional<Sql>(TRY(sa::clause_sql(in, given_value, sa::Names::bare)));
}

Answer<std::optional<Type>> OpCall::type(std::string_view name, const Identifier& schema) {
  const Value given_value = value(name);
  if (!given_value)
    return std::optional<Type>();
  const sa::TypeObject* const type = sa::type_of(in, given_value);
  if (!type)
    return problem("a type is expected, not a " + in.type_name(given_value), std::string(name));
  return std::optional<Type>(TRY(sa::describe_type(*type, schema)));
}

Answer<std::optional<DefaultValue>> OpCall::default_value(std::string_view name) {
  const auto entry = std::find_if(values_.begin(), values_.end(), [&](const auto& candidate) {
    return candidate.first == name && candidate.second;
  });
  // False is what the signature says for "not given".
  if (entry == values_.end() || entry->second.identical(Value::of(false)))
    return std::optional<DefaultValue>();
  if (entry->second.is_none())
    return std::optional<DefaultValue>(DefaultValue());
  const Value given_value = value(name);
  if (!given_value)
    return std::optional<DefaultValue>(DefaultValue());  // unknown, which makes a hole
  return std::optional<DefaultValue>(TRY(sa::default_value_of(in, given_value)));
}

Answer<Column> OpCall::column(std::string_view name, const Identifier& schema) {
  const Value given_value = value(name);
  if (!given_value)
    return Column();
  const auto* const column = dynamic_cast<const sa::ColumnObject*>(given_value.object());
  if (!column)
    return problem("a Column is expected, not a " + in.type_name(given_value), std::string(name));
  return sa::describe_column(*column, schema);
}

Answer<Index> OpCall::index(std::string_view columns) {
  TRY(only_known({"concurrently", "using", "ops", "include", "nulls_not_distinct", "with",
                  "tablespace", "where"}));
  Index index;
  if (const Value elements = value(columns)) {
    std::vector<Value> items;
    Value unclear;
    if (elements.is(py::Type::string))
      return problem("a list of columns is expected, not a string", std::string(columns));
    if (!in.collect(elements, items, unclear))
      return problem("a list of columns is expected", std::string(columns));
    for (const Value item : items)
      index.elements.push_back(TRY(sa::index_element_of(in, item)));
  }
  index.unique = flag("unique");
  index.concurrently = flag("postgresql_concurrently");
  index.using_ = text("postgresql_using");
  index.operator_classes = pairs("postgresql_ops");
  index.include = this->columns("postgresql_include");
  index.nulls_not_distinct = maybe("postgresql_nulls_not_distinct");
  index.with = pairs("postgresql_with");
  index.tablespace = text("postgresql_tablespace");
  index.where = TRY(sql("postgresql_where"));
  return index;
}

Answer<> OpCall::only_known(std::initializer_list<std::string_view> postgresql_options) const {
  constexpr std::string_view kPrefix = "postgresql_";
  for (const auto& [name, value] : values_)
    if (name.starts_with(kPrefix) &&
        std::find(postgresql_options.begin(), postgresql_options.end(),
                  name.substr(kPrefix.size())) == postgresql_options.end())
      return problem("`" + std::string(name) + "` is no option of this directive",
                     std::string(name));
  return Nothing();
}

}  // namespace retort
