// Indexes, and what partitions get from the table that they are a part of.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

namespace {

std::string joined_names(const forms::CreateIndex& form) {
  std::vector<std::string> names;
  for (const forms::IndexColumn& column : form.columns)
    names.push_back(column.name);
  for (const forms::IndexColumn& column : form.include)
    names.push_back(column.name);
  return index_columns_name(names);
}

}  // namespace

Done<Id> Apply::add_index(const forms::CreateIndex& form, Id table, Id constraint_table,
                          Id parent) {
  const Object& owner = *catalog.get(table);
  Object object;
  object.kind = Kind::index;
  object.table = table;
  object.schema = owner.schema;
  Index data;
  data.method = form.method;
  data.unique = form.unique;
  data.nulls_not_distinct = form.nulls_not_distinct;
  data.where = form.where.text;
  data.only = form.only;
  data.parent = parent;
  const auto add_part = [&](const forms::IndexColumn& column,
                            std::vector<IndexPart>& parts) -> Done<> {
    IndexPart part;
    part.name = column.name;
    part.expression = column.column.empty() ? column.expression.text : "";
    part.opclass = column.opclass.name;
    part.descending = column.descending;
    part.nulls_first = column.nulls_first;
    if (!column.column.empty()) {
      const Column* found = owner.column_named(column.column);
      if (!found && !partial(table) && constraint_table != 0)
        return problem("42703", form.at,
                       fmt::format("column \"{}\" named in key does not exist", column.column));
      if (!found && !partial(table))
        return problem("42703", form.at,
                       fmt::format("column \"{}\" does not exist", column.column));
      if (found && found->is_virtual)
        return problem("0A000", form.at, "indexes on virtual generated columns are not supported");
      part.column = found ? found->number : 0;
      if (found && &parts == &data.columns && part.opclass.empty() &&
          lacks_class(found->type, form.method))
        return problem("42704", form.at,
                       fmt::format("data type {} has no default operator class for access method "
                                   "\"{}\"",
                                   text(found->type), form.method));
      if (part.column != 0)
        object.needs.push_back({0, table, part.column, Strength::automatic});
    } else {
      std::vector<Need> needs;
      TRY(mentioned(column.expression, table, needs, 0, form.at));
      for (Need need : needs) {
        if (need.object == table)
          need.strength = Strength::automatic;
        object.needs.push_back(need);
      }
    }
    parts.push_back(std::move(part));
    return Nothing{};
  };
  for (const forms::IndexColumn& column : form.columns)
    TRY(add_part(column, data.columns));
  for (const forms::IndexColumn& column : form.include)
    TRY(add_part(column, data.include));
  std::vector<Need> needs;
  TRY(mentioned(form.where, table, needs, 0, form.at));
  for (Need need : needs) {
    if (need.object == table)
      need.strength = Strength::automatic;
    object.needs.push_back(need);
  }
  object.needs.push_back({0, table, 0, Strength::automatic});
  object.name = cut_name(form.index.name);
  if (object.name.empty())
    object.name = relation_name(owner.name, joined_names(form), "idx", owner.schema, false);
  if (!owner.as<Table>().strategy.empty() && form.unique)
    for (const int key : owner.as<Table>().key) {
      const bool there = std::any_of(data.columns.begin(), data.columns.end(),
                                     [&](const IndexPart& part) { return part.column == key; });
      if (!there || key == 0)
        return problem("0A000", form.at,
                       key == 0 ? "unsupported unique constraint with partition key definition"
                                : "unique constraint on partitioned table must include all "
                                  "partitioning columns");
    }
  if (form.if_not_exists && catalog.find(Space::relation, object.name, owner.schema) != 0)
    return Id{0};
  TRY(free_relation_name(object.name, owner.schema, form.at));
  if (parent != 0)
    object.needs.push_back({0, parent, 0, Strength::partition});
  object.data = std::move(data);
  const Id id = catalog.add(std::move(object));
  if (!form.only)
    for (const Id child : children(table))
      if (catalog.get(child)->as<Table>().partition) {
        forms::CreateIndex copy = form;
        copy.index.name.clear();
        if (constraint_table != 0) {
          // A key's index on a partition is called as the key would be there.
          const bool exclusion = !form.unique;
          std::vector<std::string> names;
          for (const forms::IndexColumn& column : form.columns)
            names.push_back(column.name);
          for (const forms::IndexColumn& column : form.include)
            names.push_back(column.name);
          const std::string& name = catalog.get(id)->name;
          const bool primary = form.index.name == relation_name(owner.name, "", "pkey", 0, false) ||
                               name.ends_with("_pkey");
          copy.index.name =
              relation_name(catalog.get(child)->name, primary ? "" : index_columns_name(names),
                            primary     ? "pkey"
                            : exclusion ? "excl"
                                        : "key",
                            catalog.get(child)->schema, true);
        }
        TRY(add_index(copy, child, constraint_table, id));
      }
  return id;
}

