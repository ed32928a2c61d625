#include "bundle/rollback/affected.h"

#include "bundle/rollback/conversion.h"
#include "compiler/catalog/sql.h"
#include "compiler/forms/system_types.h"

#include <fmt/format.h>

namespace retort::rollback {

using catalog::Catalog;
using catalog::Column;
using catalog::Id;
using catalog::Kind;
using catalog::Object;

namespace {

class Finder {
public:
  Finder(Catalog& catalog, const Moments& moments, const Way& up, const Way& back)
      : catalog_(catalog), moments_(moments), up_(up), back_(back) {}

  Affected run() {
    collect_changes();
    collect_rows();
    catalog_.back(moments_.before);
    look_before();
    catalog_.forth(moments_.before);
    return std::move(all_);
  }

private:
  // --- what happens ---

  void collect_changes() {
    for (size_t i = 0; i < up_.ran.size(); ++i)
      for (const Catalog::Change& change : up_.ran[i].facts.changes) {
        const auto* const old = change.before ? change.before->maybe<catalog::Table>() : nullptr;
        if (!old || change.before->kind != Kind::table ||
            old->persistence == forms::Persistence::temporary ||
            !was_there(catalog_, moments_, change.id))
          continue;
        if (!change.after) {
          all_.wanted[change.id].gone = true;
          all_.wanted[change.id].statements.insert(i);
          continue;
        }
        for (const Column& column : old->columns)
          if (const Column* const now = change.after->column_at(column.number); !column.dropped)
            column_changed(change.id, i, column, now);
      }
  }

  void column_changed(Id table, size_t statement, const Column& old, const Column* now) {
    if (old.generated)
      return;  // computed again
    if (!now || now->dropped) {
      all_.wanted[table].dropped.insert(old.number);
      all_.wanted[table].statements.insert(statement);
    } else if (old.type != now->type && !comes_back(statement, old, *now)) {
      all_.wanted[table].changed.insert(old.number);
      all_.wanted[table].statements.insert(statement);
    }
  }

  // The change of the type, and the one back, keep every value.
  bool comes_back(size_t statement, const Column& old, const Column& now) {
    const auto casts = [](const Ran& ran, const std::string& column) {
      return std::all_of(ran.statement.forms.begin(), ran.statement.forms.end(),
                         [&](const forms::Form& form) {
                           const auto* const alter = std::get_if<forms::AlterColumnType>(&form);
                           return !alter || alter->column != column || only_casts(*alter);
                         });
    };
    return survives(catalog_, old.type, now.type) && casts(up_.ran[statement], now.name) &&
           std::all_of(back_.ran.begin(), back_.ran.end(),
                       [&](const Ran& ran) { return casts(ran, now.name); });
  }

  void collect_rows() {
    for (size_t i = 0; i < up_.ran.size(); ++i)
      for (const Written& written : up_.ran[i].written) {
        if (written.table == 0) {
          verdict(i, WayBackClass::backup_only,
                  fmt::format("rows of {} change, and the chain does not know the table",
                              written.name));
          continue;
        }
        if (!was_there(catalog_, moments_, written.table))
          continue;  // what the revision makes itself goes away whole
        Wanted& wanted = all_.wanted[written.table];
        wanted.statements.insert(i);
        using How = Written::How;
        wanted.inserted |= written.how == How::insert || written.how == How::anything;
        if (written.how == How::remove || written.how == How::anything) {
          wanted.removed = true;
          wanted.removing.insert(i);
        }
        wanted.anything |= written.how == How::anything;
        wanted.updated |= written.how == How::update || written.how == How::anything;
        wanted.changed.insert(written.columns.begin(), written.columns.end());
        wanted.written.insert(written.columns.begin(), written.columns.end());
      }
  }

  // --- the tables before ---

  void look_before() {
    for (auto& [id, wanted] : all_.wanted)
      if (const Object* const object = catalog_.get(id))
        if (object->kind != Kind::table)
          wanted.why_not =
              fmt::format("{} is a {}", reference(*object), forms::to_string(object->kind));
    // Deleted rows take others along, which may take others again.
    std::vector<Id> queue;
    for (const auto& [id, wanted] : all_.wanted)
      if (wanted.removed)
        queue.push_back(id);
    while (!queue.empty()) {
      const Id id = queue.back();
      queue.pop_back();
      for (const Id child : follow_delete(id))
        queue.push_back(child);
    }
    for (auto& [id, wanted] : all_.wanted)
      read(id, wanted);
    // Columns that the upgrade has added itself hold nothing old.
    std::erase_if(all_.wanted, [](const auto& each) {
      const Wanted& wanted = each.second;
      return wanted.why_not.empty() && wanted.dropped.empty() && wanted.changed.empty() &&
             !wanted.inserted && !wanted.removed && !wanted.gone;
    });
    // A partition is kept with its table.
    for (auto wanted = all_.wanted.begin(); wanted != all_.wanted.end();)
      wanted = kept_with_parent(wanted->first) ? all_.wanted.erase(wanted) : std::next(wanted);
  }

