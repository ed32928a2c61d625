// ALTER TABLE's actions on columns. What is done to a table is done to those that inherit from it.
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::catalog {

// serial and its like are integers with a sequence of their own.
std::string serial_type(const forms::TypeName& type) {
  if (!type.schema.empty())
    return "";
  const std::string_view name = type.name;
  if (name == "serial" || name == "serial4")
    return "int4";
  if (name == "bigserial" || name == "serial8")
    return "int8";
  if (name == "smallserial" || name == "serial2")
    return "int2";
  return "";
}

namespace {

constexpr int kNamedNotNull = 18;  // NOT NULL is a constraint from here on

Column* find_column(Object& object, int number) {
  for (Column& column : object.as<Table>().columns)
    if (column.number == number)
      return &column;
  return nullptr;
}

}  // namespace

Done<> Apply::takes(Id table, std::string_view action, Span at) const {
  const Object* object = catalog.get(table);
  if (!object || object->kind == Kind::table || object->kind == Kind::foreign_table)
    return Nothing{};
  return problem(
      "42809", at,
      fmt::format("ALTER action {} cannot be performed on relation \"{}\"", action, object->name));
}

std::string Apply::not_null_name(const Object& table, const std::string& column) const {
  return catalog.server < kNamedNotNull
             ? ""
             : constraint_name(table.name, column, "not_null", table.schema);
}

void Apply::set_not_null(Id table, int column, std::string name, bool valid) {
  const Column* const own = catalog.get(table)->column_at(column);
  if (!own)
    return;
  if (!own->not_null && name.empty())
    name = not_null_name(*catalog.get(table), own->name);
  Column& found = *find_column(catalog.edit(table), column);
  found.not_null_valid = valid || (found.not_null && found.not_null_valid);
  if (!found.not_null && catalog.server >= kNamedNotNull)
    found.not_null_name = std::move(name);
  found.not_null = true;
  const std::string column_name = found.name;
  const std::string constraint = *found.not_null_name;
  for (const Id child : children(table))
    if (const Column* inherited = catalog.column(child, column_name))
      if (!inherited->not_null || (valid && !inherited->not_null_valid))
        set_not_null(child, inherited->number, constraint, valid);
}

void Apply::drop_default(Id table, int column) {
  const Column* found = catalog.get(table)->column_at(column);
  if (!found || found->fallback == 0)
    return;
  const Id fallback = found->fallback;
  find_column(catalog.edit(table), column)->fallback = 0;
  if (catalog.get(fallback))
    catalog.remove(fallback);
}

Done<> Apply::set_default(Id table, int column, const forms::Expression& value, Filled filled,
                          Span at) {
  const bool generated = filled != Filled::by_default;
  drop_default(table, column);
  const Column* target = catalog.get(table)->column_at(column);
  // NULL alone is no default and not kept, unless the type makes an expression of it.
  const Object* own_type = target ? catalog.get(target->type.object) : nullptr;
  if (value.null && !generated && target && target->type.modifiers.empty() &&
      !(own_type && own_type->kind == Kind::domain && !target->type.array))
    return Nothing{};
  Object object;
  object.kind = Kind::column_default;
  object.table = table;
  object.column = column;
  object.data = Default{value.text, value.constant};
  object.needs.push_back({0, table, column, Strength::automatic});
  if (generated) {
    TRY(mentioned(value, table, object.needs, 0, at));
    // The column itself cannot do without the others; up to 14 it went with them.
    const Strength strength = catalog.server < 15 ? Strength::automatic : Strength::normal;
    for (Need& need : object.needs)
      if (need.object == table && need.column != column) {
        need.strength = strength;
        catalog.need(table, {column, table, need.column, strength});
      }
  } else {
    if (!value.columns.empty() && !partial(table))
      return problem("0A000", value.at, "cannot use column reference in DEFAULT expression");
    if (!value.queries.empty())
      return problem("0A000", value.at, "cannot use subquery in DEFAULT expression");
    TRY(mentioned(value, table, object.needs, 0, at));
  }
  const Id id = catalog.add(std::move(object));
  if (Column* found = find_column(catalog.edit(table), column)) {
    found->fallback = id;
    found->generated = generated;
    found->is_virtual = filled == Filled::when_read;
  }
  return Nothing{};
}

Done<> Apply::add_filling(Id table, int number, const forms::Column& form, std::string_view type,
                          Span at) {
  const bool serial = !serial_type(form.type).empty();
  const bool identity = !serial && form.identity != forms::Identity::none;
  if (!serial && !identity)
    return Nothing{};
  const Object& owner = *catalog.get(table);
  const Id schema = owner.schema;
  const std::string name = form.sequence->name.name.empty()
                               ? relation_name(owner.name, form.name, "seq", schema, false)
                               : form.sequence->name.name;
  const Id sequence = TRY(add_sequence(schema, name, form.sequence, type, at));
  own_sequence(sequence, table, number, identity);
  if (identity)
    return Nothing{};
  forms::Expression next;
  next.text = fmt::format("nextval('{}'::regclass)", visible_name(*catalog.get(sequence)));
  TRY(set_default(table, number, next, Filled::by_default, at));
  catalog.need(catalog.get(table)->column_at(number)->fallback, {0, sequence, 0, Strength::normal});
  return Nothing{};
}

Done<> Apply::add_column(Id table, const forms::Column& form, bool inherited, Span at) {
  const std::string serial = serial_type(form.type);
  Column column;
  column.number = next_column(table);
  column.name = cut_name(form.name);
  column.not_null = form.not_null || !serial.empty() || form.identity != forms::Identity::none;
  if (column.not_null && catalog.server >= kNamedNotNull)
    column.not_null_name = form.not_null_name->empty()
                               ? not_null_name(*catalog.get(table), column.name)
                               : *form.not_null_name;
  column.identity = form.identity;
  column.collation = form.collation->name;
  column.parents = inherited ? 1 : 0;
  column.local = !inherited;
  constexpr std::array<std::string_view, 7> kHidden = {"ctid", "xmin",     "cmin", "xmax",
                                                       "cmax", "tableoid", ""};
  if (std::find(kHidden.begin(), kHidden.end(), form.name) != kHidden.end())
    return problem(
        "42701", at,
        fmt::format("column name \"{}\" conflicts with a system column name", form.name));
  if (!serial.empty()) {
    if (form.type.array)
      return problem("0A000", at, "array of serial is not implemented");
    if (form.fallback)
      return problem("42601", at,
                     fmt::format("multiple default values specified for column \"{}\" of table "
                                 "\"{}\"",
                                 form.name, catalog.get(table)->name));
    column.type.internal = serial;
  } else {
    column.type = TRY(type(form.type));
  }
  const std::string& internal = column.type.internal;
  if (form.identity != forms::Identity::none && column.type.known &&
      (column.type.array || (internal != "int2" && internal != "int4" && internal != "int8")))
    return problem("22023", at, "identity column type must be smallint, integer, or bigint");
  if (column.type.object == 0 && (internal == "record" || internal.starts_with("any") ||
                                  internal == "trigger" || internal == "void"))
    return problem("42P16", at,
                   fmt::format("column \"{}\" has pseudo-type {}", form.name, text(column.type)));
  const int number = column.number;
  const Type column_type = column.type;
  std::vector<Column>& columns = catalog.edit(table).as<Table>().columns;
  if (columns.size() == columns.capacity())  // not twice the room for one more
    columns.reserve(columns.size() + 1 + columns.size() / 4);
  columns.push_back(std::move(column));
  if (column_type.object != 0)
    catalog.need(table, {number, column_type.object, 0, Strength::normal});

  TRY(add_filling(table, number, form, column_type.internal, at));
  if (form.generated)
    TRY(set_default(table, number, form.generated,
                    form.is_virtual ? Filled::when_read : Filled::stored, at));
  else if (form.fallback)
    TRY(set_default(table, number, form.fallback, Filled::by_default, at));
  return Nothing{};
}

Done<> Apply::operator()(const forms::AddColumn& form) {
  if (form.kind == Kind::type) {
    const Id id = type_named(form.table);
    const Object* object = catalog.get(id);
    if (!object)
      return certain(form.table)
                 ? Done<>(problem("42P01", form.table.at,
                                  fmt::format("relation \"{}\" does not exist", form.table.name)))
                 : Done<>(Nothing{});
    if (object->column_named(form.column.name))
      return problem("42701", form.at,
                     fmt::format("column \"{}\" of relation \"{}\" already exists",
                                 form.column.name, object->name));
    Column column;
    column.number = next_column(id);
    column.name = form.column.name;
    column.type = TRY(type(form.column.type));
    const Type added = column.type;
    const int number = column.number;
    catalog.edit(id).as<TypeData>().columns.push_back(std::move(column));
    if (added.object != 0)
      catalog.need(id, {number, added.object, 0, Strength::normal});
    return Nothing{};
  }
  const Id table = TRY(this->table(form.table, form.if_exists));
  const Object* object = catalog.get(table);
  if (!object)
    return Nothing{};
  if (object->kind != Kind::table && object->kind != Kind::foreign_table)
    return problem("42809", form.table.at,
                   fmt::format("ALTER action ADD COLUMN cannot be performed on relation \"{}\"",
                               object->name));
  if (object->as<Table>().partition)
    return problem("42809", form.at, "cannot add column to a partition");
  if (catalog.column(table, form.column.name)) {
    if (form.if_not_exists)
      return Nothing{};
    if (certain({"", object->name, {}}))
      return problem("42701", form.at,
                     fmt::format("column \"{}\" of relation \"{}\" already exists",
                                 form.column.name, object->name));
    return Nothing{};
  }
  if (form.only && !children(table).empty())
    return problem("42P16", form.at, "column must be added to child tables too");
  TRY(add_column(table, form.column, false, form.at));
  for (const forms::Constraint& constraint : form.column.constraints) {
    forms::AddConstraint add;
    add.table = form.table;
    add.constraint = constraint;
    add.at = form.at;
    follow.emplace_back(std::move(add));
  }
  const std::function<Done<>(Id)> descend = [&](Id parent) -> Done<> {
    for (const Id child : children(parent)) {
      if (const Column* there = catalog.column(child, form.column.name)) {
        if (const Column* added = catalog.column(table, form.column.name);
            there->type.known && added->type.known && there->type != added->type)
          return problem("42804", form.at,
                         fmt::format("child table \"{}\" has different type for column \"{}\"",
                                     catalog.get(child)->name, form.column.name));
        ++find_column(catalog.edit(child), there->number)->parents;
        continue;
      }
      forms::Column copy = form.column;
      copy.constraints.clear();
      TRY(add_column(child, copy, true, form.at));
      TRY(descend(child));
    }
    return Nothing{};
  };
  return descend(table);
}

Done<> Apply::operator()(const forms::DropColumn& form) {
  const bool composite = form.kind == Kind::type;
  const Id table =
      composite ? type_named(form.table) : TRY(this->table(form.table, form.if_exists));
  if (!composite)
    TRY(takes(table, "DROP COLUMN", form.table.at));
  const Object* object = catalog.get(table);
  if (!object)
    return composite && certain(form.table)
               ? Done<>(problem("42P01", form.table.at,
                                fmt::format("relation \"{}\" does not exist", form.table.name)))
               : Done<>(Nothing{});
  const Column* column = object->column_named(form.column);
  if (!column) {
    if (partial(table)) {
      // A constraint of which no column is known may stand on it, and goes with it then.
      for (const Id id : catalog.members(table, Kind::constraint))
        if (catalog.get(id)->as<Constraint>().columns.empty())
          TRY(drop({{id, 0}}, forms::Behavior::cascade, form.at));
      return Nothing{};
    }
    if (form.if_column_exists)
      return Nothing{};
    return problem(
        "42703", form.at,
        fmt::format("column \"{}\" of relation \"{}\" does not exist", form.column, object->name));
  }
  if (!composite) {
    if (column->parents > 0)
      return problem("42P16", form.at,
                     fmt::format("cannot drop inherited column \"{}\"", form.column));
    const std::vector<int>& key = object->as<Table>().key;
    if (std::find(key.begin(), key.end(), column->number) != key.end())
      return problem("42P16", form.at,
                     fmt::format("cannot drop column \"{}\" because it is part of the partition "
                                 "key of relation \"{}\"",
                                 form.column, object->name));
  }
  const int number = column->number;
  const std::string name = form.column;
  if (!composite) {
    const std::function<Done<>(Id)> descend = [&](Id parent) -> Done<> {
      for (const Id child : children(parent)) {
        const Column* inherited = catalog.column(child, name);
        if (!inherited)
          continue;
        Column* mine = find_column(catalog.edit(child), inherited->number);
        --mine->parents;
        if (mine->parents > 0 || mine->local)
          continue;
        const int child_number = mine->number;
        TRY(descend(child));
        TRY(drop({{child, child_number}}, form.behavior, form.at));
      }
      return Nothing{};
    };
    TRY(descend(table));
  }
  return drop({{table, number}}, form.behavior, form.at);
}

// Whoever has stored what the column is would have to be made again.
Done<> Apply::check_retype(Id table, int column, Span at) const {
  for (const Id id : catalog.dependents(table)) {
    const Object& dependent = *catalog.get(id);
    for (const Need& need : dependent.needs) {
      if (need.object != table || need.column != column)
        continue;
      const auto refused = [&](std::string_view use, const std::string& user) {
        return problem("0A000", at, fmt::format("cannot alter type of a column used {}", use),
                       fmt::format("{} depends on {}", user, describe(table, column)));
      };
      switch (dependent.kind) {
      case Kind::view:
      case Kind::materialized_view:
      case Kind::rule: return refused("by a view or rule", "rule _RETURN on " + describe(id));
      case Kind::trigger: return refused("in a trigger definition", describe(id));
      case Kind::policy: return refused("in a policy definition", describe(id));
      case Kind::publication_table:  // said of column lists as well
        return refused("by a publication WHERE clause", describe(id));
      case Kind::column_default:
        if (dependent.column != column)
          return problem(catalog.server < 15 ? "42601" : "0A000", at,
                         "cannot alter type of a column used by a generated column");
        break;
      default: break;
      }
    }
  }
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterColumnType& form) {
  const bool composite = form.kind == Kind::type;
  const Id table =
      composite ? type_named(form.table) : TRY(this->table(form.table, form.if_exists));
  if (table == 0)
    return Nothing{};
  if (!composite)
    TRY(takes(table, "ALTER COLUMN ... SET DATA TYPE", form.table.at));
  const Type type = TRY(this->type(form.type));
  const Column* found = TRY(column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  const int number = found->number;
  if (!composite) {
    if (found->parents > 0)
      return problem("42P16", form.at,
                     fmt::format("cannot alter inherited column \"{}\"", form.column));
    const std::vector<int>& key = catalog.get(table)->as<Table>().key;
    if (std::find(key.begin(), key.end(), number) != key.end())
      return problem("42P16", form.at,
                     fmt::format("cannot alter column \"{}\" because it is part of the partition "
                                 "key of relation \"{}\"",
                                 form.column, catalog.get(table)->name));
  }
  // An identity's sequence follows.
  for (const Id id : catalog.dependents(table)) {
    const Sequence* sequence = catalog.get(id)->maybe<Sequence>();
    if (!sequence || !sequence->identity || sequence->column != number || type.internal.empty())
      continue;
    if (type.array ||
        (type.internal != "int2" && type.internal != "int4" && type.internal != "int8"))
      return problem("22023", form.at, "identity column type must be smallint, integer, or bigint");
    forms::SequenceOptions options;
    options.type = forms::TypeName{"pg_catalog", type.internal, {}, false, false, false, {}};
    Sequence changed = *sequence;
    TRY(change_sequence(changed, options, form.at, false));
    catalog.edit(id).as<Sequence>() = changed;
  }
  const std::function<Done<>(Id, int)> change = [&](Id id, int target) -> Done<> {
    TRY(check_retype(id, target, form.at));
    Object& edited = catalog.edit(id);
    std::vector<Column>& columns =
        edited.maybe<Table>() ? edited.as<Table>().columns : edited.as<TypeData>().columns;
    for (Column& own : columns)
      if (own.number == target) {
        own.type = type;
        own.collation = form.collation.name;
      }
    std::erase_if(edited.needs,
                  [&](const Need& need) { return need.own_column == target && need.object != id; });
    if (type.object != 0)
      catalog.need(id, {target, type.object, 0, Strength::normal});
    for (const Id child : children(id))
      if (const Column* inherited = catalog.column(child, form.column))
        TRY(change(child, inherited->number));
    return Nothing{};
  };
  TRY(change(table, number));
  return check_references(table, number, form.at);
}

Done<> Apply::operator()(const forms::SetNotNull& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "ALTER COLUMN ... SET NOT NULL", form.table.at));
  if (table == 0)
    return Nothing{};
  const Column* const found = TRY(column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  const std::string& name = *found->not_null_name;
  if (!form.constraint.empty() && !name.empty() && name != form.constraint)
    return problem("55000", form.at,
                   fmt::format("cannot create not-null constraint \"{}\" on column \"{}\" of table "
                               "\"{}\": it has one named \"{}\"",
                               form.constraint, form.column, catalog.get(table)->name, name));
  set_not_null(table, found->number, form.constraint, !form.not_valid);
  return Nothing{};
}

Done<> Apply::operator()(const forms::DropNotNull& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "ALTER COLUMN ... DROP NOT NULL", form.table.at));
  if (table == 0)
    return Nothing{};
  const Column* found = TRY(column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  if (found->identity != forms::Identity::none)
    return problem("42601", form.at,
                   fmt::format("column \"{}\" of relation \"{}\" is an identity column",
                               form.column, catalog.get(table)->name));
  for (const Id id : catalog.members(table, Kind::index)) {
    const Index& index = catalog.get(id)->as<Index>();
    for (const IndexPart& part : index.columns)
      if (index.primary && part.column == found->number)
        return problem("42P16", form.at,
                       fmt::format("column \"{}\" is in a primary key", form.column));
  }
  for (const Id parent : catalog.get(table)->as<Table>().parents) {
    const Column* above = catalog.column(parent, form.column);
    if (catalog.get(table)->as<Table>().partition && above && above->not_null)
      return problem("42P16", form.at,
                     fmt::format("column \"{}\" is marked NOT NULL in parent table", form.column));
  }
  const std::function<void(Id, int)> clear = [&](Id id, int number) {
    Column& cleared = *find_column(catalog.edit(id), number);
    cleared.not_null = false;
    cleared.not_null_valid = true;
    cleared.not_null_name = {};
    if (form.only)
      return;
    for (const Id child : children(id))
      if (const Column* inherited = catalog.column(child, form.column))
        clear(child, inherited->number);
  };
  clear(table, found->number);
  return Nothing{};
}

