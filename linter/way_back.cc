#include "linter/way_back.h"

#include "common/text.h"
#include "compiler/catalog/sql.h"
#include "compiler/statement_forms.h"
#include "linter/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace retort {
namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Id;
using catalog::Kind;
using catalog::Object;
using catalog::Table;
using forms::quoted;

std::string python_text(std::string_view text) { return fmt::format("\"{}\"", text); }

// An object by itself, not a part of a table.
bool is_root(const Object& object) {
  return object.table == 0 && object.kind != Kind::column_default;
}

// Members that are named in statements; the index of a key comes and goes with the key.
bool is_member(const Object& object) {
  const catalog::Index* const index = object.maybe<catalog::Index>();
  const catalog::Constraint* const constraint = object.maybe<catalog::Constraint>();
  return object.kind == Kind::constraint
             ? constraint->parent == 0
             : (index ? index->constraint == 0 && index->parent == 0
                      : object.kind == Kind::trigger || object.kind == Kind::policy ||
                            object.kind == Kind::rule);
}

// Sequences of serial and identity columns, and types that others bring along.
bool comes_along(const Object& object) {
  const catalog::Sequence* const sequence = object.maybe<catalog::Sequence>();
  const catalog::TypeData* const type = object.maybe<catalog::TypeData>();
  return (sequence && sequence->table != 0) || (type && type->multirange_of != 0);
}

// One of the two states, as text.
struct Member {
  std::string name;
  Kind kind = Kind::none;
  std::optional<std::vector<std::string>> creation;
  std::optional<std::string> removal;
  Id id = 0;
};
struct ColumnText {
  Column column;
  std::optional<std::string> definition;
  std::string type;
  std::optional<std::string> fallback;  // the expression of its default
};
struct TableState {
  std::string name;       // as a statement writes it
  std::string bare_name;  // without the schema
  std::string schema;     // empty where the search path leads there
  std::vector<ColumnText> columns;
  std::vector<Member> members;
};
struct RootState {
  Object object;
  std::string name;
  std::optional<std::vector<std::string>> creation;
  std::optional<std::string> removal;
  std::optional<TableState> table;
};
using State = std::map<Id, RootState>;

class Search {
public:
  Search(Catalog& catalog, size_t mark) : catalog_(catalog), mark_(mark) {}

  // Nothing where something changed that no statement here can bring back.
  std::optional<WayBack> run() {
    std::set<Id> roots;
    for (const Catalog::Change& change : catalog_.changes(mark_))
      for (const auto& object : {change.before, change.after})
        if (object)
          roots.insert(is_root(*object) ? object->id : object->table);
    const State now = state(roots);
    catalog_.back(mark_);
    const State then = state(roots);
    catalog_.forth(mark_);
    pair_up(now, then);
    if (!known_)
      return std::nullopt;
    drop(now);
    create(then, false);  // types, before columns are made of them
    change(now, then);
    drop_late(now);
    create(then, true);
    for (const Member& member : wanted_members_)
      make(member.creation);
    if (!known_ || result_.steps.empty())
      return std::nullopt;
    return std::move(result_);
  }

private:
  State state(const std::set<Id>& roots) {
    State all;
    for (const Id id : roots) {
      const Object* const object = catalog_.get(id);
      if (!object || comes_along(*object))
        continue;
      RootState& root = all[id];
      root.object = *object;
      root.name = catalog::reference(catalog_, *object);
      root.creation = catalog::creation(catalog_, id);
      root.removal = catalog::removal(catalog_, id);
      if (const Table* const table = object->maybe<Table>()) {
        known_ &= !table->unmade && !table->partial;
        root.table = table_state(*object, *table);
      }
    }
    return all;
  }

  TableState table_state(const Object& object, const Table& table) {
    TableState state;
    state.name = catalog::reference(catalog_, object);
    state.bare_name = object.name;
    if (state.name != quoted(object.name))
      if (const Object* const schema = catalog_.get(object.schema))
        state.schema = schema->name;
    for (const Column& column : table.columns) {
      if (column.dropped)
        continue;
      const Object* const fallback = catalog_.get(column.fallback);
      state.columns.push_back(
          {column, catalog::column_definition(catalog_, object.id, column),
           catalog::type_name(catalog_, column.type),
           fallback ? std::optional(fallback->as<catalog::Default>().text) : std::nullopt});
    }
    for (const Kind kind : {Kind::constraint, Kind::index, Kind::trigger, Kind::policy, Kind::rule})
      for (const Id id : catalog_.members(object.id, kind)) {
        const Object& member = *catalog_.get(id);
        if (is_member(member))
          state.members.push_back({member.name, kind, catalog::creation(catalog_, id),
                                   catalog::removal(catalog_, id), id});
      }
    return state;
  }

  // What went and came again is the same, under another identity.
  void pair_up(const State& now, const State& then) {
    for (const auto& [id, old] : then) {
      if (now.contains(id)) {
        pairs_.emplace_back(id, id);
        continue;
      }
      for (const auto& [other, made] : now)
        if (!then.contains(other) && made.object.kind == old.object.kind && made.name == old.name)
          pairs_.emplace_back(other, id);
    }
    for (const auto& [current, old] : pairs_) {
      paired_now_.insert(current);
      paired_then_.insert(old);
    }
  }

