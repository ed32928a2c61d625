// A CHECK is proved when a row is written and never again, until a dump is restored: one that asks
// the clock, or other tables, may be wrong by then, and the restore fails (23514).
#include "rules/around.h"

#include "common/text.h"
#include "compiler/facts/volatility.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <regex>

namespace retort::rules {
namespace {

constexpr std::string_view kClock =
    R"((now\(\)|CURRENT_DATE|CURRENT_TIMESTAMP|CURRENT_TIME|LOCALTIMESTAMP|LOCALTIME|statement_timestamp\(\)|clock_timestamp\(\)))";

// What was in the past once stays there: `x <= now()` cannot become false.
bool holds_for_ever(const std::string& text) {
  static const std::regex kPast("<=? \\(?" + std::string(kClock), std::regex::icase);
  static const std::regex kPastTurned(std::string(kClock) + "\\)? >=? ", std::regex::icase);
  return std::regex_search(text, kPast) || std::regex_search(text, kPastTurned);
}

// The first word that is a question without parentheses, as it is written; or empty.
std::string_view asking_word(std::string_view text) {
  constexpr std::array<std::string_view, 7> kWords = {
      "current_date", "current_timestamp", "current_time", "localtimestamp",
      "localtime",    "current_user",      "session_user"};
  while (true) {
    const auto begin = std::find_if(text.begin(), text.end(), is_word);
    const auto end = std::find_if_not(begin, text.end(), is_word);
    if (begin == end)
      return {};
    const std::string_view word(begin, end);
    for (const std::string_view each : kWords)
      if (pg::same_word(word, each))
        return word;
    text = std::string_view(end, text.end());
  }
}

// Whose answer may be another one later; empty: nobody's.
std::string culprit(const Visit& visit, const forms::Expression& check) {
  if (const std::string_view word = asking_word(check.text); !word.empty())
    return upper(word);
  for (const forms::FunctionUse& use : check.functions) {
    const std::string name = use.name.name + "()";
    const std::vector<catalog::Id> own = visit.functions(use.name);
    for (const catalog::Id id : own) {
      const auto& function = visit.object(id)->as<catalog::Function>();
      const std::string body = lower(function.body);
      if (function.volatility != "immutable" &&
          (body.find("from ") != std::string::npos || body.find("now()") != std::string::npos))
        return name;
    }
    if (!own.empty())
      continue;
    constexpr std::array<std::string_view, 9> kAsks = {"now",
                                                       "random",
                                                       "clock_timestamp",
                                                       "statement_timestamp",
                                                       "transaction_timestamp",
                                                       "timeofday",
                                                       "current_setting",
                                                       "txid_current",
                                                       "gen_random_uuid"};
    for (const std::string_view each : kAsks)
      if (use.name.name == each)
        return name;
    const facts::Builtin* const known = facts::builtin(use.name.name);
    if (known && known->volatility(visit.oldest_server()) == facts::Volatility::volatile_ &&
        known->every_overload)
      return name;
  }
  return "";
}

void look(Visit& visit, const forms::Constraint& constraint) {
  if (constraint.kind != forms::ConstraintKind::check)
    return;
  const std::string name = culprit(visit, constraint.check);
  if (name.empty() || holds_for_ever(constraint.check->text))
    return;
  visit
      .report(constraint.at,
              fmt::format("{} may say something else later: rows that pass today stop a restore "
                          "tomorrow (23514)",
                          name))
      .note("test it with a trigger when the row is written");
}

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  if (!visit.down())
    look(visit, add.constraint);
}
void check_column(const forms::AddColumn& add, Visit& visit) {
  if (!visit.down())
    for (const forms::Constraint& constraint : add.column.constraints)
      look(visit, constraint);
}
void check_table(const forms::CreateTable& create, Visit& visit) {
  if (visit.down())
    return;
  for (const forms::Column& column : create.columns)
    for (const forms::Constraint& constraint : column.constraints)
      look(visit, constraint);
  for (const forms::Constraint& constraint : create.constraints)
    look(visit, constraint);
}

}  // namespace

const Rule schema_volatile_check{
    .name = "schema/volatile-check",
    .level = Level::warning,
    .checks = {on<check_constraint>, on<check_column>, on<check_table>}};

}  // namespace retort::rules
