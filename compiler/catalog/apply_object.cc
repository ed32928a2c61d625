// Drop, rename, move, own, comment; settings and transactions.
#include "compiler/catalog/apply.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::catalog {

using forms::ObjectKind;

namespace {

bool is_relation_kind(ObjectKind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view ||
         kind == Kind::foreign_table || kind == Kind::sequence || kind == Kind::index;
}

std::string with_article(std::string_view kind) {
  const bool vowel = kind == "index";
  return (vowel ? "an " : "a ") + std::string(kind);
}

Done<> wrong_kind(const Object& object, ObjectKind wanted, Span at) {
  return problem("42809", at,
                 fmt::format("\"{}\" is not {}", object.name, with_article(to_string(wanted))));
}

}  // namespace

Done<> Apply::operator()(const forms::Drop& form) {
  const Id id = TRY(find_object(form.object, form.if_exists));
  if (id == 0)
    return Nothing{};
  const Object& object = *catalog.get(id);
  if (is_relation_kind(form.object.kind) && object.kind != form.object.kind)
    return wrong_kind(object, form.object.kind, form.object.at);
  if (form.object.kind == Kind::type && object.is_table_like())
    return problem("2BP01", form.at,
                   fmt::format("cannot drop type {} because {} requires it", visible_name(object),
                               describe(id)));
  if (form.object.kind == Kind::domain && object.kind != Kind::domain)
    return problem("42809", form.at, fmt::format("\"{}\" is not a domain", visible_name(object)));
  if (form.object.kind == Kind::procedure && object.as<Function>().kind != Kind::procedure)
    return problem("42809", form.at, fmt::format("{} is not a procedure", describe(id).substr(9)));
  if (form.object.kind == Kind::function && object.as<Function>().kind == Kind::procedure)
    return problem("42809", form.at, fmt::format("{} is not a function", describe(id).substr(9)));
  if (form.concurrently && object.as<Index>().constraint == 0 &&
      !catalog.get(object.table)->as<Table>().strategy.empty())
    return problem("0A000", form.at,
                   fmt::format("cannot drop partitioned index \"{}\" concurrently", object.name));
  return drop({{id, 0}}, form.behavior, form.at);
}

namespace {

// The expression with another name for a column: a name that is no function, type or qualifier.
std::string renamed(const std::string& text, std::string_view from, std::string_view to) {
  pg::Lexer lexer(text, {0, static_cast<uint32_t>(text.size())});
  std::string result;
  uint32_t copied = 0;
  std::string_view before;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    const std::string_view word = lexer.text(token);
    const bool name = (token.kind == pg::TokenKind::word || token.kind == pg::TokenKind::name) &&
                      word == forms::quoted(from);
    const bool called = token.span.end < text.size() && text[token.span.end] == '(';
    if (name && !called && before != "::") {
      result += text.substr(copied, token.span.begin - copied) + forms::quoted(to);
      copied = token.span.end;
    }
    before = word;
  }
  return result + text.substr(copied);
}

}  // namespace

void Apply::rename_in_texts(Id table, std::string_view from, std::string_view to) {
  for (const Id id : catalog.dependents(table)) {
    if (catalog.get(id)->table != table)
      continue;
    Object& object = catalog.edit(id);
    if (Constraint* constraint = std::get_if<Constraint>(&object.data)) {
      constraint->text = renamed(constraint->text, from, to);
    } else if (Default* value = std::get_if<Default>(&object.data)) {
      value->text = renamed(value->text, from, to);
    } else if (Index* index = std::get_if<Index>(&object.data)) {
      index->where = renamed(index->where, from, to);
      for (IndexPart& part : index->columns)
        part.expression = renamed(part.expression, from, to);
    } else if (Published* published = std::get_if<Published>(&object.data)) {
      published->where = renamed(published->where, from, to);
    }
  }
}

