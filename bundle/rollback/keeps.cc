#include "bundle/rollback/keeps.h"

#include "bundle/rollback/affected.h"

#include "common/path.h"
#include "common/text.h"
#include "compiler/catalog/sql.h"
#include "compiler/ddl/names.h"

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

std::string cut(std::string text, size_t bytes) {
  if (text.size() > bytes)
    text.resize(bytes);
  return text;
}

class Finder {
public:
  Finder(Past& past, const Moments& moments, const Way& up, const Way& back, std::string revision)
      : catalog_(past.replay.catalog()), moments_(moments), up_(up), back_(back),
        revision_(std::move(revision)) {}

  Keeps run() {
    std::vector<std::string> path;
    path.swap(catalog_.search_path);  // every name is written with its schema
    Affected affected = find_affected(catalog_, moments_, up_, back_);
    wanted_ = std::move(affected.wanted);
    before_ = std::move(affected.before);
    notes_ = std::move(affected.notes);
    result_.verdicts = std::move(affected.verdicts);
    result_.lost = std::move(affected.lost);
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
  bool was_there(Id id) { return rollback::was_there(catalog_, moments_, id); }
  std::string reference(const Object& object) { return catalog::reference(catalog_, object); }

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
        const bool asked = before.unique.contains(number) || before.referring.contains(number);
        if (columns == &wanted.changed && !wanted.perhaps.contains(number) &&
            before.unique.contains(number))
          return fmt::format("{} must be unique, so that values cannot be put back row by row",
                             column_name(before, number));
        // What asks something of the column is there before its old values are.
        if (columns == &wanted.dropped && !back_.ours && asked &&
            (back->fallback != 0 || back->identity != forms::Identity::none || back->not_null ||
             before.one_null.contains(number)))
          return fmt::format("the downgrade asks for good values in {} before they are back",
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
    const std::string name = cut(portable_name(revision_ + "_" + of, ""), 50);
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
    table.cleared = table.inserted && is_cleared(id, wanted);
    using How = Written::How;
    table.rewritten = back_writes(id, How::update) || back_writes(id, How::anything);
    table.refilled =
        table.removed && (back_writes(id, How::insert) || back_writes(id, How::anything));
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

  // The way down deletes rows, and what it deletes beyond those that came can be put back.
  bool is_cleared(Id id, const Wanted& wanted) const {
    if (wanted.removed || !wanted.dropped.empty())
      return false;
    const auto retypes = [&](const Ran& ran) {
      return std::any_of(ran.facts.lost.begin(), ran.facts.lost.end(),
                         [&](const facts::Loss& loss) {
                           return loss.kind == facts::Loss::Kind::values && loss.id == id;
                         });
    };
    if (std::any_of(up_.ran.begin(), up_.ran.end(), retypes) ||
        std::any_of(back_.ran.begin(), back_.ran.end(), retypes))
      return false;
    return back_writes(id, Written::How::remove);
  }

  bool back_writes(Id id, Written::How how) const {
    return std::any_of(back_.ran.begin(), back_.ran.end(), [&](const Ran& ran) {
      return std::any_of(ran.written.begin(), ran.written.end(), [&](const Written& written) {
        return written.table == id && written.how == how;
      });
    });
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
    kept.name = column_reference(column.name);
    kept.type = before.types.at(number);
    kept.kept_as = before.kept_as.at(number);
    kept.numbered = before.numbered.contains(number);
    kept.identity_always = column.identity == forms::Identity::always;
    const Column* const now = after ? after->column_at(number) : nullptr;
    if (now && !now->dropped) {
      kept.name_after = column_reference(now->name);
      kept.type_after = kept_as(catalog_, now->type);
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
    if (owned_again) {
      kept.name = sequence.name;
      kept.back = fmt::format("pg_catalog.pg_get_serial_sequence({}, {})::regclass",
                              literal(reference(*table)), literal(column));
    } else if (same && same->kind == Kind::sequence)
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
          fmt::format("SELECT max({}) FROM {}", column_reference(column), reference(*table));
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
    const std::vector<Id> all = catalog_.dependents(table.id);
    return std::any_of(all.begin(), all.end(), [&](Id id) {
      const auto* const sequence = catalog_.get(id)->maybe<catalog::Sequence>();
      return sequence && sequence->table == table.id && sequence->column == column->number;
    });
  }

  void verdict(size_t statement, WayBackClass kind, std::string reason) {
    result_.verdicts.push_back({statement, kind, std::move(reason)});
  }

  Catalog& catalog_;
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
