// Functions, triggers, policies, rules, extensions, and what is kept by name only.
#include "common/text.h"
#include "compiler/catalog/apply.h"
#include "compiler/forms/opaque.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

namespace {

// Types of a signature: modifiers are no part of it.
std::string signature_of(const Apply& apply, const std::vector<Type>& inputs) {
  std::vector<std::string> parts;
  for (const Type& type : inputs)
    parts.push_back(type.object != 0 ? std::to_string(type.object) + (type.array ? "[]" : "")
                                     : apply.text(type));
  return join(parts, ",");
}

std::string listed(const Apply& apply, const std::vector<Type>& inputs, std::string_view comma) {
  std::vector<std::string> parts;
  for (const Type& type : inputs)
    parts.push_back(apply.text(type));
  return join(parts, comma);
}

}  // namespace

Done<> Apply::operator()(const forms::CreateFunction& form) {
  using Mode = forms::FunctionArgument::Mode;
  const Id schema = TRY(creation_schema(form.function));
  Object object;
  object.kind = Kind::function;
  object.schema = schema;
  object.name = cut_name(form.function.name);
  Function data;
  data.kind = form.kind;
  data.arguments = form.arguments;
  data.language = form.language;
  data.volatility = form.volatility;
  data.body = form.body;
  if (schema != 0)
    object.needs.push_back({0, schema, 0, Strength::normal});
  const auto need_type = [&](const Type& type) {
    if (type.object != 0)
      object.needs.push_back({0, type.object, 0, Strength::normal});
  };
  for (const forms::FunctionArgument& argument : form.arguments) {
    Type type = TRY(this->type(argument.type));
    type.modifiers.clear();
    need_type(type);
    if (argument.mode != Mode::out && argument.mode != Mode::table)
      data.inputs.push_back(type);
    TRY(mentioned(argument.fallback, 0, object.needs, 0, form.at));
  }
  if (form.returns) {
    data.returns = TRY(type(*form.returns));
    data.returns->modifiers.clear();
    data.returns_set = form.returns->set;
    need_type(*data.returns);
  }
  const forms::Opaque effect = forms::opaque_body(form.body);
  data.changes_shape =
      effect.anything || !effect.touches.empty() ||
      (form.language != "sql" && form.language != "plpgsql" && form.language != "internal");
  if (!form.language.empty() && form.language != "sql" && form.language != "plpgsql" &&
      form.language != "c" && form.language != "internal" && certain() && !catalog.extended() &&
      catalog.find(Space::other, form.language, 0,
                   "/" + std::to_string(static_cast<int>(Kind::language))) == 0)
    return problem("42704", form.at, fmt::format("language \"{}\" does not exist", form.language));
  object.signature = signature_of(*this, data.inputs);
  const Id there = catalog.find(Space::function, object.name, schema, object.signature);
  if (there != 0 && certain(form.function)) {
    const Function& old = catalog.get(there)->as<Function>();
    if (!form.or_replace)
      return problem("42723", form.at,
                     fmt::format("function \"{}\" already exists with same argument types",
                                 form.function.name));
    if (old.kind != data.kind)
      return problem("42809", form.at, "cannot change routine kind");
    if (old.returns && data.returns &&
        (*old.returns != *data.returns || old.returns_set != data.returns_set))
      return problem("42P13", form.at, "cannot change return type of existing function");
    for (size_t i = 0; i < old.arguments.size() && i < data.arguments.size(); ++i)
      if (!old.arguments[i].name.empty() && data.arguments[i].mode == old.arguments[i].mode &&
          old.arguments[i].name != data.arguments[i].name)
        return problem(
            "42P13", form.at,
            fmt::format("cannot change name of input parameter \"{}\"", old.arguments[i].name));
  }
  object.data = std::move(data);
  if (there == 0) {
    catalog.add(std::move(object));
    return Nothing{};
  }
  Object& edited = catalog.edit(there);
  edited.data = std::move(object.data);
  edited.needs.clear();
  for (const Need need : object.needs)
    catalog.need(there, need);
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterFunction& form) {
  const Id id = TRY(find_object(form.function, false));
  if (id != 0 && !form.volatility.empty())
    catalog.edit(id).as<Function>().volatility = form.volatility;
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateTrigger& form) {
  const Id table = TRY(this->table(form.table, false));
  const Object* owner = catalog.get(table);
  if (!owner)
    return Nothing{};
  const bool view = owner->kind == Kind::view;
  if (!view && owner->kind != Kind::table && owner->kind != Kind::foreign_table)
    return problem("42809", form.at,
                   fmt::format("relation \"{}\" cannot have triggers", owner->name));
  if (!view && form.timing == "instead of")
    return problem("42809", form.at, fmt::format("\"{}\" is a table", owner->name));
  if (view && form.row && form.timing != "instead of")
    return problem("42809", form.at, fmt::format("\"{}\" is a view", owner->name));
  Object object;
  object.kind = Kind::trigger;
  object.table = table;
  object.name = cut_name(form.trigger);
  Trigger data;
  data.timing = form.timing;
  data.events = form.events;
  data.row = form.row;
  const std::vector<Id> candidates = functions(form.function);
  for (const Id id : candidates)
    if (catalog.get(id)->as<Function>().inputs.empty())
      data.function = id;
  if (data.function == 0 && certain(form.function) && !catalog.extended() &&
      !is_system(form.function) && form.function.name != "suppress_redundant_updates_trigger" &&
      !form.function.name.starts_with("tsvector_update_trigger"))
    return problem("42883", form.at,
                   fmt::format("function {}() does not exist", to_text(form.function)));
  if (data.function != 0) {
    const std::optional<Type>& returns = catalog.get(data.function)->as<Function>().returns;
    if (returns && returns->internal != "trigger")
      return problem(
          "42P17", form.at,
          fmt::format("function {} must return type trigger", catalog.get(data.function)->name));
    object.needs.push_back({0, data.function, 0, Strength::normal});
  }
  for (const std::string& name : form.columns) {
    const Column* found = TRY(column(table, name, form.at));
    if (!found)
      continue;
    data.columns.push_back(found->number);
    object.needs.push_back({0, table, found->number, Strength::normal});
  }
  TRY(mentioned(form.when, table, object.needs, 0, form.at, true));
  object.needs.push_back({0, table, 0, Strength::automatic});
  if (const Id there = catalog.find(Space::trigger, object.name, table)) {
    if (!form.or_replace && !partial(table))
      return problem("42710", form.at,
                     fmt::format("trigger \"{}\" for relation \"{}\" already exists", form.trigger,
                                 owner->name));
    catalog.remove(there);
  }
  object.data = data;
  const std::vector<Need> needs = object.needs;
  const Id made = catalog.add(std::move(object));
  if (form.row)
    for (const Id child : children(table)) {
      if (!catalog.get(child)->as<Table>().partition)
        continue;
      Object copy = *catalog.get(made);
      copy.table = child;
      copy.as<Trigger>().cloned = true;
      copy.needs = {{0, child, 0, Strength::automatic}, {0, made, 0, Strength::partition}};
      catalog.add(std::move(copy));
    }
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreatePolicy& form) {
  const Id table = TRY(this->table(form.table, false));
  const Object* owner = catalog.get(table);
  if (!owner)
    return Nothing{};
  if (owner->kind != Kind::table)
    return problem("42809", form.at, fmt::format("\"{}\" is not a table", owner->name));
  const Id there = catalog.find(Space::policy, form.policy, table);
  if (form.alter && there == 0) {
    if (partial(table))
      return Nothing{};
    return problem(
        "42704", form.at,
        fmt::format("policy \"{}\" for table \"{}\" does not exist", form.policy, owner->name));
  }
  Object object;
  object.kind = Kind::policy;
  object.table = table;
  object.name = form.policy;
  object.needs.push_back({0, table, 0, Strength::automatic});
  // Subqueries may read other tables by the same column names: only plain ones are looked up.
  for (const forms::Expression* expression : {&form.using_, &form.check}) {
    forms::Mentions plain = *expression;
    plain.queries.clear();
    TRY(mentioned(plain, table, object.needs, 0, form.at));
    for (const std::shared_ptr<forms::Query>& query : expression->queries)
      for (const forms::Query::Source& source : query->from)
        if (source.kind == forms::Query::Source::Kind::relation)
          if (const Id id = TRY(existing(source.relation, Kind::relation)))
            object.needs.push_back({0, id, 0, Strength::normal});
  }
  if (!form.alter && there != 0 && !partial(table))
    return problem(
        "42710", form.at,
        fmt::format("policy \"{}\" for table \"{}\" already exists", form.policy, owner->name));
  if (!form.alter)
    catalog.add(std::move(object));
  else
    for (const Need need : object.needs)
      catalog.need(there, need);
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateRule& form) {
  const Id table = TRY(this->table(form.table, false));
  if (table == 0)
    return Nothing{};
  if (const Id there = catalog.find(Space::rule, form.rule, table)) {
    if (!form.or_replace && !partial(table))
      return problem("42710", form.at,
                     fmt::format("rule \"{}\" for relation \"{}\" already exists", form.rule,
                                 catalog.get(table)->name));
    catalog.remove(there);
  }
  Object object;
  object.kind = Kind::rule;
  object.table = table;
  object.name = form.rule;
  object.needs.push_back({0, table, 0, Strength::automatic});
  catalog.add(std::move(object));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateExtension& form) {
  if (catalog.find(Space::extension, form.extension, 0) != 0) {
    if (form.if_not_exists || !certain())
      return Nothing{};
    return problem("42710", form.at,
                   fmt::format("extension \"{}\" already exists", form.extension));
  }
  if (form.extension == "plpgsql") {  // every database begins with it
    if (form.if_not_exists || !certain())
      return Nothing{};
    return problem("42710", form.at, "extension \"plpgsql\" already exists");
  }
  Object object;
  object.kind = Kind::extension;
  object.name = form.extension;
  if (!form.schema.empty()) {
    const Id schema = TRY(this->schema(form.schema, form.at));
    if (schema != 0)
      object.needs.push_back({0, schema, 0, Strength::normal});
    object.schema = schema;
  } else {
    object.schema = TRY(creation_schema({}));
  }
  catalog.add(std::move(object));
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterExtension& form) {
  if (catalog.find(Space::extension, form.extension, 0) == 0 && certain() &&
      form.extension != "plpgsql")
    return problem("42704", form.at,
                   fmt::format("extension \"{}\" does not exist", form.extension));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateStatistics& form) {
  const Id table = TRY(existing(form.table, Kind::relation));
  if (table == 0)
    return Nothing{};
  const Object& owner = *catalog.get(table);
  Object object;
  object.kind = Kind::statistics;
  object.table = table;
  object.name = form.statistics.name;
  object.schema =
      form.statistics.name.empty() ? owner.schema : TRY(creation_schema(form.statistics));
  for (const std::string& name : form.columns) {
    if (name.empty())
      continue;
    const Column* found = owner.column_named(name);
    if (!found && !partial(table))
      return problem("42703", form.at, fmt::format("column \"{}\" does not exist", name));
    if (found)
      object.needs.push_back({0, table, found->number, Strength::automatic});
  }
  if (object.name.empty()) {
    for (int pass = 0; object.name.empty(); ++pass) {
      std::string name = make_object_name(owner.name, join(form.columns, "_"),
                                          pass == 0 ? "stat" : "stat" + std::to_string(pass));
      if (catalog.find(Space::other, name, object.schema,
                       "/" + std::to_string(static_cast<int>(Kind::statistics))) == 0)
        object.name = std::move(name);
    }
  } else if (catalog.find(Space::other, object.name, object.schema,
                          "/" + std::to_string(static_cast<int>(Kind::statistics))) != 0) {
    if (form.if_not_exists || !certain(form.statistics))
      return Nothing{};
    return problem("42710", form.at,
                   fmt::format("statistics object \"{}\" already exists", object.name));
  }
  object.needs.push_back({0, table, 0, Strength::automatic});
  catalog.add(std::move(object));
  return Nothing{};
}