Done<> Apply::operator()(const forms::Rename& form) {
  const forms::Object& object = form.object;
  if (object.kind == Kind::column) {
    const bool composite = form.target == Kind::type;
    const Id table =
        composite ? type_named(object.name) : TRY(this->table(object.name, form.if_exists));
    if (table == 0 && composite && certain(object.name))
      return problem("42P01", object.at,
                     fmt::format("relation \"{}\" does not exist", object.name.name));
    if (table == 0)
      return Nothing{};
    const Object& owner = *catalog.get(table);
    const Column* found = owner.column_named(object.column);
    if (!found) {
      if (partial(table))
        return Nothing{};
      return problem("42703", form.at, fmt::format("column \"{}\" does not exist", object.column));
    }
    if (found->parents > 0)
      return problem("42P16", form.at,
                     fmt::format("cannot rename inherited column \"{}\"", object.column));
    if (owner.column_named(form.to) && !partial(table))
      return problem(
          "42701", form.at,
          fmt::format("column \"{}\" of relation \"{}\" already exists", form.to, owner.name));
    const std::function<Done<>(Id)> rename = [&](Id id) -> Done<> {
      for (const Id child : children(id)) {
        if (catalog.column(child, form.to))
          return problem("42701", form.at,
                         fmt::format("column \"{}\" of relation \"{}\" already exists", form.to,
                                     catalog.get(child)->name));
        TRY(rename(child));
      }
      Object& edited = catalog.edit(id);
      std::vector<Column>& columns =
          edited.maybe<Table>() ? edited.as<Table>().columns : edited.as<TypeData>().columns;
      for (Column& column : columns)
        if (!column.dropped && column.name == object.column)
          column.name = cut_name(form.to);
      rename_in_texts(id, object.column, form.to);
      return Nothing{};
    };
    return rename(table);
  }
  if (const Id table = object.kind == Kind::constraint ? relation(object.table) : Id{0})
    if (const Column* const column = catalog.not_null_named(table, object.name.name)) {
      std::vector<Column>& columns = catalog.edit(table).as<Table>().columns;
      const int number = column->number;
      for (Column& each : columns)
        if (each.number == number)
          each.not_null_name = cut_name(form.to);
      return Nothing{};
    }
  const Id id = is_relation_kind(object.kind)
                    ? TRY(existing(object.name, Kind::relation, form.if_exists))
                    : TRY(find_object(object, form.if_exists));
  const std::string to = cut_name(form.to);
  if (id == 0) {
    if (!certain(object.name))
      catalog.blurred.insert(to);  // what is not known goes on under this name
    return Nothing{};
  }
  const Object& target = *catalog.get(id);
  if (is_relation_kind(object.kind)) {
    // ALTER TABLE may be said of any relation; the others mean what they say.
    const bool fits = object.kind == target.kind || object.kind == Kind::table;
    if (!fits)
      return wrong_kind(target, object.kind, object.at);
    if (catalog.find(Space::relation, to, target.schema) != 0 && certain({"", to, {}}))
      return problem("42P07", form.at, fmt::format("relation \"{}\" already exists", to));
    if (target.is_table_like())
      TRY(free_type_name(to, target.schema, form.at));
    const Id constraint = target.maybe<Index>() ? target.as<Index>().constraint : 0;
    catalog.rename(id, to);
    if (constraint != 0)
      catalog.rename(constraint, to);
    return Nothing{};
  }
  switch (object.kind) {
  case Kind::schema:
    if (catalog.find(Space::schema, to, 0) != 0 && certain())
      return problem("42P06", form.at, fmt::format("schema \"{}\" already exists", to));
    break;
  case Kind::type:
  case Kind::domain:
    if (target.is_table_like())
      return problem("42809", form.at,
                     fmt::format("{} is a table's row type", visible_name(target)));
    if (object.kind == Kind::domain && target.kind != Kind::domain)
      return problem("42809", form.at, fmt::format("{} is not a domain", visible_name(target)));
    TRY(free_type_name(to, target.schema, form.at));
    break;
  case Kind::function:
  case Kind::procedure:
  case Kind::routine:
  case Kind::aggregate:
    if (catalog.find(Space::function, to, target.schema, target.signature) != 0)
      return problem("42723", form.at,
                     fmt::format("function {}{} already exists in schema \"{}\"", to,
                                 describe(id).substr(describe(id).find('(')),
                                 catalog.get(target.schema)->name));
    break;
  case Kind::constraint: {
    const Constraint data = target.as<Constraint>();
    if (data.index != 0 && data.kind != forms::ConstraintKind::foreign_key)
      TRY(free_relation_name(to, target.schema, form.at));
    if (catalog.find(Space::constraint, to, target.table) != 0)
      return problem("42710", form.at,
                     fmt::format("constraint \"{}\" for relation \"{}\" already exists", to,
                                 catalog.get(target.table)->name));
    if (data.parents > 0)
      return problem("42P16", form.at,
                     fmt::format("cannot rename inherited constraint \"{}\"", target.name));
    if (data.index != 0 && data.kind != forms::ConstraintKind::foreign_key) {
      catalog.rename(data.index, to);
    }
    if (data.kind == forms::ConstraintKind::check) {
      const std::string from = target.name;
      const std::function<void(Id)> descend = [&](Id table) {
        for (const Id child : children(table))
          if (const Id same = catalog.find(Space::constraint, from, child)) {
            descend(child);
            catalog.rename(same, to);
          }
      };
      descend(target.table);
    }
    break;
  }
  case Kind::domain_constraint:
    if (catalog.find(Space::constraint, to, target.table) != 0)
      return problem("42710", form.at,
                     fmt::format("constraint \"{}\" for domain {} already exists", to,
                                 catalog.get(target.table)->name));
    break;
  case Kind::trigger:
  case Kind::policy:
  case Kind::rule: {
    const Space space = object.kind == Kind::trigger  ? Space::trigger
                        : object.kind == Kind::policy ? Space::policy
                                                      : Space::rule;
    if (catalog.find(space, to, target.table) != 0)
      return problem("42710", form.at,
                     fmt::format("{} \"{}\" for {} \"{}\" already exists", to_string(object.kind),
                                 to, object.kind == Kind::policy ? "table" : "relation",
                                 catalog.get(target.table)->name));
    break;
  }
  case Kind::role:
    if (find_role(to) != 0 && certain({"", to, {}}))
      return problem("42710", form.at, fmt::format("role \"{}\" already exists", to));
    break;
  case Kind::publication:
    for (const Id other : catalog.named(Space::other, to))
      if (catalog.get(other)->kind == Kind::publication)
        return problem("42710", form.at, fmt::format("publication \"{}\" already exists", to));
    for (const Id member : catalog.dependents(id))
      catalog.rename(member, to);
    break;
  default: break;
  }
  catalog.rename(id, to);
  return Nothing{};
}

