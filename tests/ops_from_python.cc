#include "tests/ops_from_python.h"

#include "compiler/ddl/names.h"
#include "compiler/types/literals.h"
#include "tests/python_calls.h"

#include "common/text.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <map>

namespace retort::tests {
namespace {

using Kind = Py::Kind;

bool truth(const Py* value) {
  return value && value->kind != Kind::none && value->text != "False" &&
         !(value->kind == Kind::list && value->items.empty()) &&
         !(value->kind == Kind::text && value->text.empty());
}

std::optional<bool> flag(const Py* value) {
  if (!value || value->kind == Kind::none)
    return {};
  return truth(value);
}

std::string text_or(const Py* value, std::string_view fallback = {}) {
  return value && value->kind != Kind::none ? value->text : std::string(fallback);
}

Identifier identifier(const Py* value) {
  if (!value || value->kind == Kind::none)
    return {};
  if (value->is_call("quoted_name"))
    return {value->items[0].text, truth(&value->items[1]) ? Quote::always : Quote::never};
  return Identifier(value->text);
}

ConstraintName name_of(const Py* value) {
  if (!value || value->kind == Kind::none)
    return {};
  if (value->is_call("op.f"))
    return ConstraintName::f(value->items[0].text);
  return ConstraintName(identifier(value));
}

Columns texts(const Py* list) {
  Columns result;
  if (list && list->kind == Kind::list)
    for (const Py& item : list->items)
      result.push_back(item.text);
  return result;
}

Datum datum(const Py& value);

bool is_type_name(std::string_view text) {
  return text.substr(0, 3) == "sa." || text.substr(0, 11) == "postgresql.";
}

TypeCall type_call(const Py& value) {
  if (value.is_call(".with_variant")) {
    TypeCall call = type_call(*value.receiver);
    for (size_t i = 1; i < value.items.size(); ++i)
      if (value.items[i].text == "postgresql")
        call.variant = std::make_shared<const TypeCall>(type_call(value.items[0]));
    return call;
  }
  const std::string& path = value.text;
  const size_t dot = path.rfind('.');
  INFO("type: ", path);
  REQUIRE(dot != path.npos);
  TypeCall call;
  call.library = path.substr(0, dot) == "postgresql" ? "postgresql" : "sqlalchemy";
  call.name = path.substr(dot + 1);
  for (const Py& argument : value.items)
    call.arguments.push_back(datum(argument));
  for (const auto& [name, argument] : value.keywords)
    call.keywords.emplace_back(name, datum(argument));
  return call;
}

std::string python_enum_name(const Py& call) { return call.items[0].text; }

EnumClass enum_class(const Py& call) {
  EnumClass result;
  result.name = python_enum_name(call);
  for (const Py& member : call.items[1].items)
    result.members.push_back({member.items[0].text, member.items[1].text});
  return result;
}

Moment moment(const Py& call) {
  std::vector<int> n;
  bool aware = false;
  for (const Py& item : call.items) {
    if (item.kind == Kind::number)
      n.push_back(std::stoi(item.text));
    aware = aware || item.text == "datetime.timezone.utc";
  }
  if (call.text == "datetime.time")
    return {Moment::Kind::time, fmt::format("{:02}:{:02}:00", n[0], n[1])};
  std::string text = fmt::format("{:04}-{:02}-{:02}", n[0], n[1], n[2]);
  if (call.text == "datetime.date")
    return {Moment::Kind::date, text};
  text += fmt::format(" {:02}:{:02}:{:02}", n[3], n[4], n[5]);
  if (n.size() > 6 && n[6] != 0)
    text += fmt::format(".{:06}", n[6]);
  if (aware)
    text += "+00:00";
  return {Moment::Kind::datetime, text};
}

Answer<Sql> sql(const Py& value);

Datum datum_of_call(const Py& value) {
  if (value.text == "decimal.Decimal")
    return Number{Number::Kind::decimal, value.items[0].text};
  if (value.text == "uuid.UUID")
    return Uuid{value.items[0].text};
  if (value.text == "enum.Enum")
    return enum_class(value);
  if (value.text == "sa.MetaData")
    return true;
  if (value.text == "op.inline_literal")
    return *inline_literal(datum(value.items[0]));
  if (value.text == "datetime.timedelta") {
    int64_t micros = 0;
    constexpr int64_t kUnits[] = {86'400'000'000, 1'000'000, 1};
    for (size_t i = 0; i < value.items.size(); ++i)
      micros += std::stoll(value.items[i].text) * kUnits[i];
    return Duration{micros};
  }
  if (value.text.substr(0, 9) == "datetime.")
    return moment(value);
  if (value.text == "sa.text")
    return *sql(value);
  return type_call(value);
}

Datum datum(const Py& value) {
  switch (value.kind) {
  case Kind::none: return {};
  case Kind::boolean: return value.text == "True";
  case Kind::number:
    if (value.text.find_first_of(".e") != value.text.npos)
      return Number{Number::Kind::real, value.text};
    if (value.text.size() > 18)
      return Number{Number::Kind::integer, value.text};
    return int64_t{std::stoll(value.text)};
  case Kind::text: return value.text;
  case Kind::bytes: return Bytes{value.text};
  case Kind::list: {
    List list;
    for (const Py& item : value.items)
      list.items.push_back(datum(item));
    return list;
  }
  case Kind::dict: {
    Dict dict;
    for (size_t i = 0; i + 1 < value.items.size(); i += 2)
      dict.entries.emplace_back(datum(value.items[i]), datum(value.items[i + 1]));
    return dict;
  }
  case Kind::name: REQUIRE(is_type_name(value.text)); return type_call(value);
  case Kind::call: return datum_of_call(value);
  }
  return {};
}

// The few expressions that examples use; the real ones are compiled elsewhere.
Answer<Sql> sql(const Py& value) {
  if (value.kind == Kind::text)
    return text_clause(value.text);
  if (value.is_call("sa.text"))
    return text_clause(value.items[0].text);
  if (value.is_call("sa.literal_column"))
    return Sql{value.items[0].text};
  if (value.is_call("sa.column"))
    return Sql{quoted(value.items[0].text)};
  if (value.is_call(".desc"))
    return Sql{TRY(sql(*value.receiver)).text + " DESC"};
  if (value.is_call("sa.true") || value.is_call("sa.false"))
    return Sql{value.text.substr(3)};
  if (value.is_call("sa.null"))
    return Sql{"NULL"};
  constexpr std::string_view kFunction = "sa.func.";
  if (value.kind == Kind::call && value.text.substr(0, kFunction.size()) == kFunction) {
    std::vector<std::string> arguments;
    for (const Py& item : value.items)
      arguments.push_back(item.kind == Kind::text ? literal(item.text) : TRY(sql(item)).text);
    return Sql{value.text.substr(kFunction.size()) + "(" + join(arguments, ", ") + ")"};
  }
  return problem("no such expression: " + value.text);
}

Identity identity(const Py& call) {
  Identity result;
  const auto number = [&](const char* name) -> std::optional<std::string> {
    const Py* value = call.keyword(name);
    return value ? std::optional(value->text) : std::nullopt;
  };
  result.always = truth(call.keyword("always"));
  result.start = number("start");
  result.increment = number("increment");
  result.minvalue = number("minvalue");
  result.maxvalue = number("maxvalue");
  result.cache = number("cache");
  result.nominvalue = flag(call.keyword("nominvalue"));
  result.nomaxvalue = flag(call.keyword("nomaxvalue"));
  result.cycle = flag(call.keyword("cycle"));
  return result;
}

Answer<DefaultValue> default_value(const Py& value) {
  if (value.kind == Kind::none)
    return DefaultValue();
  if (value.kind == Kind::text)
    return DefaultValue(value.text);
  if (value.is_call("sa.FetchedValue"))
    return DefaultValue(FetchedValue());
  if (value.is_call("sa.Identity"))
    return DefaultValue(identity(value));
  if (value.is_call("sa.Computed"))
    return DefaultValue(Computed{TRY(sql(value.items[0])), flag(value.keyword("persisted"))});
  return DefaultValue(TRY(sql(value)));
}

Deferral deferral(const Py& call) {
  return {flag(call.keyword("deferrable")), text_or(call.keyword("initially"))};
}

void key_options(const Py& call, ForeignKey& key) {
  key.name = name_of(call.keyword("name"));
  key.ondelete = text_or(call.keyword("ondelete"));
  key.onupdate = text_or(call.keyword("onupdate"));
  key.match = text_or(call.keyword("match"));
  key.deferral = deferral(call);
  key.not_valid = truth(call.keyword("postgresql_not_valid"));
  key.use_alter = truth(call.keyword("use_alter"));
}

Answer<Check> check(const Py& call, const Py& condition) {
  return Check{name_of(call.keyword("name")), TRY(sql(condition)), deferral(call),
               truth(call.keyword("postgresql_not_valid"))};
}

void unique_options(const Py& call, Unique& unique) {
  unique.deferral = deferral(call);
  unique.nulls_not_distinct = flag(call.keyword("postgresql_nulls_not_distinct"));
  unique.include = texts(call.keyword("postgresql_include"));
}

Answer<Exclude> exclude(const Py& call, size_t first) {
  Exclude result;
  const Py* ops = call.keyword("ops");
  for (size_t i = first; i < call.items.size(); ++i) {
    const Py& what = call.items[i].items[0];
    if (what.is_call("sa.text"))
      return problem("text() has no place here; use literal_column()", "elements");
    Exclude::Element element;
    element.sql = what.kind == Kind::text ? Sql{quoted(what.text)} : TRY(sql(what));
    element.with = call.items[i].items[1].text;
    const std::string key = what.kind == Kind::call ? what.items[0].text : what.text;
    if (ops)
      for (size_t j = 0; j + 1 < ops->items.size(); j += 2)
        if (ops->items[j].text == key)
          element.operator_class = ops->items[j + 1].text;
    result.elements.push_back(std::move(element));
  }
  result.using_ = text_or(call.keyword("using"), "gist");
  if (const Py* where = call.keyword("where"))
    result.where = TRY(sql(*where));
  result.deferral = deferral(call);
  return result;
}

Answer<> only_known(const Py& call, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : call.keywords)
    if (name.substr(0, 11) == "postgresql_" &&
        std::find(known.begin(), known.end(), std::string_view(name).substr(11)) == known.end())
      return problem("unknown option " + name, name);
  return Nothing();
}

Answer<Index> index(const Py& call, const std::vector<Py>& columns, const Py* name) {
  TRY(only_known(call, {"concurrently", "using", "ops", "include", "nulls_not_distinct", "with",
                        "tablespace", "where"}));
  Index result;
  result.name = name_of(name);
  for (const Py& column : columns) {
    if (column.kind == Kind::text) {
      result.elements.push_back(IndexElement::of(column.text));
      continue;
    }
    IndexElement element;
    element.sql = TRY(sql(column));
    const Py* inner = &column;
    while (inner->kind == Kind::call && !inner->items.empty())
      inner = &inner->items[0];
    element.key = inner->text;
    if (column.is_call("sa.text"))
      element.name = inner->text;
    result.elements.push_back(std::move(element));
  }
  const auto pairs = [&](const char* keyword) {
    Index::Pairs list;
    if (const Py* dict = call.keyword(keyword))
      for (size_t i = 0; i + 1 < dict->items.size(); i += 2)
        list.emplace_back(dict->items[i].text, dict->items[i + 1].text);
    return list;
  };
  result.unique = truth(call.keyword("unique"));
  result.concurrently = truth(call.keyword("postgresql_concurrently"));
  result.using_ = text_or(call.keyword("postgresql_using"));
  result.operator_classes = pairs("postgresql_ops");
  result.with = pairs("postgresql_with");
  result.include = texts(call.keyword("postgresql_include"));
  result.nulls_not_distinct = flag(call.keyword("postgresql_nulls_not_distinct"));
  result.tablespace = text_or(call.keyword("postgresql_tablespace"));
  if (const Py* where = call.keyword("postgresql_where"))
    result.where = TRY(sql(*where));
  return result;
}

PythonDefault sequence(const Py& call) {
  PythonDefault result;
  result.kind = truth(call.keyword("optional")) ? PythonDefault::Kind::optional_sequence
                                                : PythonDefault::Kind::sequence;
  result.sequence = quoted(call.items[0].text);
  return result;
}

Answer<> column_argument(const Py& argument, const TypeContext& context, Column& column) {
  if (argument.is_call("sa.ForeignKey")) {
    ForeignKey key = foreign_key_to(argument.items[0].text);
    key_options(argument, key);
    column.foreign_keys.push_back(std::move(key));
  } else if (argument.is_call("sa.CheckConstraint")) {
    column.checks.push_back(TRY(check(argument, argument.items[0])));
  } else if (argument.is_call("sa.Identity") || argument.is_call("sa.Computed")) {
    column.server_default = TRY(default_value(argument));
  } else if (argument.is_call("sa.Sequence")) {
    column.python_default = sequence(argument);
  } else {
    column.type = TRY(describe(type_call(argument), context));
  }
  return Nothing();
}

Answer<Column> column(const Py& call, const TypeContext& context) {
  Column result;
  result.name = identifier(&call.items[0]);
  for (size_t i = 1; i < call.items.size(); ++i)
    TRY(column_argument(call.items[i], context, result));
  if (const Py* quote = call.keyword("quote"))
    result.name.quote = truth(quote) ? Quote::always : Quote::never;
  if (const Py* value = call.keyword("server_default"))
    result.server_default = TRY(default_value(*value));
  if (const Py* value = call.keyword("default"))
    result.python_default = {PythonDefault::Kind::scalar, datum(*value), {}};
  if (const Py* value = call.keyword("autoincrement"))
    result.autoincrement = value->kind == Kind::text ? Autoincrement::ignore_fk
                           : truth(value)            ? Autoincrement::yes
                                                     : Autoincrement::no;
  result.key = text_or(call.keyword("key"));
  result.nullable = flag(call.keyword("nullable"));
  result.primary_key = truth(call.keyword("primary_key"));
  result.unique = truth(call.keyword("unique"));
  result.index = truth(call.keyword("index"));
  result.comment = text_or(call.keyword("comment"));
  result.system = truth(call.keyword("system"));
  return result;
}

Answer<> table_element(const Py& call, const TypeContext& context, Table& table) {
  if (call.is_call("sa.Column") || call.is_call("sa.column")) {
    table.columns.push_back(TRY(column(call, context)));
  } else if (call.is_call("sa.PrimaryKeyConstraint")) {
    PrimaryKey key;
    for (const Py& item : call.items)
      key.columns.push_back(item.text);
    key.name = name_of(call.keyword("name"));
    key.deferral = deferral(call);
    key.include = texts(call.keyword("postgresql_include"));
    table.constraints.emplace_back(std::move(key));
  } else if (call.is_call("sa.UniqueConstraint")) {
    Unique unique;
    for (const Py& item : call.items)
      unique.columns.push_back(item.text);
    unique.name = name_of(call.keyword("name"));
    unique_options(call, unique);
    table.constraints.emplace_back(std::move(unique));
  } else if (call.is_call("sa.CheckConstraint")) {
    table.constraints.emplace_back(TRY(check(call, call.items[0])));
  } else if (call.is_call("sa.ForeignKeyConstraint")) {
    ForeignKey key = foreign_key_to(call.items[1].items[0].text);
    key.referred_columns.clear();
    for (const Py& target : call.items[1].items)
      key.referred_columns.push_back(foreign_key_to(target.text).referred_columns[0]);
    key.columns = texts(&call.items[0]);
    key_options(call, key);
    table.constraints.emplace_back(std::move(key));
  } else if (call.is_call("postgresql.ExcludeConstraint")) {
    Exclude constraint = TRY(exclude(call, 0));
    constraint.name = name_of(call.keyword("name"));
    table.constraints.emplace_back(std::move(constraint));
  } else if (call.is_call("sa.Index")) {
    table.indexes.push_back(
        TRY(index(call, {call.items.begin() + 1, call.items.end()}, &call.items[0])));
  } else {
    return problem("no such element: " + call.text);
  }
  return Nothing();
}

Answer<Table> table(const Py& call) {
  TRY(only_known(call, {"inherits", "partition_by", "using", "with_oids", "on_commit", "tablespace",
                        "ignore_search_path"}));
  Table result;
  result.name = identifier(&call.items[0]);
  result.schema = identifier(call.keyword("schema"));
  if (const Py* quote = call.keyword("quote"))
    result.name.quote = truth(quote) ? Quote::always : Quote::never;
  if (const Py* quote = call.keyword("quote_schema"))
    result.schema.quote = truth(quote) ? Quote::always : Quote::never;
  for (size_t i = 1; i < call.items.size(); ++i)
    TRY(table_element(call.items[i], {result.schema}, result));
  result.comment = text_or(call.keyword("comment"));
  result.prefixes = texts(call.keyword("prefixes"));
  TableOptions& options = result.options;
  if (const Py* inherits = call.keyword("postgresql_inherits"))
    options.inherits = inherits->kind == Kind::list ? texts(inherits) : Columns{inherits->text};
  options.partition_by = text_or(call.keyword("postgresql_partition_by"));
  options.using_ = text_or(call.keyword("postgresql_using"));
  options.with_oids = flag(call.keyword("postgresql_with_oids"));
  options.on_commit = text_or(call.keyword("postgresql_on_commit"));
  options.tablespace = text_or(call.keyword("postgresql_tablespace"));
  return result;
}

struct Session {
  DdlContext context;
  std::map<std::string, Py> variables;
};

using Handler = Answer<Statements> (*)(const Py& call, Session& session);

Answer<Statements> run_alter_column(const Py& call, Session& session) {
  AlterColumn op{identifier(&call.items[0]), identifier(&call.items[1])};
  op.schema = identifier(call.keyword("schema"));
  op.nullable = flag(call.keyword("nullable"));
  if (const Py* comment = call.keyword("comment"))
    op.comment = comment->kind == Kind::none ? std::nullopt : std::optional(comment->text);
  if (const Py* value = call.keyword("server_default"))
    op.server_default = TRY(default_value(*value));
  if (const Py* value = call.keyword("existing_server_default"))
    op.existing_server_default = TRY(default_value(*value));
  op.new_column_name = identifier(call.keyword("new_column_name"));
  if (const Py* type = call.keyword("type_"))
    op.type_ = TRY(describe(type_call(*type), {op.schema}));
  if (const Py* type = call.keyword("existing_type"))
    op.existing_type = TRY(describe(type_call(*type), {op.schema}));
  op.postgresql_using = text_or(call.keyword("postgresql_using"));
  return alter_column(op, session.context);
}

Answer<Statements> run_bulk_insert(const Py& call, Session& session) {
  BulkInsert op;
  op.table = TRY(table(session.variables.at(call.items[0].text)));
  for (const Py& row : call.items[1].items) {
    BulkInsert::Row& values = op.rows.emplace_back();
    for (size_t i = 0; i + 1 < row.items.size(); i += 2)
      values.emplace_back(row.items[i].text, datum(row.items[i + 1]));
  }
  return bulk_insert(op);
}

Answer<Statements> run_add_column(const Py& call, Session& session) {
  AddColumn op{identifier(&call.items[0]), {}};
  op.schema = identifier(call.keyword("schema"));
  op.column = TRY(column(call.items[1], {op.schema}));
  op.if_not_exists = truth(call.keyword("if_not_exists"));
  op.inline_references = truth(call.keyword("inline_references"));
  op.inline_primary_key = truth(call.keyword("inline_primary_key"));
  return add_column(op, session.context);
}

Answer<Statements> run_create_foreign_key(const Py& call, Session& session) {
  CreateForeignKey op;
  op.source_table = identifier(&call.items[1]);
  key_options(call, op.key);
  op.key.name = name_of(&call.items[0]);
  op.key.columns = texts(&call.items[3]);
  op.key.referred_table = identifier(&call.items[2]);
  op.key.referred_columns = texts(&call.items[4]);
  op.key.referred_schema = identifier(call.keyword("referent_schema"));
  op.source_schema = identifier(call.keyword("source_schema"));
  return create_foreign_key(op, session.context);
}

const std::map<std::string_view, Handler>& handlers() {
  static const std::map<std::string_view, Handler> kHandlers = {
      {"op.create_table",
       [](const Py& call, Session& session) -> Answer<Statements> {
         return create_table({TRY(table(call)), truth(call.keyword("if_not_exists"))},
                             session.context);
       }},
      {"op.drop_table",
       [](const Py& call, Session&) {
         return drop_table({identifier(&call.items[0]), identifier(call.keyword("schema")),
                            truth(call.keyword("if_exists"))});
       }},
      {"op.rename_table",
       [](const Py& call, Session&) {
         return rename_table({identifier(&call.items[0]), identifier(&call.items[1]),
                              identifier(call.keyword("schema"))});
       }},
      {"op.create_table_comment",
       [](const Py& call, Session&) {
         const Py& comment = call.items[1];
         return create_table_comment(
             {identifier(&call.items[0]),
              comment.kind == Kind::none ? std::nullopt : std::optional(comment.text),
              identifier(call.keyword("schema"))});
       }},
      {"op.drop_table_comment",
       [](const Py& call, Session&) {
         return drop_table_comment(
             {identifier(&call.items[0]), identifier(call.keyword("schema"))});
       }},
      {"op.add_column", run_add_column},
      {"op.alter_column", run_alter_column},
      {"op.drop_column",
       [](const Py& call, Session&) {
         return drop_column({identifier(&call.items[0]), identifier(&call.items[1]),
                             identifier(call.keyword("schema")), truth(call.keyword("if_exists"))});
       }},
      {"op.create_index",
       [](const Py& call, Session& session) -> Answer<Statements> {
         return create_index({TRY(index(call, call.items[2].items, &call.items[0])),
                              identifier(&call.items[1]), identifier(call.keyword("schema")),
                              truth(call.keyword("if_not_exists"))},
                             session.context);
       }},
      {"op.drop_index",
       [](const Py& call, Session& session) {
         return drop_index({name_of(&call.items[0]), identifier(call.argument(1, "table_name")),
                            identifier(call.keyword("schema")), truth(call.keyword("if_exists")),
                            truth(call.keyword("postgresql_concurrently"))},
                           session.context);
       }},
      {"op.create_primary_key",
       [](const Py& call, Session& session) {
         PrimaryKey key;
         key.name = name_of(&call.items[0]);
         key.columns = texts(&call.items[2]);
         return create_primary_key(
             {identifier(&call.items[1]), key, identifier(call.keyword("schema"))},
             session.context);
       }},
      {"op.create_unique_constraint",
       [](const Py& call, Session& session) {
         Unique unique;
         unique_options(call, unique);
         unique.name = name_of(&call.items[0]);
         unique.columns = texts(&call.items[2]);
         return create_unique_constraint(
             {identifier(&call.items[1]), unique, identifier(call.keyword("schema"))},
             session.context);
       }},
      {"op.create_check_constraint",
       [](const Py& call, Session& session) -> Answer<Statements> {
         Check constraint = TRY(check(call, call.items[2]));
         constraint.name = name_of(&call.items[0]);
         return create_check_constraint(
             {identifier(&call.items[1]), constraint, identifier(call.keyword("schema"))},
             session.context);
       }},
      {"op.create_foreign_key", run_create_foreign_key},
      {"op.create_exclude_constraint",
       [](const Py& call, Session& session) -> Answer<Statements> {
         Exclude constraint = TRY(exclude(call, 2));
         constraint.name = name_of(&call.items[0]);
         return create_exclude_constraint(
             {identifier(&call.items[1]), constraint, identifier(call.keyword("schema"))},
             session.context);
       }},
      {"op.drop_constraint",
       [](const Py& call, Session& session) {
         return drop_constraint({name_of(&call.items[0]), identifier(&call.items[1]),
                                 text_or(call.argument(2, "type_")),
                                 identifier(call.keyword("schema")),
                                 truth(call.keyword("if_exists"))},
                                session.context);
       }},
      {"op.bulk_insert", run_bulk_insert},
  };
  return kHandlers;
}

Answer<Statements> run_call(const Py& call, Session& session) {
  if (call.text == "convention") {
    session.context.naming =
        call.keywords.empty() ? default_naming_convention() : NamingConvention();
    for (const auto& [key, value] : call.keywords)
      session.context.naming[key] = value.text;
    return Statements();
  }
  // `kind.create(op.get_bind())`
  const size_t dot = call.text.rfind('.');
  const auto variable = session.variables.find(call.text.substr(0, dot));
  if (variable != session.variables.end()) {
    const Type type = TRY(describe(type_call(variable->second)));
    return call.text.substr(dot) == ".create" ? create_type(type) : drop_type(type);
  }
  const auto handler = handlers().find(call.text);
  INFO("call: ", call.text);
  REQUIRE(handler != handlers().end());
  return handler->second(call, session);
}

}  // namespace

Answer<Statements> run_python(std::string_view text) {
  Session session;
  Statements all;
  for (const PyStatement& statement : read_python(text)) {
    if (!statement.target.empty())
      session.variables[statement.target] = statement.value;
    if (statement.target.empty() || statement.value.is_call("op.create_table"))
      for (DdlStatement& line : TRY(run_call(statement.value, session)))
        all.push_back(std::move(line));
  }
  return all;
}

Answer<Type> type_from_python(std::string_view text) {
  return describe(type_call(read_python(text)[0].value));
}

}  // namespace retort::tests
