#include "compiler/facts/transaction.h"

#include "common/text.h"
#include "compiler/facts/facts.h"

#include <algorithm>

namespace retort::facts {
namespace {

using catalog::Catalog;
using catalog::Constraint;
using catalog::Id;
using catalog::Object;
using forms::ConstraintKind;

struct Add {
  Transaction& t;
  const Facts& facts;
  catalog::Apply look;
  const Catalog& before;

  template <class F>
  void operator()(const F&) {}

  void operator()(const forms::Opaque& form) { t.wrote_rows |= form.writes; }
  void operator()(const forms::AddEnumValue& form) {
    const Id id = look.type_named(form.type);
    const Object* type = before.get(id);
    if (!type)
      return;
    const auto& labels = type->as<catalog::TypeData>().labels;
    if (std::find(labels.begin(), labels.end(), form.label) == labels.end())
      t.new_labels[id].insert(form.label);
  }
  void operator()(const forms::RenameEnumValue& form) {
    const auto found = t.new_labels.find(look.type_named(form.type));
    if (found != t.new_labels.end() && found->second.erase(form.label) != 0)
      found->second.insert(form.to);
  }
  void operator()(const forms::AddColumn& form) {
    if (const Id id = look.relation(form.table); id != 0 && !before.column(id, form.column.name))
      t.new_columns[id].insert(form.column.name);
  }
  void operator()(const forms::DropColumn& form) {
    if (const auto found = t.new_columns.find(look.relation(form.table));
        found != t.new_columns.end())
      found->second.erase(form.column);
  }
  void operator()(const forms::Rename& form) {
    if (form.object.kind != catalog::Kind::column)
      return;
    const auto found = t.new_columns.find(look.relation(form.object.name));
    if (found != t.new_columns.end() && found->second.erase(form.object.column) != 0)
      found->second.insert(form.to);
  }
  void operator()(const forms::Set& form) {
    const std::string name = lower(form.name);
    if (form.reset) {
      name.empty() ? t.settings.clear() : static_cast<void>(t.settings.erase(name));
      return;
    }
    t.settings[name] = join(form.values, ", ");
    if (!form.local)
      t.session[name] = t.settings[name];
  }
  void operator()(const forms::Transaction& form) {
    t.savepoints |= form.action == forms::Transaction::Action::savepoint;
  }
  void operator()(const forms::Harmless& form) {
    t.cursors |= form.statement == "DeclareCursorStmt";
    if (form.statement != "ConstraintsSetStmt")
      return;
    if (form.action == "all immediate") {
      t.pending_triggers.clear();
      t.constraints_immediate = true;
    } else if (form.action == "all deferred") {
      t.constraints_immediate = false;
      t.constraints_deferred = true;
    } else {
      // Some of them, by name: which events still wait is not followed.
      for (auto& [table, certain] : t.pending_triggers)
        certain = false;
    }
  }
  void operator()(const forms::Truncate& form) {
    for (const Touched& touched : facts.touched)
      if (touched.new_file && touched.kind == catalog::Kind::table)
        t.emptied.insert(touched.id);
    static_cast<void>(form);
  }
  void operator()(const forms::Insert& form) {
    const Id id = look.relation(form.table);
    t.emptied.erase(id);
    wait(id, nullptr, form.rows > 0 && !form.on_conflict, false);
  }
  void operator()(const forms::Copy& form) {
    if (!form.from)
      return;
    t.emptied.erase(look.relation(form.table));
    wait(look.relation(form.table), nullptr, false, false);
  }
  void operator()(const forms::Update& form) {
    wait(look.relation(form.table), &form.columns, false, false);
  }
  void operator()(const forms::Delete& form) {
    const Id id = look.relation(form.table);
    if (!form.filtered && id != 0)
      t.emptied.insert(id);
    wait(id, nullptr, false, true);
  }