Done<> Apply::operator()(const forms::SetSchema& form) {
  const Id id = TRY(find_object(form.object, form.if_exists));
  const Id schema = TRY(this->schema(form.schema, form.at));
  if (id == 0 || schema == 0)
    return Nothing{};
  const Object& object = *catalog.get(id);
  if (object.schema == schema)
    return Nothing{};
  if (is_relation_kind(form.object.kind)) {
    if (form.object.kind != Kind::table && form.object.kind != object.kind)
      return wrong_kind(object, form.object.kind, form.object.at);
    if (const Sequence* sequence = object.maybe<Sequence>(); sequence && sequence->table != 0)
      return problem("0A000", form.at, "cannot move an owned sequence into another schema");
    if (catalog.find(Space::relation, object.name, schema) != 0 && certain(form.object.name))
      return problem(
          "42P07", form.at,
          fmt::format("relation \"{}\" already exists in schema \"{}\"", object.name, form.schema));
    if (object.is_table_like() && catalog.find(Space::type, object.name, schema) != 0)
      return problem(
          "42710", form.at,
          fmt::format("type \"{}\" already exists in schema \"{}\"", object.name, form.schema));
  } else if (object.is_type() && (catalog.find(Space::type, object.name, schema) != 0)) {
    return problem(
        "42710", form.at,
        fmt::format("type \"{}\" already exists in schema \"{}\"", object.name, form.schema));
  } else if (object.kind == Kind::function &&
             catalog.find(Space::function, object.name, schema, object.signature) != 0) {
    return problem("42723", form.at,
                   fmt::format("function {} already exists in schema \"{}\"",
                               describe(id).substr(9), form.schema));
  }
  // What belongs to it moves along: indexes, constraints, owned sequences.
  const auto change = [&](Id target) {
    const Id old = catalog.get(target)->schema;
    catalog.move(target, schema);
    Object& edited = catalog.edit(target);
    for (Need& need : edited.needs)
      if (need.object == old && need.own_column == 0 && old != 0) {
        need.object = schema;
      }
    const std::vector<Need> needs = edited.needs;
    for (const Need& need : needs)
      if (need.object == schema) {
        std::erase(edited.needs, need);
        catalog.need(target, need);
      }
  };
  for (const Id member : catalog.dependents(id)) {
    const Object& dependent = *catalog.get(member);
    const Sequence* sequence = dependent.maybe<Sequence>();
    const bool own = dependent.table == id || (sequence && sequence->table == id);
    if (own && dependent.schema != 0 && dependent.schema != schema &&
        (dependent.kind == Kind::index || dependent.kind == Kind::constraint ||
         dependent.kind == Kind::domain_constraint || sequence)) {
      if (dependent.is_relation() && catalog.find(Space::relation, dependent.name, schema) != 0)
        return problem("42P07", form.at,
                       fmt::format("relation \"{}\" already exists in schema \"{}\"",
                                   dependent.name, form.schema));
      change(member);
    }
    if (const TypeData* type = dependent.maybe<TypeData>(); type && type->multirange_of == id)
      continue;
  }
  change(id);
  return Nothing{};
}

