// Whether what one CHECK demands follows from what another says. Their texts are compared, each as
// the grammar prints it: AND, OR, and lists of values are understood, all else is one word.
//
//   a = 1 OR (b IS NULL AND c IS NULL)   implies   a = 1 OR b IS NULL
//   a IN (1, 2)                          implies   a IN (1, 2, 3)
//
// A row passes unless the check is false. AND and OR keep that: no NULL spoils what follows here.
#include "compiler/facts/study.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace retort::facts {
namespace {

constexpr int kMaxDepth = 20;
constexpr size_t kMaxText = 4096;

// `x = 1`, `x IN (1, 2)`, `x = ANY (ARRAY[1, 2])`.
struct Membership {
  std::string_view what;
  std::vector<std::string_view> values;
};

std::optional<Membership> membership_of(std::string_view text) {
  const auto list_after = [&](std::string_view opening, std::string_view closing) {
    const size_t at = text.find(opening);
    const std::string_view what = text.substr(0, at);
    if (at == text.npos || !text.ends_with(closing) || what.starts_with("NOT ") ||
        what.ends_with(" NOT") ||
        std::count(what.begin(), what.end(), '(') != std::count(what.begin(), what.end(), ')'))
      return std::optional<Membership>();
    const size_t begin = at + opening.size();
    return std::optional(
        Membership{what, parts_of(text.substr(begin, text.size() - closing.size() - begin), ", ")});
  };
  for (const std::string_view opening : {" = ANY(ARRAY[", " = ANY (ARRAY["})
    if (auto list = list_after(opening, "])"))
      return list;
  if (auto list = list_after(" IN (", ")"))
    return list;
  return list_after(" = ", "");
}

bool is_within(std::string_view known, std::string_view wanted) {
  const std::optional<Membership> some = membership_of(known);
  const std::optional<Membership> all = membership_of(wanted);
  return some && all && some->what == all->what &&
         std::all_of(some->values.begin(), some->values.end(), [&](std::string_view value) {
           return std::find(all->values.begin(), all->values.end(), value) != all->values.end();
         });
}

bool follows(std::string_view known, std::string_view wanted, int depth) {
  known = without_parentheses(known);
  wanted = without_parentheses(wanted);
  if (known == wanted)
    return true;
  if (depth > kMaxDepth)
    return false;
  const auto from_known = [&](std::string_view part) { return follows(part, wanted, depth + 1); };
  const auto to_wanted = [&](std::string_view part) { return follows(known, part, depth + 1); };
  if (const auto some = parts_of(known, " OR "); some.size() > 1)
    return std::all_of(some.begin(), some.end(), from_known);
  const auto one_of = parts_of(wanted, " OR ");
  if (one_of.size() == 1)
    if (const auto each = parts_of(wanted, " AND "); each.size() > 1)
      return std::all_of(each.begin(), each.end(), to_wanted);
  if (const auto all = parts_of(known, " AND ");
      all.size() > 1 && std::any_of(all.begin(), all.end(), from_known))
    return true;
  return one_of.size() > 1 ? std::any_of(one_of.begin(), one_of.end(), to_wanted)
                           : is_within(known, wanted);
}

}  // namespace

bool implies(std::string_view known, std::string_view wanted) {
  return known.size() <= kMaxText && wanted.size() <= kMaxText && follows(known, wanted, 0);
}

}  // namespace retort::facts
