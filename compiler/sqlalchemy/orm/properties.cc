// What stands in a mapped class besides columns, and the types that annotations stand for.
#include "compiler/python/natives.h"
#include "compiler/sqlalchemy/orm/orm.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

Value keyword(const Args& args, std::string_view name) {
  for (const py::Keyword& given : args.keywords)
    if (given.name == name)
      return given.value;
  return {};
}

Value property(Interpreter& in, PropertyObject::Kind kind, Value argument = {}) {
  PropertyObject* const made = in.make<PropertyObject>();
  made->kind = kind;
  made->argument = argument;
  return made;
}

Value relationship(Interpreter& in, const Args& args) {
  Value target = args.positional.empty() ? keyword(args, "argument") : args.positional[0];
  PropertyObject* const made = in.make<PropertyObject>();
  made->kind = PropertyObject::Kind::relationship;
  made->argument = target;
  const Value secondary =
      args.positional.size() > 1 ? args.positional[1] : keyword(args, "secondary");
  made->secondary = secondary && !secondary.is_none();
  return made;
}

// Functions that make something which only matters to Python.
Value ignored(Interpreter& in, const Args&) { return property(in, PropertyObject::Kind::other); }

// deferred(Column(…)) and column_property(Column(…)) hold that column.
Value column_property(Interpreter& in, const Args& args) {
  if (!args.positional.empty() && object_of<ColumnObject>(args.positional[0]))
    return args.positional[0];
  return property(in, PropertyObject::Kind::attribute,
                  args.positional.empty() ? Value() : args.positional[0]);
}

// @hybrid_property and the like.
Value decorator(Interpreter& in, const Args& args) {
  return property(in, PropertyObject::Kind::other,
                  args.positional.empty() ? Value() : args.positional[0]);
}

Value declared_attr(Interpreter& in, const Args& args) {
  return property(in, PropertyObject::Kind::declared,
                  args.positional.empty() ? Value() : args.positional[0]);
}

Value validates(Interpreter& in, const Args& args) {
  PropertyObject* const made = in.make<PropertyObject>();
  made->kind = PropertyObject::Kind::validator;
  for (const Value name : args.positional)
    made->names.push_back(text_of(in.plain(name)));
  return made;
}

// mapped_column(…) is Column(…) with a few arguments of its own.
Value mapped_column(Interpreter& in, const Args& args) {
  constexpr std::string_view kOwn[] = {"init",
                                       "repr",
                                       "compare",
                                       "kw_only",
                                       "deferred",
                                       "deferred_group",
                                       "deferred_raiseload",
                                       "use_existing_column",
                                       "sort_order",
                                       "active_history",
                                       "hash",
                                       "dataclass_metadata",
                                       "default_factory"};
  Args rest = args;
  std::erase_if(rest.keywords, [&](const py::Keyword& given) {
    return std::find(std::begin(kOwn), std::end(kOwn), given.name) != std::end(kOwn);
  });
  return make_column(in, rest);
}

constexpr py::NativeRow kFunctions[] = {
    {"relationship", "*args, **kw", relationship},
    {"relation", "*args, **kw", relationship},
    {"dynamic_loader", "*args, **kw", relationship},
    {"backref", "*args, **kw", ignored},
    {"synonym", "*args, **kw", ignored},
    {"composite", "*args, **kw", ignored},
    {"association_proxy", "*args, **kw", ignored},
    {"column_property", "*args, **kw", column_property},
    {"deferred", "*args, **kw", column_property},
    {"query_expression", "*args, **kw", ignored},
    {"hybrid_property", "*args, **kw", decorator},
    {"hybrid_method", "*args, **kw", decorator},
    {"declared_attr", "*args, **kw", declared_attr},
    {"validates", "*args, **kw", validates},
    {"reconstructor", "*args, **kw", decorator},
    {"mapped_column", "*args, **kw", mapped_column},
};

// `Optional[str]` is `str`, and its column may be NULL.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"' || text.front() == '\''))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == '\''))
    text.remove_suffix(1);
  return text;
}

