// ALTER TABLE's actions on columns and settings, but for those with a file of their own.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {

using catalog::Column;

void study(Study& s, const forms::DropColumn& form) {
  if (form.kind == Kind::type) {
    if (const Id id = s.look.type_named(form.table))
      s.touch(id, LockMode::access_exclusive).named = true;
    return;
  }
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive);
  if (tables.empty())
    return;
  if (s.before.column(tables[0], form.column))
    s.lose(Loss::Kind::column, tables[0], "column " + s.column_name(tables[0], form.column));
  else if (s.look.partial(tables[0]))
    s.lose(Loss::Kind::column, tables[0], "column " + s.column_name(tables[0], form.column));
  if (s.look.partial(tables[0]))
    s.unknown(fmt::format("what depends on {}", s.column_name(tables[0], form.column)));
}

void study(Study& s, const forms::SetNotNull& form) {
  for (const Id table :
       s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive)) {
    const Column* column = s.before.column(table, form.column);
    if (form.only && s.partitioned(table) && column && !column->not_null)
      for (const Id child : s.look.children(table))
        if (const Column* own = s.before.column(child, form.column); own && !own->not_null)
          s.fail("42P16", "constraint must be added to child tables too", form.at);
    if (!s.stored(table) || form.not_valid ||
        (column && column->not_null && column->not_null_valid))
      continue;
    const Answer proven = column ? proven_not_null(s, table, *column)
                          : s.look.partial(table) && !s.transaction.made(table) ? Answer::unknown
                                                                                : Answer::no;
    if (proven == Answer::yes)
      continue;
    if (proven == Answer::unknown) {
      s.scan(table, "NOT NULL is tested on every row unless a CHECK proves it", Answer::unknown);
      s.unknown(fmt::format("whether a CHECK says that {} is not null",
                            s.column_name(table, form.column)));
    } else {
      s.scan(table, "NOT NULL is tested on every row");
    }
    s.may_fail("23502");
  }
}

void study(Study& s, const forms::DropNotNull& form) {
  s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive);
}

void study(Study& s, const forms::SetDefault& form) {
  s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive);
}

void study(Study& s, const forms::DropDefault& form) {
  s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive);
}

void study(Study& s, const forms::AlterIdentity& form) {
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, true, LockMode::access_exclusive);
  if (tables.empty() || form.action != forms::AlterIdentity::Action::set)
    return;
  const Column* column = s.before.column(tables[0], form.column);
  for (const Id id : s.owned_sequences(tables[0]))
    if (column && s.before.get(id)->as<catalog::Sequence>().column == column->number) {
      Touched& sequence = s.touch(id, LockMode::share_row_exclusive, "the column's own sequence");
      const forms::SequenceOptions& options = form.sequence;
      sequence.new_file |= options.restart || options.increment || options.minimum ||
                           options.maximum || options.start || options.cache || options.cycle ||
                           options.no_minimum || options.no_maximum;
    }
}

void study(Study& s, const forms::DropExpression& form) {
  s.alter(form.table, form.if_exists, false, LockMode::access_exclusive);
}

void study(Study& s, const forms::AlterColumnSetting& form) {
  const bool weak = form.setting == "set-statistics" || form.setting == "set-options" ||
                    form.setting == "reset-options";
  s.alter(form.table, form.if_exists, false,
          weak ? LockMode::share_update_exclusive : LockMode::access_exclusive);
}

void study(Study& s, const forms::Inherit& form) {
  s.alter(form.table, form.if_exists, false, LockMode::access_exclusive);
  s.touch(form.parent, form.remove ? LockMode::access_share : LockMode::share_update_exclusive);
}

namespace {

bool has(const std::vector<std::string>& options, std::string_view option) {
  return std::find(options.begin(), options.end(), option) != options.end();
}

LockMode setting_lock(const Study& s, const forms::AlterTableSetting& form) {
  const std::string_view action = form.action;
  if (action.find("trig") != std::string_view::npos)
    return LockMode::share_row_exclusive;
  if (action == "cluster-on" || action == "drop-cluster")
    return LockMode::share_update_exclusive;
  if (action == "set-rel-options" || action == "reset-rel-options") {
    const Object* object = s.get(s.find(form.table));
    const bool view = form.kind == Kind::view || (object && object->kind == Kind::view);
    return view || has(form.options, "user_catalog_table") ? LockMode::access_exclusive
                                                           : LockMode::share_update_exclusive;
  }
  return LockMode::access_exclusive;
}

}  // namespace

void study(Study& s, const forms::AlterTableSetting& form) {
  const std::string_view action = form.action;
  const std::vector<Id> tables = s.alter(form.table, form.if_exists, true, setting_lock(s, form));
  if (tables.empty())
    return;
  const Id table = tables[0];
  if (action.find("trig") != std::string_view::npos)
    for (const Id partition : s.partitions(table))
      s.touch(partition, LockMode::share_row_exclusive, "a partition");
  const auto index = [&](LockMode mode) {
    const Object* owner = s.get(table);
    if (const Id id = owner ? s.before.find(catalog::Space::relation, form.name, owner->schema) : 0)
      s.touch(id, mode).named = true;
  };
  if (action == "cluster-on") {
    index(LockMode::share_update_exclusive);
  } else if (action == "replica-identity" && !form.name.empty()) {
    index(LockMode::share);
  } else if (action == "add-of") {
    if (const Id type = s.look.type_named({"", form.name, {}}))
      s.touch(type, LockMode::access_share).named = true;
  } else if (action == "set-logged" || action == "set-un-logged") {
    const auto wanted =
        action == "set-logged" ? forms::Persistence::permanent : forms::Persistence::unlogged;
    const catalog::Table* data = s.table(table);
    if (!data || data->persistence == wanted)
      return;
    if (data->partial && !s.transaction.made(table)) {
      s.rewrite(table, "it changes whether it is logged", Answer::unknown);
      s.unknown(fmt::format("whether {} is logged", s.name_of(table)));
      return;
    }
    s.rewrite(table, "it changes whether it is logged");
    if (s.server >= 15)  // and its identity columns' sequences
      for (const Id sequence : s.owned_sequences(table))
        s.touch(sequence, LockMode::access_exclusive, "owned by the table").new_file = true;
  } else if (action == "set-table-space" && s.get(table)->kind == Kind::index) {
    s.rebuild(table, "its file is copied to another tablespace");
  } else if (action == "set-table-space") {
    if (form.name == "pg_default") {
      s.unknown(fmt::format("in which tablespace {} is", s.name_of(table)));
      return;
    }
    Touched& touched = s.touch(table, LockMode::access_exclusive);
    touched.new_file = true;
    touched.rewritten = s.stored(table) ? Answer::yes : Answer::no;
    touched.reason = "its file is copied to another tablespace";
  } else if (action == "set-access-method" && form.name != "heap") {
    s.rewrite(table, "its access method changes");
  }
}

}  // namespace retort::facts
