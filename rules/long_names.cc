#include "rules/long_names.h"

#include "rules/words.h"

#include <algorithm>
#include <array>

namespace retort::rules {
namespace {

constexpr size_t kLongest = 63;

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"')
    return std::string(text);
  std::string name;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] == '"')
      ++i;
  }
  return name;
}

// Certainly none: a longer run of a name's bytes would cover one of every so many.
bool has_no_long_name(std::string_view sql) {
  const auto may_be_in_name = [&](size_t i) {
    const auto c = static_cast<unsigned char>(sql[i]);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c >= 0x80;
  };
  for (size_t i = kLongest; i < sql.size(); i += kLongest) {
    size_t begin = i;
    while (begin > 0 && may_be_in_name(begin - 1))
      --begin;
    size_t end = i;
    while (end < sql.size() && may_be_in_name(end))
      ++end;
    if (end - begin > kLongest)
      return false;
  }
  return sql.find('"') == sql.npos;
}

bool is_taken(const Visit& visit, const std::string& name) {
  using catalog::Space;
  for (const Space space : {Space::relation, Space::type, Space::function, Space::constraint,
                            Space::trigger, Space::rule, Space::policy, Space::other})
    if (!visit.before().named(space, name).empty())
      return true;
  for (const facts::Touched& touched : visit.facts().touched)
    if (const catalog::Object* const object = visit.object(touched.id);
        object && object->maybe<catalog::Table>() && object->column_named(name))
      return true;
  return false;
}

bool is_duplicate(const Visit& visit, const std::string& name) {
  const std::optional<catalog::Problem>& problem = visit.problem();
  constexpr std::array<std::string_view, 4> kStates = {"42P07", "42701", "42710", "42723"};
  return problem && std::find(kStates.begin(), kStates.end(), problem->sqlstate) != kStates.end() &&
         problem->message.find("\"" + name + "\"") != std::string::npos;
}

}  // namespace

std::vector<LongName> long_names(const Visit& visit) {
  const std::string_view sql = visit.statement().sql;
  std::vector<LongName> result;
  if (sql.size() <= kLongest || has_no_long_name(sql))
    return result;
  for (const pg::Token& token : words_of(sql)) {
    if (token.kind != pg::TokenKind::word && token.kind != pg::TokenKind::name)
      continue;
    if (token.span.size() <= kLongest)
      continue;
    const std::string written = unquoted(text_of(sql, token));
    const std::string kept = catalog::cut_name(written);
    if (kept == written || std::any_of(result.begin(), result.end(), [&](const LongName& each) {
          return each.written == written;
        }))
      continue;
    const std::string stored =
        token.kind == pg::TokenKind::word ? catalog::cut_name(written) : kept;
    result.push_back(
        {token.span, written, stored, !is_taken(visit, stored), is_duplicate(visit, stored)});
  }
  return result;
}

}  // namespace retort::rules
