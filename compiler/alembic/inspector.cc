// `sa.inspect(bind)`: what a database would answer, from the catalog of the revisions before.
// Answers are noted as assumptions. What the revisions do not settle is unknown.
#include "common/text.h"
#include "compiler/alembic/objects.h"
#include "compiler/forms/expression.h"
#include "compiler/sqlalchemy/dialect.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::alembic {
namespace {

using catalog::Kind;
using catalog::Object;
using forms::ConstraintKind;
using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

struct Inspector : py::Foreign, sa::HasExecutor {
  Operations* operations = nullptr;

  std::string_view type_name() const override { return "Inspector"; }
  sa::Executor* executor() override { return operations; }
  Value get(Interpreter& in, std::string_view name) override;
};

Inspector& self_of(const Args& args) { return *static_cast<Inspector*>(args.self.object()); }

// What a question is asked about; `problem` is the answer when it cannot be given.
struct Question {
  Database* database = nullptr;
  std::string table;
  std::string schema;
  Value problem;

  explicit operator bool() const { return database != nullptr; }
};

Question ask(Interpreter& in, const Args& args, size_t table, size_t schema) {
  Question question;
  for (const size_t i : {table, schema})
    if (i != SIZE_MAX && args[i].is_unknown()) {
      question.problem = in.poison(args[i]);
      return question;
    }
  Database* const database = self_of(args).operations->database();
  if (!database) {
    question.problem =
        in.unknown(Cause::Kind::data, "what the database holds is asked before it is known");
    return question;
  }
  if (table != SIZE_MAX)
    question.table = sa::text_of(in.plain(args[table]));
  if (schema != SIZE_MAX && args[schema])
    question.schema = sa::text_of(in.plain(args[schema]));
  question.database = database;
  return question;
}

Value uncertain(Interpreter& in, const std::string& what) {
  return in.unknown(Cause::Kind::data,
                    fmt::format("whether the database holds {} does not follow from the revisions "
                                "before: one of them cannot be compiled or does unknown things",
                                what));
}

void assume(Interpreter& in, const Args& args, std::string text) {
  self_of(args).operations->assume(in.here(), std::move(text));
}

Value flag(Interpreter& in, const Args& args, const Question& question, bool found,
           const std::string& what) {
  if (!found && !question.database->certain())
    return uncertain(in, what);
  assume(in, args,
         fmt::format("the database {} {}, by the revisions before",
                     found ? "holds" : "does not hold", what));
  return Value::of(found);
}

Value strings(Interpreter& in, const std::vector<std::string>& texts) {
  std::vector<Value> items;
  for (const std::string& text : texts)
    items.push_back(in.text(text));
  return in.list(std::move(items));
}

class Row {
public:
  explicit Row(Interpreter& in) : in_(in), dict_(in.new_dict()) {}
  Row& set(std::string_view key, Value value) {
    (void)in_.dict_set(*dict_, in_.text(key), value);
    return *this;
  }
  Row& text(std::string_view key, std::string_view value) { return set(key, in_.text(value)); }
  Value take() { return dict_; }

private:
  Interpreter& in_;
  py::Dict* dict_;
};

// --- existence
// --------------------------------------------------------------------------------------

Value has_table(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, 0, 1);
  if (!question)
    return question.problem;
  const Object* const found = question.database->relation(question.schema, question.table);
  return flag(in, args, question, found && found->is_table_like(),
              fmt::format("table `{}`", question.table));
}

Value has_sequence(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, 0, 1);
  if (!question)
    return question.problem;
  const Object* const found = question.database->relation(question.schema, question.table);
  return flag(in, args, question, found && found->kind == Kind::sequence,
              fmt::format("sequence `{}`", question.table));
}

Value has_schema(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, 0, SIZE_MAX);
  if (!question)
    return question.problem;
  const bool found =
      question.database->catalog().find(catalog::Space::schema, question.table, 0) != 0;
  return flag(in, args, question, found, fmt::format("schema `{}`", question.table));
}

Value has_type(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, 0, 1);
  if (!question)
    return question.problem;
  const Object* const found = question.database->type(question.schema, question.table);
  return flag(in, args, question, found != nullptr, fmt::format("type `{}`", question.table));
}

// --- lists
// ------------------------------------------------------------------------------------------

