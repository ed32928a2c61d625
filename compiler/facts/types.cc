// Types, domains and sequences.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

// Tables with a column of the domain, also through domains over it.
void users(const Study& s, Id domain, std::vector<Id>& tables) {
  for (const Id id : s.before.dependents(domain)) {
    const Object* object = s.before.get(id);
    if (object->kind == Kind::domain)
      users(s, id, tables);
    else if (object->is_table_like() && object->kind != Kind::view)
      for (const catalog::Need& need : object->needs)
        if (need.object == domain && need.own_column != 0 &&
            std::find(tables.begin(), tables.end(), id) == tables.end())
          tables.push_back(id);
  }
}

}  // namespace

void study(Study& s, const forms::AlterDomain& form) {
  using Action = forms::AlterDomain::Action;
  const Id domain = s.look.type_named(form.domain);
  if (domain == 0) {
    s.unknown(fmt::format("{} is not in the chain", forms::to_text(form.domain)));
    return;
  }
  bool checks = form.action == Action::set_not_null ||
                (form.action == Action::add_constraint && !form.constraint.not_valid);
  if (form.action == Action::validate) {
    const Id id = s.before.find(catalog::Space::constraint, form.name, domain);
    checks = id != 0 && !s.before.get(id)->as<catalog::Constraint>().valid;
  }
  if (form.action == Action::set_not_null)
    checks &= !s.before.get(domain)->as<catalog::TypeData>().not_null;
  if (!checks)
    return;
  std::vector<Id> tables;
  users(s, domain, tables);
  for (const Id table : tables) {
    s.touch(table, LockMode::share, "a column is of the domain");
    if (s.stored(table))
      s.scan(table, "the domain's constraint is tested on every row");
  }
  s.may_fail(form.action == Action::set_not_null ? "23502" : "23514");
  if (!s.look.certain({"", form.domain.name, {}}))
    s.unknown(fmt::format("which tables use {}", forms::to_text(form.domain)));
}

void study(Study&, const forms::CreateEnum&) {}
void study(Study&, const forms::AddEnumValue&) {}
void study(Study&, const forms::RenameEnumValue&) {}
void study(Study&, const forms::CreateComposite&) {}
void study(Study&, const forms::CreateRange&) {}
void study(Study&, const forms::CreateDomain&) {}

namespace {

void owner(Study& s, const forms::SequenceOptions& options) {
  if (!options.owned_by || options.owned_by->size() < 2)
    return;
  const std::vector<std::string>& parts = *options.owned_by;
  forms::Name name;
  name.name = parts[parts.size() - 2];
  name.schema = parts.size() > 2 ? parts[parts.size() - 3] : "";
  s.touch(name, LockMode::access_share);
}

}  // namespace

void study(Study& s, const forms::CreateSequence& form) {
  if (form.if_not_exists && s.find(form.sequence) != 0)
    return;
  owner(s, form.options);
}

void study(Study& s, const forms::AlterSequence& form) {
  if (s.find(form.sequence) == 0 && (form.if_exists || s.look.certain(form.sequence)))
    return;
  const forms::SequenceOptions& o = form.options;
  Touched& touched = s.touch(form.sequence, LockMode::share_row_exclusive);
  touched.kind = Kind::sequence;
  touched.new_file |= o.type || o.increment || o.minimum || o.maximum || o.start || o.cache ||
                      o.no_minimum || o.no_maximum || o.cycle || o.restart;
  owner(s, o);
}

}  // namespace retort::facts
