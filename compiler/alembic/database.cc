#include "compiler/alembic/database.h"

#include "common/text.h"
#include "compiler/catalog/apply.h"
#include "compiler/forms/read.h"
#include "grammars/postgres/tree.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::alembic {

using catalog::Id;
using catalog::Kind;
using catalog::Object;
using forms::ConstraintKind;

Database::Database(const catalog::Catalog& before, std::optional<Made> own)
    : before_(before), own_(own) {
  now_.catalog() = before;
}

void Database::reset() { now_.catalog() = before_; }

void Database::run(const BodyItem& item) {
  if (item.kind != BodyItem::Kind::statement || !item.transaction)
    now_.end_transaction();
  if (item.kind != BodyItem::Kind::statement)
    return;
  const Expected<pg::Tree, pg::Reject> tree = pg::parse(item.sql);
  if (!tree) {
    now_.catalog().opaque = true;
    return;
  }
  (void)now_.statement(forms::read_forms(*tree));
  if (!item.transaction)
    now_.end_transaction();
}

const Object* Database::relation(std::string_view schema, std::string_view name) {
  forms::Name wanted;
  wanted.schema = schema;
  wanted.name = name;
  return catalog().get(catalog::Apply(now_.catalog()).relation(wanted));
}

const Object* Database::type(std::string_view schema, std::string_view name) {
  forms::Name wanted;
  wanted.schema = schema;
  wanted.name = name;
  return catalog().get(catalog::Apply(now_.catalog()).type_named(wanted));
}

std::vector<const Object*> Database::relations(std::string_view schema, Kind kind) {
  const std::string wanted(schema.empty() ? "public" : schema);
  const Id scope = catalog().find(catalog::Space::schema, wanted, 0);
  std::vector<const Object*> found;
  for (Id id = 1; id < catalog().size(); ++id)
    if (const Object* const object = catalog().get(id);
        object && object->kind == kind && object->schema == scope)
      found.push_back(object);
  std::sort(found.begin(), found.end(),
            [](const Object* a, const Object* b) { return a->name < b->name; });
  return found;
}

std::string Database::type_text(const catalog::Type& type) {
  return catalog::Apply(now_.catalog()).text(type);
}

std::vector<std::string> Database::column_names(Id table, const std::vector<int>& numbers) const {
  std::vector<std::string> names;
  const Object* const object = catalog().get(table);
  for (const int number : numbers)
    if (const catalog::Column* const column = object ? object->column_at(number) : nullptr)
      names.push_back(column->name);
  return names;
}

namespace {

std::optional<ConstraintKind> kind_of(std::string_view type) {
  if (type == "foreignkey")
    return ConstraintKind::foreign_key;
  if (type == "primary")
    return ConstraintKind::primary_key;
  if (type == "unique")
    return ConstraintKind::unique;
  if (type == "check")
    return ConstraintKind::check;
  return {};
}

// As the server names it by itself, with or without a number.
bool has_default_name(const Object& constraint, std::string_view table,
                      const std::vector<std::string>& columns) {
  std::string_view label;
  switch (constraint.as<catalog::Constraint>().kind) {
  case ConstraintKind::primary_key: label = "pkey"; break;
  case ConstraintKind::unique: label = "key"; break;
  case ConstraintKind::foreign_key: label = "fkey"; break;
  case ConstraintKind::check: label = "check"; break;
  case ConstraintKind::exclusion: label = "excl"; break;
  }
  const std::string with_columns = catalog::make_object_name(table, join(columns, "_"), label);
  const std::string plain = catalog::make_object_name(table, "", label);
  const std::string_view name = constraint.name;
  for (const std::string_view base : {std::string_view(with_columns), std::string_view(plain)})
    if (name.starts_with(base) &&
        name.find_first_not_of("0123456789", base.size()) == std::string_view::npos)
      return true;
  return false;
}

}  // namespace

Expected<Database::Unnamed, std::string> Database::unnamed_constraint(std::string_view schema,
                                                                      std::string_view table_name,
                                                                      std::string_view type) {
  const Object* const table = relation(schema, table_name);
  if (!table)
    return Unexpected{fmt::format("table `{}` is not known from the revisions before", table_name)};
  const std::optional<ConstraintKind> kind = kind_of(type);
  std::vector<const Object*> all;
  for (const Id id : catalog().members(table->id, Kind::constraint)) {
    const Object* const member = catalog().get(id);
    const auto& constraint = member->as<catalog::Constraint>();
    if ((!kind || constraint.kind == *kind) &&
        has_default_name(*member, table->name, column_names(table->id, constraint.columns)))
      all.push_back(member);
  }
  std::vector<const Object*> own;
  if (own_)
    std::copy_if(all.begin(), all.end(), std::back_inserter(own), [&](const Object* member) {
      return member->id >= own_->begin && member->id < own_->end;
    });
  const std::vector<const Object*>& candidates = own.empty() ? all : own;
  if (candidates.empty())
    return Unexpected{fmt::format(
        "table `{}` has no such constraint with a name that the server made up", table_name)};
  if (candidates.size() > 1 && own.empty()) {
    std::vector<std::string> names;
    for (const Object* const candidate : candidates)
      names.push_back("`" + candidate->name + "`");
    return Unexpected{"it could be any of " + join(names, ", ")};
  }
  // Autogenerated downgrades go backwards.
  const Object* const chosen =
      *std::max_element(candidates.begin(), candidates.end(),
                        [](const Object* a, const Object* b) { return a->id < b->id; });
  if (candidates.size() > 1) {
    Choice& choice = choices_.emplace_back();
    choice.table = table_name;
    for (const Object* const candidate : candidates)
      choice.candidates.push_back(candidate->id);
  }
  return Unnamed{chosen->name, candidates.size()};
}

std::vector<std::string> Database::open_choices() const {
  std::vector<std::string> tables;
  for (const Choice& choice : choices_)
    if (std::any_of(choice.candidates.begin(), choice.candidates.end(),
                    [&](Id id) { return catalog().get(id) != nullptr; }))
      tables.push_back(choice.table);
  return tables;
}

}  // namespace retort::alembic
