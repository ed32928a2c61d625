// Types made of other types: enums, domains, arrays, and the bases of user-defined types.
#include "compiler/types/tables.h"

#include "common/text.h"
#include "common/utf8.h"
#include "compiler/ddl/names.h"

#include <algorithm>

namespace retort {
namespace {

Answer<> read_labels(const TypeArguments& arguments, Type& type, std::string& name) {
  if (arguments.rest().size() == 1)
    if (const auto* members = arguments.rest()[0].as<EnumClass>()) {
      const bool omit_aliases = arguments.flag("omit_aliases", true);
      type.members = members->members;
      name = lower(members->name);
      for (const EnumMember& member : members->members)
        if (!member.alias || !omit_aliases)
          type.labels.push_back(member.name);
      // The caller has called it: what stands here is the list that it returned.
      if (const Datum* values = arguments.find("values_callable")) {
        const auto* list = values->as<List>();
        if (!list)
          return problem("`values_callable` has no known result", "values_callable");
        type.by_values = true;
        type.labels.clear();
        for (const Datum& value : list->items) {
          const auto* label = value.as<std::string>();
          if (!label)
            return problem("`values_callable` must return strings", "values_callable");
          type.labels.push_back(*label);
        }
      }
      return Nothing();
    }
  for (const Datum& value : arguments.rest()) {
    const auto* label = value.as<std::string>();
    if (!label)
      return problem("labels of an enum must be strings");
    type.labels.push_back(*label);
  }
  return Nothing();
}

Answer<Identifier> read_name(const TypeArguments& arguments, std::string fallback) {
  Identifier name = TRY(arguments.text("name")).value_or(std::move(fallback));
  if (arguments.given("name") && !arguments.find("name"))
    name.text.clear();  // name=None
  if (arguments.find("quote"))
    name.quote = arguments.flag("quote", false) ? Quote::always : Quote::never;
  return name;
}

Answer<Identifier> read_schema(const TypeArguments& arguments, const TypeContext& context) {
  if (arguments.flag("inherit_schema", false))
    return context.table_schema;
  return Identifier(TRY(arguments.text("schema")).value_or(""));
}

// VARCHAR of the longest label, with or without a CHECK.
Answer<> emulated(const TypeArguments& arguments, const Identifier& name, Type& type) {
  size_t longest = 0;
  for (const std::string& label : type.labels)
    longest = std::max(longest, utf8::count(label));
  std::string length = std::to_string(longest);
  if (arguments.given("length")) {
    const Datum* given = arguments.find("length");
    const int64_t* number = given ? given->as<int64_t>() : nullptr;
    if (number && *number < static_cast<int64_t>(longest))
      return problem("`length` is less than the longest label needs", "length");
    length = number ? std::to_string(*number) : "0";
  }
  type.sql = length == "0" ? "VARCHAR" : "VARCHAR(" + length + ")";
  type.has_check = arguments.flag("create_constraint", false);
  type.check_name = name;
  return Nothing();
}

Answer<> fill_enum(const TypeArguments& arguments, const TypeContext& context, Type& type,
                   bool of_dialect) {
  std::string class_name;
  TRY(read_labels(arguments, type, class_name));
  const Identifier name = TRY(read_name(arguments, std::move(class_name)));
  if (!of_dialect && !arguments.flag("native_enum", true))
    return emulated(arguments, name, type);
  if (name.empty())
    return problem("an enum needs a `name` on PostgreSQL", "name");
  NamedType named;
  named.name = name;
  named.schema = TRY(read_schema(arguments, context));
  named.labels = type.labels;
  // Only the dialect's class knows create_type; sa.Enum swallows the keyword.
  const bool create_type = !of_dialect || arguments.flag("create_type", true);
  named.with_table = create_type && !arguments.find("metadata");
  type.sql = written_type(named.schema, named.name);
  type.named = std::make_shared<const NamedType>(std::move(named));
  return Nothing();
}

Answer<> generic_enum(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  return fill_enum(arguments, context, type, false);
}
Answer<> dialect_enum(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  return fill_enum(arguments, context, type, true);
}

Answer<Sql> expression(const Datum& value, bool quoted_string) {
  if (const auto* sql = value.as<Sql>())
    return *sql;
  const auto* text = value.as<std::string>();
  if (!text)
    return problem("a string or text() is expected");
  return quoted_string ? Answer<Sql>(Sql{literal(*text)}) : text_clause(*text);
}

// What SQLAlchemy prints, including the blank that it leaves when there is no option.
Answer<std::string> domain_definition(const TypeArguments& arguments, const Type& data_type) {
  std::vector<std::string> options;
  if (const auto collation = TRY(arguments.text("collation")))
    options.push_back("COLLATE " + quoted(*collation));
  if (const Datum* fallback = arguments.find("default"))
    options.push_back("DEFAULT " + TRY(expression(*fallback, true)).text);
  if (const auto name = TRY(arguments.text("constraint_name")))
    options.push_back("CONSTRAINT " + quoted(*name));
  if (arguments.flag("not_null", false))
    options.push_back("NOT NULL");
  if (const Datum* check = arguments.find("check"))
    options.push_back("CHECK (" + TRY(expression(*check, false)).text + ")");
  return data_type.sql + " " + join(options, " ");
}

Answer<> domain(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  const Datum* data_type = arguments.find("data_type");
  if (!data_type)
    return problem("a domain needs a data type", "data_type");
  const Type base = TRY(describe_argument(*data_type, context));
  NamedType named;
  named.kind = NamedType::Kind::domain;
  named.name = TRY(read_name(arguments, ""));
  if (named.name.empty())
    return problem("a domain needs a `name`", "name");
  named.schema = TRY(read_schema(arguments, context));
  named.definition = TRY(domain_definition(arguments, base));
  named.with_table = arguments.flag("create_type", true) && !arguments.find("metadata");
  type.family = base.family;
  type.counts = false;
  type.sql = written_type(named.schema, named.name);
  type.named = std::make_shared<const NamedType>(std::move(named));
  return Nothing();
}

// The brackets stand before a COLLATE.
Answer<> array(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  const Datum* item_type = arguments.find("item_type");
  if (!item_type)
    return problem("an array needs the type of its items", "item_type");
  Type item = TRY(describe_argument(*item_type, context));
  if (item.family == Family::array)
    return problem("an array of arrays is written with `dimensions`", "item_type");
  if (item.has_check)
    return problem("PostgreSQL has no CHECK for arrays of a non-native enum; use "
                   "create_constraint=False",
                   "item_type");
  int64_t dimensions = 1;
  if (const Datum* given = arguments.find("dimensions"))
    if (const auto* number = given->as<int64_t>())
      dimensions = *number;
  if (dimensions > 6)
    return problem("PostgreSQL arrays have at most 6 dimensions", "dimensions");
  std::string brackets;
  for (int64_t i = 0; i < dimensions; ++i)
    brackets += "[]";
  const size_t collate = std::min(item.sql.find(" COLLATE"), item.sql.size());
  type.sql = item.sql.substr(0, collate) + brackets + item.sql.substr(collate);
  type.named = item.named;
  type.item = std::make_shared<const Type>(std::move(item));
  return Nothing();
}

// The caller gives what load_dialect_impl or `impl` says, or what get_col_spec returns.
Answer<> decorator(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  if (arguments.rest().size() != 1)
    return problem("the impl of this TypeDecorator is not known");
  type = TRY(describe_argument(arguments.rest()[0], context));
  return Nothing();
}
Answer<> user_defined(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const auto* spec = arguments.rest().size() == 1 ? arguments.rest()[0].as<std::string>() : nullptr;
  if (!spec)
    return problem("what get_col_spec() of this type returns is not known");
  type.sql = *spec;
  return Nothing();
}
Answer<> null_type(const TypeArguments&, const TypeContext&, Type&) {
  return problem("the column has no type");
}

constexpr std::string_view kArray =
    "item_type, as_tuple=False, dimensions=None, zero_indexes=False";

// clang-format off
constexpr TypeRow kRows[] = {
  {"Enum", "*enums, **kw", Family::enumeration, {}, generic_enum},
  {"ARRAY", kArray, Family::array, {}, array},
  {"TypeDecorator", "*args, **kwargs", Family::other, {}, decorator},
  {"UserDefinedType", "*args, **kwargs", Family::other, {}, user_defined},
  {"NullType", "", Family::none, {}, null_type},
};
constexpr TypeRow kPostgresRows[] = {
  {"ENUM", "*enums, name=_NoArg.NO_ARG, create_type=True, **kw", Family::enumeration, {}, dialect_enum},
  {"DOMAIN", "name, data_type, *, collation=None, default=None, constraint_name=None, not_null=None, check=None, create_type=True, **kw", Family::other, {}, domain},
};
// clang-format on

}  // namespace

std::span<const TypeRow> enum_types() { return kRows; }
std::span<const TypeRow> postgres_enum_types() { return kPostgresRows; }

}  // namespace retort
