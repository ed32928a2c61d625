#include "compiler/alembic/sketch.h"

#include "compiler/python/value.h"
#include "compiler/statement_forms.h"
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/split.h"

#include <algorithm>
#include <iterator>

namespace retort::alembic {
namespace {

using forms::Form;

bool has_gap(std::string_view text) { return text.find(py::kGap) != text.npos; }

bool begins_with_change(std::string_view sql) {
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  pg::Token first = lexer.next();
  while (first.kind == pg::TokenKind::comment)
    first = lexer.next();
  const auto verbs = {"insert", "update", "delete", "merge"};
  return std::any_of(verbs.begin(), verbs.end(),
                     [&](const char* verb) { return pg::same_word(lexer.text(first), verb); });
}

bool has_unknown_table(const Form& form) {
  return std::visit(
      [](const auto& each) {
        if constexpr (requires { each.table.name; })
          return has_gap(each.table.name) || has_gap(each.table.schema);
        return false;
      },
      form);
}

// A piece of a statement that changes the schema may be a name or a label: nothing of it is
// certain. One that changes rows does that whatever the piece is.
std::optional<std::vector<Form>> forms_of_one(std::string_view sql) {
  std::vector<Form> forms = forms_of(sql);
  if (std::all_of(forms.begin(), forms.end(), forms::changes_rows)) {
    std::replace_if(forms.begin(), forms.end(), has_unknown_table, unknown_rows());
    return forms;
  }
  return begins_with_change(sql) ? std::optional(std::vector{unknown_rows()}) : std::nullopt;
}

}  // namespace

Form unknown_rows() {
  forms::Opaque rows;
  rows.reason = "unknown rows";
  rows.anything = false;
  rows.writes = true;
  return rows;
}

std::optional<std::vector<Form>> forms_of_sketch(std::string_view sketch) {
  const pg::Split split = pg::split(sketch);
  if (!split.faults.empty())
    return std::nullopt;
  std::vector<Form> all;
  for (const auto& statement : split.statements) {
    const Span at = statement.span;
    std::optional<std::vector<Form>> forms = forms_of_one(sketch.substr(at.begin, at.size()));
    if (!forms)
      return std::nullopt;
    std::move(forms->begin(), forms->end(), std::back_inserter(all));
  }
  return split.statements.empty() ? std::nullopt : std::optional(std::move(all));
}

}  // namespace retort::alembic