  std::vector<Id> follow_delete(Id id) {
    std::vector<Id> taken;
    for (const Id key : catalog_.dependents(id)) {
      const Object& object = *catalog_.get(key);
      const auto* const constraint = object.maybe<catalog::Constraint>();
      if (!constraint || constraint->kind != forms::ConstraintKind::foreign_key ||
          constraint->references != id || constraint->parent != 0)
        continue;
      const bool cascades = constraint->on_delete == "CASCADE";
      if (!cascades && !constraint->on_delete.starts_with("SET "))
        continue;
      Wanted& child = all_.wanted[object.table];
      const std::set<size_t> removing = all_.wanted.at(id).removing;
      child.statements.insert(removing.begin(), removing.end());
      if (!cascades) {
        child.changed.insert(constraint->columns.begin(), constraint->columns.end());
        child.written.insert(constraint->columns.begin(), constraint->columns.end());
      } else if (!child.removed) {
        child.removed = true;
        child.removing.insert(removing.begin(), removing.end());
        taken.push_back(object.table);
      }
    }
    return taken;
  }

  bool kept_with_parent(Id id) const {
    const Object* const object = catalog_.get(id);
    const auto* const table = object ? object->maybe<catalog::Table>() : nullptr;
    if (!table || !table->partition)
      return false;
    return std::any_of(table->parents.begin(), table->parents.end(), [&](Id parent) {
      const auto wanted = all_.wanted.find(parent);
      return (wanted != all_.wanted.end() && (wanted->second.gone || !all_.wanted.at(id).gone)) ||
             kept_with_parent(parent);
    });
  }

  std::string reference(const Object& object) { return catalog::reference(catalog_, object); }

  void read(Id id, Wanted& wanted) {
    const Object& object = *catalog_.get(id);
    Before& before = all_.before[id];
    before.object = object;
    before.name = reference(object);
    const auto* const table = object.maybe<catalog::Table>();
    if (!table || !wanted.why_not.empty())
      return;
    if (table->unmade || table->partial)
      wanted.why_not =
          fmt::format("the chain did not make {}: what else it holds is not known", before.name);
    else if (catalog_.blurred.contains(object.name))
      all_.notes.insert(fmt::format(
          "{} may have been changed by a statement that cannot be followed", before.name));
    const bool inherits = !table->partition && (!table->parents.empty() ||
                                                (table->strategy.empty() && has_children(id)));
    if (inherits)
      wanted.why_not = fmt::format("{} inherits, or is inherited from", before.name);
    if (!catalog_.members(id, Kind::rule).empty())
      wanted.why_not = fmt::format("rules of {} would change what is put back", before.name);
    for (const Column& column : table->columns) {
      if (column.dropped)
        continue;
      before.types[column.number] = catalog::type_name(catalog_, column.type);
      before.kept_as[column.number] = kept_as(catalog_, column.type);
      if (column.identity != forms::Identity::none || counts(id, column))
        before.numbered.insert(column.number);
    }
    read_keys(id, *table, before);
    for (std::set<int>* const columns : {&wanted.changed, &wanted.written})
      std::erase_if(*columns, [&](int number) { return !object.column_at(number); });
    if (wanted.updated || wanted.inserted || wanted.removed)
      read_triggers(id, wanted, before);
    if (wanted.anything)
      for (const Column& column : table->columns)
        if (!column.dropped && !column.generated)
          wanted.changed.insert(column.number);
    // A row that is deleted and made again under its key is another one.
    if (wanted.inserted && wanted.removed && !wanted.gone)
      for (const Column& column : table->columns)
        if (!column.dropped && !column.generated && !before.is_key(column.number) &&
            wanted.changed.insert(column.number).second)
          wanted.perhaps.insert(column.number);
    for (const Id key : catalog_.dependents(id))
      if (const auto* const constraint = catalog_.get(key)->maybe<catalog::Constraint>();
          constraint && constraint->kind == forms::ConstraintKind::foreign_key &&
          constraint->references == id && !constraint->on_update.empty() &&
          std::any_of(constraint->referenced_columns.begin(), constraint->referenced_columns.end(),
                      [&](int number) { return wanted.written.contains(number); }))
        wanted.why_not = fmt::format("other tables follow the changed key of {}", before.name);
  }

