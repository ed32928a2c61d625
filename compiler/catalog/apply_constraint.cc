// Constraints of tables.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

using forms::ConstraintKind;

namespace {

std::string joined(const std::vector<std::string>& names) { return join(names, "_"); }

// The family of operators that compare values of a type: one for int2, int4 and int8.
std::string_view family(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kFamilies[] = {
      {"int2", "integer"},
      {"int4", "integer"},
      {"int8", "integer"},
      {"float4", "float"},
      {"float8", "float"},
      {"text", "text"},
      {"varchar", "text"},
      {"name", "text"},
      {"date", "datetime"},
      {"timestamp", "datetime"},
      {"timestamptz", "datetime"},
      {"bpchar", "bpchar"},
      {"numeric", "numeric"},
      {"bool", "bool"},
      {"uuid", "uuid"},
      {"bytea", "bytea"},
      {"time", "time"},
      {"timetz", "timetz"},
      {"interval", "interval"},
      {"bit", "bit"},
      {"varbit", "varbit"},
      {"jsonb", "jsonb"},
      {"inet", "network"},
      {"cidr", "network"},
  };
  for (const auto& [name, group] : kFamilies)
    if (name == type)
      return group;
  return "";
}

// Families whose values become those of another without a cast.
bool converts(std::string_view from, std::string_view to) {
  constexpr std::pair<std::string_view, std::string_view> kImplicit[] = {
      {"integer", "numeric"}, {"integer", "float"}, {"numeric", "float"},
      {"text", "bpchar"},     {"bpchar", "text"},   {"time", "interval"},
      {"time", "timetz"},     {"bit", "varbit"},    {"varbit", "bit"},
  };
  return std::any_of(std::begin(kImplicit), std::end(kImplicit),
                     [&](const auto& cast) { return cast.first == from && cast.second == to; });
}

Type base_type(const Catalog& catalog, Type type) {
  while (const Object* object = catalog.get(type.object)) {
    const TypeData* data = object->maybe<TypeData>();
    if (!data || data->form != TypeData::Form::domain || type.array)
      break;
    type = data->base;
  }
  return type;
}

}  // namespace

// Whether a foreign key of the one type can refer to the other, as far as is known.
bool Apply::can_refer(const Type& own, const Type& other) const {
  const Type from = base_type(catalog, own);
  const Type to = base_type(catalog, other);
  if (!from.known || !to.known)
    return true;
  if (from.array || to.array || from.object != 0 || to.object != 0)
    return from.array == to.array && from.object == to.object && from.internal == to.internal;
  if (from.internal == to.internal)
    return true;
  const std::string_view left = family(from.internal);
  const std::string_view right = family(to.internal);
  return left.empty() || right.empty() || left == right || converts(left, right);
}

// After a column's type has changed: the foreign keys on either side.
Done<> Apply::check_references(Id table, int column, Span at) const {
  for (const Id id : catalog.dependents(table)) {
    const Object& object = *catalog.get(id);
    const Constraint* key = object.maybe<Constraint>();
    if (!key || key->kind != ConstraintKind::foreign_key)
      continue;
    for (size_t i = 0; i < key->columns.size() && i < key->referenced_columns.size(); ++i) {
      const bool own_side = object.table == table && key->columns[i] == column;
      const bool other_side = key->references == table && key->referenced_columns[i] == column;
      const Column* own = catalog.get(object.table)->column_at(key->columns[i]);
      const Object* referenced = catalog.get(key->references);
      const Column* other =
          referenced ? referenced->column_at(key->referenced_columns[i]) : nullptr;
      if ((own_side || other_side) && own && other && !can_refer(own->type, other->type))
        return problem(
            "42804", at,
            fmt::format("foreign key constraint \"{}\" cannot be implemented", object.name));
    }
  }
  return Nothing{};
}

