// A name with capitals, blanks, or that is a word of the language has to be quoted wherever it is
// used, for ever.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void look(Visit& visit, Span at, const std::string& name) {
  if (visit.down() || name.empty() || forms::quoted(name) == name)
    return;
  visit
      .report(at, fmt::format("{} has to be written with quotes wherever it is used",
                              forms::quoted(name)))
      .note("small letters, digits and underscores need none, unless they are a word of SQL");
}

void check_table(const forms::CreateTable& create, Visit& visit) {
  look(visit, create.table.at, create.table.name);
  for (const forms::Column& column : create.columns)
    if (column.typed)
      look(visit, column.at, column.name);
}
void check_column(const forms::AddColumn& add, Visit& visit) {
  look(visit, add.column.at, add.column.name);
}
void check_view(const forms::CreateView& create, Visit& visit) {
  look(visit, create.view.at, create.view.name);
}
void check_enum(const forms::CreateEnum& create, Visit& visit) {
  look(visit, create.type.at, create.type.name);
}

}  // namespace

const Rule name_needs_quotes{
    .name = "name/needs-quotes",
    .level = Level::info,
    .checks = {on<check_table>, on<check_column>, on<check_view>, on<check_enum>},
    .state = Default::off};

}  // namespace retort::rules
