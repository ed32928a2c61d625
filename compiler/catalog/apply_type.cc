// Schemas, types, domains, sequences.
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

Done<> Apply::operator()(const forms::CreateSchema& form) {
  if (catalog.find(Space::schema, form.schema, 0) != 0) {
    if (form.if_not_exists || !certain({"", form.schema, {}}))
      return Nothing{};
    return problem("42P06", form.at, fmt::format("schema \"{}\" already exists", form.schema));
  }
  if (form.schema.starts_with("pg_"))
    return problem("42939", form.at, fmt::format("unacceptable schema name \"{}\"", form.schema));
  Object object;
  object.kind = Kind::schema;
  object.name = cut_name(form.schema);
  object.owner = form.owner;
  catalog.add(std::move(object));
  return Nothing{};
}

namespace {

Object make_type(const forms::Name& name, Id schema, Kind kind = Kind::type) {
  Object object;
  object.kind = kind;
  object.schema = schema;
  object.name = cut_name(name.name);
  if (schema != 0)
    object.needs.push_back({0, schema, 0, Strength::normal});
  return object;
}

}  // namespace

Done<> Apply::operator()(const forms::CreateEnum& form) {
  const Id schema = TRY(creation_schema(form.type));
  TRY(free_type_name(form.type.name, schema, form.at));
  std::set<std::string_view> seen;
  for (const std::string& label : form.labels) {
    if (label.size() > 63)
      return problem("42602", form.at, fmt::format("invalid enum label \"{}\"", label));
    if (!seen.insert(label).second)
      return problem("23505", form.at,
                     "duplicate key value violates unique constraint "
                     "\"pg_enum_typid_label_index\"");
  }
  Object object = make_type(form.type, schema);
  TypeData data;
  data.labels = form.labels;
  object.data = std::move(data);
  catalog.add(std::move(object));
  return Nothing{};
}

namespace {

// A type that ALTER TYPE … VALUE can be said of.
Done<Id> find_enum(const Apply& apply, const forms::Name& name, Span at) {
  const Id id = apply.type_named(name);
  const Object* object = apply.catalog.get(id);
  if (!object) {
    const std::string full = name.schema.empty() ? name.name : name.schema + "." + name.name;
    if (apply.certain(name) && !apply.catalog.extended())
      return problem("42704", at, fmt::format("type \"{}\" does not exist", full));
    return Id{0};
  }
  const TypeData* data = object->maybe<TypeData>();
  if (!data || data->form != TypeData::Form::enumeration)
    return problem("42809", at, fmt::format("{} is not an enum", apply.visible_name(*object)));
  return id;
}

}  // namespace

Done<> Apply::operator()(const forms::AddEnumValue& form) {
  const Id id = TRY(find_enum(*this, form.type, form.at));
  if (id == 0)
    return Nothing{};
  if (form.label.size() > 63)
    return problem("42602", form.at, fmt::format("invalid enum label \"{}\"", form.label));
  const std::vector<std::string>& labels = catalog.get(id)->as<TypeData>().labels;
  const bool sure = certain(form.type);
  if (std::find(labels.begin(), labels.end(), form.label) != labels.end()) {
    if (form.if_not_exists || !sure)
      return Nothing{};
    return problem("42710", form.at, fmt::format("enum label \"{}\" already exists", form.label));
  }
  size_t place = labels.size();
  if (!form.neighbor.empty()) {
    const auto neighbor = std::find(labels.begin(), labels.end(), form.neighbor);
    if (neighbor == labels.end()) {
      if (sure)
        return problem("22023", form.at,
                       fmt::format("\"{}\" is not an existing enum label", form.neighbor));
    } else {
      place = static_cast<size_t>(neighbor - labels.begin()) + (form.before ? 0 : 1);
    }
  }
  std::vector<std::string>& edited = catalog.edit(id).as<TypeData>().labels;
  edited.insert(edited.begin() + static_cast<std::ptrdiff_t>(place), form.label);
  return Nothing{};
}