Done<Id> Apply::add_check(Id table, const forms::Constraint& form, Span at,
                          std::set<std::string>* chosen, bool only) {
  Object object;
  object.kind = Kind::constraint;
  object.table = table;
  object.schema = catalog.get(table)->schema;
  object.name = cut_name(form.name);
  std::vector<Need> needs;
  TRY(mentioned(form.check, table, needs, 0, at));
  if (!form.check->queries.empty())
    return problem("0A000", form.check->at, "cannot use subquery in check constraint");
  Constraint data;
  data.valid = !form.not_valid;
  data.enforced = form.enforced;
  data.no_inherit = form.no_inherit;
  data.text = form.check->text;
  object.needs.push_back({0, table, 0, Strength::automatic});
  for (Need& need : needs) {
    if (need.object == table) {
      need.strength = Strength::automatic;
      if (std::find(data.columns.begin(), data.columns.end(), need.column) == data.columns.end())
        data.columns.push_back(need.column);
    }
    object.needs.push_back(need);
  }
  std::sort(data.columns.begin(), data.columns.end());
  const Object& owner = *catalog.get(table);
  if (object.name.empty()) {
    const Column* one = data.columns.size() == 1 ? owner.column_at(data.columns[0]) : nullptr;
    object.name = constraint_name(owner.name, one ? one->name : "", "check", owner.schema,
                                  chosen ? *chosen : std::set<std::string>{});
  } else if (const Id same = catalog.find(Space::constraint, object.name, table)) {
    // A child may say again what it inherits.
    Constraint merged = catalog.get(same)->as<Constraint>();
    if (merged.kind != ConstraintKind::check || merged.parents == 0 || merged.local) {
      if (!certain({"", owner.name, {}}))
        return same;
      return problem("42710", at,
                     fmt::format("constraint \"{}\" for relation \"{}\" already exists",
                                 object.name, owner.name));
    }
    merged.local = true;
    catalog.edit(same).as<Constraint>() = merged;
    return same;
  }
  if (chosen)
    chosen->insert(object.name);
  object.data = std::move(data);
  const std::string name = object.name;
  const Id id = catalog.add(std::move(object));
  if (form.no_inherit)
    return id;
  const std::vector<Id> below = children(table);
  if (only && !below.empty())
    return problem("42P16", at, "constraint must be added to child tables too");
  for (const Id child : below) {
    if (const Id same = catalog.find(Space::constraint, name, child)) {
      ++catalog.edit(same).as<Constraint>().parents;
      continue;
    }
    forms::Constraint copy = form;
    copy.name = name;
    const Id made = TRY(add_check(child, copy, at, nullptr, false));
    Constraint& inherited = catalog.edit(made).as<Constraint>();
    inherited.parents = 1;
    inherited.local = false;
  }
  return id;
}

