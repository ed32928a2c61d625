#include "bundle/rollback/keeps.h"

#include "bundle/rollback/conversion.h"
#include "common/text.h"
#include "compiler/catalog/sql.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <set>

namespace retort::rollback {
namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Id;
using catalog::Kind;
using catalog::Object;
using Role = KeptColumn::Role;

// What happens to one table that was there before.
struct Wanted {
  std::set<int> dropped, changed;
  std::set<int> written;  // by statements: of `changed`, what keys of others are asked about
  std::set<int> perhaps;  // of `changed`, what only a trigger may have written
  bool updated = false, inserted = false, removed = false, gone = false, anything = false;
  std::set<size_t> statements;
  std::set<size_t> removing;  // those of them that delete rows
  std::string why_not;
};

// The table before the way up.
struct Before {
  Object object;
  std::string name;
  std::vector<std::vector<int>> keys;  // none of them NULL; the primary key is the first
  std::set<int> unique;                // columns of which a value must not be there twice
  size_t uniques = 0;
  std::map<int, std::string> types, kept_as;
  std::set<int> numbered;
  std::set<Id> referenced;  // the tables that its foreign keys lead to
};

std::string cut(std::string text, size_t bytes) {
  if (text.size() > bytes)
    text.resize(bytes);
  return text;
}

class Finder {
public:
  Finder(Past& past, const Moments& moments, const Way& up, const Way& back, std::string revision)
      : catalog_(past.replay.catalog()), names_(catalog_), moments_(moments), up_(up), back_(back),
        revision_(std::move(revision)) {}

  Keeps run() {
    std::vector<std::string> path;
    path.swap(catalog_.search_path);  // every name is written with its schema
    collect_changes();
    collect_rows();
    at(moments_.before, [&] { look_before(); });
    for (auto& [id, wanted] : wanted_)
      judge(id, wanted);
    order();
    for (const Id id : ordered_)
      add(id, wanted_.at(id));
    add_sequences();
    if (!result_.kept.tables.empty())
      refresh();
    result_.notes.insert(result_.notes.end(), notes_.begin(), notes_.end());
    path.swap(catalog_.search_path);
    return std::move(result_);
  }

private:
  template <class Function>
  void at(size_t mark, Function&& function) {
    catalog_.back(mark);
    function();
    catalog_.forth(mark);
  }
  bool was_there(Id id) {
    bool there = false;
    at(moments_.before, [&] { there = catalog_.get(id) != nullptr; });
    return there;
  }

  // --- what happens ---

  void collect_changes() {
    for (size_t i = 0; i < up_.ran.size(); ++i)
      for (const Catalog::Change& change : up_.ran[i].facts.changes) {
        const auto* const old = change.before ? change.before->maybe<catalog::Table>() : nullptr;
        if (!old || change.before->kind != Kind::table ||
            old->persistence == forms::Persistence::temporary || !was_there(change.id))
          continue;
        if (!change.after) {
          wanted_[change.id].gone = true;
          wanted_[change.id].statements.insert(i);
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
      wanted_[table].dropped.insert(old.number);
      wanted_[table].statements.insert(statement);
    } else if (old.type != now->type && !comes_back(statement, old, *now)) {
      wanted_[table].changed.insert(old.number);
      wanted_[table].statements.insert(statement);
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
        if (!was_there(written.table))
          continue;  // what the revision makes itself goes away whole
        Wanted& wanted = wanted_[written.table];
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
    for (auto& [id, wanted] : wanted_)
      if (const Object* const object = catalog_.get(id))
        if (object->kind != Kind::table)
          wanted.why_not =
              fmt::format("{} is a {}", reference(*object), forms::to_string(object->kind));
    // Deleted rows take others along, which may take others again.
    std::vector<Id> queue;
    for (const auto& [id, wanted] : wanted_)
      if (wanted.removed)
        queue.push_back(id);
    while (!queue.empty()) {
      const Id id = queue.back();
      queue.pop_back();
      for (const Id child : follow_delete(id))
        queue.push_back(child);
    }
    for (auto& [id, wanted] : wanted_)
      read(id, wanted);
    // Columns that the upgrade has added itself hold nothing old.
    std::erase_if(wanted_, [](const auto& each) {
      const Wanted& wanted = each.second;
      return wanted.why_not.empty() && wanted.dropped.empty() && wanted.changed.empty() &&
             !wanted.inserted && !wanted.removed && !wanted.gone;
    });
    // A partition is kept with its table.
    for (auto wanted = wanted_.begin(); wanted != wanted_.end();)
      wanted = kept_with_parent(wanted->first) ? wanted_.erase(wanted) : std::next(wanted);
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
      Wanted& child = wanted_[object.table];
      const std::set<size_t> removing = wanted_.at(id).removing;
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
      const auto wanted = wanted_.find(parent);
      return (wanted != wanted_.end() && (wanted->second.gone || !wanted_.at(id).gone)) ||
             kept_with_parent(parent);
    });
  }