Done<> Apply::operator()(const forms::CreateOther& form) {
  Object object;
  object.kind = form.object.kind;
  object.name = form.object.name.name;
  const bool in_schema = object.kind == Kind::collation || object.kind == Kind::conversion ||
                         object.kind == Kind::operator_ || object.kind == Kind::operator_class ||
                         object.kind == Kind::operator_family || object.kind == Kind::text_search ||
                         object.kind == Kind::type;
  if (in_schema) {
    object.schema = TRY(creation_schema(form.object.name));
    if (object.schema != 0)
      object.needs.push_back({0, object.schema, 0, Strength::normal});
  }
  if (object.kind == Kind::type) {  // a shell or a base type
    TypeData data;
    data.form = TypeData::Form::base;
    object.data = std::move(data);
    if (catalog.find(Space::type, object.name, object.schema) != 0)
      return Nothing{};
    catalog.add(std::move(object));
    return Nothing{};
  }
  const bool overloaded = object.kind == Kind::operator_ || object.kind == Kind::operator_class ||
                          object.kind == Kind::operator_family || object.kind == Kind::text_search;
  const std::string key = "/" + std::to_string(static_cast<int>(object.kind));
  if (catalog.find(Space::other, object.name, object.schema, key) != 0) {
    if (form.if_not_exists || form.or_replace || overloaded || !certain(form.object.name))
      return Nothing{};
    return problem("42710", form.at,
                   fmt::format("{} \"{}\" already exists", to_string(object.kind), object.name));
  }
  for (const forms::Name& name : form.functions)
    if (const std::vector<Id> found = functions(name); found.size() == 1)
      object.needs.push_back({0, found[0], 0, Strength::normal});
  return publish(catalog.add(std::move(object)), form.tables, form.at);
}