Done<Id> Apply::add_foreign_key(Id table, const forms::Constraint& form, Span at) {
  const Object& owner = *catalog.get(table);
  if (!form.name.empty() && catalog.find(Space::constraint, cut_name(form.name), table) != 0 &&
      certain({"", owner.name, {}}))
    return problem(
        "42710", at,
        fmt::format("constraint \"{}\" for relation \"{}\" already exists", form.name, owner.name));
  const Id target = TRY(existing(form.references, Kind::relation));
  Object object;
  object.kind = Kind::constraint;
  object.table = table;
  object.schema = owner.schema;
  object.name = cut_name(form.name);
  object.needs.push_back({0, table, 0, Strength::automatic});
  Constraint data;
  data.kind = ConstraintKind::foreign_key;
  data.references = target;
  data.on_delete = form.on_delete;
  data.on_update = form.on_update;
  data.match = form.match;
  data.deferrable = form.deferrable || form.initially_deferred;
  data.initially_deferred = form.initially_deferred;
  data.valid = !form.not_valid;
  data.enforced = form.enforced;
  const Object* referenced = catalog.get(target);
  if (referenced && referenced->kind != Kind::table)
    return problem("42809", form.references.at,
                   fmt::format("referenced relation \"{}\" is not a table", referenced->name));
  if (referenced && owner.as<Table>().persistence == forms::Persistence::permanent &&
      referenced->as<Table>().persistence != forms::Persistence::permanent)
    return problem("42P16", at,
                   "constraints on permanent tables may reference only permanent tables");
  for (const std::string& name : form.columns) {
    const Column* column = owner.column_named(name);
    if (!column && !partial(table))
      return problem(
          "42703", at,
          fmt::format("column \"{}\" referenced in foreign key constraint does not exist", name));
    const bool sets = form.on_delete.starts_with("SET ");
    const bool updates = form.on_update.starts_with("SET ") || form.on_update == "CASCADE";
    if (column && column->generated && (sets || updates))
      return problem("42601", at,
                     fmt::format("invalid ON {} action for foreign key constraint containing "
                                 "generated column",
                                 updates ? "UPDATE" : "DELETE"));
    if (column && column->is_virtual)
      return problem("0A000", at,
                     "foreign key constraints on virtual generated columns are not supported");
    if (column) {
      data.columns.push_back(column->number);
      object.needs.push_back({0, table, column->number, Strength::automatic});
    }
  }
  if (referenced && !partial(target)) {
    for (const std::string& name : form.referenced_columns) {
      const Column* column = referenced->column_named(name);
      if (!column)
        return problem("42703", at,
                       fmt::format("column \"{}\" referenced in foreign key constraint does not "
                                   "exist",
                                   name));
      data.referenced_columns.push_back(column->number);
    }
    bool deferrable_only = false;
    std::vector<int> wanted = data.referenced_columns;
    std::sort(wanted.begin(), wanted.end());
    for (const Id id : catalog.members(target, Kind::index)) {
      const Index& index = catalog.get(id)->as<Index>();
      std::vector<int> key;
      for (const IndexPart& part : index.columns)
        key.push_back(part.column);
      if (form.referenced_columns.empty()) {
        if (index.primary) {
          data.referenced_columns = key;
          data.index = id;
        }
        continue;
      }
      std::sort(key.begin(), key.end());
      const bool deferred =
          index.constraint != 0 && catalog.get(index.constraint)->as<Constraint>().deferrable;
      const bool fits = index.unique && index.where.empty() && key == wanted;
      deferrable_only |= fits && deferred;
      if (fits && !deferred && data.index == 0)
        data.index = id;
    }
    if (form.referenced_columns.empty() && data.index == 0)
      return problem(
          "42704", at,
          fmt::format("there is no primary key for referenced table \"{}\"", referenced->name));
    if (data.referenced_columns.size() != form.columns.size() && !partial(table))
      return problem("42830", at,
                     "number of referencing and referenced columns for foreign key disagree");
    if (data.index == 0 && deferrable_only)
      return problem(
          "55000", at,
          fmt::format("cannot use a deferrable {} for referenced table \"{}\"",
                      form.referenced_columns.empty() ? "primary key" : "unique constraint",
                      referenced->name));
    if (data.index == 0)
      return problem("42830", at,
                     fmt::format("there is no unique constraint matching given keys for "
                                 "referenced table \"{}\"",
                                 referenced->name));
  }
  if (object.name.empty())
    object.name = constraint_name(owner.name, joined(form.columns), "fkey", owner.schema);
  for (size_t i = 0; i < data.columns.size() && i < data.referenced_columns.size(); ++i) {
    const Column* own = owner.column_at(data.columns[i]);
    const Column* other = referenced ? referenced->column_at(data.referenced_columns[i]) : nullptr;
    if (!own || !other)
      continue;
    if (!can_refer(own->type, other->type))
      return problem(
          "42804", at,
          fmt::format("foreign key constraint \"{}\" cannot be implemented", object.name));
  }
  if (target != 0) {
    if (data.referenced_columns.empty())
      object.needs.push_back({0, target, 0, Strength::normal});
    for (const int number : data.referenced_columns)
      object.needs.push_back({0, target, number, Strength::normal});
  }
  if (data.index != 0)
    object.needs.push_back({0, data.index, 0, Strength::normal});
  object.data = data;
  const std::string name = object.name;
  const Id id = catalog.add(std::move(object));
  // Partitions have it, too.
  for (const Id child : children(table)) {
    if (!catalog.get(child)->as<Table>().partition)
      continue;
    forms::Constraint copy = form;
    copy.name = catalog.find(Space::constraint, name, child) == 0 ? name : "";
    const Id made = TRY(add_foreign_key(child, copy, at));
    catalog.edit(made).as<Constraint>().parent = id;
    catalog.edit(made).as<Constraint>().local = false;
    catalog.need(made, {0, id, 0, Strength::partition});
  }
  return id;
}