  std::string reference(const Object& object) { return catalog::reference(catalog_, object); }

  void read(Id id, Wanted& wanted) {
    const Object& object = *catalog_.get(id);
    Before& before = before_[id];
    before.object = object;
    before.name = reference(object);
    const auto* const table = object.maybe<catalog::Table>();
    if (!table || !wanted.why_not.empty())
      return;
    if (table->unmade || table->partial)
      wanted.why_not =
          fmt::format("the chain did not make {}: what else it holds is not known", before.name);
    else if (catalog_.blurred.contains(object.name))
      notes_.insert(fmt::format("{} may have been changed by a statement that cannot be followed",
                                before.name));
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
      before.kept_as[column.number] = kept_as(column.type);
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

  std::string kept_as(const catalog::Type& type) const {
    if (type.object == 0)
      return type.known && !forms::type_spelling(type.internal).empty() ? "" : "text";
    const Object* const object = catalog_.get(type.object);
    const auto* const data = object ? object->maybe<catalog::TypeData>() : nullptr;
    const bool domain = data && data->form == catalog::TypeData::Form::domain && !type.array;
    if (!domain || data->base.object != 0 || !data->base.known)
      return "text";
    const std::string base = forms::type_spelling(data->base.internal, data->base.modifiers);
    return base.empty() ? "text" : data->base.array ? base + "[]" : base;
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
      if (usable)
        before.keys.insert(index.primary ? before.keys.begin() : before.keys.end(), columns);
    }
    for (const Id each : catalog_.members(id, Kind::constraint)) {
      const auto& constraint = catalog_.get(each)->as<catalog::Constraint>();
      if (constraint.kind == forms::ConstraintKind::foreign_key && constraint.references != id)
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
        result_.lost.push_back(reason);
      } else if (wanted.updated) {  // it may change any column of the row
        for (const Column& column : before.object.as<catalog::Table>().columns)
          if (!column.dropped && !column.generated && !is_key(before, column.number) &&
              wanted.changed.insert(column.number).second)
            wanted.perhaps.insert(column.number);
      }
    }
  }

  static bool is_key(const Before& before, int column) {
    return !before.keys.empty() &&
           std::find(before.keys[0].begin(), before.keys[0].end(), column) != before.keys[0].end();
  }

  // --- whether it can be kept ---

  std::string column_name(const Before& before, int number) const {
    const Column* const column = before.object.column_at(number);
    return fmt::format("{}.{}", before.name, column ? forms::quoted(column->name) : "?");
  }

  const std::vector<int>* key(const Before& before, const Wanted& wanted) const {
    const Object* const now = catalog_.get(before.object.id);
    for (const std::vector<int>& columns : before.keys)
      if (std::all_of(columns.begin(), columns.end(), [&](int number) {
            const Column* const old = before.object.column_at(number);
            const Column* const back = now ? now->column_at(number) : nullptr;
            return !wanted.dropped.contains(number) && !wanted.changed.contains(number) && old &&
                   back && !back->dropped && back->name == old->name && back->type == old->type;
          }))
        return &columns;
    return nullptr;
  }

