#include "compiler/ddl/constraint.h"

#include "common/text.h"
#include "compiler/ddl/column.h"
#include "compiler/ddl/names.h"

#include <algorithm>

namespace retort {
namespace {

const Column* find_column(std::string_view key, const ConstraintPlace& place) {
  for (const Column& column : place.columns)
    if (column.lookup_key() == key)
      return &column;
  return nullptr;
}

Answer<std::string> column_name(const std::string& key, const ConstraintPlace& place) {
  if (place.columns.empty())
    return quoted(key);
  const Column* column = find_column(key, place);
  if (!column)
    return problem("table `" + place.table.text + "` has no column `" + key + "`", "columns");
  return written(column->name);
}

Answer<std::string> preamble(const ConstraintName& name, const NamingSubject& subject,
                             const ConstraintPlace& place) {
  const std::string text = TRY(constraint_name(name, subject, place.convention));
  return text.empty() ? text : "CONSTRAINT " + text + " ";
}

Answer<std::string> deferral_text(const Deferral& deferral) {
  std::string text;
  if (deferral.deferrable)
    text = *deferral.deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  if (!deferral.initially.empty()) {
    const std::string word = lower(deferral.initially);
    if (word != "deferred" && word != "immediate")
      return problem("`initially` must be DEFERRED or IMMEDIATE", "initially");
    text += " INITIALLY " + deferral.initially;
  }
  return text;
}

Answer<std::string> include_text(const Columns& columns, const ConstraintPlace& place) {
  return columns.empty() ? std::string() : " INCLUDE " + TRY(column_list(columns, place));
}

// SET NULL and SET DEFAULT may name columns, but only ON DELETE.
bool is_action(std::string_view text, bool on_delete) {
  std::string word = lower(text);
  if (const size_t open = word.find('('); on_delete && open != word.npos) {
    const bool closed = word.back() == ')' && word.size() > open + 2;
    word = trim(std::string_view(word).substr(0, open));
    return closed && (word == "set null" || word == "set default");
  }
  constexpr std::string_view kActions[] = {"restrict", "cascade", "set null", "set default",
                                           "no action"};
  return std::find(std::begin(kActions), std::end(kActions), word) != std::end(kActions);
}

Answer<std::string> reference_options(const ForeignKey& key) {
  std::string text;
  if (!key.match.empty())
    text += " MATCH " + key.match;
  if (!key.ondelete.empty()) {
    if (!is_action(key.ondelete, true))
      return problem("`" + key.ondelete + "` is not an action of ON DELETE", "ondelete");
    text += " ON DELETE " + key.ondelete;
  }
  if (!key.onupdate.empty()) {
    if (!is_action(key.onupdate, false))
      return problem("`" + key.onupdate + "` is not an action of ON UPDATE", "onupdate");
    text += " ON UPDATE " + key.onupdate;
  }
  return text + TRY(deferral_text(key.deferral));
}

std::string reference(const ForeignKey& key) {
  std::vector<std::string> names;
  for (const std::string& column : key.referred_columns)
    names.push_back(quoted(column));
  return "REFERENCES " + written(key.referred_schema, key.referred_table) + " (" +
         join(names, ", ") + ")";
}

Answer<std::string> text_of(const PrimaryKey& key, const ConstraintPlace& place) {
  const NamingSubject subject = naming_subject("pk", key.columns, place);
  return TRY(preamble(key.name, subject, place)) + "PRIMARY KEY " +
         TRY(column_list(key.columns, place)) + TRY(include_text(key.include, place)) +
         TRY(deferral_text(key.deferral));
}

Answer<std::string> text_of(const Unique& unique, const ConstraintPlace& place) {
  if (unique.columns.empty())
    return problem("a unique constraint needs columns", "columns");
  std::string text = TRY(preamble(unique.name, naming_subject("uq", unique.columns, place), place));
  text += "UNIQUE ";
  if (unique.nulls_not_distinct)
    text += *unique.nulls_not_distinct ? "NULLS NOT DISTINCT " : "NULLS DISTINCT ";
  return text + TRY(column_list(unique.columns, place)) + TRY(include_text(unique.include, place)) +
         TRY(deferral_text(unique.deferral));
}

Answer<std::string> text_of(const Check& check, const ConstraintPlace& place) {
  return TRY(preamble(check.name, naming_subject("ck", {}, place), place)) + "CHECK (" +
         check.sql.text + ")" + TRY(deferral_text(check.deferral)) +
         (check.not_valid ? " NOT VALID" : "");
}

Answer<std::string> text_of(const ForeignKey& key, const ConstraintPlace& place) {
  if (key.columns.size() != key.referred_columns.size())
    return problem("a foreign key needs as many referred columns as it has columns", "remote_cols");
  if (key.columns.empty())
    return problem("a foreign key needs columns", "columns");
  NamingSubject subject = naming_subject("fk", key.columns, place);
  subject.referred_table = key.referred_table.text;
  subject.referred_columns = key.referred_columns;
  subject.referred_known = key.referred_known;
  return TRY(preamble(key.name, subject, place)) + "FOREIGN KEY" +
         TRY(column_list(key.columns, place)) + " " + reference(key) + TRY(reference_options(key)) +
         (key.not_valid ? " NOT VALID" : "");
}

Answer<std::string> text_of(const Exclude& exclude, const ConstraintPlace& place) {
  if (exclude.elements.empty())
    return problem("an exclusion constraint needs elements", "elements");
  if (!is_method(exclude.using_))
    return problem("`" + exclude.using_ + "` is not an index method", "using");
  // SQLAlchemy knows no convention for exclusion constraints.
  std::string text = TRY(preamble(exclude.name, naming_subject("", {}, place), place));
  std::vector<std::string> elements;
  for (const Exclude::Element& element : exclude.elements) {
    const std::string ops = element.operator_class.empty() ? "" : " " + element.operator_class;
    elements.push_back(element.sql.text + ops + " WITH " + element.with);
  }
  text += "EXCLUDE USING " + lower(exclude.using_) + " (" + join(elements, ", ") + ")";
  if (exclude.where)
    text += " WHERE (" + exclude.where->text + ")";
  return text + TRY(deferral_text(exclude.deferral));
}

}  // namespace

bool is_method(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_word);
}