// PRIMARY KEY, UNIQUE, EXCLUDE: an index with a constraint above it.
Done<Id> Apply::add_key(Id table, const forms::Constraint& form, Span at, bool only) {
  const bool primary = form.kind == ConstraintKind::primary_key;
  const Object& owner = *catalog.get(table);
  if (primary)
    for (const Id id : catalog.members(table, Kind::index))
      if (catalog.get(id)->as<Index>().primary && certain({"", owner.name, {}}))
        return problem(
            "42P16", at,
            fmt::format("multiple primary keys for table \"{}\" are not allowed", owner.name));
  Object object;
  object.kind = Kind::constraint;
  object.table = table;
  object.schema = owner.schema;
  Constraint data;
  data.kind = form.kind;
  data.deferrable = form.deferrable || form.initially_deferred;
  data.initially_deferred = form.initially_deferred;
  Id index = 0;
  if (!form.using_index.empty()) {
    index = catalog.find(Space::relation, form.using_index, owner.schema);
    const Object* found = catalog.get(index);
    if (!found || found->kind != Kind::index) {
      if (certain({"", form.using_index, {}}))
        return problem("42704", at, fmt::format("index \"{}\" does not exist", form.using_index));
      return Id{0};
    }
    const Index& existing_index = found->as<Index>();
    if (existing_index.constraint != 0)
      return problem(
          "55000", at,
          fmt::format("index \"{}\" is already associated with a constraint", form.using_index));
    if (found->table != table)
      return problem("55000", at,
                     fmt::format("index \"{}\" does not belong to table \"{}\"", form.using_index,
                                 owner.name));
    if (!existing_index.unique)
      return problem("42809", at, fmt::format("\"{}\" is not a unique index", form.using_index));
    int place = 0;
    for (const IndexPart& part : existing_index.columns) {
      ++place;
      if (part.column != 0 && (part.descending || part.nulls_first))
        return problem("42809", at,
                       fmt::format("index \"{}\" column number {} does not have default sorting "
                                   "behavior",
                                   form.using_index, place));
    }
    for (const IndexPart& part : existing_index.columns)
      if (part.column == 0)
        return problem("42809", at,
                       fmt::format("index \"{}\" contains expressions", form.using_index));
    if (!existing_index.where.empty())
      return problem("42809", at, fmt::format("\"{}\" is a partial index", form.using_index));
    const std::string name = form.name.empty() ? form.using_index : form.name;
    if (name != form.using_index) {
      TRY(free_relation_name(name, owner.schema, at));
      catalog.rename(index, name);
    }
    catalog.edit(index).as<Index>().primary = primary;
  } else {
    forms::CreateIndex create;
    create.table.name = owner.name;
    create.index.name = form.name;
    create.at = at;
    create.only = only;
    create.unique = form.kind != ConstraintKind::exclusion;
    create.nulls_not_distinct = form.nulls_not_distinct;
    create.method = form.method.empty() ? "btree" : form.method;
    create.where = form.where;
    create.columns = form.elements;
    if (create.columns.empty())
      for (const std::string& name : form.columns) {
        forms::IndexColumn column;
        column.column = column.name = name;
        create.columns.push_back(std::move(column));
      }
    for (const std::string& name : form.include) {
      forms::IndexColumn column;
      column.column = column.name = name;
      create.include.push_back(std::move(column));
    }
    for (const forms::IndexColumn& column : create.columns)
      if (!column.column.empty() && !owner.column_named(column.column) && !partial(table))
        return problem("42703", at,
                       fmt::format("column \"{}\" named in key does not exist", column.column));
    if (create.index.name.empty()) {
      std::vector<std::string> names;
      for (const forms::IndexColumn& column : create.columns)
        names.push_back(column.name);
      for (const forms::IndexColumn& column : create.include)
        names.push_back(column.name);
      create.index.name = relation_name(owner.name, primary ? "" : index_columns_name(names),
                                        primary                                  ? "pkey"
                                        : form.kind == ConstraintKind::exclusion ? "excl"
                                                                                 : "key",
                                        owner.schema, true);
    } else if (catalog.find(Space::relation, form.name, owner.schema) == 0 &&
               catalog.find(Space::constraint, form.name, table) != 0 &&
               certain({"", owner.name, {}})) {
      return problem("42710", at,
                     fmt::format("constraint \"{}\" for relation \"{}\" already exists", form.name,
                                 owner.name));
    }
    index = TRY(add_index(create, table, table));
    if (primary)
      catalog.edit(index).as<Index>().primary = true;
  }
  if (index == 0)
    return Id{0};
  const Object& made = *catalog.get(index);
  object.name = made.name;
  for (const IndexPart& part : made.as<Index>().columns) {
    data.columns.push_back(part.column);
    if (primary && part.column != 0)
      set_not_null(table, part.column);
    object.needs.push_back({0, table, part.column, Strength::automatic});
  }
  for (const IndexPart& part : made.as<Index>().include)
    object.needs.push_back({0, table, part.column, Strength::automatic});
  object.needs.push_back({0, table, 0, Strength::automatic});
  if (form.kind == ConstraintKind::exclusion)
    data.text = join(form.operators, ", ");
  data.index = index;
  object.data = std::move(data);
  const Id id = catalog.add(std::move(object));
  Object& edited = catalog.edit(index);
  edited.as<Index>().constraint = id;
  catalog.need(index, {0, id, 0, Strength::internal});
  // A partition's key hangs below its parent's.
  for (const Id child : catalog.dependents(index))
    if (const Index* part = catalog.get(child)->maybe<Index>();
        part && part->parent == index && part->constraint == 0) {
      Object below;
      below.kind = Kind::constraint;
      below.table = catalog.get(child)->table;
      below.schema = catalog.get(child)->schema;
      below.name = catalog.get(child)->name;
      Constraint child_data = catalog.get(id)->as<Constraint>();
      child_data.columns.clear();
      child_data.index = child;
      child_data.parent = id;
      child_data.local = false;
      below.needs.push_back({0, below.table, 0, Strength::automatic});
      for (const IndexPart& column : part->columns) {
        child_data.columns.push_back(column.column);
        below.needs.push_back({0, below.table, column.column, Strength::automatic});
        if (primary)
          set_not_null(below.table, column.column);
      }
      below.needs.push_back({0, id, 0, Strength::partition});
      below.data = std::move(child_data);
      const Id below_id = catalog.add(std::move(below));
      Index& child_index = catalog.edit(child).as<Index>();
      child_index.constraint = below_id;
      child_index.primary = primary;
      catalog.need(child, {0, below_id, 0, Strength::internal});
    }
  return id;
}

