#include "compiler/statistics/compare.h"

#include "common/text.h"
#include "compiler/forms/expression.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::statistics {
namespace {

using catalog::Catalog;
using catalog::Kind;
using catalog::Object;
using Side = Difference::Side;

std::string name_of(std::string_view schema, std::string_view name) {
  return forms::to_text(forms::Name{std::string(schema), std::string(name), {}});
}

class Comparison {
public:
  Comparison(const Statistics& read, const Catalog& catalog) : read_(read), catalog_(catalog) {
    for (catalog::Id id = 1; id < catalog.size(); ++id)
      if (const Object* const object = catalog.get(id))
        sort_in(*object);
  }

  std::vector<Difference> run(std::string_view version_table) {
    if (!read_.refused.contains("table"))
      compare_tables(version_table);
    if (!read_.refused.contains("attribute"))
      compare_columns();
    if (!read_.refused.contains("enum"))
      compare_enums();
    compare_constraints();
    for (const Index& index : read_.indexes)
      if (const auto own = indexes_.find(name_of(index.schema, index.name));
          own != indexes_.end() && !index.valid && own->second->as<catalog::Index>().valid)
        add(Side::both, table_of(*own->second),
            fmt::format("index {} is not valid in the database", own->first));
    return std::move(found_);
  }

private:
  void add(Side side, std::string what, std::string text) {
    found_.push_back({side, std::move(what), std::move(text)});
  }

  std::string_view schema_of(const Object& object) const {
    const Object* const schema = catalog_.get(object.schema);
    return schema ? std::string_view(schema->name) : "";
  }
  std::string table_of(const Object& part) const {
    const Object* const table = catalog_.get(part.table);
    return table ? name_of(schema_of(*table), table->name) : "";
  }

  void sort_in(const Object& object) {
    const std::string name = name_of(schema_of(object), object.name);
    if (const auto* const table = object.maybe<catalog::Table>();
        table && table->persistence != forms::Persistence::temporary && object.kind != Kind::view) {
      tables_.emplace(name, &object);
      schemas_.emplace(schema_of(object));
    } else if (object.maybe<catalog::Index>()) {
      indexes_[name] = &object;
    } else if (const auto* const type = object.maybe<catalog::TypeData>();
               type && type->form == catalog::TypeData::Form::enumeration &&
               object.kind == Kind::type) {
      enums_[name] = type;
      schemas_.emplace(schema_of(object));
    } else if (const auto* const constraint = object.maybe<catalog::Constraint>()) {
      constraints_[{table_of(object), object.name}] = constraint;
    }
  }

  Side only_there(const std::string& schema) const {
    return schemas_.contains(schema) ? Side::database_only : Side::elsewhere;
  }

  void compare_tables(std::string_view version_table) {
    for (const auto& [name, table] : tables_)
      if (!read_.table(name))
        add(Side::chain_only, name, fmt::format("table {} is not in the database", name));
    for (const auto& [name, table] : read_.tables())
      if (!tables_.contains(name) && table.name != version_table && table.extension.empty() &&
          !has_known_parent(table))
        add(only_there(table.schema), name, fmt::format("table {} is not in the chain", name));
  }

  // Partitions are often made by a job and not by a revision.
  bool has_known_parent(const Table& table) const {
    const Table* at = &table;
    for (int depth = 0; at && !at->parent.empty() && depth < 64; ++depth) {
      if (tables_.contains(at->parent))
        return true;
      at = read_.table(at->parent);
    }
    return false;
  }

  // Of tables that both know; a file that has no attributes says nothing.
  void compare_columns() {
    for (const auto& [name, object] : tables_) {
      const Table* const there = read_.table(name);
      const auto& own = object->as<catalog::Table>();
      if (!there || there->attributes.empty() || own.partial || object->kind != Kind::table)
        continue;
      std::set<std::string_view> known;
      for (const catalog::Column& column : own.columns) {
        if (column.dropped)
          continue;
        known.insert(column.name);
        const auto other = there->attributes.find(column.name);
        if (other == there->attributes.end())
          add(Side::chain_only, name,
              fmt::format("column {}.{} is not in the database", name, forms::quoted(column.name)));
        else if (other->second != column.not_null)
          add(Side::both, name,
              fmt::format("column {}.{} is {} in the database, and {} in the chain", name,
                          forms::quoted(column.name), other->second ? "NOT NULL" : "nullable",
                          column.not_null ? "NOT NULL" : "nullable"));
      }
      for (const auto& [column, not_null] : there->attributes)
        if (!known.contains(column))
          add(Side::both, name,
              fmt::format("column {}.{} is not in the chain", name, forms::quoted(column)));
    }
  }

  void compare_enums() {
    std::set<std::string> seen;
    for (const Enum& there : read_.enums) {
      const std::string name = name_of(there.schema, there.name);
      seen.insert(name);
      const auto own = enums_.find(name);
      if (own != enums_.end() && own->second->labels != there.labels)
        add(Side::both, name,
            fmt::format("enum {} has the labels {} in the database, and {} in the chain", name,
                        join(there.labels, ", "), join(own->second->labels, ", ")));
      else if (own == enums_.end() && there.extension.empty())
        add(only_there(there.schema), name, fmt::format("enum {} is not in the chain", name));
    }
    for (const auto& [name, own] : enums_)
      if (!seen.contains(name) && !own->labels.empty())
        add(Side::chain_only, name, fmt::format("enum {} is not in the database", name));
  }

  void compare_constraints() {
    for (const Constraint& there : read_.constraints) {
      const std::string table = name_of(there.schema, there.table);
      const auto own = constraints_.find({table, there.name});
      if (own == constraints_.end() || own->second->valid == there.valid)
        continue;
      add(Side::both, table,
          fmt::format("constraint {} of {} is {} in the database, and {} in the chain",
                      forms::quoted(there.name), table, there.valid ? "valid" : "NOT VALID",
                      there.valid ? "NOT VALID" : "valid"));
    }
  }

  const Statistics& read_;
  const Catalog& catalog_;
  std::map<std::string, const Object*> tables_;
  std::set<std::string, std::less<>> schemas_;  // where the chain has something
  std::map<std::string, const Object*> indexes_;
  std::map<std::string, const catalog::TypeData*> enums_;
  std::map<std::pair<std::string, std::string>, const catalog::Constraint*> constraints_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(const Statistics& statistics, const Catalog& catalog,
                                    std::string_view version_table) {
  return Comparison(statistics, catalog).run(version_table);
}

std::vector<std::string> lines(const std::vector<Difference>& differences, size_t most) {
  std::vector<std::string> all;
  std::vector<std::string> tables, enums, elsewhere;
  for (const Difference& each : differences) {
    if (each.side == Side::elsewhere)
      elsewhere.push_back(each.what);
    else if (each.side != Side::database_only)
      all.push_back(each.text);
    else
      (each.text.starts_with("enum ") ? enums : tables).push_back(each.what);
  }
  const auto add = [&](std::vector<std::string>& names, std::string_view noun,
                       std::string_view where) {
    if (names.empty())
      return;
    const size_t count = names.size();
    if (count > most) {
      names.resize(most);
      names.push_back(fmt::format("{} more", count - most));
    }
    all.push_back(
        fmt::format("not in the chain: {}{}: {}", counted(count, noun), where, join(names, ", ")));
  };
  add(tables, "table", "");
  add(enums, "enum", "");
  add(elsewhere, "object", " in schemas where the chain has nothing");
  return all;
}

}  // namespace retort::statistics