Done<> Apply::operator()(const forms::RenameEnumValue& form) {
  const Id id = TRY(find_enum(*this, form.type, form.at));
  if (id == 0)
    return Nothing{};
  const std::vector<std::string>& labels = catalog.get(id)->as<TypeData>().labels;
  const bool sure = certain(form.type);
  const auto found = std::find(labels.begin(), labels.end(), form.label);
  if (found == labels.end()) {
    if (sure)
      return problem("22023", form.at,
                     fmt::format("\"{}\" is not an existing enum label", form.label));
    return Nothing{};
  }
  if (std::find(labels.begin(), labels.end(), form.to) != labels.end() && sure)
    return problem("42710", form.at, fmt::format("enum label \"{}\" already exists", form.to));
  const auto place = found - labels.begin();
  catalog.edit(id).as<TypeData>().labels[static_cast<size_t>(place)] = form.to;
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateComposite& form) {
  const Id schema = TRY(creation_schema(form.type));
  TRY(free_type_name(form.type.name, schema, form.at));
  Object object = make_type(form.type, schema);
  TypeData data;
  data.form = TypeData::Form::composite;
  for (const forms::Column& written : form.columns) {
    Column column;
    column.number = data.next_column++;
    column.name = written.name;
    column.type = TRY(type(written.type));
    for (const Column& other : data.columns)
      if (other.name == column.name)
        return problem("42701", form.at,
                       fmt::format("column \"{}\" specified more than once", column.name));
    if (column.type.object != 0)
      object.needs.push_back({column.number, column.type.object, 0, Strength::normal});
    data.columns.push_back(std::move(column));
  }
  TRY(free_relation_name(form.type.name, schema, form.at));
  object.data = std::move(data);
  catalog.add(std::move(object));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateRange& form) {
  const Id schema = TRY(creation_schema(form.type));
  TRY(free_type_name(form.type.name, schema, form.at));
  Object object = make_type(form.type, schema);
  TypeData data;
  data.form = TypeData::Form::range;
  data.base = TRY(type(form.subtype));
  if (data.base.object != 0)
    object.needs.push_back({0, data.base.object, 0, Strength::normal});
  object.data = std::move(data);
  const Id id = catalog.add(std::move(object));
  // The multirange type comes with it: `…range` becomes `…multirange`.
  forms::Name multirange = form.multirange;
  if (multirange.name.empty()) {
    const std::string& name = form.type.name;
    const size_t at = name.rfind("range");
    multirange.name = at == std::string::npos ? name + "_multirange"
                                              : name.substr(0, at) + "multi" + name.substr(at);
  }
  Object other = make_type(multirange, schema);
  TypeData other_data;
  other_data.form = TypeData::Form::range;
  other_data.multirange_of = id;
  other.data = std::move(other_data);
  other.needs = {{0, id, 0, Strength::internal}};
  catalog.add(std::move(other));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateDomain& form) {
  const Id schema = TRY(creation_schema(form.domain));
  TRY(free_type_name(form.domain.name, schema, form.at));
  Object object = make_type(form.domain, schema, Kind::domain);
  TypeData data;
  data.form = TypeData::Form::domain;
  data.base = TRY(type(form.type));
  data.not_null = form.not_null;
  data.fallback = form.fallback.null ? "" : form.fallback.text;
  if (data.base.object != 0)
    object.needs.push_back({0, data.base.object, 0, Strength::normal});
  object.data = std::move(data);
  const Id id = catalog.add(std::move(object));
  for (const forms::Constraint& constraint : form.constraints) {
    forms::AlterDomain add;
    add.domain = form.domain;
    add.action = forms::AlterDomain::Action::add_constraint;
    add.constraint = constraint;
    add.at = form.at;
    TRY((*this)(add));
  }
  std::vector<Need> needs;
  TRY(mentioned(form.fallback, 0, needs, 0, form.at));
  for (const Need need : needs)
    catalog.need(id, need);
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterDomain& form) {
  using Action = forms::AlterDomain::Action;
  const Id id = type_named(form.domain);
  const Object* object = catalog.get(id);
  if (!object) {
    if (!certain(form.domain) || catalog.extended())
      return Nothing{};
    return problem("42704", form.at, fmt::format("type \"{}\" does not exist", form.domain.name));
  }
  if (object->kind != Kind::domain)
    return problem("42809", form.at, fmt::format("{} is not a domain", visible_name(*object)));
  const auto not_there = [&] {
    return problem(
        "42704", form.at,
        fmt::format("constraint \"{}\" of domain \"{}\" does not exist", form.name, object->name));
  };
  switch (form.action) {
  case Action::set_default:
    catalog.edit(id).as<TypeData>().fallback = form.fallback.null ? "" : form.fallback.text;
    break;
  case Action::drop_default: catalog.edit(id).as<TypeData>().fallback.clear(); break;
  case Action::set_not_null: catalog.edit(id).as<TypeData>().not_null = true; break;
  case Action::drop_not_null: catalog.edit(id).as<TypeData>().not_null = false; break;
  case Action::add_constraint: {
    Object constraint;
    constraint.kind = Kind::domain_constraint;
    constraint.table = id;
    constraint.schema = object->schema;
    constraint.name = cut_name(form.constraint.name);
    if (constraint.name.empty())
      constraint.name = constraint_name(object->name, "", "check", object->schema);
    else if (catalog.find(Space::constraint, constraint.name, id) != 0)
      return problem("42710", form.at,
                     fmt::format("constraint \"{}\" for domain \"{}\" already exists",
                                 constraint.name, object->name));
    Constraint data;
    data.text = form.constraint.check->text;
    data.valid = !form.constraint.not_valid;
    constraint.data = std::move(data);
    constraint.needs.push_back({0, id, 0, Strength::automatic});
    TRY(mentioned(form.constraint.check, id, constraint.needs, 0, form.at));
    catalog.add(std::move(constraint));
    break;
  }
  case Action::drop_constraint: {
    const Id found = catalog.find(Space::constraint, form.name, id);
    if (found != 0)
      return drop({{found, 0}}, form.behavior, form.at);
    if (form.if_exists)
      return Nothing{};
    return not_there();
  }
  case Action::validate: {
    const Id found = catalog.find(Space::constraint, form.name, id);
    if (found == 0)
      return not_there();
    catalog.edit(found).as<Constraint>().valid = true;
    break;
  }
  }
  return Nothing{};
}