Done<> Apply::operator()(const forms::CreateIndex& form) {
  const Id table = TRY(this->table(form.table, false));
  const Object* object = catalog.get(table);
  if (!object)
    return Nothing{};
  if (object->kind != Kind::table && object->kind != Kind::materialized_view)
    return problem("42809", form.table.at,
                   fmt::format("cannot create index on relation \"{}\"", object->name));
  if (form.concurrently && !object->as<Table>().strategy.empty())
    return problem(
        "0A000", form.at,
        fmt::format("cannot create index on partitioned table \"{}\" concurrently", object->name));
  TRY(add_index(form, table, 0));
  return Nothing{};
}

Done<> Apply::operator()(const forms::Reindex& form) {
  if (form.kind == Kind::index || form.kind == Kind::table)
    TRY(existing(form.name, form.kind == Kind::index ? Kind::index : Kind::relation));
  else if (form.kind == Kind::schema)
    TRY(schema(form.name.name, form.at));
  return Nothing{};
}

void Apply::copy_column_needs(Id member, Id table, Id copy, Id copy_table) {
  for (const Need& need : std::vector<Need>(catalog.get(member)->needs)) {
    const Column* column =
        need.object == table ? catalog.get(table)->column_at(need.column) : nullptr;
    const Column* own = column ? catalog.column(copy_table, column->name) : nullptr;
    if (own)
      catalog.need(copy, {0, copy_table, own->number, Strength::automatic});
  }
}

// Two defaults, or a value in two lists; ranges are not compared.
Done<> Apply::check_bound(Id parent, std::string_view name, std::string_view bound, Span at) const {
  constexpr std::string_view kList = "FOR VALUES IN (";
  const auto values = [&](std::string_view text) {
    std::set<std::string, std::less<>> result;
    if (text.starts_with(kList))
      for (const std::string_view value :
           split(text.substr(kList.size(), text.size() - kList.size() - 1), ','))
        result.emplace(trim(value));
    return result;
  };
  const auto own = values(bound);
  for (const Id id : children(parent)) {
    const Object& other = *catalog.get(id);
    if (other.name.empty() || partial(parent))
      continue;
    const std::string& other_bound = other.as<Table>().bound;
    if (bound == "DEFAULT" && other_bound == bound)
      return problem(
          "42P17", at,
          fmt::format("partition \"{}\" conflicts with existing default partition \"{}\"", name,
                      other.name));
    for (const std::string& value : values(other_bound))
      if (own.contains(value))
        return problem(
            "42P17", at,
            fmt::format("partition \"{}\" would overlap partition \"{}\"", name, other.name));
  }
  return Nothing{};
}