Done<Id> Apply::add_constraint(Id table, const forms::Constraint& form, Span at,
                               std::set<std::string>* chosen, bool only) {
  switch (form.kind) {
  case ConstraintKind::check: return add_check(table, form, at, chosen, only);
  case ConstraintKind::foreign_key: return add_foreign_key(table, form, at);
  default: return add_key(table, form, at, only);
  }
}

Done<> Apply::operator()(const forms::AddConstraint& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  const Object* object = catalog.get(table);
  if (!object)
    return Nothing{};
  if (object->kind != Kind::table && object->kind != Kind::foreign_table)
    return problem("42809", form.table.at,
                   fmt::format("ALTER action ADD CONSTRAINT cannot be performed on relation \"{}\"",
                               object->name));
  TRY(add_constraint(table, form.constraint, form.at, nullptr, form.only));
  return Nothing{};
}

namespace {

// 0: it is not there, or nobody knows it.
template <class Form>
Done<Id> constraint_of(const Apply& apply, Id table, const Form& form, bool may_be_missing) {
  const Catalog& catalog = apply.catalog;
  const Id id = catalog.find(Space::constraint, form.constraint, table);
  if (id == 0 && !may_be_missing && !apply.partial(table))
    return problem("42704", form.at,
                   fmt::format("constraint \"{}\" of relation \"{}\" does not exist",
                               form.constraint, catalog.get(table)->name));
  return id;
}

}  // namespace