namespace {

// SET and DROP DEFAULT, here and in the tables that inherit the column.
template <class Form>
Done<> change_default(Apply& apply, const Form& form,
                      const std::function<Done<>(Id, int)>& change) {
  const Catalog& catalog = apply.catalog;
  const Id table = TRY(apply.table(form.table, form.if_exists));
  if (table == 0)
    return Nothing{};
  const Column* const found = TRY(apply.column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  const bool identity = found->identity != forms::Identity::none;
  if (identity || found->generated)
    return problem("42601", form.at,
                   fmt::format("column \"{}\" of relation \"{}\" is {} column", form.column,
                               catalog.get(table)->name, identity ? "an identity" : "a generated"));
  const std::function<Done<>(Id, int)> change_all = [&](Id id, int number) -> Done<> {
    TRY(change(id, number));
    if (!form.only)
      for (const Id child : apply.children(id))
        if (const Column* inherited = catalog.column(child, form.column))
          TRY(change_all(child, inherited->number));
    return Nothing{};
  };
  return change_all(table, found->number);
}

}  // namespace

Done<> Apply::operator()(const forms::SetDefault& form) {
  return change_default(*this, form, [&](Id table, int number) {
    return set_default(table, number, form.value, Filled::by_default, form.at);
  });
}

Done<> Apply::operator()(const forms::DropDefault& form) {
  return change_default(*this, form, [&](Id table, int number) -> Done<> {
    drop_default(table, number);
    return Nothing{};
  });
}

Done<> Apply::operator()(const forms::AlterIdentity& form) {
  using Action = forms::AlterIdentity::Action;
  const Id table = TRY(this->table(form.table, form.if_exists));
  if (table == 0)
    return Nothing{};
  const Column* found = TRY(column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  const std::string& relation = catalog.get(table)->name;
  const int number = found->number;
  const bool is_identity = found->identity != forms::Identity::none;
  if (form.action == Action::add) {
    const std::string type = found->type.internal;
    if (found->type.known &&
        (found->type.array || (type != "int2" && type != "int4" && type != "int8")))
      return problem("22023", form.at, "identity column type must be smallint, integer, or bigint");
    if (!found->not_null)
      return problem("55000", form.at,
                     fmt::format("column \"{}\" of relation \"{}\" must be declared NOT NULL "
                                 "before identity can be added",
                                 form.column, relation));
    if (is_identity)
      return problem("55000", form.at,
                     fmt::format("column \"{}\" of relation \"{}\" is already an identity column",
                                 form.column, relation));
    if (found->fallback != 0)
      return problem("55000", form.at,
                     fmt::format("column \"{}\" of relation \"{}\" already has a default value",
                                 form.column, relation));
    const Id schema = catalog.get(table)->schema;
    const std::string name = form.sequence.name.name.empty()
                                 ? relation_name(relation, form.column, "seq", schema, false)
                                 : form.sequence.name.name;
    const Id sequence = TRY(add_sequence(schema, name, form.sequence, type, form.at));
    own_sequence(sequence, table, number, true);
    find_column(catalog.edit(table), number)->identity = form.identity;
    return Nothing{};
  }
  if (!is_identity) {
    if (form.action == Action::drop && form.if_identity_exists)
      return Nothing{};
    return problem("55000", form.at,
                   fmt::format("column \"{}\" of relation \"{}\" is not an identity column",
                               form.column, relation));
  }
  for (const Id id : catalog.dependents(table)) {
    const Sequence* sequence = catalog.get(id)->maybe<Sequence>();
    if (!sequence || !sequence->identity || sequence->column != number)
      continue;
    if (form.action == Action::drop) {
      catalog.remove(id);
    } else {
      Sequence changed = *sequence;
      TRY(change_sequence(changed, form.sequence, form.at, false));
      catalog.edit(id).as<Sequence>() = changed;
    }
  }
  if (form.action == Action::drop)
    find_column(catalog.edit(table), number)->identity = forms::Identity::none;
  else if (form.identity != forms::Identity::none)
    find_column(catalog.edit(table), number)->identity = form.identity;
  return Nothing{};
}

Done<> Apply::operator()(const forms::DropExpression& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  TRY(takes(table, "ALTER COLUMN ... DROP EXPRESSION", form.table.at));
  if (table == 0)
    return Nothing{};
  const Column* found = TRY(column(table, form.column, form.at));
  if (!found)
    return Nothing{};
  if (!found->generated) {
    if (form.if_expression_exists)
      return Nothing{};
    return problem("55000", form.at,
                   fmt::format("column \"{}\" of relation \"{}\" is not a stored generated column",
                               form.column, catalog.get(table)->name));
  }
  if (found->is_virtual)
    return problem("0A000", form.at,
                   "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns");
  const int number = found->number;
  drop_default(table, number);
  Object& edited = catalog.edit(table);
  find_column(edited, number)->generated = false;
  std::erase_if(edited.needs, [&](const Need& need) {
    return need.own_column == number && need.object == table;
  });
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterColumnSetting& form) {
  const Id table = TRY(this->table(form.table, form.if_exists));
  if (table != 0 && !form.column.empty() && catalog.get(table)->is_table_like())
    TRY(column(table, form.column, form.at));
  return Nothing{};
}

}  // namespace retort::catalog