Done<> Apply::clone_to_partition(Id parent, Id child, Span at) {
  const auto own_number = [&](int number) {
    const Column* above = catalog.get(parent)->column_at(number);
    const Column* mine = above ? catalog.column(child, above->name) : nullptr;
    return mine ? mine->number : 0;
  };
  // Indexes, with the constraints that they carry; one that is there already is taken.
  for (const Id id : catalog.members(parent, Kind::index)) {
    const Object source = *catalog.get(id);
    const Index& index = source.as<Index>();
    Index data = index;
    data.parent = id;
    data.constraint = 0;
    Object object;
    object.kind = Kind::index;
    object.table = child;
    object.schema = catalog.get(child)->schema;
    std::vector<std::string> names;
    for (std::vector<IndexPart>* parts : {&data.columns, &data.include})
      for (IndexPart& part : *parts) {
        part.column = part.column == 0 ? 0 : own_number(part.column);
        names.push_back(part.name);
        if (part.column != 0)
          object.needs.push_back({0, child, part.column, Strength::automatic});
      }
    Id made = 0;
    for (const Id candidate : catalog.members(child, Kind::index)) {
      const Index& other = catalog.get(candidate)->as<Index>();
      if (other.parent == 0 && other.columns == data.columns && other.unique == data.unique &&
          other.method == data.method && other.where == data.where &&
          (index.constraint == 0 || other.constraint != 0))
        made = made == 0 ? candidate : made;
    }
    if (made != 0) {
      catalog.edit(made).as<Index>().parent = id;
      catalog.need(made, {0, id, 0, Strength::partition});
      if (const Id own = catalog.get(made)->as<Index>().constraint;
          own != 0 && index.constraint != 0) {
        catalog.edit(own).as<Constraint>().parent = index.constraint;
        catalog.edit(own).as<Constraint>().local = false;
        catalog.need(own, {0, index.constraint, 0, Strength::partition});
      }
      continue;
    }
    const Object* owner = catalog.get(index.constraint);
    const bool exclusion =
        owner && owner->as<Constraint>().kind == forms::ConstraintKind::exclusion;
    object.name =
        relation_name(catalog.get(child)->name, index.primary ? "" : index_columns_name(names),
                      index.primary ? "pkey"
                      : exclusion   ? "excl"
                      : owner       ? "key"
                                    : "idx",
                      object.schema, owner != nullptr);
    object.needs.push_back({0, child, 0, Strength::automatic});
    object.needs.push_back({0, id, 0, Strength::partition});
    object.data = data;
    made = catalog.add(std::move(object));
    copy_column_needs(id, parent, made, child);
    if (index.primary)
      for (const IndexPart& part : data.columns)
        set_not_null(child, part.column);
    if (!owner)
      continue;
    Object constraint;
    constraint.kind = Kind::constraint;
    constraint.table = child;
    constraint.schema = catalog.get(child)->schema;
    constraint.name = catalog.get(made)->name;
    Constraint copy = owner->as<Constraint>();
    copy.columns.clear();
    for (const IndexPart& part : data.columns) {
      copy.columns.push_back(part.column);
      constraint.needs.push_back({0, child, part.column, Strength::automatic});
    }
    copy.index = made;
    copy.parent = index.constraint;
    copy.local = false;
    constraint.needs.push_back({0, child, 0, Strength::automatic});
    constraint.needs.push_back({0, index.constraint, 0, Strength::partition});
    constraint.data = std::move(copy);
    const Id constraint_id = catalog.add(std::move(constraint));
    catalog.edit(made).as<Index>().constraint = constraint_id;
    catalog.need(made, {0, constraint_id, 0, Strength::internal});
  }
  for (const Id id : catalog.members(parent, Kind::constraint)) {
    const Object source = *catalog.get(id);
    if (source.as<Constraint>().kind != forms::ConstraintKind::foreign_key)
      continue;
    Object copy = source;
    copy.table = child;
    copy.schema = catalog.get(child)->schema;
    copy.comment.reset();
    Constraint& data = copy.as<Constraint>();
    data.parent = id;
    data.local = false;
    std::erase_if(copy.needs, [&](const Need& need) { return need.object == parent; });
    std::vector<std::string> names;
    for (int& number : data.columns) {
      if (const Column* above = catalog.get(parent)->column_at(number))
        names.push_back(above->name);
      number = own_number(number);
      copy.needs.push_back({0, child, number, Strength::automatic});
    }
    copy.needs.push_back({0, child, 0, Strength::automatic});
    copy.needs.push_back({0, id, 0, Strength::partition});
    if (catalog.find(Space::constraint, copy.name, child) != 0)
      copy.name = constraint_name(catalog.get(child)->name, join(names, "_"), "fkey", copy.schema);
    catalog.add(std::move(copy));
  }
  for (const Id id : catalog.members(parent, Kind::trigger)) {
    const Object source = *catalog.get(id);
    if (!source.as<Trigger>().row)
      continue;
    Object copy = source;
    copy.table = child;
    copy.as<Trigger>().cloned = true;
    std::erase_if(copy.needs, [&](const Need& need) { return need.object == parent; });
    copy.needs.push_back({0, child, 0, Strength::automatic});
    copy.needs.push_back({0, id, 0, Strength::partition});
    if (catalog.find(Space::trigger, copy.name, child) != 0)
      return problem("42710", at,
                     fmt::format("trigger \"{}\" for relation \"{}\" already exists", copy.name,
                                 catalog.get(child)->name));
    catalog.add(std::move(copy));
  }
  return Nothing{};
}