template <Kind kKind>
Value names_of(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, SIZE_MAX, 0);
  if (!question)
    return question.problem;
  std::vector<std::string> names;
  for (const Object* const object : question.database->relations(question.schema, kKind))
    names.push_back(object->name);
  if (!question.database->certain())
    return uncertain(in, fmt::format("other {}s", forms::to_string(kKind)));
  assume(in, args,
         fmt::format("the list of {}s is that of the revisions before", forms::to_string(kKind)));
  return strings(in, names);
}

Value get_schema_names(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, SIZE_MAX, SIZE_MAX);
  if (!question)
    return question.problem;
  if (!question.database->certain())
    return uncertain(in, "other schemas");
  std::vector<std::string> names = {"information_schema"};
  const catalog::Catalog& catalog = question.database->catalog();
  for (catalog::Id id = 1; id < catalog.size(); ++id)
    if (const Object* const object = catalog.get(id); object && object->kind == Kind::schema)
      names.push_back(object->name);
  std::sort(names.begin(), names.end());
  assume(in, args, "the list of schemas is that of the revisions before");
  return strings(in, names);
}

Value get_enums(Interpreter& in, const Args& args) {
  const Question question = ask(in, args, SIZE_MAX, 0);
  if (!question)
    return question.problem;
  if (!question.database->certain())
    return uncertain(in, "other enums");
  std::vector<Value> rows;
  for (const Object* const object : question.database->relations(question.schema, Kind::type)) {
    const auto* const type = object->maybe<catalog::TypeData>();
    if (!type || type->form != catalog::TypeData::Form::enumeration)
      continue;
    rows.push_back(Row(in)
                       .text("name", object->name)
                       .text("schema", question.schema.empty() ? "public" : question.schema)
                       .set("visible", Value::of(true))
                       .set("labels", strings(in, type->labels))
                       .take());
  }
  assume(in, args, "the list of enums is that of the revisions before");
  return in.list(std::move(rows));
}

// --- of a table
// ---------------------------------------------------------------------------------------

// The table; without it the problem is an exception, as SQLAlchemy has it, or an unknown.
const Object* table_of(Interpreter& in, const Args& args, Question& question) {
  question = ask(in, args, 0, 1);
  if (!question)
    return nullptr;
  const Object* const table = question.database->relation(question.schema, question.table);
  if (table && table->is_table_like() && !table->as<catalog::Table>().partial) {
    assume(in, args,
           fmt::format("table `{}` is as the revisions before have left it", question.table));
    return table;
  }
  question.problem = table || !question.database->certain()
                         ? uncertain(in, fmt::format("table `{}`", question.table))
                         : in.raise("LookupError", "NoSuchTableError: " + question.table);
  return nullptr;
}

Value get_columns(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  std::vector<Value> rows;
  for (const catalog::Column& column : table->as<catalog::Table>().columns) {
    if (column.dropped)
      continue;
    const Object* const fallback = question.database->catalog().get(column.fallback);
    rows.push_back(Row(in)
                       .text("name", column.name)
                       .set("type", type_value(in, *question.database, column))
                       .set("nullable", Value::of(!column.not_null))
                       .set("default", fallback && !column.generated
                                           ? in.text(fallback->as<catalog::Default>().text)
                                           : Value::none())
                       .set("autoincrement",
                            Value::of(fallback &&
                                      fallback->as<catalog::Default>().text.starts_with("nextval")))
                       .set("comment", column.comment ? in.text(*column.comment) : Value::none())
                       .take());
  }
  return in.list(std::move(rows));
}

// Members of a table by name, as the inspector sorts them.
std::vector<const Object*> members_of(const Database& database, const Object& table, Kind kind) {
  std::vector<const Object*> members;
  for (const catalog::Id id : database.catalog().members(table.id, kind))
    members.push_back(database.catalog().get(id));
  std::sort(members.begin(), members.end(),
            [](const Object* a, const Object* b) { return a->name < b->name; });
  return members;
}

Value get_indexes(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  std::vector<Value> rows;
  for (const Object* const member : members_of(*question.database, *table, Kind::index)) {
    const auto& index = member->as<catalog::Index>();
    if (index.primary)
      continue;
    std::vector<Value> columns;
    std::vector<Value> expressions;
    bool plain = true;
    for (const catalog::IndexPart& part : index.columns) {
      const catalog::Column* const column = table->column_at(part.column);
      columns.push_back(column ? in.text(column->name) : Value::none());
      expressions.push_back(in.text(column ? column->name : part.expression));
      plain &= column != nullptr;
    }
    std::vector<std::string> include;
    for (const catalog::IndexPart& part : index.include)
      if (const catalog::Column* const column = table->column_at(part.column))
        include.push_back(column->name);
    Row row(in);
    row.text("name", member->name)
        .set("unique", Value::of(index.unique))
        .set("column_names", in.list(std::move(columns)))
        .set("include_columns", strings(in, include))
        .set("dialect_options", in.new_dict());
    if (!plain)
      row.set("expressions", in.list(std::move(expressions)));
    if (const Object* const constraint = question.database->catalog().get(index.constraint))
      row.text("duplicates_constraint", constraint->name);
    rows.push_back(row.take());
  }
  return in.list(std::move(rows));
}