Done<> Apply::operator()(const forms::ValidateConstraint& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "VALIDATE CONSTRAINT", form.table.at));
  if (table == 0)
    return Nothing{};
  if (const Column* const column = catalog.not_null_named(table, form.constraint)) {
    set_not_null(table, column->number);
    return Nothing{};
  }
  const Id id = TRY(constraint_of(*this, table, form, false));
  if (id == 0)
    return Nothing{};
  if (!catalog.get(id)->as<Constraint>().enforced)
    return problem("42809", form.at, "cannot validate NOT ENFORCED constraint");
  const ConstraintKind kind = catalog.get(id)->as<Constraint>().kind;
  if (kind != ConstraintKind::check && kind != ConstraintKind::foreign_key)
    return problem("42809", form.at,
                   fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key or check "
                               "constraint",
                               form.constraint, catalog.get(table)->name));
  const std::function<void(Id)> validate = [&](Id owner) {
    if (const Id found = catalog.find(Space::constraint, form.constraint, owner)) {
      catalog.edit(found).as<Constraint>().valid = true;
      for (const Id child : children(owner))
        validate(child);
    }
  };
  validate(table);
  return Nothing{};
}

Done<> Apply::operator()(const forms::DropConstraint& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "DROP CONSTRAINT", form.table.at));
  if (table == 0)
    return Nothing{};
  if (const Column* const column = catalog.not_null_named(table, form.constraint)) {
    forms::DropNotNull clear;
    clear.table = form.table;
    clear.only = form.only;
    clear.column = column->name;
    clear.at = form.at;
    return (*this)(clear);
  }
  const Id id = TRY(constraint_of(*this, table, form, form.if_constraint_exists));
  if (id == 0)
    return Nothing{};
  const Constraint constraint = catalog.get(id)->as<Constraint>();
  if (constraint.parents > 0 || constraint.parent != 0)
    return problem("42P16", form.at,
                   fmt::format("cannot drop inherited constraint \"{}\" of relation \"{}\"",
                               form.constraint, catalog.get(table)->name));
  if (constraint.kind == ConstraintKind::check && !constraint.no_inherit) {
    const std::function<Done<>(Id)> descend = [&](Id parent) -> Done<> {
      for (const Id child : children(parent)) {
        const Id inherited = catalog.find(Space::constraint, form.constraint, child);
        if (inherited == 0)
          continue;
        Constraint& own = catalog.edit(inherited).as<Constraint>();
        --own.parents;
        if (form.only)
          own.local = true;
        if (own.parents > 0 || own.local)
          continue;
        TRY(descend(child));
        TRY(drop({{inherited, 0}}, form.behavior, form.at));
      }
      return Nothing{};
    };
    TRY(descend(table));
  }
  return drop({{id, 0}}, form.behavior, form.at);
}

Done<> Apply::operator()(const forms::AlterConstraint& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "ALTER CONSTRAINT", form.table.at));
  if (table == 0)
    return Nothing{};
  const Id id = TRY(constraint_of(*this, table, form, false));
  if (id == 0)
    return Nothing{};
  if (catalog.get(id)->as<Constraint>().kind != ConstraintKind::foreign_key)
    return problem(
        "42809", form.at,
        form.enforced
            ? fmt::format("cannot alter enforceability of constraint \"{}\" of relation \"{}\"",
                          form.constraint, catalog.get(table)->name)
            : fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key constraint",
                          form.constraint, catalog.get(table)->name));
  Constraint& data = catalog.edit(id).as<Constraint>();
  if (form.enforced) {
    data.valid = *form.enforced && (data.valid || !data.enforced);
    data.enforced = *form.enforced;
    return Nothing{};
  }
  data.deferrable = form.deferrable || form.initially_deferred;
  data.initially_deferred = form.initially_deferred;
  return Nothing{};
}

}  // namespace retort::catalog
