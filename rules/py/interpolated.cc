// A value of a row becomes part of a statement's text: a quote in it ends the literal, and what
// follows is SQL.
#include "linter/row_use.h"
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (!visit.unit().index || (*visit.chain())[*visit.unit().index].format != Format::python)
    return;
  for (const PastedValue& each : row_use(visit.source()).pasted) {
    const std::string_view value = visit.source().substr(each.value.begin, each.value.size());
    const std::string message =
        each.text
            ? fmt::format("a quote in `{}` ends the literal, and the rest of it runs as SQL", value)
            : fmt::format("`{}` becomes part of the SQL, None as a word of its own", value);
    visit
        .report(each.value, message,
                {.variant = each.text ? "" : "plain",
                 .level = each.text ? Level::warning : Level::info})
        .note("give it as a parameter: execute(sa.text(\"… = :value\"), {\"value\": …})");
  }
}

}  // namespace

const Rule py_interpolated{
    .name = "py/interpolated", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
