// SQLAlchemy makes an enum's type together with a table. A column that is added, or changed to the
// type, is written without it, and PostgreSQL does not know the name (42704).
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(Visit& visit) {
  const forms::TypeName* const type = unmade_type(visit);
  if (!type)
    return;
  const std::string name = forms::to_text(forms::Name{type->schema, type->name, {}});
  // Who made the tables outside of the chain may have made their types there, too.
  const auto* const add = std::get_if<forms::AddColumn>(&visit.statement().forms.front());
  const auto* const alter = std::get_if<forms::AlterColumnType>(&visit.statement().forms.front());
  const bool known = (!add || visit.known(add->table)) && (!alter || visit.known(alter->table)) &&
                     !visit.before().opaque;
  visit
      .report({}, fmt::format("nobody has made the type {}: this fails (42704)", name),
              {.unknown = !known})
      .note(fmt::format("{} does not make it, unlike create_table; before it, call "
                        "postgresql.ENUM(…, name=\"{}\").create(op.get_bind())",
                        visit.statement().op, type->name));
}

}  // namespace

const Rule enum_type_missing{
    .name = "enum/type-missing", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