  bool has_children(Id id) const {
    const std::vector<Id> all = catalog_.dependents(id);
    return std::any_of(all.begin(), all.end(), [&](Id child) {
      const auto* const table = catalog_.get(child)->maybe<catalog::Table>();
      return table &&
             std::find(table->parents.begin(), table->parents.end(), id) != table->parents.end();
    });
  }

  bool counts(Id table, const Column& column) const {
    const Object* const fallback = catalog_.get(column.fallback);
    return fallback && std::any_of(fallback->needs.begin(), fallback->needs.end(),
                                   [&](const catalog::Need& need) {
                                     const Object* const object = catalog_.get(need.object);
                                     return object && object->kind == Kind::sequence &&
                                            need.object != table;
                                   });
  }

  void read_keys(Id id, const catalog::Table& table, Before& before) {
    for (const Id each : catalog_.members(id, Kind::index)) {
      const auto& index = catalog_.get(each)->as<catalog::Index>();
      const auto* const constraint =
          index.constraint == 0 ? nullptr
                                : catalog_.get(index.constraint)->maybe<catalog::Constraint>();
      const bool exclusion = constraint && constraint->kind == forms::ConstraintKind::exclusion;
      if (!index.unique && !exclusion)
        continue;
      ++before.uniques;
      std::vector<int> columns;
      bool usable = index.valid && index.where.empty() && !exclusion;
      for (const catalog::IndexPart& part : index.columns) {
        const Column* const column = before.object.column_at(part.column);
        usable &= column && column->not_null;
        if (column)
          columns.push_back(part.column);
        else  // an expression may need any of them
          for (const Column& any : table.columns)
            before.unique.insert(any.number);
      }
      before.unique.insert(columns.begin(), columns.end());
      if (index.nulls_not_distinct || index.primary)
        before.one_null.insert(columns.begin(), columns.end());
      if (usable)
        before.keys.insert(index.primary ? before.keys.begin() : before.keys.end(), columns);
    }
    for (const Id each : catalog_.members(id, Kind::constraint)) {
      const auto& constraint = catalog_.get(each)->as<catalog::Constraint>();
      if (constraint.kind != forms::ConstraintKind::foreign_key)
        continue;
      before.referring.insert(constraint.columns.begin(), constraint.columns.end());
      if (constraint.references != id)
        before.referenced.insert(constraint.references);
    }
  }

  void read_triggers(Id id, Wanted& wanted, const Before& before) {
    for (const Id each : catalog_.members(id, Kind::trigger)) {
      const Object& object = *catalog_.get(each);
      const auto& trigger = object.as<catalog::Trigger>();
      const bool fires =
          std::any_of(trigger.events.begin(), trigger.events.end(), [&](const std::string& event) {
            return (event == "insert" && wanted.inserted) ||
                   (event == "delete" && wanted.removed) || (event == "update" && wanted.updated);
          });
      if (!fires)
        continue;
      if (trigger.timing != "before" || !trigger.row) {
        const std::string reason =
            fmt::format("the trigger {} on {} runs, and what it writes elsewhere stays",
                        forms::quoted(object.name), before.name);
        for (const size_t statement : wanted.statements)
          verdict(statement, WayBackClass::lossy, reason);
        all_.lost.push_back(reason);
      } else if (wanted.updated) {  // it may change any column of the row
        for (const Column& column : before.object.as<catalog::Table>().columns)
          if (!column.dropped && !column.generated && !before.is_key(column.number) &&
              wanted.changed.insert(column.number).second)
            wanted.perhaps.insert(column.number);
      }
    }
  }

  void verdict(size_t statement, WayBackClass kind, std::string reason) {
    all_.verdicts.push_back({statement, kind, std::move(reason)});
  }

  Catalog& catalog_;
  const Moments& moments_;
  const Way& up_;
  const Way& back_;
  Affected all_;
};

}  // namespace

bool was_there(Catalog& catalog, const Moments& moments, Id id) {
  catalog.back(moments.before);
  const bool there = catalog.get(id) != nullptr;
  catalog.forth(moments.before);
  return there;
}

std::string kept_as(const Catalog& catalog, const catalog::Type& type) {
  if (type.object == 0)
    return type.known && forms::is_system_type(type.internal) ? "" : "text";
  const Object* const object = catalog.get(type.object);
  const auto* const data = object ? object->maybe<catalog::TypeData>() : nullptr;
  const bool domain = data && data->form == catalog::TypeData::Form::domain && !type.array;
  if (!domain || data->base.object != 0 || !data->base.known)
    return "text";
  const std::string base = forms::type_spelling(data->base.internal, data->base.modifiers);
  return base.empty() ? "text" : data->base.array ? base + "[]" : base;
}

Affected find_affected(Catalog& catalog, const Moments& moments, const Way& up, const Way& back) {
  return Finder(catalog, moments, up, back).run();
}

}  // namespace retort::rollback
