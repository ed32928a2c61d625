#include "compiler/ddl/index.h"

#include "common/text.h"
#include "compiler/ddl/names.h"

namespace retort {
namespace {

Answer<std::string> element_text(const IndexElement& element, const Index& index,
                                 const ConstraintPlace& place) {
  std::string text;
  if (element.sql) {
    text = element.sql->text;
  } else {
    const std::string list = TRY(column_list({element.column}, place));
    text = list.substr(1, list.size() - 2);
  }
  for (const auto& [key, operator_class] : index.operator_classes)
    if (key == (element.sql ? element.key : element.column))
      return text.append(" ").append(operator_class);
  return text;
}

}  // namespace

Answer<std::string> index_name(const Index& index, const ConstraintPlace& place) {
  const bool nameless =
      index.elements.empty() || (index.elements[0].sql && index.elements[0].name.empty());
  if (index.name.kind == ConstraintName::Kind::none && nameless)
    return problem("an index of an expression needs a name", "index_name");
  Columns keys;
  for (const IndexElement& element : index.elements)
    if (const std::string& key = element.sql ? element.name : element.column; !key.empty())
      keys.push_back(key);
  const std::string name =
      TRY(constraint_name(index.name, naming_subject("ix", keys, place), place.convention));
  if (name.empty())
    return problem("an index needs a name", "index_name");
  return name;
}

Answer<std::string> create_index_text(const Index& index, bool if_not_exists,
                                      const ConstraintPlace& place) {
  if (index.elements.empty())
    return problem("an index needs columns", "columns");
  if (!index.using_.empty() && !is_method(index.using_))
    return problem("`" + index.using_ + "` is not an index method", "postgresql_using");
  std::string text = "CREATE ";
  text += index.unique ? "UNIQUE INDEX " : "INDEX ";
  text += index.concurrently ? "CONCURRENTLY " : "";
  text += if_not_exists ? "IF NOT EXISTS " : "";
  text += TRY(index_name(index, place)) + " ON " + written(place.schema, place.table) + " ";
  if (!index.using_.empty())
    text += "USING " + lower(index.using_) + " ";
  std::vector<std::string> parts;
  for (const IndexElement& element : index.elements)
    parts.push_back(TRY(element_text(element, index, place)));
  text += "(" + join(parts, ", ") + ")";
  if (!index.include.empty())
    text += " INCLUDE " + TRY(column_list(index.include, place));
  if (index.nulls_not_distinct)
    text += *index.nulls_not_distinct ? " NULLS NOT DISTINCT" : " NULLS DISTINCT";
  if (!index.with.empty()) {
    parts.clear();
    for (const auto& [key, value] : index.with)
      parts.push_back(std::string(key).append(" = ").append(value));
    text += " WITH (" + join(parts, ", ") + ")";
  }
  if (!index.tablespace.empty())
    text += " TABLESPACE " + quoted(index.tablespace);
  if (index.where)
    text += " WHERE " + index.where->text;
  return text;
}

}  // namespace retort
