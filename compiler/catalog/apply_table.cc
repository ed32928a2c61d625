// CREATE TABLE: columns of its own, of parents and of LIKE; then checks, keys, foreign keys, in the
// order in which PostgreSQL makes them, as names that it chooses depend on it.
#include "compiler/catalog/apply.h"
#include "compiler/forms/system_types.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

using forms::Behavior;
using forms::ConstraintKind;

namespace {

constexpr size_t kMostKeys = 32;

bool has_twins(const std::vector<forms::Column>& columns) {
  std::vector<std::string_view> names;
  names.reserve(columns.size());
  for (const forms::Column& column : columns)
    names.push_back(column.name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

Done<> check_columns(const forms::CreateTable& form) {
  const bool twins = has_twins(form.columns);
  std::set<std::string_view> names;
  for (const forms::Column& column : form.columns) {
    if (twins && !names.insert(column.name).second)
      return problem("42701", column.at,
                     fmt::format("column \"{}\" specified more than once", column.name));
    if (column.null && column.not_null)
      return problem("42601", column.at,
                     fmt::format("conflicting NULL/NOT NULL declarations for column \"{}\" of "
                                 "table \"{}\"",
                                 column.name, form.table.name));
  }
  return Nothing{};
}

bool is_key(const forms::Constraint& constraint) {
  return constraint.kind == ConstraintKind::primary_key ||
         constraint.kind == ConstraintKind::unique || constraint.kind == ConstraintKind::exclusion;
}

bool is_primary(const forms::Constraint& constraint) {
  return constraint.kind == ConstraintKind::primary_key;
}

using Constraints = std::vector<const forms::Constraint*>;

// Keys that say the same are one index; PostgreSQL puts the primary key first.
std::vector<forms::Constraint> merged_keys(const Constraints& all) {
  std::vector<forms::Constraint> keys;
  for (const forms::Constraint* const one : all)
    if (is_primary(*one))
      keys.push_back(*one);
  for (const forms::Constraint* const each : all) {
    const forms::Constraint& one = *each;
    if (!is_key(one) || is_primary(one))
      continue;
    const auto same = std::find_if(keys.begin(), keys.end(), [&](const forms::Constraint& other) {
      return one.kind == ConstraintKind::unique && other.kind != ConstraintKind::exclusion &&
             one.columns == other.columns && one.include == other.include &&
             one.nulls_not_distinct == other.nulls_not_distinct &&
             one.deferrable == other.deferrable &&
             one.initially_deferred == other.initially_deferred && one.using_index.empty() &&
             other.using_index.empty();
    });
    if (same == keys.end())
      keys.push_back(one);
    else if (same->name.empty())
      same->name = one.name;
  }
  return keys;
}

// A column of another table, described as if it were written here.
Column copied(const Column& from, int number) {
  Column column;
  column.number = number;
  column.name = from.name;
  column.type = from.type;
  column.not_null = from.not_null;
  column.not_null_valid = from.not_null_valid;
  column.not_null_name = from.not_null_name;
  column.collation = from.collation;
  return column;
}

// NOT NULL of another table's column of the same name.
void demand(Column& own, const Column& other) {
  if (other.not_null && !own.not_null)
    own.not_null_name = other.not_null_name;
  own.not_null |= other.not_null;
}

Apply::Filled filled(const Column& column) {
  return column.is_virtual  ? Apply::Filled::when_read
         : column.generated ? Apply::Filled::stored
                            : Apply::Filled::by_default;
}

}  // namespace

Done<> Apply::operator()(const forms::CreateTable& form) {
  const Id schema =
      form.persistence == forms::Persistence::temporary ? Id{0} : TRY(creation_schema(form.table));
  if (form.if_not_exists && schema != 0 &&
      catalog.find(Space::relation, form.table.name, schema) != 0)
    return Nothing{};
  // Types and LIKE are looked up first, as they are written; then parents, then columns.
  std::vector<Id> likes(form.likes.size());
  for (size_t i = 0; i <= form.columns.size(); ++i) {
    for (size_t l = 0; l < form.likes.size(); ++l)
      if (form.likes[l].before_column == i)
        likes[l] = TRY(existing(form.likes[l].table, Kind::relation));
    if (i == form.columns.size())
      break;
    const forms::Column& column = form.columns[i];
    if (!column.typed || forms::is_system_type(column.type) || !serial_type(column.type).empty())
      continue;
    TRY(type(column.type));
  }
  auto primary_keys = std::count_if(form.constraints.begin(), form.constraints.end(), is_primary);
  for (const forms::Column& column : form.columns)
    primary_keys += std::count_if(column.constraints.begin(), column.constraints.end(), is_primary);
  if (primary_keys > 1)
    return problem(
        "42P16", form.at,
        fmt::format("multiple primary keys for table \"{}\" are not allowed", form.table.name));
  for (const forms::Column& column : form.columns) {
    if (!column.typed || column.identity == forms::Identity::none)
      continue;
    const Type found = TRY(type(column.type));
    if (found.known && (found.array || (found.internal != "int2" && found.internal != "int4" &&
                                        found.internal != "int8")))
      return problem("22023", column.at,
                     "identity column type must be smallint, integer, or bigint");
  }
  const bool partition = form.partition_of.name.size() > 0;
  std::vector<Id> parents;
  for (const forms::Name& name : form.inherits)
    parents.push_back(TRY(existing(name, Kind::relation)));
  if (partition)
    parents.push_back(TRY(existing(form.partition_of, Kind::relation)));
  std::erase(parents, Id{0});
  TRY(check_columns(form));
  std::set<std::string> written;
  if (!likes.empty())
    for (const forms::Column& column : form.columns)
      written.insert(column.name);
  for (const Id like : likes)
    if (const Object* source = catalog.get(like); source && source->maybe<Table>())
      for (const Column& column : source->as<Table>().columns)
        if (!column.dropped && !written.insert(column.name).second)
          return problem("42701", form.at,
                         fmt::format("column \"{}\" specified more than once", column.name));
  if (partition && !parents.empty()) {
    const Object* parent = catalog.get(parents.front());
    const Table* data = parent->maybe<Table>();
    if (data && data->strategy.empty() && !data->partial)
      return problem("42P17", form.at, fmt::format("\"{}\" is not partitioned", parent->name));
  }
  for (const Id parent : parents) {
    const Table* data = partition ? nullptr : catalog.get(parent)->maybe<Table>();
    if (data && !data->strategy.empty())
      return problem(
          "42809", form.at,
          fmt::format("cannot inherit from partitioned table \"{}\"", catalog.get(parent)->name));
    if (data && data->partition)
      return problem(
          "42809", form.at,
          fmt::format("cannot inherit from partition \"{}\"", catalog.get(parent)->name));
  }
  // A name that is taken is noticed behind mistakes in the columns, but before any other.
  Done<> free = free_relation_name(form.table.name, schema, form.table.at);
  if (free)
    free = free_type_name(form.table.name, schema, form.table.at);

  if (partition && !parents.empty() && free)
    free = check_bound(parents.front(), form.table.name, form.bound, form.at);

  Object object;
  object.kind = form.kind;
  object.schema = schema;
  object.name = free ? cut_name(form.table.name) : std::string();
  if (schema != 0)
    object.needs.push_back({0, schema, 0, Strength::normal});
  for (const Id parent : parents)
    object.needs.push_back({0, parent, 0, partition ? Strength::automatic : Strength::normal});
  Table data;
  data.columns.reserve(form.columns.size());
  data.persistence = form.persistence;
  data.parents = parents;
  data.partition = partition;
  data.bound = form.bound;
  data.strategy = form.partition_by.strategy;
  data.partial = form.partial || (form.of_type.name.size() > 0 && type_named(form.of_type) == 0);
  object.data = std::move(data);
  const Id table = catalog.add(std::move(object));

  // Columns: of the parents, then those of LIKE and its own as they are written.
  for (const Id parent : parents) {
    if (const Table* from = catalog.get(parent)->maybe<Table>(); from && from->partial)
      catalog.edit(table).as<Table>().partial = true;
    const Object source = *catalog.get(parent);
    if (const Table* from = source.maybe<Table>())
      for (const Column& column : from->columns) {
        if (column.dropped)
          continue;
        Object& own = catalog.edit(table);
        std::vector<Column>& columns = own.as<Table>().columns;
        const auto same = std::find_if(columns.begin(), columns.end(), [&](const Column& other) {
          return other.name == column.name;
        });
        if (same != columns.end()) {
          ++same->parents;
          demand(*same, column);
          continue;
        }
        Column inherited = copied(column, static_cast<int>(columns.size()) + 1);
        inherited.parents = 1;
        inherited.local = false;
        inherited.generated = column.generated;
        const int number = inherited.number;
        columns.push_back(std::move(inherited));
        if (column.type.object != 0)
          catalog.need(table, {number, column.type.object, 0, Strength::normal});
        if (const Object* fallback = catalog.get(column.fallback)) {
          forms::Expression value;
          value.text = fallback->as<Default>().text;
          value.constant = fallback->as<Default>().constant;
          TRY(set_default(table, number, value, filled(column), form.at));
          for (const Need& need : std::vector<Need>(catalog.get(column.fallback)->needs))
            if (need.object != parent && need.own_column == 0)
              catalog.need(catalog.get(table)->column_at(number)->fallback, need);
        }
      }
  }
  if (const Id of_type = form.of_type.name.empty() ? 0 : type_named(form.of_type)) {
    catalog.need(table, {0, of_type, 0, Strength::normal});
    const Object source = *catalog.get(of_type);
    if (const TypeData* composite = source.maybe<TypeData>())
      for (const Column& column : composite->columns)
        if (!column.dropped)
          catalog.edit(table).as<Table>().columns.push_back(copied(column, next_column(table)));
  }

  Constraints constraints;
  for (size_t i = 0; i <= form.columns.size(); ++i) {
    for (size_t l = 0; l < form.likes.size(); ++l) {
      const Object* source = form.likes[l].before_column == i ? catalog.get(likes[l]) : nullptr;
      const Object original = source ? *source : Object{};
      const Table* from = original.maybe<Table>();
      if (!from) {
        if (form.likes[l].before_column == i)
          catalog.edit(table).as<Table>().partial = true;
        continue;
      }
      for (const Column& column : from->columns) {
        if (column.dropped)
          continue;
        if (const Column* there = catalog.column(table, column.name); there && there->parents > 0) {
          const int merged = there->number;
          for (Column& own : catalog.edit(table).as<Table>().columns)
            if (own.number == merged) {
              own.local = true;
              demand(own, column);
            }
          continue;
        }
        if (catalog.column(table, column.name))
          return problem("42701", form.at,
                         fmt::format("column \"{}\" specified more than once", column.name));
        const int number = next_column(table);
        Column copy = copied(column, number);
        if (form.likes[l].comments)
          copy.comment = column.comment;
        catalog.edit(table).as<Table>().columns.push_back(std::move(copy));
        if (column.type.object != 0)
          catalog.need(table, {number, column.type.object, 0, Strength::normal});
        const Object* fallback = catalog.get(column.fallback);
        if (fallback && (column.generated ? form.likes[l].generated : form.likes[l].defaults)) {
          forms::Expression value;
          value.text = fallback->as<Default>().text;
          value.constant = fallback->as<Default>().constant;
          const std::vector<Need> needs = fallback->needs;
          TRY(set_default(table, number, value, filled(column), form.at));
          for (const Need& need : needs)
            if (need.object != likes[l] && need.own_column == 0)
              catalog.need(catalog.get(table)->column_at(number)->fallback, need);
        }
        if (column.identity != forms::Identity::none && form.likes[l].identity) {
          const Id sequence = TRY(add_sequence(
              schema, relation_name(form.table.name, column.name, "seq", schema, false), {}, "",
              form.at));
          // The source's settings, but for its type.
          for (const Id id : catalog.dependents(likes[l]))
            if (const Sequence* model = catalog.get(id)->maybe<Sequence>();
                model && model->identity && model->column == column.number) {
              Sequence copied_settings = *model;
              copied_settings.type = "int8";
              catalog.edit(sequence).as<Sequence>() = copied_settings;
            }
          own_sequence(sequence, table, number, true);
          catalog.edit(table).as<Table>().columns.back().identity = column.identity;
        }
      }
    }
    if (i == form.columns.size())
      break;
    const forms::Column& column = form.columns[i];
    for (const forms::Constraint& constraint : column.constraints)
      constraints.push_back(&constraint);
    if (const Column* there = catalog.column(table, column.name); there && !parents.empty()) {
      // Merged with the parents' column; a partition may only add to it.
      const int number = there->number;
      if (column.typed) {
        Type own;
        own.internal = serial_type(column.type);
        if (own.internal.empty())
          own = TRY(type(column.type));
        if (own.known && there->type.known &&
            (own.internal != there->type.internal || own.object != there->type.object ||
             own.array != there->type.array))
          return problem("42804", column.at,
                         fmt::format("column \"{}\" has a type conflict", column.name));
      }
      for (Column& own : catalog.edit(table).as<Table>().columns)
        if (own.number == number) {
          own.local = !partition;
          own.not_null |= column.not_null || !serial_type(column.type).empty() ||
                          column.identity != forms::Identity::none;
          if (!partition)
            own.identity = column.identity;
        }
      const std::string filled = catalog.get(table)->column_at(number)->type.internal;
      TRY(add_filling(table, number, column, filled, column.at));
      if (column.fallback)
        TRY(set_default(table, number, column.fallback, Filled::by_default, column.at));
    } else if (form.of_type.name.size() > 0 && there) {
      const int number = there->number;
      if (column.not_null)
        set_not_null(table, number);
      if (column.fallback)
        TRY(set_default(table, number, column.fallback, Filled::by_default, column.at));
    } else if (there) {
      return problem("42701", column.at,
                     fmt::format("column \"{}\" specified more than once", column.name));
    } else if (!column.typed && !partial(table)) {
      return problem("42703", column.at, fmt::format("column \"{}\" does not exist", column.name));
    } else {
      TRY(add_column(table, column, false, column.at));
    }
  }
  if (!free)
    return free;
  // What was written behind a column is made in the order of the text, with the table's own.
  for (const forms::Constraint& constraint : form.constraints)
    constraints.push_back(&constraint);

  // Partition key.
  std::vector<int> key;
  std::vector<std::string> key_text;
  for (const forms::IndexColumn& part : form.partition_by.columns) {
    const Column* found = catalog.column(table, part.column);
    if (!part.column.empty() && !found && !partial(table))
      return problem(
          "42703", form.at,
          fmt::format("column \"{}\" named in partition key does not exist", part.column));
    key.push_back(found ? found->number : 0);
    key_text.push_back(found ? "" : part.expression.text);
    if (!part.column.empty())
      continue;
    std::vector<Need> needs;
    TRY(mentioned(part.expression, table, needs, 0, form.at));
    for (Need need : needs)
      if (need.object != table)
        catalog.need(table, need);
  }
  if (!key.empty()) {
    Table& edited = catalog.edit(table).as<Table>();
    edited.key = std::move(key);
    edited.key_text = std::move(key_text);
  }

  // Checks, first those of the parents.
  std::set<std::string> chosen;
  for (const Id parent : parents)
    for (const Id id : catalog.members(parent, Kind::constraint)) {
      const Object inherited = *catalog.get(id);
      const Constraint& check = inherited.as<Constraint>();
      if (check.kind != ConstraintKind::check || check.no_inherit)
        continue;
      if (const Id same = catalog.find(Space::constraint, inherited.name, table)) {
        ++catalog.edit(same).as<Constraint>().parents;
        continue;
      }
      Object copy = inherited;
      copy.table = table;
      copy.schema = schema;
      copy.comment.reset();
      Constraint& own = copy.as<Constraint>();
      own.parents = 1;
      own.local = false;
      own.valid = true;
      own.columns.clear();
      copy.needs = {{0, table, 0, Strength::automatic}};
      for (const int number : check.columns)
        if (const Column* column = catalog.get(parent)->column_at(number))
          if (const Column* mine = catalog.column(table, column->name)) {
            own.columns.push_back(mine->number);
            copy.needs.push_back({0, table, mine->number, Strength::automatic});
          }
      catalog.add(std::move(copy));
    }
  for (size_t l = 0; l < form.likes.size(); ++l) {
    if (!form.likes[l].constraints || !catalog.get(likes[l]))
      continue;
    for (const Id id : catalog.members(likes[l], Kind::constraint)) {
      const Object original = *catalog.get(id);
      if (original.as<Constraint>().kind != ConstraintKind::check)
        continue;
      Object copy = original;
      copy.table = table;
      copy.schema = schema;
      if (!form.likes[l].comments)
        copy.comment.reset();
      copy.needs = {{0, table, 0, Strength::automatic}};
      copy.as<Constraint>().valid = true;
      copy.as<Constraint>().parents = 0;
      copy.as<Constraint>().local = true;
      for (int& number : copy.as<Constraint>().columns)
        if (const Column* column = catalog.get(likes[l])->column_at(number))
          if (const Column* mine = catalog.column(table, column->name)) {
            number = mine->number;
            copy.needs.push_back({0, table, number, Strength::automatic});
          }
      catalog.add(std::move(copy));
    }
  }
  for (const forms::Constraint* const constraint : constraints)
    if (constraint->kind == ConstraintKind::check && !constraint->name.empty())
      chosen.insert(constraint->name);
  for (const forms::Constraint* const constraint : constraints)
    if (constraint->kind == ConstraintKind::check)
      TRY(add_check(table, *constraint, constraint->at, &chosen, false));

  if (partition && !parents.empty())
    TRY(clone_to_partition(parents.front(), table, form.at));
  const auto keys = merged_keys(constraints);
  for (const forms::Constraint& constraint : keys)
    if (constraint.kind == ConstraintKind::primary_key)
      for (const std::string& name : constraint.columns)
        if (const Column* column = catalog.column(table, name))
          set_not_null(table, column->number);
  for (const forms::Constraint& constraint : keys) {
    if (constraint.columns.size() > kMostKeys)
      return problem("54011", constraint.at, "cannot use more than 32 columns in an index");
    TRY(add_key(table, constraint, constraint.at));
  }
  for (size_t l = 0; l < form.likes.size(); ++l) {
    if (!form.likes[l].indexes || !catalog.get(likes[l]))
      continue;
    // The source's own order; a primary key's index comes first.
    std::vector<Id> sources = catalog.members(likes[l], Kind::index);
    std::stable_sort(sources.begin(), sources.end(), [&](Id a, Id b) {
      return catalog.get(a)->as<Index>().primary > catalog.get(b)->as<Index>().primary;
    });
    for (const Id id : sources) {
      const Object source = *catalog.get(id);
      const Index& index = source.as<Index>();
      const auto as_written = [&](const std::vector<IndexPart>& parts) {
        std::vector<forms::IndexColumn> columns;
        for (const IndexPart& part : parts) {
          forms::IndexColumn column;
          const Column* from = catalog.get(likes[l])->column_at(part.column);
          column.column = from ? from->name : "";
          column.expression.text = part.expression;
          column.name = from ? from->name : part.name;
          column.opclass.name = part.opclass;
          column.descending = part.descending;
          column.nulls_first = part.nulls_first;
          columns.push_back(std::move(column));
        }
        return columns;
      };
      if (index.constraint != 0) {
        const Object& owner = *catalog.get(index.constraint);
        forms::Constraint constraint;
        constraint.kind = owner.as<Constraint>().kind;
        constraint.elements = as_written(index.columns);
        for (const forms::IndexColumn& column : constraint.elements)
          constraint.columns.push_back(column.column);
        for (const forms::IndexColumn& column : as_written(index.include))
          constraint.include.push_back(column.column);
        constraint.method = index.method;
        constraint.nulls_not_distinct = index.nulls_not_distinct;
        constraint.deferrable = owner.as<Constraint>().deferrable;
        constraint.initially_deferred = owner.as<Constraint>().initially_deferred;
        const Id made = TRY(add_key(table, constraint, form.at));
        if (form.likes[l].comments && made != 0)
          catalog.edit(made).comment = owner.comment;
      } else {
        forms::CreateIndex create;
        create.table = form.table;
        create.columns = as_written(index.columns);
        create.include = as_written(index.include);
        create.method = index.method;
        create.unique = index.unique;
        create.nulls_not_distinct = index.nulls_not_distinct;
        create.where.text = index.where;
        const Id made = TRY(add_index(create, table, 0));
        copy_column_needs(id, likes[l], made, table);
        if (form.likes[l].comments && made != 0)
          catalog.edit(made).comment = source.comment;
      }
    }
  }
  for (const forms::Constraint* const constraint : constraints)
    if (constraint->kind == ConstraintKind::foreign_key)
      TRY(add_foreign_key(table, *constraint, constraint->at));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateTableAs& form) {
  if (form.if_not_exists) {
    const Id schema = TRY(creation_schema(form.table));
    if (catalog.find(Space::relation, form.table.name, schema) != 0)
      return Nothing{};
  }
  TRY(add_relation_as(form.table, form.materialized ? Kind::materialized_view : Kind::table,
                      form.query, form.columns, "", form.at));
  if (!form.with_data)
    catalog.edit(static_cast<Id>(catalog.size() - 1)).as<Table>().populated = false;
  return Nothing{};
}

}  // namespace retort::catalog