  void step(std::string sql, std::string python = {}) {
    if (python.empty()) {
      // A colon before a word would be a parameter to SQLAlchemy.
      for (size_t at = sql.find(':'); at != std::string::npos; at = sql.find(':', at + 1)) {
        const bool cast = at + 1 < sql.size() && sql[at + 1] == ':';
        if (!cast && at + 1 < sql.size() && is_word(sql[at + 1]))
          known_ = false;
        at += cast ? 1 : 0;
      }
      if (sql.find('\\') != std::string::npos)
        known_ = false;
      const std::string_view quote = sql.find_first_of("\"\n") == std::string::npos ? "\""
                                     : sql.find("\"\"\"") == std::string::npos      ? "\"\"\""
                                                                                    : "";
      known_ &= !quote.empty();
      python = fmt::format("op.execute({0}{1}{2}{0})", quote, sql, sql.ends_with('"') ? " " : "");
    }
    result_.steps.push_back({std::move(sql), std::move(python)});
  }
  void step(const std::optional<std::string>& sql) {
    if (sql)
      step(*sql);
    else
      known_ = false;
  }

  static std::string in_schema(const TableState& table) {
    return table.schema.empty() ? std::string()
                                : fmt::format(", schema={}", python_text(table.schema));
  }

  void drop_member(const TableState& table, const Member& member) {
    if (!member.removal) {
      known_ = false;
      return;
    }
    if (member.kind == Kind::index)
      step(*member.removal,
           fmt::format("op.drop_index({}, table_name={}{})", python_text(member.name),
                       python_text(table.bare_name), in_schema(table)));
    else if (member.kind == Kind::constraint)
      step(*member.removal, fmt::format("op.drop_constraint({}, {}{})", python_text(member.name),
                                        python_text(table.bare_name), in_schema(table)));
    else
      step(*member.removal);
  }

  // Views and tables that were not there, the youngest first.
  void drop(const State& now) {
    for (auto root = now.rbegin(); root != now.rend(); ++root) {
      const RootState& state = root->second;
      if (paired_now_.contains(root->first) || !state.table)
        continue;
      if (!state.removal)
        known_ = false;
      else if (state.object.kind == Kind::table)
        step(*state.removal, fmt::format("op.drop_table({}{})", python_text(state.table->bare_name),
                                         in_schema(*state.table)));
      else
        step(*state.removal);
    }
  }

  // What tables may have needed goes after them.
  void drop_late(const State& now) {
    for (auto root = now.rbegin(); root != now.rend(); ++root)
      if (!paired_now_.contains(root->first) && !root->second.table)
        step(root->second.removal);
  }

  void make(const std::optional<std::vector<std::string>>& creation) {
    known_ &= creation.has_value();
    if (creation)
      for (const std::string& sql : *creation)
        step(sql);
  }

  void create(const State& then, bool tables) {
    for (const auto& [id, state] : then) {
      if (paired_then_.contains(id) || state.table.has_value() != tables)
        continue;
      if (state.object.kind == Kind::table)
        result_.loses_nothing = false;
      make(state.creation);
    }
  }

  void change(const State& now, const State& then) {
    std::vector<std::pair<const TableState*, const TableState*>> tables;
    for (const auto& [current, old] : pairs_) {
      const RootState& a = now.at(current);
      const RootState& b = then.at(old);
      if (a.table && b.table)
        tables.emplace_back(&*a.table, &*b.table);
      else if (a.creation != b.creation)
        change_root(a, b);
    }
    for (const auto& [a, b] : tables)
      change_members(*a, *b);
    for (const auto& [a, b] : tables)
      if (a->name != b->name) {
        known_ &= a->schema == b->schema;
        step(fmt::format("ALTER TABLE {} RENAME TO {}", a->name, quoted(b->bare_name)),
             fmt::format("op.rename_table({}, {}{})", python_text(a->bare_name),
                         python_text(b->bare_name), in_schema(*a)));
      }
    for (const auto& [a, b] : tables)
      change_columns(*a, *b);
  }

  // Of types only a rename is known to be undone; labels cannot be taken away.
  void change_root(const RootState& a, const RootState& b) {
    if (a.object.kind == Kind::type && a.object.name != b.object.name &&
        a.object.schema == b.object.schema)
      step(fmt::format("ALTER TYPE {} RENAME TO {}", a.name, quoted(b.object.name)));
    else
      known_ = false;
  }

  void change_members(const TableState& a, const TableState& b) {
    const auto same = [](const Member& member, const std::vector<Member>& others) {
      return std::any_of(others.begin(), others.end(), [&](const Member& other) {
        return other.kind == member.kind && other.name == member.name &&
               (other.id == member.id || (other.creation && other.creation == member.creation));
      });
    };
    for (auto member = a.members.rbegin(); member != a.members.rend(); ++member)
      if (!same(*member, b.members))
        drop_member(a, *member);
    for (const Member& member : b.members)
      if (!same(member, a.members))
        wanted_members_.push_back(member);
  }

