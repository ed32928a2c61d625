#include "bundle/rollback/dump_plan.h"

#include "common/text.h"
#include "compiler/catalog/sql.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace retort::rollback {
namespace {

using catalog::Catalog;
using catalog::Id;
using catalog::Kind;
using catalog::Object;
using How = TocEntry::How;

class Planner {
public:
  Planner(Catalog& catalog, size_t before) : catalog_(catalog), before_(before) {}

  DumpPlan run(const std::vector<Id>& tables, const std::set<Id>& touched) {
    std::vector<std::string> path;
    path.swap(catalog_.search_path);  // every name with its schema
    catalog_.back(before_);
    for (const Id id : tables)
      add_table(id);
    for (const Id id : tables_)
      read_table(id);
    add_views();
    catalog_.forth(before_);
    plan_.right_before =
        std::any_of(tables_.begin(), tables_.end(), [&](Id id) { return touched.contains(id); });
    add_missing();
    add_drops();
    path.swap(catalog_.search_path);
    return std::move(plan_);
  }

private:
  // --- before the upgrade ---

  void add_table(Id id) {
    if (std::find(tables_.begin(), tables_.end(), id) != tables_.end())
      return;
    const Object* const object = catalog_.get(id);
    if (!object || object->kind != Kind::table)
      return;
    tables_.push_back(id);
    plan_.tables.push_back(catalog::reference(catalog_, *object));
    plan_.patterns.push_back(fmt::format("\"{}\".\"{}\"", schema(*object), object->name));
    keys_.emplace_back(object->name, object->schema);
    for (const Id child : catalog_.dependents(id))  // its partitions have its rows
      if (const auto* const table = catalog_.get(child)->maybe<catalog::Table>();
          table &&
          std::find(table->parents.begin(), table->parents.end(), id) != table->parents.end())
        add_table(child);
  }

  std::string schema(const Object& object) const {
    const Object* const found = catalog_.get(object.schema);
    return found ? found->name : std::string("public");
  }

  bool is_ours(Id id) const {
    return std::find(tables_.begin(), tables_.end(), id) != tables_.end();
  }

  void must(std::vector<TocEntry>& list, std::string text) {
    add(list, How::must, std::move(text));
  }
  static void add(std::vector<TocEntry>& list, How how, std::string text) {
    const bool there = std::any_of(list.begin(), list.end(),
                                   [&](const TocEntry& each) { return each.text == text; });
    if (!there)
      list.push_back({how, std::move(text)});
  }

  void read_table(Id id) {
    const Object& object = *catalog_.get(id);
    const auto& table = object.as<catalog::Table>();
    for (const Id each : catalog_.dependents(id)) {
      const Object& dependent = *catalog_.get(each);
      const auto* const key = dependent.maybe<catalog::Constraint>();
      if (key && key->kind == forms::ConstraintKind::foreign_key && key->references == id &&
          key->parent == 0 && !is_ours(dependent.table)) {
        const Object& other = *catalog_.get(dependent.table);
        must(plan_.after,
             fmt::format("FK CONSTRAINT {} {} {}", schema(other), other.name, dependent.name));
        add(plan_.after, How::may,
            fmt::format("COMMENT {} CONSTRAINT {} ON {}", schema(other), dependent.name,
                        other.name));
      }
    }
    for (const Id each : catalog_.members(id, Kind::statistics)) {
      const Object& statistics = *catalog_.get(each);
      must(plan_.after, fmt::format("STATISTICS {} {}",
                                    statistics.schema == 0 ? schema(object) : schema(statistics),
                                    statistics.name));
      add(plan_.after, How::may,
          fmt::format("COMMENT {} STATISTICS {}", schema(object), statistics.name));
    }
    add(plan_.after, How::ends,
        fmt::format("PUBLICATION TABLE {}|{}", schema(object), object.name));
    for (const catalog::Column& column : table.columns) {
      if (column.dropped)
        continue;
      if (column.type.object != 0)
        types_.insert(column.type.object);
      if (const Object* const fallback = catalog_.get(column.fallback))
        for (const catalog::Need& need : fallback->needs)
          if (const Object* const sequence = catalog_.get(need.object);
              sequence && sequence->kind == Kind::sequence &&
              !is_ours(sequence->as<catalog::Sequence>().table))
            types_.insert(need.object);
    }
    for (const Id each : catalog_.members(id, Kind::trigger))
      types_.insert(catalog_.get(each)->as<catalog::Trigger>().function);
    types_.insert(object.schema);
    if (table.partition && std::none_of(table.parents.begin(), table.parents.end(),
                                        [&](Id parent) { return is_ours(parent); }))
      leave_out_indexes(id, object);
  }

