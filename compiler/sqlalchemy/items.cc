// Constraints, indexes, sequences and the rest of what tables are made of.
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

// --- reading values -----------------------------------------------------------------------------

Value unknown_in(const Args& args, std::span<const std::string_view> except) {
  for (const Value value : args.positional)
    if (const Value unclear = unknown_in(value))
      return unclear;
  for (const py::Keyword& keyword : args.keywords)
    if (std::find(except.begin(), except.end(), keyword.name) == except.end())
      if (const Value unclear = unknown_in(keyword.value))
        return unclear;
  return {};
}

std::string text_of(Value value) {
  if (const py::Instance* const instance = value.as<py::Instance>(); instance && instance->data)
    value = instance->data;
  const py::Str* const text = value.as<py::Str>();
  return text ? text->text : std::string();
}

Identifier identifier_of(Value value) {
  if (const auto* const marked = dynamic_cast<const MarkedText*>(value.object()))
    return {marked->text, marked->quote};
  return text_of(value);
}

ConstraintName constraint_name_of(Value value) {
  if (value.is_none())
    return {};
  const auto* const marked = dynamic_cast<const MarkedText*>(value.object());
  if (marked && marked->final)
    return ConstraintName::f(identifier_of(value));
  return ConstraintName(identifier_of(value));
}

namespace {

std::string column_key(Interpreter& in, Value value) {
  if (const auto* const column = dynamic_cast<const ColumnObject*>(value.object()))
    return column->column.lookup_key();
  return text_of(in.plain(value));
}

// --- arguments of constructors
// --------------------------------------------------------------------

class Keywords {
public:
  Keywords(Interpreter& in, const Args& args) : in_(in), args_(args) {}

