// Queries: what they read must be there, what they yield becomes the columns of a view.
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {
namespace {

using forms::Query;

// One thing that columns can be read from.
struct Visible {
  std::string alias;
  Id relation = 0;
  std::vector<Column> columns;
  bool known = false;  // all its columns are
};

struct Scope {
  std::vector<Visible> sources;
  const Scope* outer = nullptr;
  std::vector<std::pair<std::string, Visible>> common;  // WITH
  bool known() const {
    return std::all_of(sources.begin(), sources.end(), [](const Visible& v) { return v.known; }) &&
           (!outer || outer->known());
  }
};

// What a column of a UNION has: a length only where all agree. Which of several types wins is the
// server's to say.
Type common_type(Type one, const Type& other) {
  if (one == other)
    return one;
  if (!one.known || !other.known || one.object != other.object || one.internal != other.internal ||
      one.array != other.array) {
    one = {};
    one.known = false;
    return one;
  }
  one.modifiers.clear();
  return one;
}

class Resolver {
public:
  Resolver(const Apply& apply, std::vector<Need>& needs) : apply_(apply), needs_(needs) {}

  Done<bool> run(const Query& query, const Scope* outer, std::vector<Column>& output) {
    Scope scope;
    scope.outer = outer;
    for (const Query::Common& common : query.with) {
      Visible visible;
      visible.alias = common.name;
      // A recursive query may name itself: its columns are then not known inside.
      scope.common.emplace_back(common.name, visible);
      visible.known =
          TRY(run(*common.query, &scope, visible.columns)) && !common.query->targets.empty();
      rename(visible, common.columns);
      scope.common.back().second = std::move(visible);
    }
    if (!query.branches.empty()) {
      bool known = true;
      for (size_t i = 0; i < query.branches.size(); ++i) {
        std::vector<Column> columns;
        known &= TRY(run(*query.branches[i], &scope, columns));
        if (i == 0)
          output = std::move(columns);
        else
          for (size_t at = 0; at < output.size() && at < columns.size(); ++at)
            output[at].type = common_type(output[at].type, columns[at].type);
      }
      return known;
    }
    for (const Query::Source& source : query.from)
      scope.sources.push_back(TRY(visible(source, scope)));
    TRY(check(query.mentions, scope));
    return targets(query, scope, output);
  }

  Done<> check(const forms::Mentions& mentions, const Scope& scope) {
    for (const forms::ColumnUse& use : mentions.columns)
      TRY(column(use, scope));
    for (const std::shared_ptr<Query>& inner : mentions.queries) {
      std::vector<Column> ignored;
      TRY(run(*inner, &scope, ignored));
    }
    forms::Mentions rest;
    rest.types = mentions.types;
    rest.relations = mentions.relations;
    rest.functions = mentions.functions;
    return apply_.mentioned(rest, 0, needs_, 0, {});
  }

  Visible table(Id id, const std::string& alias) const {
    Visible result;
    result.alias = alias;
    result.relation = id;
    const Object* object = apply_.catalog.get(id);
    const Table* table = object ? object->maybe<Table>() : nullptr;
    if (!table)
      return result;
    result.known = !apply_.partial(id);
    for (const Column& column : table->columns)
      if (!column.dropped)
        result.columns.push_back(column);
    return result;
  }

private:
  static void rename(Visible& visible, const std::vector<std::string>& names) {
    for (size_t i = 0; i < names.size() && i < visible.columns.size(); ++i)
      visible.columns[i].name = names[i];
  }

  Done<Visible> visible(const Query::Source& source, Scope& scope) {
    Visible result;
    if (source.kind == Query::Source::Kind::query) {
      result.known = TRY(run(*source.query, &scope, result.columns));
    } else if (source.kind == Query::Source::Kind::relation) {
      if (source.relation.schema.empty())
        for (const Scope* at = &scope; at; at = at->outer)
          for (const auto& [name, common] : at->common)
            if (name == source.relation.name) {
              Visible copy = common;
              copy.alias = source.alias;
              rename(copy, source.columns);
              return copy;
            }
      const Id id = TRY(apply_.existing(source.relation, Kind::none));
      result = table(id, source.alias);
      if (id != 0)
        needs_.push_back({0, id, 0, Strength::normal});
    }
    result.alias = source.alias;
    rename(result, source.columns);
    return result;
  }

  Done<> column(const forms::ColumnUse& use, const Scope& scope) {
    if (use.star || use.names.empty())
      return Nothing{};
    const std::string& name = use.names.back();
    const bool qualified = use.names.size() > 1;
    for (const Scope* at = &scope; at; at = at->outer)
      for (const Visible& source : at->sources) {
        if (qualified && source.alias != use.names[use.names.size() - 2])
          continue;
        for (const Column& candidate : source.columns)
          if (candidate.name == name) {
            if (source.relation != 0)
              needs_.push_back({0, source.relation, candidate.number, Strength::normal});
            return Nothing{};
          }
        if (!qualified && source.alias == name)
          return Nothing{};  // the whole row
      }
    // Fields of a composite value, system columns and the like are not looked into.
    const bool hidden = name == "ctid" || name == "xmin" || name == "xmax" || name == "tableoid" ||
                        name == "cmin" || name == "cmax" || use.names.size() > 2;
    if (hidden || !scope.known())
      return Nothing{};
    if (!qualified)
      return problem("42703", use.at, fmt::format("column \"{}\" does not exist", name));
    for (const Scope* at = &scope; at; at = at->outer)
      for (const Visible& source : at->sources)
        if (source.alias == use.names[0])
          return problem("42703", use.at,
                         fmt::format("column {}.{} does not exist", use.names[0], name));
    return problem("42P01", use.at,
                   fmt::format("missing FROM-clause entry for table \"{}\"", use.names[0]));
  }

  Done<bool> targets(const Query& query, const Scope& scope, std::vector<Column>& output) {
    bool known = true;
    for (const Query::Target& target : query.targets) {
      if (target.column.star) {
        known &= !query.merges_columns || target.column.names.size() > 0;
        for (const Visible& source : scope.sources) {
          if (!target.column.names.empty() && target.column.names.back() != source.alias)
            continue;
          known &= source.known;
          for (const Column& column : source.columns) {
            if (source.relation != 0)
              needs_.push_back({0, source.relation, column.number, Strength::normal});
            output.push_back(plain(column));
          }
        }
        continue;
      }
      Column column;
      column.name = target.name;
      column.type.known = false;
      if (!target.column.names.empty()) {
        for (const Visible& source : scope.sources) {
          if (target.column.names.size() > 1 &&
              target.column.names[target.column.names.size() - 2] != source.alias)
            continue;
          for (const Column& candidate : source.columns)
            if (candidate.name == target.column.names.back())
              column.type = candidate.type;
        }
      } else if (!target.cast.name.empty()) {
        column.type = TRY(apply_.type(target.cast));
      }
      output.push_back(std::move(column));
    }
    return known;
  }

  static Column plain(const Column& from) {
    Column column;
    column.name = from.name;
    column.type = from.type;
    return column;
  }

  const Apply& apply_;
  std::vector<Need>& needs_;
};

}  // namespace

Done<bool> Apply::columns_of(const forms::Query& query, std::vector<Column>& columns,
                             std::vector<Need>& needs) const {
  return Resolver(*this, needs).run(query, nullptr, columns);
}

// A view, a materialized view, or a table made by a query.
Done<> Apply::add_relation_as(const forms::Name& name, Kind kind, const forms::Query& query,
                              const std::vector<std::string>& names, std::string query_text,
                              Span at) {
  Table data;
  std::vector<Need> needs;
  data.partial = !TRY(columns_of(query, data.columns, needs));
  if (names.size() > data.columns.size() && !data.partial)
    return problem(kind == Kind::view ? "42601" : "42601", at,
                   kind == Kind::view ? "CREATE VIEW specifies more column names than columns"
                                      : "too many column names were specified");
  int number = 0;
  std::set<std::string> seen;
  for (Column& column : data.columns) {
    if (static_cast<size_t>(number) < names.size())
      column.name = names[static_cast<size_t>(number)];
    column.number = ++number;
    if (!seen.insert(column.name).second)
      return problem("42701", at,
                     fmt::format("column \"{}\" specified more than once", column.name));
  }
  const Id schema = TRY(creation_schema(name));
  TRY(free_relation_name(name.name, schema, name.at));
  TRY(free_type_name(name.name, schema, name.at));
  Object object;
  object.kind = kind;
  object.schema = schema;
  object.name = cut_name(name.name);
  data.query = std::move(query_text);
  data.whole = forms::reads_all(query);
  if (schema != 0)
    object.needs.push_back({0, schema, 0, Strength::normal});
  for (const Column& column : data.columns)
    if (column.type.object != 0)
      object.needs.push_back({column.number, column.type.object, 0, Strength::normal});
  // A table keeps nothing of its query.
  if (kind != Kind::table)
    object.needs.insert(object.needs.end(), needs.begin(), needs.end());
  object.data = std::move(data);
  catalog.add(std::move(object));
  note_calls(query.mentions);
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateView& form) {
  const Done<Id> schema_or = form.persistence == forms::Persistence::temporary
                                 ? Done<Id>(Id{0})
                                 : creation_schema(form.view);
  const Id schema = schema_or ? *schema_or : Id{0};
  const Id there = catalog.find(Space::relation, form.view.name, schema);
  if (there == 0 || !form.or_replace)
    return add_relation_as(form.view, Kind::view, form.query, form.columns, form.text, form.at);
  const Object old = *catalog.get(there);
  Table data;
  std::vector<Need> needs;
  data.partial = !TRY(columns_of(form.query, data.columns, needs));
  if (old.kind != Kind::view)
    return problem("42809", form.at, fmt::format("\"{}\" is not a view", old.name));
  data.query = form.text;
  int number = 0;
  for (Column& column : data.columns) {
    if (static_cast<size_t>(number) < form.columns.size())
      column.name = form.columns[static_cast<size_t>(number)];
    column.number = ++number;
  }
  const std::vector<Column>& before = old.as<Table>().columns;
  if (!data.partial && !partial(there)) {
    if (data.columns.size() < before.size())
      return problem("42P16", form.at, "cannot drop columns from view");
    for (size_t i = 0; i < before.size(); ++i) {
      if (before[i].name != data.columns[i].name)
        return problem("42P16", form.at,
                       fmt::format("cannot change name of view column \"{}\" to \"{}\"",
                                   before[i].name, data.columns[i].name));
      if (before[i].type.known && data.columns[i].type.known &&
          before[i].type != data.columns[i].type)
        return problem("42P16", form.at,
                       fmt::format("cannot change data type of view column \"{}\" from {} to {}",
                                   before[i].name, text(before[i].type),
                                   text(data.columns[i].type)));
      data.columns[i].comment = before[i].comment;
    }
  }
  for (const Column& column : data.columns)
    if (column.type.object != 0)
      needs.push_back({column.number, column.type.object, 0, Strength::normal});
  Object& edited = catalog.edit(there);
  edited.data = std::move(data);
  edited.needs.clear();
  catalog.need(there, {0, schema, 0, Strength::normal});
  for (const Need need : needs)
    catalog.need(there, need);
  return Nothing{};
}

Done<> Apply::operator()(const forms::Refresh& form) {
  const Id id = TRY(existing(form.view, Kind::relation));
  const Object* object = catalog.get(id);
  if (object && object->kind != Kind::materialized_view)
    return problem("42809", form.view.at,
                   fmt::format("\"{}\" is not a materialized view", object->name));
  if (object && object->as<Table>().populated != form.with_data)
    catalog.edit(id).as<Table>().populated = form.with_data;
  return Nothing{};
}

// --- rows ---

namespace {

Done<> written_columns(const Apply& apply, Id table, const std::vector<std::string>& names,
                       Span at) {
  for (const std::string& name : names)
    TRY(apply.column(table, name, at));
  return Nothing{};
}

}  // namespace

Done<> Apply::operator()(const forms::Insert& form) {
  const Id table = TRY(existing(form.table, Kind::none));
  std::set<std::string> seen;
  for (const std::string& name : form.columns)
    if (!seen.insert(name).second)
      return problem("42701", form.at, fmt::format("column \"{}\" specified more than once", name));
  if (table != 0)
    TRY(written_columns(*this, table, form.columns, form.at));
  std::vector<Column> columns;
  std::vector<Need> needs;
  TRY(columns_of(form.query, columns, needs));
  note_calls(form.query.mentions);
  return Nothing{};
}

Done<> Apply::operator()(const forms::Update& form) {
  const Id table = TRY(existing(form.table, Kind::none));
  if (table == 0)
    return Nothing{};
  TRY(written_columns(*this, table, form.columns, form.at));
  forms::Query query = form.query;
  forms::Query::Source own;
  own.relation = form.table;
  own.alias = form.alias.empty() ? form.table.name : form.alias;
  query.from.push_back(std::move(own));
  std::vector<Column> columns;
  std::vector<Need> needs;
  TRY(columns_of(query, columns, needs));
  note_calls(query.mentions);
  return Nothing{};
}

Done<> Apply::operator()(const forms::Delete& form) {
  const Id table = TRY(existing(form.table, Kind::none));
  if (table == 0)
    return Nothing{};
  forms::Query query = form.query;
  forms::Query::Source own;
  own.relation = form.table;
  own.alias = form.alias.empty() ? form.table.name : form.alias;
  query.from.push_back(std::move(own));
  std::vector<Column> columns;
  std::vector<Need> needs;
  TRY(columns_of(query, columns, needs));
  note_calls(query.mentions);
  return Nothing{};
}

Done<> Apply::operator()(const forms::Merge& form) {
  TRY(existing(form.table, Kind::none));
  return Nothing{};
}

Done<> Apply::operator()(const forms::Truncate& form) {
  std::vector<Id> tables;
  for (const forms::Name& name : form.tables) {
    const Id id = TRY(existing(name, Kind::relation));
    if (id == 0)
      return Nothing{};
    if (catalog.get(id)->kind != Kind::table && catalog.get(id)->kind != Kind::foreign_table)
      return problem("42809", name.at, fmt::format("\"{}\" is not a table", catalog.get(id)->name));
    tables.push_back(id);
  }
  if (form.behavior == forms::Behavior::cascade)
    return Nothing{};
  for (const Id table : tables)
    for (const Id id : catalog.dependents(table)) {
      const Constraint* constraint = catalog.get(id)->maybe<Constraint>();
      if (constraint && constraint->kind == forms::ConstraintKind::foreign_key &&
          constraint->references == table &&
          std::find(tables.begin(), tables.end(), catalog.get(id)->table) == tables.end())
        return problem("0A000", form.at,
                       "cannot truncate a table referenced in a foreign key constraint");
    }
  return Nothing{};
}

Done<> Apply::operator()(const forms::Select& form) {
  std::vector<Column> columns;
  std::vector<Need> needs;
  TRY(columns_of(form.query, columns, needs));
  note_calls(form.query.mentions);
  return Nothing{};
}

Done<> Apply::operator()(const forms::Copy& form) {
  if (form.table.name.empty())
    return Nothing{};
  const Id table = TRY(existing(form.table, Kind::relation));
  return table == 0 ? Done<>(Nothing{}) : written_columns(*this, table, form.columns, form.at);
}

Done<> Apply::operator()(const forms::LockTable& form) {
  for (const forms::Name& name : form.tables)
    TRY(existing(name, Kind::relation));
  return Nothing{};
}

}  // namespace retort::catalog