  // Attaching it makes them; that they are there already fails inside a transaction.
  void leave_out_indexes(Id id, const Object& object) {
    for (const Id each : catalog_.members(id, Kind::index)) {
      const Object& index = *catalog_.get(each);
      if (index.as<catalog::Index>().parent == 0)
        continue;
      add(plan_.leave_out, How::may, fmt::format("INDEX {} {}", schema(object), index.name));
      add(plan_.leave_out, How::may, fmt::format("INDEX ATTACH {} {}", schema(object), index.name));
      add(plan_.leave_out, How::may,
          fmt::format("CONSTRAINT {} {} {}", schema(object), object.name, index.name));
    }
    for (const Id each : catalog_.members(id, Kind::constraint)) {
      const Object& key = *catalog_.get(each);
      if (key.as<catalog::Constraint>().parent != 0)
        add(plan_.leave_out, How::may,
            fmt::format("FK CONSTRAINT {} {} {}", schema(object), object.name, key.name));
    }
  }

  // Views on the tables, and on these views, the lowest first.
  std::vector<Id> views_on(const std::vector<Id>& tables) const {
    std::vector<Id> views;
    std::vector<Id> queue = tables;
    for (size_t i = 0; i < queue.size(); ++i)
      for (const Id each : catalog_.dependents(queue[i])) {
        const Object& object = *catalog_.get(each);
        if (object.kind != Kind::view && object.kind != Kind::materialized_view)
          continue;
        std::erase(views, each);  // behind everything that it reads
        views.push_back(each);
        if (queue.size() < catalog_.size())
          queue.push_back(each);
      }
    return views;
  }

  void add_views() {
    for (const Id id : views_on(tables_)) {
      const Object& view = *catalog_.get(id);
      const bool materialized = view.kind == Kind::materialized_view;
      const std::string kind = materialized ? "MATERIALIZED VIEW" : "VIEW";
      must(plan_.after, fmt::format("{} {} {}", kind, schema(view), view.name));
      for (const Id each : catalog_.members(id, Kind::index))
        must(plan_.after, fmt::format("INDEX {} {}", schema(view), catalog_.get(each)->name));
      for (const Id each : catalog_.members(id, Kind::trigger))
        must(plan_.after,
             fmt::format("TRIGGER {} {} {}", schema(view), view.name, catalog_.get(each)->name));
      for (const Id each : catalog_.members(id, Kind::rule))
        must(plan_.after,
             fmt::format("RULE {} {} {}", schema(view), view.name, catalog_.get(each)->name));
      add(plan_.after, How::may, fmt::format("ACL {} TABLE {}", schema(view), view.name));
      add(plan_.after, How::begins, fmt::format("ACL {} COLUMN {}.", schema(view), view.name));
      add(plan_.after, How::may, fmt::format("COMMENT {} {} {}", schema(view), kind, view.name));
      add(plan_.after, How::begins, fmt::format("COMMENT {} COLUMN {}.", schema(view), view.name));
      if (materialized && view.as<catalog::Table>().populated)
        plan_.afterwards.push_back("REFRESH MATERIALIZED VIEW " +
                                   catalog::reference(catalog_, view));
    }
    for (const std::string& table : plan_.tables)
      plan_.afterwards.push_back("ANALYZE " + table);
  }