  // Rows were written: checks that are put off until COMMIT wait on the table from now on.
  void wait(Id table, const std::vector<std::string>* written, bool certain, bool removed) {
    const Object* object = before.get(table);
    if (!object || t.constraints_immediate)
      return;
    const auto deferred = [&](const Constraint& key) {
      return key.initially_deferred || (key.deferrable && t.constraints_deferred);
    };
    const auto writes = [&](const std::vector<int>& columns) {
      return !written || std::any_of(columns.begin(), columns.end(), [&](int number) {
        const catalog::Column* column = object->column_at(number);
        return column &&
               std::find(written->begin(), written->end(), column->name) != written->end();
      });
    };
    for (const Id id : before.dependents(table)) {
      const auto* key = before.get(id)->maybe<Constraint>();
      if (!key || !deferred(*key))
        continue;
      const bool own = before.get(id)->table == table;
      if (key->kind == ConstraintKind::foreign_key && own && !removed && writes(key->columns))
        t.pending_triggers[table] |= certain;
      // An index waits only when it has found the same value twice.
      else if (key->kind != ConstraintKind::foreign_key && own && !removed && writes(key->columns))
        t.pending_triggers.try_emplace(table, false);
      else if (key->kind == ConstraintKind::foreign_key && key->references == table &&
               (removed || written) && writes(key->referenced_columns))
        t.pending_triggers.try_emplace(table, false);
    }
  }
};

}  // namespace

const Transaction::Held* Transaction::lock(Id id) const {
  const Held* strongest = nullptr;
  for (const Held& each : held)
    if (each.id == id && (!strongest || each.mode > strongest->mode))
      strongest = &each;
  return strongest;
}

bool Transaction::added(Id table, const std::string& column) const {
  const auto columns = new_columns.find(table);
  return columns != new_columns.end() && columns->second.contains(column);
}

bool Transaction::has_limit(const std::string& setting) const {
  const auto local = settings.find(setting);
  const auto outer = session.find(setting);
  const std::string value = local != settings.end()  ? local->second
                            : outer != session.end() ? outer->second
                                                     : std::string();
  return !value.empty() && value != "0" && value != "default";
}

void Transaction::start(Id first_id) {
  std::map<std::string, std::string> kept = std::move(session);
  *this = {};
  begin = first_id;
  settings = kept;
  session = std::move(kept);
}

// A table that the chain did not make has an id from the first statement on that is about it.
static Id noticed(const Facts& facts, std::string_view name) {
  for (const auto& change : facts.changes) {
    const Object* const after = change.before ? nullptr : change.after.get();
    const auto* const table = after ? after->maybe<catalog::Table>() : nullptr;
    if (!table || !table->unmade)
      continue;
    const std::string own = forms::quoted(after->name);
    if (name == own || name.ends_with("." + own))
      return change.id;
  }
  return 0;
}

// What a constraint demanded that was dropped is true of the rows until some are written. Rows that
// are deleted break nothing but keys that refer to them.
void Transaction::forget_broken(const std::vector<forms::Form>& forms, const Facts& facts) {
  const auto all = [&](const auto& predicate) {
    return std::all_of(forms.begin(), forms.end(), predicate);
  };
  const bool changed = std::any_of(facts.touched.begin(), facts.touched.end(),
                                   [](const Touched& touched) { return touched.changed; });
  const bool unknown = !all([](const forms::Form& form) {
    const auto* const opaque = std::get_if<forms::Opaque>(&form);
    return !std::holds_alternative<forms::AlterColumnType>(form) &&
           !(opaque && (opaque->writes || opaque->anything));
  });
  const bool deleted = all([](const forms::Form& form) {
    return std::holds_alternative<forms::Delete>(form) ||
           std::holds_alternative<forms::Truncate>(form);
  });
  if (unknown || (changed && !deleted))
    dropped.clear();
  else if (changed)
    std::erase_if(dropped, [](const auto& object) {
      const auto* const constraint = object->template maybe<Constraint>();
      return constraint && constraint->kind == ConstraintKind::foreign_key;
    });
}

void Transaction::add(const std::vector<forms::Form>& forms, const Facts& facts, Catalog& before) {
  ++statements;
  if (facts.fails)
    return;
  for (const Touched& touched : facts.touched) {
    if (touched.lock == LockMode::none)
      continue;
    const Id id = touched.id != 0 ? touched.id : noticed(facts, touched.name);
    const Held* strongest = lock(id);
    const bool known = id != 0 && strongest;
    if (!known || strongest->mode < touched.lock)
      held.push_back({id, touched.name, touched.lock, statements - 1});
    wrote_rows |= touched.changed;
  }
  forget_broken(forms, facts);
  for (const auto& change : facts.changes) {
    const Object* object = change.after.get();
    const auto* constraint = object ? object->maybe<Constraint>() : nullptr;
    if (!object && change.before &&
        (change.before->maybe<Constraint>() || change.before->maybe<catalog::Index>()))
      dropped.push_back(change.before);
    if (!object)
      not_validated.erase(change.id);
    else if (constraint && constraint->valid)
      not_validated.erase(change.id);
    else if (constraint && !change.before)
      not_validated.insert(change.id);
    const auto* const table = object ? object->maybe<catalog::Table>() : nullptr;
    if (table && change.before && !made(change.id))
      for (const catalog::Column& column : table->columns)
        if (column.not_null && !column.not_null_valid)
          if (const auto* const then = change.before->column_at(column.number);
              then && !then->not_null)
            not_null_later.emplace(change.id, column.number);
  }
  Add add{*this, facts, catalog::Apply(before), before};
  for (const forms::Form& form : forms)
    std::visit(add, form);
}

}  // namespace retort::facts
