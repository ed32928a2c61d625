// Labels of enum types: one that is not there (22P02), and one that ADD VALUE brought and that may
// not be used before COMMIT (55P04), wherever it is parsed to a value of its type: in rows,
// defaults, checks, predicates, views and functions in SQL.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::TypeData;

struct Labels {
  Study& s;

  const std::set<std::string>* fresh(Id type) const {
    const auto found = s.transaction.new_labels.find(type);
    return found == s.transaction.new_labels.end() ? nullptr : &found->second;
  }

  // `sure`: the text is certainly parsed to a value of the type.
  void use(Id type, const std::string& label, Span at, bool sure = true) const {
    const Object* object = s.get(type);
    const TypeData* data = object ? object->maybe<TypeData>() : nullptr;
    if (!data || data->form != TypeData::Form::enumeration)
      return;
    std::string_view sqlstate;
    std::string message;
    if (const auto* labels = fresh(type); labels && labels->contains(label)) {
      // Since 17 labels of a type that the same transaction made may be used, if no savepoint
      // stands between.
      const bool own = s.server >= 17 && s.transaction.made(type);
      if (own && !s.transaction.savepoints)
        return;
      sure &= !own;
      sqlstate = "55P04";
      message = fmt::format("unsafe use of new value \"{}\" of enum type {}", label,
                            s.look.visible_name(*object));
    } else if (std::find(data->labels.begin(), data->labels.end(), label) == data->labels.end()) {
      sure &= s.look.certain({"", object->name, {}});
      sqlstate = "22P02";
      message = fmt::format("invalid input value for enum {}: \"{}\"", s.look.visible_name(*object),
                            label);
    } else {
      return;
    }
    if (sure)
      s.fail(sqlstate, std::move(message), at);
    else
      s.may_fail(sqlstate);
  }

  // As the statement leaves it: its own ALTER COLUMN TYPE comes before what it sets.
  const Object* table(Id id) const {
    const auto* changed = s.change(id);
    return changed && changed->after ? changed->after.get() : s.get(id);
  }

  Id enum_of(const catalog::Type& type) const {
    Id id = type.object;
    for (const Object* object = s.get(id); object && object->kind == Kind::domain;
         object = s.get(id))
      id = object->as<TypeData>().base.object;
    return id;
  }

  // What is written as text where a value of this type stands.
  void value(const catalog::Type& type, const forms::Expression& expression) const {
    mentions(expression, {});
    const Id id = enum_of(type);
    for (const forms::Mentions::Literal& literal : expression.literals) {
      if (!literal.column.empty())
        continue;
      if (!type.array) {
        if (expression.text == "'" + literal.text + "'")
          use(id, literal.text, literal.at);
      } else if (const std::set<std::string>* labels = fresh(id)) {
        for (const std::string& label : *labels)
          if (literal.text.find(label) != std::string::npos)
            s.may_fail("55P04");
      }
    }
  }

  // Literals that a column of one of these tables says the type of. `whole`: a column can be of no
  // other relation.
  void mentions(const forms::Mentions& all, const std::vector<Id>& tables,
                bool whole = true) const {
    for (const forms::Mentions::Label& label : all.labels)
      if (const Id type = s.look.type_named({label.type.schema, label.type.name, {}});
          type != 0 && !label.type.array)
        use(enum_of(catalog::Type{type, "", {}, false, true}), label.label, label.at);
    // A cast of what the rows hold.
    for (const forms::TypeName& name : all.types)
      if (const Id type = s.look.type_named({name.schema, name.name, {}}); fresh(type))
        s.may_fail("55P04");
    for (const forms::Mentions::Literal& literal : all.literals)
      if (!literal.column.empty())
        compared(literal, tables, whole);
    for (const auto& inner : all.queries)
      if (inner)
        query(*inner, tables, whole);
    for (const forms::FunctionUse& function : all.functions)
      if (!s.transaction.new_labels.empty() &&
          (function.name.name == "enum_range" || function.name.name == "enum_last"))
        s.may_fail("55P04");
  }

  void compared(const forms::Mentions::Literal& literal, const std::vector<Id>& tables,
                bool whole) const {
    const catalog::Column* only = nullptr;
    for (const Id table : tables) {
      const Object* object = this->table(table);
      const catalog::Column* column = object ? object->column_named(literal.column) : nullptr;
      whole &= object && !s.look.partial(table) && !(only && column);
      only = column ? column : only;
    }
    if (only && !only->type.array)
      use(enum_of(only->type), literal.text, literal.at, whole);
  }

  void query(const forms::Query& all, std::vector<Id> tables, bool whole = true) const {
    for (const auto& source : all.from) {
      whole &= source.kind == forms::Query::Source::Kind::relation;
      if (source.kind == forms::Query::Source::Kind::relation)
        tables.push_back(s.find(source.relation));
      if (source.query)
        query(*source.query, tables, whole);
    }
    mentions(all.mentions, tables, whole);
    for (const auto& branch : all.branches)
      if (branch)
        query(*branch, tables, whole);
    for (const auto& common : all.with)
      if (common.query)
        query(*common.query, tables, whole);
  }