  Value find(std::string_view name) const {
    for (const py::Keyword& keyword : args_.keywords)
      if (keyword.name == name)
        return keyword.value.is_none() ? Value() : in_.plain(keyword.value);
    return {};
  }
  std::optional<bool> maybe(std::string_view name) const {
    const Value value = find(name);
    return value ? std::optional(in_.truth(value) == py::Truth::yes) : std::nullopt;
  }
  bool flag(std::string_view name) const { return maybe(name).value_or(false); }
  std::string text(std::string_view name) const { return text_of(find(name)); }
  std::optional<std::string> number(std::string_view name) const {
    const Value value = find(name);
    if (!value)
      return {};
    const Value shown = in_.str(value);
    return text_of(shown);
  }
  Deferral deferral() const { return {maybe("deferrable"), text("initially")}; }
  Columns columns(std::string_view name) const {
    const Value value = find(name);
    return value ? columns_of(in_, value) : Columns();
  }

private:
  Interpreter& in_;
  const Args& args_;
};

constexpr std::string_view kSilent[] = {"info", "comment", "doc", "metadata"};

template <class Item>
Value item(Interpreter& in, Item made) {
  ItemObject* const object = in.make<ItemObject>();
  object->item = std::move(made);
  return object;
}

Value refuse(Interpreter& in, std::string_view what, const Problem& problem) {
  if (in.unwinding())
    return {};
  return in.raise("TypeError", fmt::format("{}: {}", what, problem.message));
}

std::optional<Problem> unknown_option(const Args& args,
                                      std::initializer_list<std::string_view> known) {
  for (const py::Keyword& keyword : args.keywords)
    if (keyword.name.starts_with("postgresql_") &&
        std::find(known.begin(), known.end(), keyword.name.substr(11)) == known.end())
      return Problem{fmt::format("`{}` is no option of it", keyword.name), {}};
  return {};
}

Value positional(const Args& args, size_t i) {
  return i < args.positional.size() ? args.positional[i] : Value();
}

void key_options(const Keywords& words, ForeignKey& key) {
  key.name = words.find("name") ? constraint_name_of(words.find("name")) : ConstraintName();
  key.ondelete = words.text("ondelete");
  key.onupdate = words.text("onupdate");
  key.match = words.text("match");
  key.deferral = words.deferral();
  key.not_valid = words.flag("postgresql_not_valid");
  key.use_alter = words.flag("use_alter");
}

// "t.c", a column of a table, or a column of a declarative class.
Answer<ForeignKey> key_to(Value target) {
  if (const auto* const column = dynamic_cast<const ColumnObject*>(target.object())) {
    if (!column->table)
      return problem("the column that a foreign key refers to belongs to no table");
    ForeignKey key;
    key.referred_schema = column->table->table.schema;
    key.referred_table = column->table->table.name;
    key.referred_columns = {column->column.name.text};
    key.referred_known = true;
    return key;
  }
  ForeignKey key = foreign_key_to(text_of(target));
  if (key.referred_columns.empty())
    return problem(fmt::format("`{}` names no column as table.column", text_of(target)));
  return key;
}

Value foreign_key(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  Answer<ForeignKey> key = key_to(positional(args, 0));
  if (!key)
    return refuse(in, "ForeignKey()", key.error());
  key_options(Keywords(in, args), *key);
  return item(in, *std::move(key));
}

Value foreign_key_constraint(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  const Keywords words(in, args);
  const Value columns = positional(args, 0) ? positional(args, 0) : words.find("columns");
  const Value targets = positional(args, 1) ? positional(args, 1) : words.find("refcolumns");
  std::vector<Value> items;
  Value problem;
  if (!columns || !targets || !in.collect(targets, items, problem) || items.empty())
    return problem || in.unwinding()
               ? problem
               : in.raise("TypeError", "ForeignKeyConstraint() needs columns on both sides");
  ForeignKey made;
  for (const Value target : items) {
    const Answer<ForeignKey> one = key_to(in.plain(target));
    if (!one)
      return refuse(in, "ForeignKeyConstraint()", one.error());
    Columns all = std::move(made.referred_columns);
    made = *one;
    all.push_back(made.referred_columns[0]);
    made.referred_columns = std::move(all);
  }
  made.columns = columns_of(in, columns);
  key_options(words, made);
  if (const Value name = positional(args, 2); name && !name.is_none())
    made.name = constraint_name_of(in.plain(name));
  return item(in, Constraint(std::move(made)));
}

Columns positional_columns(Interpreter& in, const Args& args) {
  Columns columns;
  for (const Value value : args.positional)
    columns.push_back(column_key(in, value));
  return columns;
}

Value primary_key(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  if (const auto bad = unknown_option(args, {"include"}))
    return refuse(in, "PrimaryKeyConstraint()", *bad);
  const Keywords words(in, args);
  PrimaryKey key;
  key.columns = positional_columns(in, args);
  if (const Value name = words.find("name"))
    key.name = constraint_name_of(name);
  key.deferral = words.deferral();
  key.include = words.columns("postgresql_include");
  return item(in, Constraint(std::move(key)));
}

Value unique_constraint(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  if (const auto bad = unknown_option(args, {"include", "nulls_not_distinct"}))
    return refuse(in, "UniqueConstraint()", *bad);
  const Keywords words(in, args);
  Unique unique;
  unique.columns = positional_columns(in, args);
  if (const Value name = words.find("name"))
    unique.name = constraint_name_of(name);
  unique.deferral = words.deferral();
  unique.nulls_not_distinct = words.maybe("postgresql_nulls_not_distinct");
  unique.include = words.columns("postgresql_include");
  return item(in, Constraint(std::move(unique)));
}

Value check_constraint(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  if (const auto bad = unknown_option(args, {"not_valid"}))
    return refuse(in, "CheckConstraint()", *bad);
  const Keywords words(in, args);
  const Value condition = positional(args, 0) ? positional(args, 0) : words.find("sqltext");
  Answer<Sql> sql = condition ? clause_sql(in, in.plain(condition), Names::bare)
                              : Answer<Sql>(problem("a condition is needed"));
  if (!sql)
    return refuse(in, "CheckConstraint()", sql.error());
  Check check;
  check.sql = *std::move(sql);
  if (const Value name = positional(args, 1) ? positional(args, 1) : words.find("name"))
    check.name = constraint_name_of(in.plain(name));
  check.deferral = words.deferral();
  check.not_valid = words.flag("postgresql_not_valid");
  return item(in, Constraint(std::move(check)));
}

Value exclude_constraint(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  const Keywords words(in, args);
  Exclude made;
  Answer<std::vector<Exclude::Element>> elements =
      exclude_elements_of(in, args.positional, words.find("ops"));
  if (!elements)
    return refuse(in, "ExcludeConstraint()", elements.error());
  made.elements = *std::move(elements);
  if (const Value name = words.find("name"))
    made.name = constraint_name_of(name);
  if (words.find("using"))
    made.using_ = words.text("using");
  if (const Value where = words.find("where")) {
    Answer<Sql> sql = clause_sql(in, where, Names::bare);
    if (!sql)
      return refuse(in, "ExcludeConstraint()", sql.error());
    made.where = *std::move(sql);
  }
  made.deferral = words.deferral();
  return item(in, Constraint(std::move(made)));
}

Index::Pairs pairs_of(Interpreter& in, Value value) {
  Index::Pairs list;
  if (const py::Dict* const dict = value.as<py::Dict>())
    for (const py::Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        list.emplace_back(text_of(entry.key), text_of(in.str(entry.value)));
  return list;
}

Value index(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  if (const auto bad = unknown_option(args, {"concurrently", "using", "ops", "include",
                                             "nulls_not_distinct", "with", "tablespace", "where"}))
    return refuse(in, "Index()", *bad);
  const Keywords words(in, args);
  ItemObject* const object = in.make<ItemObject>();
  Index made;
  const Value name = positional(args, 0) ? in.plain(positional(args, 0)) : words.find("name");
  if (name)
    made.name = constraint_name_of(name);
  for (size_t i = 1; i < args.positional.size(); ++i) {
    Answer<IndexElement> element = index_element_of(in, args.positional[i]);
    if (!element)
      return refuse(in, "Index()", element.error());
    made.elements.push_back(*std::move(element));
    const auto* const column = dynamic_cast<const ColumnObject*>(args.positional[i].object());
    if (column && column->table) {
      object->index_table = column->table->table.name;
      object->index_schema = column->table->table.schema;
    }
  }
  made.unique = words.flag("unique");
  made.concurrently = words.flag("postgresql_concurrently");
  made.using_ = words.text("postgresql_using");
  made.operator_classes = pairs_of(in, words.find("postgresql_ops"));
  made.include = words.columns("postgresql_include");
  made.nulls_not_distinct = words.maybe("postgresql_nulls_not_distinct");
  made.with = pairs_of(in, words.find("postgresql_with"));
  made.tablespace = words.text("postgresql_tablespace");
  if (const Value where = words.find("postgresql_where")) {
    Answer<Sql> sql = clause_sql(in, where, Names::bare);
    if (!sql)
      return refuse(in, "Index()", sql.error());
    made.where = *std::move(sql);
  }
  object->item = std::move(made);
  return object;
}

Identity identity_options_of(const Keywords& words) {
  Identity made;
  made.always = words.flag("always");
  made.start = words.number("start");
  made.increment = words.number("increment");
  made.minvalue = words.number("minvalue");
  made.maxvalue = words.number("maxvalue");
  made.cache = words.number("cache");
  made.nominvalue = words.maybe("nominvalue");
  made.nomaxvalue = words.maybe("nomaxvalue");
  made.cycle = words.maybe("cycle");
  return made;
}

Value identity(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  Identity made = identity_options_of(Keywords(in, args));
  if (const Value always = positional(args, 0))
    made.always = in.truth(always) == py::Truth::yes;
  return item(in, std::move(made));
}

Value computed(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  const Keywords words(in, args);
  const Value text = positional(args, 0) ? positional(args, 0) : words.find("sqltext");
  Answer<Sql> sql = text ? clause_sql(in, in.plain(text), Names::bare)
                         : Answer<Sql>(problem("an expression is needed"));
  if (!sql)
    return refuse(in, "Computed()", sql.error());
  std::optional<bool> persisted = words.maybe("persisted");
  if (const Value second = positional(args, 1); second && !second.is_none())
    persisted = in.truth(second) == py::Truth::yes;
  return item(in, Computed{*std::move(sql), persisted});
}

Value fetched_value(Interpreter& in, const Args&) { return item(in, FetchedValue()); }

// DefaultClause("x") is the text or expression itself.
Value default_clause(Interpreter& in, const Args& args) {
  return args.positional.empty() ? in.raise("TypeError", "DefaultClause() needs an argument")
                                 : args.positional[0];
}

Value sequence(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args, kSilent))
    return in.poison(unclear);
  const Keywords words(in, args);
  SequenceObject* const made = in.make<SequenceObject>();
  made->name = identifier_of(positional(args, 0) ? positional(args, 0) : words.find("name"));
  made->schema = identifier_of(words.find("schema"));
  made->options = identity_options_of(words);
  if (const Value start = positional(args, 1); start && !start.is_none())
    made->options.start = text_of(in.str(start));
  if (const Value increment = positional(args, 2); increment && !increment.is_none())
    made->options.increment = text_of(in.str(increment));
  made->optional = words.flag("optional");
  if (const Value type = words.find("data_type"))
    if (const TypeObject* const object = type_of(in, type))
      if (const Answer<Type> described = describe_type(*object, {}))
        made->data_type = described->sql;
  return made;
}

