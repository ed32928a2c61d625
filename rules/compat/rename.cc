// A new name takes effect at once, and code that runs still says the old one (42P01, 42703, 3F000).
// Functions whose bodies are text are not changed along and fail when they are called next.
#include "rules/around.h"

#include "common/text.h"
#include "linter/body_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using forms::ObjectKind;

// Functions that say the old name and that this revision does not make anew.
std::vector<std::string> callers(const Visit& visit, std::string_view name,
                                 std::string_view table) {
  std::vector<std::string> names;
  for (catalog::Id id = 1; id < visit.before().size(); ++id) {
    const catalog::Object* const object = visit.object(id);
    const auto* const function = object ? object->maybe<catalog::Function>() : nullptr;
    if (!function || (function->language != "plpgsql" && function->language != "sql") ||
        !has_word(function->body, name) || (!table.empty() && !has_word(function->body, table)))
      continue;
    const auto again = [&](const forms::CreateFunction& create) {
      return create.function.name == object->name;
    };
    if (!find_form<forms::CreateFunction>(later(visit), again))
      names.push_back(visit.name_of(*object) + "()");
  }
  return names;
}

// A view with the old name takes its place.
bool is_replaced(const Visit& visit, const forms::Name& old) {
  return find_form<forms::CreateView>(
             later(visit), [&](const forms::CreateView& view) { return view.view == old; }) ||
         find_form<forms::CreateTable>(
             later(visit), [&](const forms::CreateTable& create) { return create.table == old; });
}

void tell(Visit& visit, Span at, std::string_view variant, const std::string& old,
          const std::vector<std::string>& functions, std::string way_out) {
  Diagnostic& finding = visit.report(
      at, fmt::format("running code that says {} fails from now on", old), {.variant = variant});
  if (!functions.empty())
    finding.note("so do, when they are called next: " + join(functions, ", "));
  finding.note(std::move(way_out));
}

void check_rename(const forms::Rename& rename, Visit& visit) {
  const forms::Object& object = rename.object;
  const std::string name = forms::to_text(object.name);
  if (object.kind == ObjectKind::column) {
    const catalog::Object* const table = visit.relation(object.name);
    if (rename.target == ObjectKind::type || !visit.live(object.name))
      return;
    if (table && visit.transaction().added(table->id, object.column))
      return;
    tell(visit, rename.at, "column", fmt::format("{}.{}", name, forms::quoted(object.column)),
         callers(visit, object.column, object.name.name),
         "add the new column beside the old one, write both, and drop the old one later");
  } else if (object.kind == ObjectKind::table || object.kind == ObjectKind::view ||
             object.kind == ObjectKind::materialized_view) {
    const catalog::Object* const table = visit.relation(object.name);
    if ((!table && rename.if_exists) || !visit.live(object.name) ||
        (table && !table->is_table_like()) || is_replaced(visit, object.name))
      return;
    tell(visit, rename.at, "table", name, callers(visit, object.name.name, {}),
         fmt::format("CREATE VIEW {} AS SELECT * FROM {} keeps the old name working until the "
                     "code has changed",
                     name, forms::quoted(rename.to)));
  } else if (object.kind == ObjectKind::schema) {
    const catalog::Id id = visit.before().find(catalog::Space::schema, object.name.name, 0);
    if (id != 0 && !visit.released(id))
      return;
    tell(visit, rename.at, "schema", name, callers(visit, object.name.name, {}),
         "make the new schema beside the old one and move what is in it bit by bit");
  }
}

void check_schema(const forms::SetSchema& move, Visit& visit) {
  const ObjectKind kind = move.object.kind;
  const catalog::Object* const table = visit.relation(move.object.name);
  if ((kind != ObjectKind::table && kind != ObjectKind::view &&
       kind != ObjectKind::materialized_view) ||
      (!table && move.if_exists) || !visit.live(move.object.name) ||
      is_replaced(visit, move.object.name))
    return;
  const std::string name = forms::to_text(move.object.name);
  tell(visit, move.at, "table", name, callers(visit, move.object.name.name, {}),
       fmt::format("a view with the old name, or {} in the search_path, keeps the code working",
                   forms::quoted(move.schema)));
}

}  // namespace

const Rule compat_rename{.name = "compat/rename",
                         .level = Level::warning,
                         .checks = {on<check_rename>, on<check_schema>}};

}  // namespace retort::rules