  void judge(Id id, Wanted& wanted) {
    const Before& before = before_.at(id);
    if (wanted.why_not.empty())
      wanted.why_not = wanted.gone ? why_not_gone(before) : why_not_kept(id, before, wanted);
    const bool kept = wanted.why_not.empty();
    if (!kept)
      result_.not_kept.push_back(id);
    const WayBackClass kind = kept ? WayBackClass::data_kept : WayBackClass::backup_only;
    for (const size_t statement : wanted.statements)
      verdict(statement, kind, reason(before, wanted, statement));
    if (kept)
      ordered_.push_back(id);
  }

  std::string reason(const Before& before, const Wanted& wanted, size_t statement) const {
    std::string what;
    if (wanted.gone) {
      what = "table " + before.name;
    } else {
      std::vector<std::string> parts;
      for (const Catalog::Change& change : up_.ran[statement].facts.changes)
        if (change.id == before.object.id && change.before && change.after)
          for (const Column& column : change.before->as<catalog::Table>().columns)
            if (const Column* const now = change.after->column_at(column.number);
                !column.dropped && (!now || now->dropped || now->type != column.type) &&
                (wanted.dropped.contains(column.number) || wanted.changed.contains(column.number)))
              parts.push_back("column " + column_name(before, column.number));
      if (parts.empty())
        parts.push_back("rows of " + before.name);
      what = join(parts, ", ");
    }
    if (!wanted.why_not.empty())
      return fmt::format("{}: {}", what, wanted.why_not);
    return fmt::format("{}: {} saved first and can be put back", what,
                       wanted.gone ? "its rows are" : "the old values are");
  }

  std::string why_not_gone(const Before& before) {
    const Object* const now = find_again(before);
    if (!now)
      return "the downgrade does not make it again";
    for (const Column& old : before.object.as<catalog::Table>().columns) {
      if (old.dropped)
        continue;
      const Column* const column = now->column_named(old.name);
      if (!column || type_text(column->type) != before.types.at(old.number))
        return fmt::format("the downgrade makes it without the column {}", forms::quoted(old.name));
    }
    for (const Ran& ran : back_.ran)
      for (const Written& written : ran.written)
        if (written.table == now->id)
          return "the downgrade fills it itself";
    // Rows of others would refer to nothing while the table is still empty.
    for (const Id each : catalog_.dependents(now->id))
      if (const auto* const key = catalog_.get(each)->maybe<catalog::Constraint>();
          key && key->kind == forms::ConstraintKind::foreign_key && key->references == now->id &&
          key->valid && catalog_.get(each)->table != now->id &&
          had_rows(catalog_.get(each)->table) && !made_late(each))
        return fmt::format("rows of {} refer to it, so that the downgrade fails before they can be "
                           "put back",
                           reference_of(catalog_.get(each)->table));
    return "";
  }
  bool made_late(Id constraint) const {
    return std::any_of(back_.ran.begin(), back_.ran.end(), [&](const Ran& ran) {
      return ran.late && std::any_of(ran.facts.changes.begin(), ran.facts.changes.end(),
                                     [&](const Catalog::Change& change) {
                                       return change.id == constraint && !change.before;
                                     });
    });
  }
  bool had_rows(Id table) {
    const auto wanted = wanted_.find(table);
    return was_there(table) && (wanted == wanted_.end() || !wanted->second.gone);
  }
  std::string reference_of(Id id) {
    const Object* const object = catalog_.get(id);
    return object ? catalog::reference(catalog_, *object) : std::string();
  }
  std::string type_text(const catalog::Type& type) { return catalog::type_name(catalog_, type); }

  const Object* find_again(const Before& before) const {
    if (const Object* const same = catalog_.get(before.object.id))
      return same;
    const Id id = catalog_.find(catalog::Space::relation, before.object.name, before.object.schema);
    const Object* const found = catalog_.get(id);
    return found && found->kind == Kind::table ? found : nullptr;
  }