Value marked(Interpreter& in, const Args& args, bool final, Quote quote) {
  const Value given = in.plain(args[0]);
  if (given.is_unknown() || given.is_none())
    return given;
  const py::Str* const text = given.as<py::Str>();
  if (!text)
    return in.raise("TypeError", "a name is expected");
  MarkedText* const made = in.make<MarkedText>();
  made->text = text->text;
  made->at = text->at;
  made->pieces = text->pieces;
  made->final = final;
  made->quote = quote;
  return made;
}

Value quoted_name(Interpreter& in, const Args& args) {
  const Quote quote = args[1].is_none()                     ? Quote::automatic
                      : in.truth(args[1]) == py::Truth::yes ? Quote::always
                                                            : Quote::never;
  return marked(in, args, false, quote);
}
Value conv(Interpreter& in, const Args& args) { return marked(in, args, true, Quote::automatic); }

}  // namespace

Columns columns_of(Interpreter& in, Value value) {
  if (value.is(py::Type::string) || dynamic_cast<const ColumnObject*>(value.object()))
    return {column_key(in, value)};
  std::vector<Value> items;
  Value problem;
  Columns columns;
  if (in.collect(value, items, problem))
    for (const Value item : items)
      columns.push_back(column_key(in, item));
  return columns;
}

