#include "compiler/ddl/named_types.h"

#include "common/text.h"
#include "compiler/ddl/names.h"

namespace retort {

std::string create_type_text(const NamedType& type) {
  const std::string name = written(type.schema, type.name);
  if (type.kind == NamedType::Kind::domain)
    return std::string(trim("CREATE DOMAIN " + name + " AS " + type.definition));
  std::vector<std::string> labels;
  for (const std::string& label : type.labels)
    labels.push_back(literal(label));
  return "CREATE TYPE " + name + " AS ENUM (" + join(labels, ", ") + ")";
}

std::string drop_type_text(const NamedType& type) {
  const bool domain = type.kind == NamedType::Kind::domain;
  return (domain ? "DROP DOMAIN " : "DROP TYPE ") + written(type.schema, type.name);
}

}  // namespace retort