  void change_columns(const TableState& a, const TableState& b) {
    const auto named = [](const TableState& table, const ColumnText& wanted,
                          bool by_number) -> const ColumnText* {
      for (const ColumnText& column : table.columns)
        if (by_number ? column.column.number == wanted.column.number
                      : column.column.name == wanted.column.name)
          return &column;
      return nullptr;
    };
    // Renamed: the number is there under another name, and neither name is on the other side.
    std::map<std::string, std::string> renamed;  // from what it is called now
    for (const ColumnText& old : b.columns)
      if (!named(a, old, false))
        if (const ColumnText* const current = named(a, old, true);
            current && !named(b, *current, false)) {
          renamed[current->column.name] = old.column.name;
          step(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", b.name,
                           quoted(current->column.name), quoted(old.column.name)),
               fmt::format("op.alter_column({}, {}, new_column_name={}{})",
                           python_text(b.bare_name), python_text(current->column.name),
                           python_text(old.column.name), in_schema(b)));
        }
    for (const ColumnText& current : a.columns)
      if (!renamed.contains(current.column.name) && !named(b, current, false))
        step(fmt::format("ALTER TABLE {} DROP COLUMN {}", b.name, quoted(current.column.name)),
             fmt::format("op.drop_column({}, {}{})", python_text(b.bare_name),
                         python_text(current.column.name), in_schema(b)));
    for (const ColumnText& old : b.columns) {
      const ColumnText* current = named(a, old, false);
      if (!current)
        for (const auto& [from, to] : renamed)
          if (to == old.column.name)
            current = named(a, *named(a, old, true), false);
      if (current)
        change_column(b, *current, old);
      else
        add_column(b, old);
    }
  }

  void add_column(const TableState& table, const ColumnText& column) {
    result_.loses_nothing = false;
    if (!column.definition)
      known_ = false;
    else
      step(fmt::format("ALTER TABLE {} ADD COLUMN {}", table.name, *column.definition));
    if (column.column.comment)
      comment(table, column.column);
  }

  void comment(const TableState& table, const Column& column) {
    std::string text = "NULL";
    if (column.comment) {
      text = "'";
      for (const char c : *column.comment)
        text += c == '\'' ? "''" : std::string(1, c);
      text += "'";
    }
    step(fmt::format("COMMENT ON COLUMN {}.{} IS {}", table.name, quoted(column.name), text));
  }

  void change_column(const TableState& table, const ColumnText& now, const ColumnText& then) {
    const std::string name = quoted(then.column.name);
    const auto alter = [&](const std::string& action, const std::string& python = {}) {
      step(fmt::format("ALTER TABLE {} ALTER COLUMN {} {}", table.name, name, action),
           python.empty()
               ? std::string()
               : fmt::format("op.alter_column({}, {}, {}{})", python_text(table.bare_name),
                             python_text(then.column.name), python, in_schema(table)));
    };
    if (now.column.identity != then.column.identity ||
        now.column.generated != then.column.generated ||
        now.column.is_virtual != then.column.is_virtual ||
        now.column.collation != then.column.collation) {
      known_ = false;
      return;
    }
    const bool retyped = now.type != then.type;
    const bool other_default = now.fallback != then.fallback;
    if (now.column.generated && (retyped || other_default)) {
      known_ = false;
      return;
    }
    if (now.fallback && (retyped || (other_default && !then.fallback)))
      alter("DROP DEFAULT", "server_default=None");
    if (retyped) {
      result_.loses_nothing = false;
      alter(fmt::format("TYPE {0} USING {1}::{0}", then.type, name));
    }
    if (then.fallback && (retyped || other_default))
      alter(fmt::format("SET DEFAULT {}", *then.fallback));
    if (now.column.not_null != then.column.not_null)
      alter(then.column.not_null ? "SET NOT NULL" : "DROP NOT NULL",
            then.column.not_null ? "nullable=False" : "nullable=True");
    if (now.column.comment != then.column.comment)
      comment(table, then.column);
  }

  Catalog& catalog_;
  size_t mark_;
  std::vector<std::pair<Id, Id>> pairs_;  // now, then
  std::set<Id> paired_now_, paired_then_;
  std::vector<Member> wanted_members_;
  WayBack result_;
  bool known_ = true;
};

// Constraints that others need come first, and foreign keys last.
bool is_foreign_key(const BackStep& step) {
  return step.sql.starts_with("ALTER TABLE ") &&
         step.sql.find(" FOREIGN KEY ") != std::string::npos;
}

}  // namespace

std::optional<WayBack> way_back(catalog::Replay& replay, size_t mark) {
  std::optional<WayBack> found = Search(replay.catalog(), mark).run();
  if (!found)
    return std::nullopt;
  std::stable_partition(found->steps.begin(), found->steps.end(),
                        [](const BackStep& step) { return !is_foreign_key(step); });
  for (const BackStep& step : found->steps)
    if (replay.statement(forms_of(step.sql)))
      return std::nullopt;
  if (!compare(replay.catalog(), mark).empty())
    return std::nullopt;
  return found;
}

}  // namespace retort
