// ADD COLUMN: catalog only, unless the rows must be told apart, or looked at.
#include "compiler/facts/study.h"
#include "compiler/facts/volatility.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::TypeData;

struct DomainFacts {
  bool constrained = false;
  bool not_null = false;
  std::string fallback;
};

// Types of well-known extensions that are no domains, so that a column of theirs costs nothing.
bool is_base_type(std::string_view name) {
  constexpr std::array<std::string_view, 18> kTypes = {
      "box2d",     "box3d",  "citext", "cube", "geography", "geometry",
      "halfvec",   "hstore", "ip4",    "ip4r", "iprange",   "ltree",
      "ltxtquery", "lquery", "raster", "seg",  "sparsevec", "vector"};
  return std::find(kTypes.begin(), kTypes.end(), name.substr(name.rfind('.') + 1)) != kTypes.end();
}

// With what it has from the domains that it is made of.
DomainFacts domain_facts(const Study& s, Id type) {
  DomainFacts facts;
  for (const Object* object = s.get(type); object && object->kind == Kind::domain;) {
    const auto& data = object->as<TypeData>();
    facts.not_null |= data.not_null;
    facts.constrained |=
        data.not_null || !s.before.members(object->id, Kind::domain_constraint).empty();
    if (facts.fallback.empty())
      facts.fallback = data.fallback;
    object = data.base.array ? nullptr : s.get(data.base.object);
  }
  return facts;
}

void inline_constraint(Study& s, Id table, const forms::AddColumn& form,
                       const forms::Constraint& constraint, bool filled) {
  using forms::ConstraintKind;
  switch (constraint.kind) {
  case ConstraintKind::check:
    if (constraint.not_valid)
      break;
    s.scan(table, "the CHECK is tested on every row");
    s.may_fail("23514");
    break;
  case ConstraintKind::primary_key:
  case ConstraintKind::unique:
  case ConstraintKind::exclusion:
    if (s.stored(table))
      s.build(table, "the index is built");
    if (constraint.kind == ConstraintKind::primary_key && !filled)
      s.fail_with_rows("23502",
                       fmt::format("column \"{}\" of relation \"{}\" contains null values",
                                   form.column.name, s.get(table)->name),
                       form.at);
    s.may_fail("23505");
    break;
  case ConstraintKind::foreign_key: {
    const Id referenced = s.find(constraint.references);
    if (referenced == 0) {
      s.touch(constraint.references, LockMode::share_row_exclusive);
      break;
    }
    // Nulls refer to nothing.
    if (filled && !constraint.not_valid) {
      check_foreign_key(s, table, referenced, LockMode::share_row_exclusive);
    } else {
      s.touch(referenced, LockMode::share_row_exclusive, "referenced by the new column").named =
          true;
      for (const Id partition : s.partitions(referenced))
        s.touch(partition, LockMode::share_row_exclusive, "a partition");
    }
    break;
  }
  }
}

}  // namespace

void study(Study& s, const forms::AddColumn& form) {
  if (form.kind == Kind::type) {
    if (const Id id = s.look.type_named(form.table)) {
      s.touch(id, LockMode::access_exclusive).named = true;
      for (const Id table : s.before.dependents(id))
        for (const catalog::Need& need : s.before.get(table)->needs)
          if (need.object == id && need.own_column == 0 && s.table(table))
            s.touch(table, LockMode::access_exclusive, "a table of this type");
    }
    return;
  }
  const forms::Column& column = form.column;
  const Id id = s.find(form.table);
  const bool present = id != 0 && form.if_not_exists && s.before.column(id, column.name);
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, form.only || present, LockMode::access_exclusive);
  if (present || tables.empty())
    return;
  if (id != 0 && form.if_not_exists && s.look.partial(id))
    s.unknown(fmt::format("whether {} is there already", s.column_name(id, column.name)));

  const bool numbered =
      !catalog::serial_type(column.type).empty() || column.identity != forms::Identity::none;
  const auto type = s.look.type(column.type);
  DomainFacts domain;
  if (type && !type->array)
    domain = domain_facts(s, type->object);
  const bool has_default = column.fallback && !column.fallback.null;
  Verdict verdict;
  if (has_default)
    verdict = volatility_of(s, column.fallback);
  else if (!domain.fallback.empty() && !column.fallback)
    verdict = volatility_of(s, domain.fallback);
  const bool filled =
      has_default || numbered || column.generated || (!domain.fallback.empty() && !column.fallback);
  const bool not_null = column.not_null && !filled;

  for (const Id table : tables) {
    if (numbered)
      s.rewrite(table, "every row gets a number of its own");
    else if (column.generated && !column.is_virtual)
      s.rewrite(table, "a stored generated column is computed for every row");
    else if (domain.constrained)
      s.rewrite(table, "the column's domain has a constraint");
    else if (verdict.worst == Volatility::volatile_) {
      // Up to 12 a domain's own default was computed once.
      if (has_default || s.server >= 13)
        s.rewrite(table, fmt::format("{} is volatile", verdict.function));
      s.read(column.fallback);  // nextval() takes numbers from its sequence
    } else if (verdict.worst == Volatility::unknown) {
      s.rewrite(table, fmt::format("{} may be volatile", verdict.function), Answer::unknown);
      s.unknown(fmt::format("the volatility of {} is not known", verdict.function));
    } else if (type && !type->known && !is_base_type(type->internal)) {
      s.rewrite(table, "the column's type may be a domain with a constraint", Answer::unknown);
      s.unknown(fmt::format("the type {} is not known", type->internal));
    }
    if (column.is_virtual && column.not_null) {
      if (s.stored(table))
        s.scan(table, "NOT NULL of a virtual column is tested on every row");
      s.may_fail("23502");
    }
    if ((not_null || domain.not_null) && !filled) {
      if (s.stored(table))
        s.scan(table, "NOT NULL without a default is tested on every row");
      s.fail_with_rows("23502",
                       domain.not_null
                           ? fmt::format("domain {} does not allow null values", column.type.name)
                           : fmt::format("column \"{}\" of relation \"{}\" contains null values",
                                         column.name, s.get(table)->name),
                       form.at);
    }
    for (const forms::Constraint& constraint : column.constraints)
      if (s.stored(table) || constraint.kind == forms::ConstraintKind::foreign_key)
        inline_constraint(s, table, form, constraint, filled);
  }
}

}  // namespace retort::facts
