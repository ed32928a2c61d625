// A name without a schema means what the search_path of whoever runs the revision says.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void look(Visit& visit, const forms::Name& name, std::string_view kind) {
  if (!name.schema.empty() || name.name.empty() || visit.down())
    return;
  visit
      .report(name.at, fmt::format("in which schema the {} {} is made depends on the search_path",
                                   kind, forms::to_text(name)))
      .note("write the schema");
}

void check_table(const forms::CreateTable& create, Visit& visit) {
  if (create.persistence != forms::Persistence::temporary)
    look(visit, create.table, "table");
}
void check_view(const forms::CreateView& create, Visit& visit) { look(visit, create.view, "view"); }
void check_function(const forms::CreateFunction& create, Visit& visit) {
  look(visit, create.function, "function");
}
void check_enum(const forms::CreateEnum& create, Visit& visit) { look(visit, create.type, "type"); }

}  // namespace

const Rule name_unqualified{
    .name = "name/unqualified",
    .level = Level::info,
    .checks = {on<check_table>, on<check_view>, on<check_function>, on<check_enum>},
    .state = Default::off};

}  // namespace retort::rules