Done<> Apply::operator()(const forms::AttachPartition& form) {
  if (form.of_index) {
    const Id parent = TRY(existing(form.table, Kind::index));
    const Id child = TRY(existing(form.partition, Kind::index));
    if (parent == 0 || child == 0 || catalog.get(child)->as<Index>().parent == parent)
      return Nothing{};
    catalog.edit(child).as<Index>().parent = parent;
    catalog.need(child, {0, parent, 0, Strength::partition});
    const Id above = catalog.get(parent)->as<Index>().constraint;
    const Id own = catalog.get(child)->as<Index>().constraint;
    if (above != 0 && own != 0) {
      catalog.edit(own).as<Constraint>().parent = above;
      catalog.edit(own).as<Constraint>().local = false;
      catalog.need(own, {0, above, 0, Strength::partition});
    }
    return Nothing{};
  }
  const Id parent = TRY(this->table(form.table, form.if_exists));
  const Id child = TRY(this->table(form.partition, false));
  if (parent == 0 || child == 0)
    return Nothing{};
  return attach(parent, child, form.bound, form.at, false);
}

Done<> Apply::attach(Id parent, Id child, std::string bound, Span at, bool) {
  const Object& above = *catalog.get(parent);
  const Object& below = *catalog.get(child);
  if (above.as<Table>().strategy.empty() && !partial(parent))
    return problem(
        "42809", at,
        fmt::format("ALTER action ATTACH PARTITION cannot be performed on relation \"{}\"",
                    above.name));
  if (below.as<Table>().partition)
    return problem("42809", at, fmt::format("\"{}\" is already a partition", below.name));
  if (!below.as<Table>().parents.empty())
    return problem("42809", at, "cannot attach inheritance child as partition");
  for (const Column& column : below.as<Table>().columns)
    if (!column.dropped && !above.column_named(column.name) && !partial(parent))
      return problem("42804", at,
                     fmt::format("table \"{}\" contains column \"{}\" not found in parent \"{}\"",
                                 below.name, column.name, above.name));
  for (const Column& column : above.as<Table>().columns) {
    if (column.dropped || partial(child))
      continue;
    const Column* own = below.column_named(column.name);
    if (!own)
      return problem("42804", at, fmt::format("child table is missing column \"{}\"", column.name));
    if (own->type.known && column.type.known && own->type != column.type)
      return problem("42804", at,
                     fmt::format("child table \"{}\" has different type for column \"{}\"",
                                 below.name, column.name));
    if (column.not_null && !own->not_null)
      return problem(
          "42804", at,
          fmt::format("column \"{}\" in child table must be marked NOT NULL", column.name));
  }
  for (const Id id : catalog.members(parent, Kind::constraint)) {
    const Object& check = *catalog.get(id);
    if (check.as<Constraint>().kind != forms::ConstraintKind::check ||
        check.as<Constraint>().no_inherit)
      continue;
    const Id same = catalog.find(Space::constraint, check.name, child);
    if (same == 0 && !partial(child))
      return problem("42804", at,
                     fmt::format("child table is missing constraint \"{}\"", check.name));
    if (same != 0) {
      Constraint& own = catalog.edit(same).as<Constraint>();
      ++own.parents;
      own.local = false;
    }
  }
  TRY(check_bound(parent, below.name, bound, at));
  Table& edited = catalog.edit(child).as<Table>();
  edited.parents = {parent};
  edited.partition = true;
  edited.bound = std::move(bound);
  for (Column& column : edited.columns) {
    ++column.parents;
    column.local = false;
  }
  catalog.need(child, {0, parent, 0, Strength::automatic});
  return clone_to_partition(parent, child, at);
}