std::vector<const Object*> constraints_of(const Database& database, const Object& table,
                                          ConstraintKind kind) {
  std::vector<const Object*> members = members_of(database, table, Kind::constraint);
  std::erase_if(members, [&](const Object* member) {
    return member->as<catalog::Constraint>().kind != kind;
  });
  return members;
}

Value get_pk_constraint(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  Database& database = *question.database;
  const auto keys = constraints_of(database, *table, ConstraintKind::primary_key);
  if (keys.empty())
    return Row(in).set("constrained_columns", in.list({})).set("name", Value::none()).take();
  return Row(in)
      .set(
          "constrained_columns",
          strings(in, database.column_names(table->id, keys[0]->as<catalog::Constraint>().columns)))
      .text("name", keys[0]->name)
      .set("comment", Value::none())
      .take();
}

Value get_unique_constraints(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  Database& database = *question.database;
  std::vector<Value> rows;
  for (const Object* const key : constraints_of(database, *table, ConstraintKind::unique))
    rows.push_back(Row(in)
                       .text("name", key->name)
                       .set("column_names",
                            strings(in, database.column_names(
                                            table->id, key->as<catalog::Constraint>().columns)))
                       .set("comment", Value::none())
                       .take());
  return in.list(std::move(rows));
}

Value get_check_constraints(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  std::vector<Value> rows;
  for (const Object* const check :
       constraints_of(*question.database, *table, ConstraintKind::check))
    rows.push_back(Row(in)
                       .text("name", check->name)
                       .text("sqltext", check->as<catalog::Constraint>().text)
                       .set("comment", Value::none())
                       .take());
  return in.list(std::move(rows));
}

Value get_foreign_keys(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  Database& database = *question.database;
  std::vector<Value> rows;
  for (const Object* const member : constraints_of(database, *table, ConstraintKind::foreign_key)) {
    const auto& key = member->as<catalog::Constraint>();
    const Object* const referred = database.catalog().get(key.references);
    const Object* const schema = referred ? database.catalog().get(referred->schema) : nullptr;
    Row options(in);
    if (!key.on_delete.empty())
      options.text("ondelete", key.on_delete);
    if (!key.on_update.empty())
      options.text("onupdate", key.on_update);
    if (key.deferrable)
      options.set("deferrable", Value::of(true));
    rows.push_back(
        Row(in)
            .text("name", member->name)
            .set("constrained_columns", strings(in, database.column_names(table->id, key.columns)))
            .set("referred_schema",
                 !schema || schema->name == "public" ? Value::none() : in.text(schema->name))
            .text("referred_table", referred ? referred->name : "")
            .set("referred_columns",
                 strings(in, database.column_names(key.references, key.referenced_columns)))
            .set("options", options.take())
            .set("comment", Value::none())
            .take());
  }
  return in.list(std::move(rows));
}

Value has_index(Interpreter& in, const Args& args) {
  Question question = ask(in, args, 0, 2);
  if (!question)
    return question.problem;
  if (args[1].is_unknown())
    return in.poison(args[1]);
  const std::string name = sa::text_of(in.plain(args[1]));
  const Object* const found = question.database->relation(question.schema, name);
  const Object* const table = found ? question.database->catalog().get(found->table) : nullptr;
  return flag(in, args, question,
              found && found->kind == Kind::index && table && table->name == question.table,
              fmt::format("index `{}`", name));
}

Value get_table_comment(Interpreter& in, const Args& args) {
  Question question;
  const Object* const table = table_of(in, args, question);
  if (!table)
    return question.problem;
  return Row(in).set("text", table->comment ? in.text(*table->comment) : Value::none()).take();
}