// A function of the chain that may change the shape makes everything uncertain when it is called.
void Apply::note_calls(const forms::Mentions& mentions) {
  for (const forms::FunctionUse& use : mentions.functions)
    for (const Id id : functions(use.name))
      if (catalog.get(id)->as<Function>().changes_shape) {
        forms::Opaque effect = forms::opaque_body(catalog.get(id)->as<Function>().body);
        const std::string& language = catalog.get(id)->as<Function>().language;
        effect.anything |= language != "sql" && language != "plpgsql";
        blur(effect);
      }
}

void Apply::blur(const forms::Opaque& opaque) {
  if (opaque.anything)
    catalog.opaque = true;
  for (const forms::Name& name : opaque.touches)
    catalog.blurred.insert(name.name);
}

Done<Id> Apply::find_object(const forms::Object& object, bool if_exists) const {
  using forms::Name;
  const Name& name = object.name;
  const std::string full = name.schema.empty() ? name.name : name.schema + "." + name.name;
  const auto missing = [&](std::string_view sqlstate, std::string message) -> Done<Id> {
    const bool sure = certain(name) && certain(object.table) && !is_system(name);
    if (if_exists || !sure)
      return Id{0};
    if (!name.schema.empty() && catalog.find(Space::schema, name.schema, 0) == 0)
      return problem("3F000", object.at, fmt::format("schema \"{}\" does not exist", name.schema));
    return problem(sqlstate, object.at, std::move(message));
  };
  const std::string kind(to_string(object.kind));
  switch (object.kind) {
  case Kind::table:
  case Kind::view:
  case Kind::materialized_view:
  case Kind::foreign_table:
  case Kind::sequence:
  case Kind::index:
  case Kind::relation: {
    const Id id = relation(name);
    if (id == 0)
      return missing(object.kind == Kind::index ? "42704" : "42P01",
                     fmt::format("{} \"{}\" does not exist", kind, full));
    return id;
  }
  case Kind::type:
  case Kind::domain: {
    const Id id = type_named(name);
    if (id != 0)
      return id;
    if (const Id row = relation(name); row != 0 && catalog.get(row)->is_table_like())
      return row;
    if (catalog.extended())
      return Id{0};
    return missing("42704", fmt::format("type \"{}\" does not exist", full));
  }
  case Kind::schema: {
    const Id id = catalog.find(Space::schema, name.name, 0);
    return id != 0 ? Done<Id>(id)
                   : missing("3F000", fmt::format("schema \"{}\" does not exist", name.name));
  }
  case Kind::extension: {
    const Id id = catalog.find(Space::extension, name.name, 0);
    return id != 0 || name.name == "plpgsql"
               ? Done<Id>(id)
               : missing("42704", fmt::format("extension \"{}\" does not exist", name.name));
  }
  case Kind::trigger:
  case Kind::rule:
  case Kind::policy:
  case Kind::constraint: {
    const Id table = relation(object.table);
    if (table == 0) {
      if (if_exists || !certain(object.table) || is_system(object.table))
        return Id{0};
      if (!object.table.schema.empty() && catalog.find(Space::schema, object.table.schema, 0) == 0)
        return problem("3F000", object.at,
                       fmt::format("schema \"{}\" does not exist", object.table.schema));
      return problem("42P01", object.at,
                     fmt::format("relation \"{}\" does not exist",
                                 (object.table.schema.empty() ? "" : object.table.schema + ".") +
                                     object.table.name));
    }
    const Space space = object.kind == Kind::trigger  ? Space::trigger
                        : object.kind == Kind::rule   ? Space::rule
                        : object.kind == Kind::policy ? Space::policy
                                                      : Space::constraint;
    const Id id = catalog.find(space, name.name, table);
    const bool not_null = space == Space::constraint && catalog.not_null_named(table, name.name);
    if (id != 0 || partial(table) || not_null)
      return id;
    const std::string word = object.kind == Kind::rule ? "relation" : "table";
    return missing("42704", fmt::format("{} \"{}\" for {} \"{}\" does not exist", kind, name.name,
                                        word, catalog.get(table)->name));
  }
  case Kind::domain_constraint: {
    const Id domain = type_named(object.table);
    const Id id = domain == 0 ? 0 : catalog.find(Space::constraint, name.name, domain);
    return id != 0 ? Done<Id>(id)
                   : missing("42704", fmt::format("constraint \"{}\" for domain {} does not exist",
                                                  name.name, object.table.name));
  }
  case Kind::function:
  case Kind::procedure:
  case Kind::routine:
  case Kind::aggregate: {
    if (object.any_arguments) {
      const std::vector<Id> found = functions(name);
      if (found.size() == 1)
        return found.front();
      if (found.size() > 1)
        return problem("42725", object.at, fmt::format("{} name \"{}\" is not unique", kind, full));
      if (catalog.extended())
        return Id{0};
      return missing("42883", fmt::format("could not find a {} named \"{}\"", kind, full));
    }
    std::vector<Type> inputs;
    for (const forms::TypeName& argument : object.arguments) {
      const Done<Type> found = type(argument);
      if (!found) {
        if (if_exists)
          return Id{0};
        return Unexpected{found.error()};
      }
      inputs.push_back(*found);
      inputs.back().modifiers.clear();
    }
    const Id id = function(name, inputs);
    if (id != 0)
      return id;
    if (catalog.extended())
      return Id{0};
    return missing("42883",
                   fmt::format("{} {}({}) does not exist", kind == "routine" ? "function" : kind,
                               full, listed(*this, inputs, ", ")));
  }
  case Kind::column: {
    const Id table = relation(name);
    if (table != 0)
      return table;
    if (const Id composite = type_named(name))
      return composite;
    return missing("42P01", fmt::format("relation \"{}\" does not exist", full));
  }
  default: {
    const std::string key = "/" + std::to_string(static_cast<int>(object.kind));
    for (const Id id : catalog.named(Space::other, name.name))
      if (catalog.get(id)->kind == object.kind)
        return id;
    if (object.kind == Kind::statistics)
      return missing("42704", fmt::format("statistics object \"{}\" does not exist", full));
    if (object.kind == Kind::publication)
      return missing("42704", fmt::format("publication \"{}\" does not exist", full));
    return Id{0};  // of the system, or of an extension
  }
  }
}

}  // namespace retort::catalog