Done<> Apply::operator()(const forms::DetachPartition& form) {
  const Id parent = TRY(this->table(form.table, form.if_exists));
  const Id child = TRY(this->table(form.partition, false));
  if (parent == 0 || child == 0)
    return Nothing{};
  const std::vector<Id>& parents = catalog.get(child)->as<Table>().parents;
  if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
    if (partial(child))
      return Nothing{};
    return problem("42P01", form.at,
                   fmt::format("relation \"{}\" is not a partition of relation \"{}\"",
                               catalog.get(child)->name, catalog.get(parent)->name));
  }
  Object& edited = catalog.edit(child);
  Table& table = edited.as<Table>();
  table.parents.clear();
  table.partition = false;
  table.bound.clear();
  std::erase_if(edited.needs, [&](const Need& need) { return need.object == parent; });
  for (Column& column : table.columns) {
    column.parents = 0;
    column.local = true;
  }
  // What it got stays, as its own; what fires for the parent's trigger goes.
  for (const Kind kind : {Kind::index, Kind::constraint, Kind::trigger})
    for (const Id id : catalog.members(child, kind)) {
      Object& member = catalog.edit(id);
      if (const Trigger* trigger = member.maybe<Trigger>(); trigger && trigger->cloned) {
        catalog.remove(id);
        continue;
      }
      Id above = 0;
      if (Index* index = std::get_if<Index>(&member.data))
        std::swap(above, index->parent);
      if (Constraint* constraint = std::get_if<Constraint>(&member.data)) {
        std::swap(above, constraint->parent);
        constraint->parents = 0;
        constraint->local = true;
      }
      if (above != 0)
        std::erase_if(member.needs, [&](const Need& need) { return need.object == above; });
    }
  return Nothing{};
}

