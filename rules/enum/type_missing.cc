// SQLAlchemy makes an enum's type together with a table. A column that is added, or changed to the
// type, is written without it, and PostgreSQL does not know the name (42704).
#include "linter/edits.h"
#include "rules/around.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

// `sa.Enum("sad", "happy", name="mood")` as it stands in the call, on one line.
std::string written_type(std::string_view call, const std::string& type) {
  for (const std::string_view name : {"Enum(", "ENUM("}) {
    const size_t open = call.find(name);
    if (open == std::string_view::npos || call.find(name, open + 1) != std::string_view::npos)
      continue;
    const size_t close = call.find(')', open);
    size_t begin = open;
    while (begin > 0 && (is_word(call[begin - 1]) || call[begin - 1] == '.'))
      --begin;
    if (close == std::string_view::npos)
      return {};
    const std::string_view text = call.substr(begin, close + 1 - begin);
    const std::string_view inside = call.substr(open + name.size(), close - open - name.size());
    if (text.find('\n') != std::string_view::npos || inside.find('(') != std::string_view::npos ||
        inside.find(fmt::format("name=\"{}\"", type)) ==
            inside.find(fmt::format("name='{}'", type)))
      return {};
    return std::string(text);
  }
  return {};
}

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
  Diagnostic& finding =
      visit
          .report({}, fmt::format("nobody has made the type {}: this fails (42704)", name),
                  {.unknown = !known})
          .note(fmt::format("{} does not make it, unlike create_table; before it, call "
                            "postgresql.ENUM(…, name=\"{}\").create(op.get_bind())",
                            visit.statement().op, type->name));
  const std::string text =
      visit.statement().call.file == FileId::none
          ? std::string()
          : written_type(visit.sources().text(visit.statement().call), type->name);
  if (text.empty())
    return;
  if (std::optional<Edit> edit =
          lines_before(visit.sources(), visit.statement(), {text + ".create(op.get_bind())"}))
    finding.fix({Safety::safe, "make the type first", {std::move(*edit)}});
}

}  // namespace

const Rule enum_type_missing{
    .name = "enum/type-missing", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