  std::string why_not_kept(Id id, const Before& before, const Wanted& wanted) {
    const Object* const now = catalog_.get(id);
    if (!now || now->name != before.object.name || now->schema != before.object.schema)
      return "the downgrade does not leave the table under its name";
    if (!key(before, wanted))
      return before.keys.empty()
                 ? "the table has no primary key, nor a unique key without NULL"
                 : "its key changes as well, so that old and new rows cannot be told apart";
    for (const std::set<int>* const columns : {&wanted.dropped, &wanted.changed})
      for (const int number : *columns) {
        const Column* const old = before.object.column_at(number);
        const Column* const back = old ? now->column_named(old->name) : nullptr;
        if (!back || type_text(back->type) != before.types.at(number))
          return fmt::format("the downgrade does not bring back {} as {}",
                             column_name(before, number), before.types.at(number));
        const bool filled = (columns == &wanted.changed && !wanted.perhaps.contains(number)) ||
                            before.numbered.contains(number);
        if (filled && before.unique.contains(number))
          return fmt::format("{} must be unique, so that values cannot be put back row by row",
                             column_name(before, number));
      }
    if (wanted.inserted && wanted.removed && before.uniques > 1)
      return "rows are deleted and others inserted, and more than the key must be unique";
    return "";
  }

  // Who is referred to comes first; a circle is not followed.
  void order() {
    std::vector<Id> sorted;
    std::set<Id> seen;
    const std::function<void(Id)> visit = [&](Id id) {
      if (!seen.insert(id).second ||
          std::find(ordered_.begin(), ordered_.end(), id) == ordered_.end())
        return;
      for (const Id other : before_.at(id).referenced)
        if (before_.contains(other))
          visit(other);
      sorted.push_back(id);
    };
    for (const Id id : ordered_)
      visit(id);
    ordered_ = std::move(sorted);
  }

  // --- the plan ---

  std::string keep_name(const std::string& of) {
    std::string name;
    for (const char c : revision_ + "_" + of)
      name += is_word(c) && static_cast<unsigned char>(c) < 0x80 ? c : '_';
    name = cut(name, 50);
    std::string unique = name;
    for (int i = 2; !taken_.insert(unique).second; ++i)
      unique = fmt::format("{}_{}", name, i);
    return unique;
  }

  void add(Id id, const Wanted& wanted) {
    const Before& before = before_.at(id);
    result_.kept.revision = revision_;
    KeptTable table;
    table.keep = keep_name(before.object.name);
    table.table = before.name;
    table.inserted = wanted.inserted && !wanted.gone;
    table.removed = wanted.removed && !wanted.gone;
    const std::vector<int>* const keys = wanted.gone ? nullptr : key(before, wanted);
    at(moments_.after, [&] {
      const Object* const after = catalog_.get(id);
      if (after)
        table.table_after = reference(*after);
      for (const Column& column : before.object.as<catalog::Table>().columns)
        if (std::optional<KeptColumn> kept = kept_column(before, wanted, keys, column, after))
          table.columns.push_back(*std::move(kept));
    });
    for (const KeptColumn& column : table.columns)
      if (column.role == Role::dropped)
        notes_.insert(
            fmt::format("column {} of {} comes back as the last one", column.name, before.name));
    result_.kept.tables.push_back(std::move(table));
  }

  std::optional<KeptColumn> kept_column(const Before& before, const Wanted& wanted,
                                        const std::vector<int>* keys, const Column& column,
                                        const Object* after) {
    if (column.dropped || column.generated)
      return std::nullopt;
    const int number = column.number;
    const bool key = keys && std::find(keys->begin(), keys->end(), number) != keys->end();
    if (!key && !wanted.gone && !wanted.removed && !wanted.dropped.contains(number) &&
        !wanted.changed.contains(number) && !wanted.inserted)
      return std::nullopt;
    KeptColumn kept;
    kept.role = key                               ? Role::key
                : wanted.dropped.contains(number) ? Role::dropped
                : wanted.changed.contains(number) ? Role::changed
                : wanted.gone || wanted.removed   ? Role::rest
                                                  : Role::added;
    kept.name = forms::quoted(column.name);
    kept.type = before.types.at(number);
    kept.kept_as = before.kept_as.at(number);
    kept.numbered = before.numbered.contains(number);
    kept.identity_always = column.identity == forms::Identity::always;
    const Column* const now = after ? after->column_at(number) : nullptr;
    if (now && !now->dropped) {
      kept.name_after = forms::quoted(now->name);
      kept.type_after = kept_as(now->type);
      kept.retyped = now->type != column.type;
    }
    return kept;
  }