Answer<IndexElement> index_element_of(Interpreter& in, Value value) {
  value = in.plain(value);
  if (value.is(py::Type::string))
    return IndexElement::of(text_of(value));
  if (const auto* const column = dynamic_cast<const ColumnObject*>(value.object())) {
    IndexElement element = IndexElement::of(column->column.lookup_key());
    element.key = column->column.lookup_key();
    return element;
  }
  if (!is_clause(value))
    return problem("a column or an expression is expected, not a " + in.type_name(value),
                   "columns");
  IndexElement element;
  element.sql = TRY(index_element_sql(in, value));
  element.key = clause_key(value);
  element.name = clause_name(value);
  // text() goes by its text.
  if (element.key.empty())
    element.key = element.sql->text;
  return element;
}

Answer<std::vector<Exclude::Element>>
exclude_elements_of(Interpreter& in, std::span<const Value> elements, Value ops) {
  const Index::Pairs classes = pairs_of(in, ops);
  std::vector<Exclude::Element> made;
  for (const Value value : elements) {
    const py::Tuple* const pair = value.as<py::Tuple>();
    if (!pair || pair->items.size() != 2)
      return problem("elements are pairs of a column and an operator", "elements");
    Exclude::Element& element = made.emplace_back();
    const Value what = in.plain(pair->items[0]);
    std::string key = text_of(what);
    if (what.is(py::Type::string)) {
      element.sql = Sql{written(Identifier(key))};
      element.name = key;
    } else {
      if (what.is(py::Type::foreign) && what.as<py::Foreign>()->type_name() == "TextClause")
        return problem("text() has no place here; use literal_column()", "elements");
      element.sql = TRY(clause_sql(in, what, Names::bare));
      key = clause_key(what);
      element.name = clause_name(what);
    }
    element.with = text_of(in.plain(pair->items[1]));
    for (const auto& [name, operator_class] : classes)
      if (name == key)
        element.operator_class = operator_class;
  }
  return made;
}

Value ItemObject::get(Interpreter& in, std::string_view name) {
  if (name == "name") {
    const auto name_of = [&](const ConstraintName& given) {
      return given.name.empty() ? Value::none() : in.text(given.name.text);
    };
    if (const auto* const constraint = std::get_if<Constraint>(&item))
      return std::visit([&](const auto& one) { return name_of(one.name); }, *constraint);
    if (const auto* const one = std::get_if<Index>(&item))
      return name_of(one->name);
  }
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of a schema item is not interpreted", name));
}

std::span<const py::NativeRow> item_functions() {
  static constexpr py::NativeRow kRows[] = {
      {"ForeignKey", "*args, **kw", foreign_key},
      {"ForeignKeyConstraint", "*args, **kw", foreign_key_constraint},
      {"PrimaryKeyConstraint", "*args, **kw", primary_key},
      {"UniqueConstraint", "*args, **kw", unique_constraint},
      {"CheckConstraint", "*args, **kw", check_constraint},
      {"ExcludeConstraint", "*args, **kw", exclude_constraint},
      {"Index", "*args, **kw", index},
      {"Identity", "*args, **kw", identity},
      {"Computed", "*args, **kw", computed},
      {"FetchedValue", "*args, **kw", fetched_value},
      {"DefaultClause", "*args, **kw", default_clause},
      {"Sequence", "*args, **kw", sequence},
      {"quoted_name", "value, quote=None", quoted_name},
      {"conv", "value", conv},
  };
  return kRows;
}

}  // namespace retort::sa
