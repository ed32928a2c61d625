// A statement that names what is not there: the chain never made it, or took it away before.
#include "rules/refusal.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

// The name in the server's message: `relation "oders" does not exist`.
std::string_view quoted_name(std::string_view message) {
  const size_t open = message.find('"');
  const size_t close = open == std::string_view::npos ? open : message.find('"', open + 1);
  return close == std::string_view::npos ? "" : message.substr(open + 1, close - open - 1);
}

void check(Visit& visit) {
  const std::optional<Refusal> found =
      refusal(visit, {"42P01", "42703", "42704", "3F000", "42883"});
  if (!found)
    return;
  Diagnostic& finding = report_refusal(visit, *found);
  const std::string_view name = quoted_name(found->problem.message);
  const size_t dot = name.rfind('.');
  const std::string_view bare = dot == std::string_view::npos ? name : name.substr(dot + 1);
  std::vector<std::string_view> known;
  for (catalog::Id id = 1; id < visit.before().size(); ++id) {
    const catalog::Object* const object = visit.object(id);
    if (!object)
      continue;
    known.push_back(object->name);
    if (const catalog::Table* const table = object->maybe<catalog::Table>();
        table && found->problem.sqlstate == std::string_view("42703"))
      for (const catalog::Column& column : table->columns)
        if (!column.dropped)
          known.push_back(column.name);
  }
  if (const std::string_view near = nearest(bare, known); !near.empty() && near != bare)
    finding.note(fmt::format("did you mean `{}`?", near));
}

}  // namespace

const Rule fail_missing_object{
    .name = "fail/missing-object", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