// --- sequences ---

Done<> Apply::change_sequence(Sequence& sequence, const forms::SequenceOptions& options, Span at,
                              bool fresh) const {
  const auto lowest = [](const std::string& type) {
    return type == "int2" ? int64_t{INT16_MIN} : type == "int4" ? int64_t{INT32_MIN} : INT64_MIN;
  };
  const auto highest = [](const std::string& type) {
    return type == "int2" ? int64_t{INT16_MAX} : type == "int4" ? int64_t{INT32_MAX} : INT64_MAX;
  };
  bool reset_maximum = fresh || options.no_maximum;
  bool reset_minimum = fresh || options.no_minimum;
  if (options.type) {
    const std::string& type = options.type->name;
    if (type != "int2" && type != "int4" && type != "int8")
      return problem("22023", at,
                     fresh && sequence.identity
                         ? "identity column type must be smallint, integer, or bigint"
                         : "sequence type must be smallint, integer, or bigint");
    if (!fresh && type != sequence.type) {
      // Bounds that were the type's follow it.
      reset_maximum |= (sequence.increment > 0 && sequence.maximum == highest(sequence.type));
      reset_minimum |= (sequence.increment < 0 && sequence.minimum == lowest(sequence.type));
    }
    sequence.type = type;
  }
  if (options.increment) {
    if (*options.increment == 0)
      return problem("22023", at, "INCREMENT must not be zero");
    sequence.increment = *options.increment;
  }
  if (options.cycle)
    sequence.cycle = *options.cycle;
  const bool up = sequence.increment > 0;
  if (options.maximum)
    sequence.maximum = *options.maximum;
  else if (reset_maximum)
    sequence.maximum = up ? highest(sequence.type) : -1;
  if (sequence.maximum > highest(sequence.type) || sequence.maximum < lowest(sequence.type))
    return problem("22023", at,
                   fmt::format("MAXVALUE ({}) is out of range for sequence data type {}",
                               sequence.maximum, forms::type_spelling(sequence.type)));
  if (options.minimum)
    sequence.minimum = *options.minimum;
  else if (reset_minimum)
    sequence.minimum = up ? 1 : lowest(sequence.type);
  if (sequence.minimum > highest(sequence.type) || sequence.minimum < lowest(sequence.type))
    return problem("22023", at,
                   fmt::format("MINVALUE ({}) is out of range for sequence data type {}",
                               sequence.minimum, forms::type_spelling(sequence.type)));
  if (sequence.minimum >= sequence.maximum)
    return problem("22023", at,
                   fmt::format("MINVALUE ({}) must be less than MAXVALUE ({})", sequence.minimum,
                               sequence.maximum));
  if (options.start)
    sequence.start = *options.start;
  else if (fresh)
    sequence.start = up ? sequence.minimum : sequence.maximum;
  if (sequence.start < sequence.minimum)
    return problem("22023", at,
                   fmt::format("START value ({}) cannot be less than MINVALUE ({})", sequence.start,
                               sequence.minimum));
  if (sequence.start > sequence.maximum)
    return problem("22023", at,
                   fmt::format("START value ({}) cannot be greater than MAXVALUE ({})",
                               sequence.start, sequence.maximum));
  if (options.cache) {
    if (*options.cache <= 0)
      return problem("22023", at,
                     fmt::format("CACHE ({}) must be greater than zero", *options.cache));
    sequence.cache = *options.cache;
  }
  return Nothing{};
}