std::string_view last_name(std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); }

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"int", "Integer"},        {"str", "String"},        {"bool", "Boolean"}, {"float", "Float"},
    {"bytes", "LargeBinary"},  {"datetime", "DateTime"}, {"date", "Date"},    {"time", "Time"},
    {"timedelta", "Interval"}, {"Decimal", "Numeric"},   {"UUID", "Uuid"},
};

Value named(Interpreter& in, std::string_view name) {
  for (const py::Scope* scope = in.current_scope(); scope; scope = scope->parent)
    if (const Value found = scope->names.find(name))
      return found.is(py::Type::lazy) ? in.resolve(found) : found;
  return {};
}

}  // namespace

void take_annotation(Interpreter& in, ColumnObject& column, std::string_view annotation,
                     const DeclarativeBase& base, Value& problem) {
  std::string_view text = trimmed(annotation);
  const size_t open = text.find('[');
  if (open == text.npos || last_name(trimmed(text.substr(0, open))) != "Mapped" ||
      text.back() != ']')
    return;
  text = trimmed(text.substr(open + 1, text.size() - open - 2));
  bool optional = false;
  if (const size_t inner = text.find('[');
      inner != text.npos && text.back() == ']' && last_name(text.substr(0, inner)) == "Optional") {
    optional = true;
    text = trimmed(text.substr(inner + 1, text.size() - inner - 2));
  }
  if (const size_t bar = text.find('|'); bar != text.npos) {
    const std::string_view left = trimmed(text.substr(0, bar));
    const std::string_view right = trimmed(text.substr(bar + 1));
    optional = left == "None" || right == "None";
    text = left == "None" ? right : left;
  }
  if (!column.column.nullable && !column.column.primary_key)
    column.column.nullable = optional;
  if (column.type || !column.column.foreign_keys.empty())
    return;
  const std::string_view name = last_name(text);
  if (const py::Dict* const map = base.types ? base.types.as<py::Dict>() : nullptr)
    for (const py::Table::Entry& entry : map->table.entries()) {
      if (!entry.alive)
        continue;
      const Value known = in.find_attribute(entry.key, "__name__");
      if (known && text_of(known) == name && (column.type = type_of(in, entry.value)))
        return;
    }
  for (const auto& [python, type] : kTypes)
    if (python == name) {
      column.type = type_of(in, type_class(in, "sqlalchemy", type));
      return;
    }
  const Value own = text.find_first_of(".[") == text.npos ? named(in, text) : Value();
  if (const py::Class* const cls = own ? own.as<py::Class>() : nullptr;
      cls && cls->flavour == py::Class::Flavour::enumeration) {
    column.type = type_of(in, in.call(type_class(in, "sqlalchemy", "Enum"), {own}));
    return;
  }
  problem = in.unknown(Cause::Kind::unsupported,
                       fmt::format("which type `{}` stands for is not known", annotation));
}

Value PropertyObject::call(Interpreter& in, const Args& args) {
  // `@validates("name")` and `@declared_attr(…)` get their function now.
  if ((kind == Kind::validator || kind == Kind::declared) && !args.positional.empty()) {
    PropertyObject* const made = in.make<PropertyObject>();
    made->kind = kind;
    made->names = names;
    made->argument = args.positional[0];
    return made;
  }
  if (kind == Kind::other && !args.positional.empty())  // `@name.setter`
    return this;
  return in.unknown(Cause::Kind::unsupported, "this attribute of a model is not interpreted");
}

Value PropertyObject::get(Interpreter& in, std::string_view name) {
  if (name == "setter" || name == "expression" || name == "comparator" || name == "deleter" ||
      name == "update_expression" || name == "inplace" || name == "cascading" ||
      name == "directive")
    return this;
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of this attribute of a model is not interpreted", name));
}

std::span<const py::NativeRow> orm_functions() { return kFunctions; }

}  // namespace retort::sa