  // --- behind the way back ---

  // What the tables need, and the way back has not made again.
  void add_missing() {
    std::vector<Object> wanted;
    catalog_.back(before_);
    std::vector<std::string> schemas;
    for (const Id id : types_)
      if (const Object* const object = catalog_.get(id)) {
        wanted.push_back(*object);
        schemas.push_back(schema(*object));
      }
    catalog_.forth(before_);
    for (size_t i = 0; i < wanted.size(); ++i) {
      const Object& object = wanted[i];
      const catalog::Space space = object.kind == Kind::schema     ? catalog::Space::schema
                                   : object.is_type()              ? catalog::Space::type
                                   : object.kind == Kind::sequence ? catalog::Space::relation
                                                                   : catalog::Space::function;
      const bool there =
          catalog_.get(object.id) ||
          catalog_.find(space, object.name, object.kind == Kind::schema ? 0 : object.schema,
                        object.signature) != 0;
      if (there || object.is_table_like())
        continue;
      if (object.kind == Kind::schema) {
        plan_.first.insert(plan_.first.begin(), {How::must, "SCHEMA - " + object.name});
      } else if (object.maybe<catalog::Function>()) {
        add(plan_.first, How::begins, fmt::format("FUNCTION {} {}(", schemas[i], object.name));
      } else {
        const std::string_view kind = object.kind == Kind::domain     ? "DOMAIN"
                                      : object.kind == Kind::sequence ? "SEQUENCE"
                                                                      : "TYPE";
        must(plan_.first, fmt::format("{} {} {}", kind, schemas[i], object.name));
        add(plan_.first, How::may, fmt::format("ACL {} {} {}", schemas[i], kind, object.name));
        add(plan_.first, How::may, fmt::format("COMMENT {} {} {}", schemas[i], kind, object.name));
      }
    }
  }

  void add_drops() {
    std::vector<Id> there;
    std::vector<std::string> names;
    for (size_t i = 0; i < tables_.size(); ++i) {
      Id id = catalog_.get(tables_[i])
                  ? tables_[i]
                  : catalog_.find(catalog::Space::relation, keys_[i].first, keys_[i].second);
      const Object* const object = catalog_.get(id);
      if (!object || object->kind != Kind::table)
        continue;
      there.push_back(id);
      names.push_back(catalog::reference(catalog_, *object));
    }
    std::vector<Id> views = views_on(there);
    std::reverse(views.begin(), views.end());
    for (const Id id : views)
      if (const auto drop = catalog::removal(catalog_, id))
        plan_.drop.push_back(*drop);
    for (const Id id : there)
      for (const Id each : catalog_.dependents(id)) {
        const Object& dependent = *catalog_.get(each);
        const auto* const key = dependent.maybe<catalog::Constraint>();
        const bool outside = std::find(there.begin(), there.end(), dependent.table) == there.end();
        if (key && key->kind == forms::ConstraintKind::foreign_key && key->references == id &&
            key->parent == 0 && outside)
          if (const auto drop = catalog::removal(catalog_, each))
            plan_.drop.push_back(*drop);
      }
    if (!names.empty())  // together, since they may refer to each other
      plan_.drop.push_back("DROP TABLE " + join(names, ", "));
  }

  Catalog& catalog_;
  size_t before_;
  std::vector<Id> tables_;
  std::vector<std::pair<std::string, Id>> keys_;
  std::set<Id> types_;
  DumpPlan plan_;
};

}  // namespace

DumpPlan dump_plan(Catalog& catalog, size_t before, const std::vector<Id>& tables,
                   const std::set<Id>& touched) {
  return Planner(catalog, before).run(tables, touched);
}

}  // namespace retort::rollback