  void refresh() {
    for (Id id = 1; id < catalog_.size(); ++id) {
      const Object* const view = catalog_.get(id);
      if (!view || view->kind != Kind::materialized_view || was_there(id) ||
          !view->as<catalog::Table>().populated)
        continue;
      const std::string name = reference(*view);
      result_.kept.late.push_back("REFRESH MATERIALIZED VIEW " + name);
      result_.notes.push_back(fmt::format("materialized view {} is filled anew", name));
    }
  }

  // --- sequences ---

  void add_sequences() {
    for (size_t i = 0; i < up_.ran.size(); ++i)
      for (const Catalog::Change& change : up_.ran[i].facts.changes)
        if (change.before && !change.after && change.before->kind == Kind::sequence &&
            was_there(change.id))
          add_sequence(i, *change.before);
  }

  void add_sequence(size_t statement, const Object& sequence) {
    const auto& data = sequence.as<catalog::Sequence>();
    const auto not_kept = result_.not_kept;
    if (std::find(not_kept.begin(), not_kept.end(), data.table) != not_kept.end())
      return;  // with the table
    KeptSequence kept;
    at(moments_.before, [&] {
      const Object* const then = catalog_.get(sequence.id);
      kept.sequence = then ? reference(*then) : std::string();
    });
    const std::string what = "the position of sequence " + kept.sequence;
    const Object* table = catalog_.get(data.table);
    const auto before = before_.find(data.table);
    if (data.table != 0 && !table && before != before_.end())
      table = find_again(before->second);
    const std::string column = data.table == 0 ? std::string() : column_of(data);
    const bool owned_again = table && owned(*table, column);
    const Id again = catalog_.find(catalog::Space::relation, sequence.name, sequence.schema);
    const Object* const same = catalog_.get(again);
    if (owned_again)
      kept.back = fmt::format("pg_catalog.pg_get_serial_sequence({}, {})::regclass",
                              literal(reference(*table)), literal(column));
    else if (same && same->kind == Kind::sequence)
      kept.back = literal(reference(*same)) + "::regclass";
    if (kept.back.empty()) {
      verdict(statement, WayBackClass::lossy, what + ": the downgrade does not make it again");
      result_.lost.push_back(what);
      return;
    }
    const bool goes_on =
        table && table->id == data.table &&
        (before == before_.end() || !wanted_[data.table].dropped.contains(data.column));
    if (owned_again && goes_on && data.increment > 0)
      kept.column_maximum =
          fmt::format("SELECT max({}) FROM {}", forms::quoted(column), reference(*table));
    result_.kept.revision = revision_;
    kept.keep = keep_name(sequence.name);
    verdict(statement, WayBackClass::data_kept, what + " is saved first and can be put back");
    result_.kept.sequences.push_back(std::move(kept));
  }

  // The owner may be gone by now.
  std::string column_of(const catalog::Sequence& sequence) {
    std::string name;
    at(moments_.before, [&] {
      const Object* const table = catalog_.get(sequence.table);
      const Column* const column = table ? table->column_at(sequence.column) : nullptr;
      name = column ? column->name : std::string();
    });
    return name;
  }

  bool owned(const Object& table, const std::string& name) const {
    const Column* const column = table.column_named(name);
    if (!column)
      return false;
    for (const Id id : catalog_.dependents(table.id))
      if (const auto* const sequence = catalog_.get(id)->maybe<catalog::Sequence>();
          sequence && sequence->table == table.id && sequence->column == column->number)
        return true;
    return false;
  }

  void verdict(size_t statement, WayBackClass kind, std::string reason) {
    result_.verdicts.push_back({statement, kind, std::move(reason)});
  }

  Catalog& catalog_;
  catalog::Apply names_;
  const Moments& moments_;
  const Way& up_;
  const Way& back_;
  std::string revision_;
  std::map<Id, Wanted> wanted_;
  std::map<Id, Before> before_;
  std::vector<Id> ordered_;
  std::set<std::string> taken_, notes_;
  Keeps result_;
};

}  // namespace

Keeps find_keeps(Past& past, const Moments& moments, const Way& up, const Way& back,
                 const std::string& revision) {
  return Finder(past, moments, up, back, revision).run();
}

}  // namespace retort::rollback