constexpr py::NativeRow kMethods[] = {
    {"has_table", "table_name, schema=None, **kw", has_table},
    {"has_sequence", "sequence_name, schema=None, **kw", has_sequence},
    {"has_schema", "schema_name, **kw", has_schema},
    {"has_type", "type_name, schema=None, **kw", has_type},
    {"has_index", "table_name, index_name, schema=None, **kw", has_index},
    {"get_table_names", "schema=None, **kw", names_of<Kind::table>},
    {"get_view_names", "schema=None, **kw", names_of<Kind::view>},
    {"get_materialized_view_names", "schema=None, **kw", names_of<Kind::materialized_view>},
    {"get_sequence_names", "schema=None, **kw", names_of<Kind::sequence>},
    {"get_schema_names", "**kw", get_schema_names},
    {"get_enums", "schema=None, **kw", get_enums},
    {"get_columns", "table_name, schema=None, **kw", get_columns},
    {"get_indexes", "table_name, schema=None, **kw", get_indexes},
    {"get_pk_constraint", "table_name, schema=None, **kw", get_pk_constraint},
    {"get_unique_constraints", "table_name, schema=None, **kw", get_unique_constraints},
    {"get_check_constraints", "table_name, schema=None, **kw", get_check_constraints},
    {"get_foreign_keys", "table_name, schema=None, **kw", get_foreign_keys},
    {"get_table_comment", "table_name, schema=None, **kw", get_table_comment},
    {"clear_cache", "", [](Interpreter&, const Args&) { return Value::none(); }},
};

Value Inspector::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, type_name());
  if (name == "dialect")
    return sa::dialect(in);
  if (name == "default_schema_name")
    return in.text("public");
  if (name == "bind" || name == "engine")
    return make_connection(in, *operations);
  return in.unknown(Cause::Kind::data,
                    fmt::format("`{}` of the inspector is not answered from the revisions", name));
}

}  // namespace

// A type that isinstance() and str() can be asked about.
Value type_value(Interpreter& in, Database& database, const catalog::Column& column) {
  const std::string text = database.type_text(column.type);
  const std::string word = text.substr(0, text.find('('));
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"character varying", "VARCHAR"},
      {"character", "CHAR"},
      {"text", "TEXT"},
      {"integer", "INTEGER"},
      {"bigint", "BIGINT"},
      {"smallint", "SMALLINT"},
      {"boolean", "BOOLEAN"},
      {"numeric", "NUMERIC"},
      {"double precision", "DOUBLE_PRECISION"},
      {"real", "REAL"},
      {"timestamp without time zone", "TIMESTAMP"},
      {"timestamp with time zone", "TIMESTAMP"},
      {"date", "DATE"},
      {"time without time zone", "TIME"},
      {"time with time zone", "TIME"},
      {"interval", "INTERVAL"},
      {"uuid", "UUID"},
      {"json", "JSON"},
      {"jsonb", "JSONB"},
      {"bytea", "BYTEA"},
      {"inet", "INET"},
      {"citext", "CITEXT"},
      {"tsvector", "TSVECTOR"},
  };
  sa::TypeObject* const type = in.make<sa::TypeObject>();
  type->called = true;
  type->made_by.library = "postgresql";
  const auto known = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const auto& row) { return row.first == word; });
  if (const Object* const object = database.catalog().get(column.type.object);
      object && object->maybe<catalog::TypeData>() && !column.type.array &&
      object->as<catalog::TypeData>().form == catalog::TypeData::Form::enumeration) {
    type->made_by.name = "ENUM";
    for (const std::string& label : object->as<catalog::TypeData>().labels)
      type->made_by.arguments.emplace_back(label);
    type->made_by.keywords.emplace_back("name", object->name);
    return type;
  }
  if (known == std::end(kNames) || column.type.array) {
    type->made_by.library = "sqlalchemy";
    type->made_by.name = "UserDefinedType";
    type->made_by.arguments.emplace_back(text);
    return type;
  }
  type->made_by.name = known->second;
  if (word.find("with time zone") != word.npos)
    type->made_by.keywords.emplace_back("timezone", true);
  for (const std::string& modifier : column.type.modifiers)
    if (!modifier.empty() && modifier.find_first_not_of("0123456789") == modifier.npos)
      type->made_by.arguments.emplace_back(int64_t{std::stoll(modifier)});
  return type;
}

Value Operations::inspector(Interpreter& in) { return make_inspector(in, *this); }

Value make_inspector(Interpreter& in, Operations& operations) {
  Inspector* const inspector = in.make<Inspector>();
  inspector->operations = &operations;
  return inspector;
}

}  // namespace retort::alembic