  void constraint(const forms::Constraint& c, Id table) const {
    mentions(c.check, {table});
    mentions(c.where, {table});
  }

  void column(const forms::Column& c, Id table) const {
    if (c.typed && c.fallback)
      if (const auto type = s.look.type(c.type))
        value(*type, c.fallback);
    for (const forms::Constraint& each : c.constraints)
      constraint(each, table);
  }

  template <class F>
  void operator()(const F&) const {}

  void operator()(const forms::CreateTable& form) const {
    Id made = 0;
    for (const auto& change : s.facts.changes)
      if (!change.before && change.after && change.after->name == form.table.name &&
          change.after->kind == Kind::table)
        made = change.id;
    for (const forms::Column& c : form.columns)
      column(c, made);
    for (const forms::Constraint& c : form.constraints)
      constraint(c, made);
    if (!form.bound.empty() && !form.partition_of.name.empty())
      bound(s.find(form.partition_of), form.bound);
  }
  void operator()(const forms::AttachPartition& form) const {
    if (!form.of_index)
      bound(s.find(form.table), form.bound);
  }
  void bound(Id root, const std::string& text) const {
    const catalog::Table* data = s.table(root);
    if (!data || data->key.size() != 1)
      return;
    const catalog::Column* key = s.get(root)->column_at(data->key[0]);
    const std::set<std::string>* labels = key ? fresh(enum_of(key->type)) : nullptr;
    if (labels)
      for (const std::string& label : *labels)
        if (text.find("'" + label + "'") != std::string::npos)
          use(enum_of(key->type), label, {});
  }
  void operator()(const forms::AddColumn& form) const { column(form.column, s.find(form.table)); }
  void operator()(const forms::SetDefault& form) const {
    const Object* object = table(s.find(form.table));
    if (const catalog::Column* c = object ? object->column_named(form.column) : nullptr)
      value(c->type, form.value);
    else
      mentions(form.value, {});
  }
  void operator()(const forms::AddConstraint& form) const {
    constraint(form.constraint, s.find(form.table));
  }
  void operator()(const forms::AlterColumnType& form) const {
    if (const auto type = s.look.type(form.type))
      value(*type, form.using_);
  }
  void operator()(const forms::CreateIndex& form) const {
    mentions(form.where, {s.find(form.table)});
    for (const forms::IndexColumn& c : form.columns)
      mentions(c.expression, {s.find(form.table)});
  }
  void operator()(const forms::CreateView& form) const { query(form.query, {}); }
  void operator()(const forms::CreateTableAs& form) const { query(form.query, {}); }
  void operator()(const forms::Select& form) const { query(form.query, {}); }
  void operator()(const forms::CreatePolicy& form) const {
    mentions(form.using_, {s.find(form.table)});
    mentions(form.check, {s.find(form.table)});
  }
  void operator()(const forms::CreateTrigger& form) const {
    mentions(form.when, {s.find(form.table)});
  }
  void operator()(const forms::CreateDomain& form) const {
    if (const auto type = s.look.type(form.type))
      value(*type, form.fallback);
  }
  void operator()(const forms::CreateFunction& form) const {
    if (form.language != "sql" || s.transaction.new_labels.empty())
      return;
    // The body is read when the function is made; which of its words are labels is not looked into.
    for (const auto& [type, labels] : s.transaction.new_labels)
      for (const std::string& label : labels)
        if (fresh(type) && form.body.find("'" + label + "'") != std::string::npos)
          s.may_fail("55P04");
  }
  void operator()(const forms::Insert& form) const {
    const Id id = s.find(form.table);
    const Object* table = s.get(id);
    if (table && table->maybe<catalog::Table>())
      for (const forms::Mentions::Literal& literal : form.query.mentions.literals) {
        const catalog::Column* column = nullptr;
        if (literal.place < form.columns.size()) {
          column = table->column_named(form.columns[literal.place]);
        } else if (form.columns.empty() && literal.place != SIZE_MAX) {
          size_t place = 0;
          for (const catalog::Column& c : table->as<catalog::Table>().columns)
            if (!c.dropped && place++ == literal.place)
              column = &c;
        }
        if (column && !column->type.array && !table->as<catalog::Table>().partial)
          use(enum_of(column->type), literal.text, literal.at);
      }
    query(form.query, {id});
  }
  void operator()(const forms::Update& form) const { query(form.query, {s.find(form.table)}); }
  void operator()(const forms::Delete& form) const { query(form.query, {s.find(form.table)}); }
};

}  // namespace

void study_labels(Study& s, const std::vector<forms::Form>& forms) {
  for (const forms::Form& form : forms)
    std::visit(Labels{s}, form);
}

}  // namespace retort::facts