Answer<std::string> column_list(const Columns& columns, const ConstraintPlace& place) {
  std::vector<std::string> names;
  for (const std::string& key : columns)
    names.push_back(TRY(column_name(key, place)));
  return "(" + join(names, ", ") + ")";
}

NamingSubject naming_subject(std::string_view kind, const Columns& columns,
                             const ConstraintPlace& place) {
  NamingSubject subject;
  subject.kind = kind;
  subject.schema = place.schema.text;
  subject.table = place.table.text;
  for (const std::string& key : columns) {
    const Column* column = find_column(key, place);
    subject.columns.push_back({key, column ? column->name.text : key});
  }
  return subject;
}

ForeignKey foreign_key_to(std::string_view target) {
  ForeignKey key;
  const size_t last = target.rfind('.');
  if (last == target.npos) {
    key.referred_table = target;
    return key;
  }
  key.referred_columns = {std::string(target.substr(last + 1))};
  target = target.substr(0, last);
  const size_t dot = target.rfind('.');
  if (dot != target.npos)
    key.referred_schema = target.substr(0, dot);
  key.referred_table = target.substr(dot == target.npos ? 0 : dot + 1);
  return key;
}

Answer<std::string> constraint_text(const Constraint& constraint, const ConstraintPlace& place) {
  return std::visit([&](const auto& c) { return text_of(c, place); }, constraint);
}

Answer<std::string> inline_reference(const ForeignKey& key) {
  return reference(key) + TRY(reference_options(key));
}

Check enum_check(const Column& column) {
  Check check;
  if (!column.type->check_name.empty())
    check.name = ConstraintName(column.type->check_name);
  std::vector<std::string> labels;
  for (const std::string& label : column.type->labels)
    labels.push_back(literal(label));
  check.sql.text = written(column.name) + " IN (" + join(labels, ", ") + ")";
  return check;
}

}  // namespace retort