Done<Id> Apply::add_sequence(Id schema, std::string name, const forms::SequenceOptions& options,
                             std::string_view type, Span at) {
  name = cut_name(name);
  Sequence data;
  data.type = type.empty() ? "int8" : std::string(type);
  TRY(change_sequence(data, options, at, true));
  TRY(free_relation_name(name, schema, at));
  Object object;
  object.kind = Kind::sequence;
  object.schema = schema;
  object.name = std::move(name);
  object.data = std::move(data);
  if (schema != 0)
    object.needs.push_back({0, schema, 0, Strength::normal});
  return catalog.add(std::move(object));
}

void Apply::own_sequence(Id sequence, Id table, int column, bool identity) {
  Object& object = catalog.edit(sequence);
  Sequence& data = object.as<Sequence>();
  std::erase_if(object.needs, [&](const Need& need) { return need.strength != Strength::normal; });
  data.table = table;
  data.column = column;
  data.identity = identity;
  if (table != 0)
    catalog.need(sequence, {0, table, column, identity ? Strength::internal : Strength::automatic});
}

namespace {

// OWNED BY [schema.]table.column, or NONE.
Done<> set_owner(Apply& apply, Id sequence, const std::vector<std::string>& owner, Span at) {
  if (owner.empty() || owner == std::vector<std::string>{"none"}) {
    apply.own_sequence(sequence, 0, 0, false);
    return Nothing{};
  }
  if (owner.size() < 2)
    return problem("42601", at, "invalid OWNED BY option");
  forms::Name name;
  name.name = owner[owner.size() - 2];
  name.schema = owner.size() > 2 ? owner[owner.size() - 3] : "";
  name.at = at;
  const Id table = TRY(apply.existing(name, Kind::relation));
  if (table == 0)
    return Nothing{};
  const Object& object = *apply.catalog.get(table);
  if (object.kind == Kind::sequence || object.kind == Kind::index)
    return problem("42809", at,
                   fmt::format("sequence cannot be owned by relation \"{}\"", object.name));
  if (object.schema != apply.catalog.get(sequence)->schema)
    return problem("55000", at, "sequence must be in same schema as table it is linked to");
  const Column* column = object.column_named(owner.back());
  if (!column && !apply.partial(table))
    return problem(
        "42703", at,
        fmt::format("column \"{}\" of relation \"{}\" does not exist", owner.back(), object.name));
  if (column)
    apply.own_sequence(sequence, table, column->number, false);
  return Nothing{};
}

}  // namespace

Done<> Apply::operator()(const forms::CreateSequence& form) {
  if (!form.if_not_exists) {
    Sequence wanted;
    TRY(change_sequence(wanted, form.options, form.at, true));
  }
  const Id schema = form.persistence == forms::Persistence::temporary
                        ? Id{0}
                        : TRY(creation_schema(form.sequence));
  if (form.if_not_exists && catalog.find(Space::relation, form.sequence.name, schema) != 0)
    return Nothing{};
  const Id id = TRY(add_sequence(schema, form.sequence.name, form.options, "", form.at));
  if (form.options.owned_by)
    TRY(set_owner(*this, id, *form.options.owned_by, form.at));
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterSequence& form) {
  const Id id = TRY(existing(form.sequence, Kind::relation, form.if_exists));
  const Object* object = catalog.get(id);
  if (!object)
    return Nothing{};
  if (object->kind != Kind::sequence)
    return problem("42809", form.sequence.at,
                   fmt::format("\"{}\" is not a sequence", object->name));
  Sequence changed = object->as<Sequence>();
  TRY(change_sequence(changed, form.options, form.at, false));
  catalog.edit(id).as<Sequence>() = changed;
  if (form.options.owned_by) {
    TRY(set_owner(*this, id, *form.options.owned_by, form.at));
    if (changed.identity)
      return problem("0A000", form.at, "cannot change ownership of identity sequence");
  }
  return Nothing{};
}

}  // namespace retort::catalog
