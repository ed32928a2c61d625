#include "compiler/facts/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace retort::facts {
namespace {

std::string line(const Touched& touched) {
  std::string result = "  " + touched.name;
  if (touched.lock != LockMode::none)
    result += fmt::format(" {}", sql_name(touched.lock));
  const auto answer = [&](Answer value, std::string_view word) {
    if (value != Answer::no)
      result += fmt::format(", {}{}", value == Answer::unknown ? "perhaps " : "", word);
  };
  answer(touched.rewritten, "rewritten");
  answer(touched.built, "built");
  if (touched.rewritten != Answer::yes)
    answer(touched.scanned, "scanned");
  const auto flag = [&](bool set, std::string_view word) {
    if (set)
      result += fmt::format(", {}", word);
  };
  flag(touched.changed, "rows changed");
  flag(touched.new_file, "new file");
  flag(touched.replaced, "entry replaced");
  flag(touched.made, "made");
  flag(touched.dropped, "dropped");
  if (!touched.reason.empty())
    result += fmt::format(" ({})", touched.reason);
  return result + "\n";
}

}  // namespace

std::string to_text(const Facts& facts) {
  std::string result = fmt::format("  work: {}\n", to_string(facts.work));
  for (const Touched& touched : facts.touched)
    if (touched.lock != LockMode::none || touched.scanned != Answer::no ||
        touched.built != Answer::no || touched.dropped)
      result += line(touched);
  for (const Loss& loss : facts.lost)
    result += fmt::format("  lost: {}\n", loss.what);
  if (!facts.outside_only.empty())
    result += fmt::format("  not in a transaction block: {}\n", facts.outside_only);
  if (facts.fails)
    result += fmt::format("  fails: {} {}\n", facts.fails->sqlstate, facts.fails->message);
  if (facts.fails_with_rows)
    result += fmt::format("  fails with rows: {} {}\n", facts.fails_with_rows->sqlstate,
                          facts.fails_with_rows->message);
  if (!facts.may_fail.empty())
    result += fmt::format("  may fail: {}\n", fmt::join(facts.may_fail, " "));
  if (facts.certain != Answer::yes)
    result += fmt::format("  not known: {}\n", facts.missing);
  return result;
}

}  // namespace retort::facts
