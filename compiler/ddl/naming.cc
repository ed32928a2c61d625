#include "compiler/ddl/naming.h"

#include "common/md5.h"
#include "common/utf8.h"

#include <cstdlib>
#include <optional>

namespace retort {
namespace {

Answer<std::string> column_token(const NamingSubject::Column& column, std::string_view what,
                                 const NamingSubject& subject) {
  if (what == "name")
    return column.name;
  if (what == "key")
    return column.key;
  std::string schema = subject.schema;
  for (char& c : schema)
    if (c == '.')
      c = '_';
  return (schema.empty() ? "" : schema + "_") + subject.table + "_" + column.name;
}

Answer<std::string> referred_token(const NamingSubject& subject, size_t index) {
  if (!subject.referred_known)
    return problem("the naming convention needs the column that a foreign key refers to, and its "
                   "table is not known here");
  return index < subject.referred_columns.size() ? subject.referred_columns[index] : std::string();
}

// column_<i>_<what>, column_0N_<what>, column_0_N_<what>; `token` begins at the number.
Answer<std::string> numbered_token(const NamingSubject& subject, std::string_view token,
                                   bool referred) {
  const size_t digits = std::min(token.find_first_not_of("0123456789"), token.size());
  const size_t index = std::strtoul(std::string(token.substr(0, digits)).c_str(), nullptr, 10);
  std::string_view rest = token.substr(digits);
  std::optional<std::string_view> separator;
  for (const std::string_view mark : {"_N_", "N_"})
    if (!separator && rest.substr(0, mark.size()) == mark) {
      separator = mark == "_N_" ? "_" : "";
      rest.remove_prefix(mark.size() - 1);
    }
  const std::string_view what = rest.empty() ? rest : rest.substr(1);
  const bool known = what == "name" || (!referred && (what == "key" || what == "label"));
  if (digits == 0 || !known || (separator && index != 0))
    return problem("the naming convention has an unknown token with `column_" + std::string(token) +
                   "`");
  const auto one = [&](size_t i) -> Answer<std::string> {
    if (referred)
      return referred_token(subject, i);
    return i < subject.columns.size() ? column_token(subject.columns[i], what, subject)
                                      : Answer<std::string>(std::string());
  };
  if (!separator)
    return one(index);
  std::string result;
  for (size_t i = 0; i < subject.columns.size(); ++i)
    result += (i == 0 ? "" : std::string(*separator)) + TRY(one(i));
  return result;
}

Answer<std::string> token_text(std::string_view token, const ConstraintName& name,
                               const NamingSubject& subject) {
  constexpr std::string_view kReferred = "referred_column_";
  constexpr std::string_view kColumn = "column_";
  if (token == "table_name")
    return subject.table;
  if (token == "constraint_name") {
    if (name.kind == ConstraintName::Kind::none)
      return problem("the naming convention needs a name here: it contains %(constraint_name)s",
                     "name");
    return name.name.text;
  }
  if (token == "referred_table_name")
    return subject.referred_table;
  if (token.substr(0, kReferred.size()) == kReferred)
    return numbered_token(subject, token.substr(kReferred.size()), true);
  if (token.substr(0, kColumn.size()) == kColumn)
    return numbered_token(subject, token.substr(kColumn.size()), false);
  return problem("the naming convention has an unknown token `" + std::string(token) + "`");
}

// Python's `template % tokens`, as far as conventions use it.
Answer<std::string> expand(std::string_view pattern, const ConstraintName& name,
                           const NamingSubject& subject) {
  std::string result;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      result += pattern[i];
      continue;
    }
    if (pattern.substr(i, 2) == "%%") {
      result += '%';
      ++i;
      continue;
    }
    const size_t end = pattern.find(")s", i);
    if (pattern.substr(i, 2) != "%(" || end == pattern.npos)
      return problem("the naming convention `" + std::string(pattern) + "` is not readable");
    result += TRY(token_text(pattern.substr(i + 2, end - i - 2), name, subject));
    i = end + 1;
  }
  return result;
}

}  // namespace

NamingConvention default_naming_convention() { return {{"ix", "ix_%(column_0_label)s"}}; }

std::string cut_name(std::string_view name) {
  if (utf8::count(name) <= kLongestName)
    return std::string(name);
  size_t bytes = 0;
  for (size_t i = 0; i < kLongestName - 8; ++i)
    bytes += utf8::decode(name, bytes).size;
  return std::string(name.substr(0, bytes)) + "_" + md5(name).substr(28);
}

Answer<std::string> constraint_name(const ConstraintName& name, const NamingSubject& subject,
                                    const NamingConvention& convention) {
  using Kind = ConstraintName::Kind;
  if (name.kind == Kind::final)
    return written(Identifier(cut_name(name.name.text), name.name.quote));
  const auto found = convention.find(subject.kind);
  const bool applies =
      found != convention.end() &&
      (name.kind == Kind::none || found->second.find("constraint_name") != std::string::npos);
  if (applies)
    return written(Identifier(cut_name(TRY(expand(found->second, name, subject)))));
  if (name.kind == Kind::none)
    return std::string();
  if (utf8::count(name.name.text) > kLongestName)
    return problem("name `" + name.name.text + "` is longer than 63 characters", "name");
  return written(name.name);
}

}  // namespace retort
