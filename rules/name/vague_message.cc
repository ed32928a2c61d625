// A history is read when something is on fire: "update", a ticket's number, or the same sentence
// three times do not say which revision it was.
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <regex>

namespace retort::rules {
namespace {

bool is_vague(const std::string& message) {
  constexpr std::array<std::string_view, 22> kEmpty = {
      "update",        "updates",      "update db",     "update database",
      "update schema", "update model", "update models", "fix",
      "fixes",         "change",       "changes",       "migration",
      "new migration", "db migration", "empty message", "message",
      "wip",           "temp",         "test",          "misc",
      "schema",        "auto"};
  return std::find(kEmpty.begin(), kEmpty.end(), message) != kEmpty.end();
}

bool is_ticket(const std::string& message) {
  static const std::regex kTicket("#?[a-z]{0,10}[-_ #]?[0-9]+");
  return std::regex_match(message, kTicket);
}

// `0283_platform_admin`: who lists revisions reads what changes all the same.
bool says_something(std::string_view id) {
  size_t words = 0;
  while (!id.empty()) {
    const size_t end = std::min(id.find_first_of("_- "), id.size());
    const std::string_view word = id.substr(0, end);
    words += word.size() > 2 &&
             std::none_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    id.remove_prefix(std::min(end + 1, id.size()));
  }
  return words > 1;
}

// Without a final period, and in lower case.
std::string plain(std::string_view title) {
  std::string text = lower(trim(title));
  while (!text.empty() && (text.back() == '.' || text.back() == '!'))
    text.pop_back();
  return text;
}

void check(EndVisit& visit) {
  if (!visit.chain())
    return;
  const Chain& chain = *visit.chain();
  std::map<std::string, std::vector<RevIndex>> by_message;
  for (RevIndex i = 0; i < chain.size(); ++i)
    by_message[plain(chain[i].title())].push_back(i);
  for (const Unit& unit : visit.units()) {
    if (!unit.index || !unit.reported || chain.is_merge_point(*unit.index) ||
        says_something(unit.revision))
      continue;
    const std::string_view title = chain[*unit.index].title();
    const std::string message = plain(title);
    if (message.empty())
      continue;
    const std::vector<RevIndex>& same = by_message[message];
    std::string why;
    if (is_vague(message))
      why = fmt::format("\"{}\" does not say what changes", title);
    else if (is_ticket(message))
      why = fmt::format("\"{}\" says where to look and not what changes", title);
    else if (same.size() > 1)
      why = fmt::format("`{}` says \"{}\" as well",
                        chain[same[same.front() == *unit.index ? 1 : 0]].id, title);
    if (!why.empty())
      visit.report(unit, why)->note("a history is read under pressure: say what is new");
  }
}

}  // namespace

const Rule name_vague_message{
    .name = "name/vague-message", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
