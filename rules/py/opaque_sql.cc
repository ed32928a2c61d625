// SQL that makes SQL: what it changes is known when it has run. From there on the replay knows
// less, and so does every other rule.
#include "compiler/forms/opaque.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void report(Visit& visit, Span at, std::string_view what, bool anything) {
  if (anything)
    visit
        .report(at, fmt::format("{} runs SQL that it puts together: what it changes is not known, "
                                "nor what later statements find",
                                what))
        .note("findings behind it are milder, or are not made, where they would depend on it");
  else
    visit
        .report(at,
                fmt::format("{} may change objects: what becomes of those that it names is not "
                            "known from here on",
                            what),
                {.variant = "names"})
        .note(
            "a statement of its own, IF EXISTS or IF NOT EXISTS, says the same and is understood");
}

void check_block(const forms::Opaque& opaque, Visit& visit) {
  if (opaque.reason == "DO block" && (opaque.anything || !opaque.touches.empty()))
    report(visit, {opaque.at.begin, opaque.at.begin + 2}, "this block", opaque.anything);
}

// The name as it stands in the statement; all of the statement where it is written otherwise.
Span place_of(const forms::FunctionUse& use, const std::string& name, const Visit& visit) {
  const std::string_view sql = visit.statement().sql;
  const bool same = sql.size() > use.at.begin && sql.substr(use.at.begin).starts_with(name);
  return same ? Span{use.at.begin, use.at.begin + static_cast<uint32_t>(name.size())} : Span{};
}

// A function of the chain, or a procedure.
void check_call(const forms::Select& select, Visit& visit) {
  for (const forms::FunctionUse& use : select.query.mentions.functions)
    for (const catalog::Id id : visit.functions(use.name)) {
      const auto& function = visit.object(id)->as<catalog::Function>();
      if (!function.changes_shape)
        continue;
      const std::string name = forms::to_text(use.name);
      const bool read_here = function.language == "sql" || function.language == "plpgsql";
      return report(visit, place_of(use, name, visit), name + "()",
                    !read_here || forms::opaque_body(function.body).anything);
    }
}

}  // namespace

const Rule py_opaque_sql{
    .name = "py/opaque-sql", .level = Level::info, .checks = {on<check_block>, on<check_call>}};

}  // namespace retort::rules