Done<> Apply::operator()(const forms::Inherit& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  const Id parent = TRY(this->table(form.parent, false));
  if (table == 0 || parent == 0)
    return Nothing{};
  const Object& below = *catalog.get(table);
  const Object& above = *catalog.get(parent);
  const std::vector<Id>& parents = below.as<Table>().parents;
  const bool inherits = std::find(parents.begin(), parents.end(), parent) != parents.end();
  const int step = form.remove ? -1 : 1;
  if (form.remove) {
    if (!inherits)
      return problem("42P01", form.at,
                     fmt::format("relation \"{}\" is not a parent of relation \"{}\"", above.name,
                                 below.name));
  } else {
    if (inherits)
      return problem(
          "42P07", form.at,
          fmt::format("relation \"{}\" would be inherited from more than once", above.name));
    for (const Column& column : above.as<Table>().columns) {
      if (column.dropped || partial(table))
        continue;
      const Column* own = below.column_named(column.name);
      if (!own)
        return problem("42804", form.at,
                       fmt::format("child table is missing column \"{}\"", column.name));
      if (own->type != column.type && own->type.known && column.type.known)
        return problem("42804", form.at,
                       fmt::format("child table \"{}\" has different type for column \"{}\"",
                                   below.name, column.name));
      if (column.not_null && !own->not_null)
        return problem(
            "42804", form.at,
            fmt::format("column \"{}\" in child table must be marked NOT NULL", column.name));
    }
    for (const Id id : catalog.members(parent, Kind::constraint)) {
      const Object& check = *catalog.get(id);
      if (check.as<Constraint>().kind == forms::ConstraintKind::check &&
          !check.as<Constraint>().no_inherit && !partial(table) &&
          catalog.find(Space::constraint, check.name, table) == 0)
        return problem("42804", form.at,
                       fmt::format("child table is missing constraint \"{}\"", check.name));
    }
  }
  Object& edited = catalog.edit(table);
  Table& data = edited.as<Table>();
  if (form.remove) {
    std::erase(data.parents, parent);
    std::erase_if(edited.needs,
                  [&](const Need& need) { return need.object == parent && need.own_column == 0; });
  } else {
    data.parents.push_back(parent);
  }
  for (Column& column : data.columns)
    if (!column.dropped && catalog.column(parent, column.name)) {
      column.parents += step;
      column.local |= column.parents == 0;
    }
  if (!form.remove)
    catalog.need(table, {0, parent, 0, Strength::normal});
  for (const Id id : catalog.members(parent, Kind::constraint)) {
    const Object& check = *catalog.get(id);
    const Id same = catalog.find(Space::constraint, check.name, table);
    if (same == 0 || check.as<Constraint>().kind != forms::ConstraintKind::check)
      continue;
    Constraint& own = catalog.edit(same).as<Constraint>();
    own.parents += step;
    own.local |= own.parents == 0;
  }
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterTableSetting& form) {
  const Id table = form.kind == Kind::type ? Id{0} : TRY(this->table(form.table, form.if_exists));
  const Object* object = catalog.get(table);
  if (!object)
    return Nothing{};
  const std::string& action = form.action;
  if (action.ends_with("row-security"))
    TRY(takes(table,
              action == "enable-row-security" ? "ENABLE ROW SECURITY" : "DISABLE ROW SECURITY",
              form.table.at));
  if (!object->maybe<Table>())
    return Nothing{};
  if (action == "enable-row-security" || action == "disable-row-security")
    catalog.edit(table).as<Table>().row_security = action == "enable-row-security";
  else if (action == "set-logged" || action == "set-un-logged")
    catalog.edit(table).as<Table>().persistence =
        action == "set-logged" ? forms::Persistence::permanent : forms::Persistence::unlogged;
  if (const Id type = action == "add-of" ? type_named({"", form.name, {}}) : Id{0})
    catalog.need(table, {0, type, 0, Strength::normal});
  if (action == "drop-of")
    std::erase_if(catalog.edit(table).needs, [&](const Need& need) {
      const Object* type = catalog.get(need.object);
      return need.own_column == 0 && type && type->is_type();
    });
  const bool trigger = (action.starts_with("enable-") || action.starts_with("disable-")) &&
                       action.find("trig") != std::string::npos && !form.name.empty();
  if (trigger && catalog.find(Space::trigger, form.name, table) == 0 && !partial(table))
    return problem(
        "42704", form.at,
        fmt::format("trigger \"{}\" for table \"{}\" does not exist", form.name, object->name));
  if (action == "cluster-on" && !partial(table)) {
    const Id index = catalog.find(Space::relation, form.name, object->schema);
    if (index == 0)
      return problem(
          "42704", form.at,
          fmt::format("index \"{}\" for table \"{}\" does not exist", form.name, object->name));
  }
  return Nothing{};
}

}  // namespace retort::catalog