Done<> Apply::operator()(const forms::SetOwner& form) {
  const Id id = TRY(find_object(form.object, form.if_exists));
  if (id != 0)
    catalog.edit(id).owner = form.owner;
  return Nothing{};
}

Done<> Apply::operator()(const forms::Comment& form) {
  const forms::Object& object = form.object;
  if (object.kind == Kind::column) {
    const Id table = TRY(existing(object.name, Kind::relation));
    if (table == 0)
      return Nothing{};
    const Column* found = TRY(column(table, object.column, form.at));
    if (!found || !catalog.get(table)->maybe<Table>())
      return Nothing{};
    const int number = found->number;
    for (Column& edited : catalog.edit(table).as<Table>().columns)
      if (edited.number == number)
        edited.comment = form.text && !form.text->empty() ? form.text : std::nullopt;
    return Nothing{};
  }
  Id id = 0;
  if (is_relation_kind(object.kind)) {
    id = TRY(existing(object.name, Kind::relation));
    if (id != 0 && catalog.get(id)->kind != object.kind)
      return wrong_kind(*catalog.get(id), object.kind, form.at);
  } else {
    id = TRY(find_object(object, false));
  }
  if (id != 0)
    catalog.edit(id).comment = form.text && !form.text->empty() ? form.text : std::nullopt;
  return Nothing{};
}

Done<> Apply::operator()(const forms::Grant& form) {
  for (const forms::Object& object : form.objects) {
    if (is_relation_kind(object.kind)) {
      TRY(existing(object.name, Kind::relation));
    } else if (object.kind == Kind::schema) {
      TRY(schema(object.name.name, form.at));
    }
  }
  return Nothing{};
}

// --- session ---

Done<> Apply::operator()(const forms::Set& form) {
  if (form.name == "search_path" || form.name.empty()) {
    if (!form.local)
      catalog.path_behind.reset();
    else if (!catalog.path_behind)
      catalog.path_behind = catalog.search_path;
    if (form.reset)
      catalog.search_path = {"$user", "public"};
    else
      catalog.search_path = form.values;
  }
  return Nothing{};
}

Done<> Apply::operator()(const forms::Transaction& form) {
  using Action = forms::Transaction::Action;
  if (form.action == Action::commit || form.action == Action::rollback)
    catalog.end_transaction();
  return Nothing{};
}
Done<> Apply::operator()(const forms::Harmless& form) {
  // Roles belong to the server: most were there before, but one of the chain's is there since.
  for (const std::string& name : form.roles) {
    const Id role = find_role(name);
    if (form.statement == "DropRoleStmt") {
      if (role != 0)
        catalog.remove(role);
      continue;
    }
    if (role != 0 && certain({"", name, {}}))
      return problem("42710", form.at, fmt::format("role \"{}\" already exists", name));
    if (role != 0)
      continue;
    Object object;
    object.kind = Kind::role;
    object.name = name;
    catalog.add(std::move(object));
  }
  if (form.table.name.empty() || form.statement == "ExplainStmt")
    return Nothing{};
  TRY(existing(form.table, Kind::relation));
  return Nothing{};
}
Done<> Apply::operator()(const forms::Opaque& form) {
  blur(form);
  return Nothing{};
}

}  // namespace retort::catalog
