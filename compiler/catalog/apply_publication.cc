// What publications send of each table. A publication's hold on a table is an object of its own: it
// goes with the table, and keeps the columns that it names.
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace retort::catalog {
namespace {

struct Meant {
  Id table = 0;
  const forms::Published* form = nullptr;
};

// The tables that are meant, each once: what inherits is named with its table, partitions are not.
Done<std::vector<Meant>> meant(Apply& apply, const std::vector<forms::Published>& tables) {
  std::vector<Meant> all;
  for (const forms::Published& form : tables) {
    const std::function<Done<>(Id)> add = [&](Id id) -> Done<> {
      const Object* object = apply.catalog.get(id);
      if (!object)
        return Nothing{};
      const auto again =
          std::find_if(all.begin(), all.end(), [&](const Meant& each) { return each.table == id; });
      const auto conflict = [&](std::string_view what) {
        return problem(
            "42710", form.at,
            fmt::format("conflicting or redundant {} for table \"{}\"", what, object->name));
      };
      if (again == all.end())
        all.push_back({id, &form});
      else if (form.where || again->form->where)
        return conflict("WHERE clauses");
      else if (!form.columns.empty() || !again->form->columns.empty())
        return conflict("column lists");
      const Table* data = object->maybe<Table>();
      if (!form.only && data && data->strategy.empty())
        for (const Id child : apply.children(id))
          TRY(add(child));
      return Nothing{};
    };
    const Id table = TRY(apply.table(form, false));
    TRY(add(table));
  }
  return all;
}

}  // namespace

Done<> Apply::publish(Id publication, const std::vector<forms::Published>& tables, Span at) {
  for (const auto& [table, form] : TRY(meant(*this, tables))) {
    const Object& owner = *catalog.get(table);
    const std::string name = catalog.get(publication)->name;
    if (owner.kind != Kind::table || owner.as<Table>().persistence != forms::Persistence::permanent)
      return problem("22023", form->at,
                     fmt::format("cannot add relation \"{}\" to publication", owner.name));
    if (catalog.find(Space::published, name, table) != 0)
      return problem(
          "42710", at,
          fmt::format("relation \"{}\" is already member of publication \"{}\"", owner.name, name));
    Object object;
    object.kind = Kind::publication_table;
    object.table = table;
    object.name = name;
    object.needs = {{0, publication, 0, Strength::automatic}, {0, table, 0, Strength::automatic}};
    Published data;
    for (const std::string& each : form->columns)
      if (const Column* found = TRY(column(table, each, at))) {
        data.columns.push_back(found->number);
        object.needs.push_back({0, table, found->number, Strength::normal});
      }
    std::sort(data.columns.begin(), data.columns.end());
    TRY(mentioned(form->where, table, object.needs, 0, at));
    data.where = form->where.text;
    object.data = std::move(data);
    catalog.add(std::move(object));
  }
  return Nothing{};
}

Done<> Apply::operator()(const forms::AlterPublication& form) {
  using Action = forms::AlterPublication::Action;
  forms::Object named;
  named.kind = Kind::publication;
  named.name.name = form.publication;
  const Id id = TRY(find_object(named, false));
  if (form.action == Action::options)
    return Nothing{};
  if (id == 0) {  // not the chain's, but its tables must be there
    TRY(meant(*this, form.tables));
    return Nothing{};
  }
  if (form.action == Action::drop) {
    for (const auto& [table, what] : TRY(meant(*this, form.tables))) {
      const Id member = catalog.find(Space::published, form.publication, table);
      if (member != 0)
        catalog.remove(member);
      else if (certain({"", form.publication, {}}))
        return problem("42704", form.at,
                       fmt::format("relation \"{}\" is not part of the publication",
                                   catalog.get(table)->name));
    }
    return Nothing{};
  }
  if (form.action == Action::set)
    for (const Id member : catalog.dependents(id))
      catalog.remove(member);
  return publish(id, form.tables, form.at);
}

}  // namespace retort::catalog
