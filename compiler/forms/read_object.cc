// What can be said of objects of every kind: drop, rename, move, own, comment, grant.
#include "compiler/forms/reader.h"

#include <algorithm>

namespace retort::forms {
namespace {

struct KindName {
  std::string_view grammar;
  ObjectKind kind;
  std::string_view text;
};
// The grammar's names, and what the server calls the kind in messages.
constexpr KindName kKinds[] = {
    {"OBJECT_TABLE", ObjectKind::table, "table"},
    {"OBJECT_VIEW", ObjectKind::view, "view"},
    {"OBJECT_MATVIEW", ObjectKind::materialized_view, "materialized view"},
    {"OBJECT_FOREIGN_TABLE", ObjectKind::foreign_table, "foreign table"},
    {"OBJECT_SEQUENCE", ObjectKind::sequence, "sequence"},
    {"OBJECT_INDEX", ObjectKind::index, "index"},
    {"OBJECT_TYPE", ObjectKind::type, "type"},
    {"OBJECT_DOMAIN", ObjectKind::domain, "domain"},
    {"OBJECT_FUNCTION", ObjectKind::function, "function"},
    {"OBJECT_PROCEDURE", ObjectKind::procedure, "procedure"},
    {"OBJECT_ROUTINE", ObjectKind::routine, "routine"},
    {"OBJECT_AGGREGATE", ObjectKind::aggregate, "aggregate"},
    {"OBJECT_TRIGGER", ObjectKind::trigger, "trigger"},
    {"OBJECT_RULE", ObjectKind::rule, "rule"},
    {"OBJECT_POLICY", ObjectKind::policy, "policy"},
    {"OBJECT_SCHEMA", ObjectKind::schema, "schema"},
    {"OBJECT_EXTENSION", ObjectKind::extension, "extension"},
    {"OBJECT_TABCONSTRAINT", ObjectKind::constraint, "constraint"},
    {"OBJECT_DOMCONSTRAINT", ObjectKind::domain_constraint, "constraint"},
    {"OBJECT_COLUMN", ObjectKind::column, "column"},
    {"OBJECT_ATTRIBUTE", ObjectKind::column, "column"},
    {"OBJECT_DEFAULT", ObjectKind::column_default, "default value"},
    {"OBJECT_COLLATION", ObjectKind::collation, "collation"},
    {"OBJECT_CONVERSION", ObjectKind::conversion, "conversion"},
    {"OBJECT_OPERATOR", ObjectKind::operator_, "operator"},
    {"OBJECT_OPCLASS", ObjectKind::operator_class, "operator class"},
    {"OBJECT_OPFAMILY", ObjectKind::operator_family, "operator family"},
    {"OBJECT_CAST", ObjectKind::cast, "cast"},
    {"OBJECT_LANGUAGE", ObjectKind::language, "language"},
    {"OBJECT_STATISTIC_EXT", ObjectKind::statistics, "statistics object"},
    {"OBJECT_TSCONFIGURATION", ObjectKind::text_search, "text search configuration"},
    {"OBJECT_TSDICTIONARY", ObjectKind::text_search, "text search dictionary"},
    {"OBJECT_TSPARSER", ObjectKind::text_search, "text search parser"},
    {"OBJECT_TSTEMPLATE", ObjectKind::text_search, "text search template"},
    {"OBJECT_FOREIGN_SERVER", ObjectKind::foreign_server, "server"},
    {"OBJECT_FDW", ObjectKind::foreign_data_wrapper, "foreign-data wrapper"},
    {"OBJECT_USER_MAPPING", ObjectKind::user_mapping, "user mapping"},
    {"OBJECT_EVENT_TRIGGER", ObjectKind::event_trigger, "event trigger"},
    {"OBJECT_PUBLICATION", ObjectKind::publication, "publication"},
    {"OBJECT_PUBLICATION_REL", ObjectKind::publication_table, "publication of table"},
    {"OBJECT_SUBSCRIPTION", ObjectKind::subscription, "subscription"},
    {"OBJECT_ACCESS_METHOD", ObjectKind::access_method, "access method"},
    {"OBJECT_TRANSFORM", ObjectKind::transform, "transform"},
    {"OBJECT_DATABASE", ObjectKind::database, "database"},
    {"OBJECT_ROLE", ObjectKind::role, "role"},
    {"OBJECT_TABLESPACE", ObjectKind::tablespace, "tablespace"},
    {"OBJECT_LARGEOBJECT", ObjectKind::large_object, "large object"},
};

bool is_member(ObjectKind kind) {
  return kind == ObjectKind::trigger || kind == ObjectKind::rule || kind == ObjectKind::policy ||
         kind == ObjectKind::constraint;
}

// [schema.]table.member: the last name is the member's, what is before it the table's.
void split_member(std::vector<std::string> parts, Object& object) {
  if (parts.empty())
    return;
  object.name.name = parts.back();
  parts.pop_back();
  if (!parts.empty())
    object.table.name = parts.back();
  if (parts.size() > 1)
    object.table.schema = parts[parts.size() - 2];
}

void read_arguments(Reader& reader, Node node, Object& object) {
  object.any_arguments = node.flag("args_unspecified");
  for (const Node type : node.field("objargs"))
    object.arguments.push_back(type.is("TypeName") ? reader.type(type) : TypeName{});
  for (const Node parameter : node.field("objfuncargs"))
    object.all_arguments.push_back(reader.type(parameter.field("argType")));
}

}  // namespace

ObjectKind object_kind(std::string_view grammar_name) {
  for (const KindName& row : kKinds)
    if (row.grammar == grammar_name)
      return row.kind;
  return ObjectKind::none;
}

std::string_view to_string(ObjectKind kind) {
  for (const KindName& row : kKinds)
    if (row.kind == kind)
      return row.text;
  return kind == ObjectKind::relation ? "relation" : "object";
}

Object object(Reader& reader, ObjectKind kind, Node node) {
  Object result;
  result.kind = kind;
  if (node.is("ObjectWithArgs") || node.field("objname")) {
    result.name = reader.qualified(node.field("objname"));
    read_arguments(reader, node, result);
  } else if (node.is("TypeName")) {
    const TypeName type = reader.type(node);
    result.name = {type.schema, type.name, type.at};
    if (type.array)
      result.arguments.push_back(type);  // `DROP TYPE t[]`: never found
  } else if (node.is("String")) {
    result.name.name = node.text("sval");
  } else if (kind == ObjectKind::domain_constraint) {
    const TypeName type = reader.type(node[0]);
    result.table = {type.schema, type.name, type.at};
    result.name.name = node.last().text("sval");
  } else if (is_member(kind)) {
    split_member(Reader::strings(node), result);
  } else if (kind == ObjectKind::column) {
    split_member(Reader::strings(node), result);
    result.column = result.name.name;
    result.name = result.table;
  } else if (node.field("relname")) {
    result.name = reader.relation(node);
  } else {
    result.name = reader.qualified(node);
    for (const Node part : node)
      if (part.is("TypeName"))
        result.arguments.push_back(reader.type(part));
  }
  result.at = result.name.at;
  return result;
}

void read_drop(Reader& reader, Node node) {
  const ObjectKind kind = object_kind(node.text("removeType"));
  const Node objects = node.field("objects");
  const size_t count = objects.size();
  // The names stand at the end, before RESTRICT or CASCADE; commas separate them.
  std::vector<Span> spans = reader.parts(0);
  const bool located = spans.size() == count;
  if (located) {
    // The first part begins with the words of the command: step over those.
    Object first = object(reader, kind, objects[0]);
    const std::string& word = !first.name.schema.empty() ? first.name.schema : first.name.name;
    spans[0].begin = std::max(
        spans[0].begin, reader.find_name(word, static_cast<uint32_t>(spans[0].begin + 5)).begin);
  }
  size_t i = 0;
  for (const Node item : objects) {
    Drop drop;
    drop.object = object(reader, kind, item);
    drop.at = reader.whole();
    if (located) {
      drop.object.at = reader.word_at(spans[i].begin);
      if (count > 1)
        drop.at = drop.object.at;
    }
    drop.object.name.at = drop.object.at;
    drop.if_exists = node.flag("missing_ok");
    drop.concurrently = node.flag("concurrent");
    drop.behavior = behavior(node);
    drop.first = i == 0;
    drop.last = ++i == count;
    reader.add(std::move(drop));
  }
}

void read_rename(Reader& reader, Node node) {
  Rename rename;
  rename.at = reader.whole();
  const std::string_view type = node.text("renameType");
  ObjectKind kind = object_kind(type);
  rename.target = kind;
  rename.if_exists = node.flag("missing_ok");
  rename.behavior = behavior(node);
  rename.to = node.text("newname");
  if (const Node relation = node.field("relation")) {
    const Name name = reader.relation(relation);
    rename.object.kind = kind;
    if (kind == ObjectKind::column) {
      rename.target = object_kind(node.text("relationType"));
      rename.object.name = name;
      rename.object.column = node.text("subname");
    } else if (is_member(kind)) {
      rename.object.table = name;
      rename.object.name.name = node.text("subname");
    } else {
      rename.object.name = name;
    }
    rename.object.at = name.at;
  } else {
    rename.object = object(reader, kind, node.field("object"));
    if (kind == ObjectKind::domain_constraint) {
      rename.object.table = reader.qualified(node.field("object"));
      rename.object.name = {};
      rename.object.name.name = node.text("subname");
    } else if (!node.field("object")) {
      rename.object.name.name = node.text("subname");
    }
  }
  reader.add(std::move(rename));
}

void read_set_schema(Reader& reader, Node node) {
  SetSchema set;
  set.at = reader.whole();
  const ObjectKind kind = object_kind(node.text("objectType"));
  if (const Node relation = node.field("relation")) {
    set.object.kind = kind;
    set.object.name = reader.relation(relation);
    set.object.at = set.object.name.at;
  } else {
    set.object = object(reader, kind, node.field("object"));
  }
  set.schema = node.text("newschema");
  set.if_exists = node.flag("missing_ok");
  reader.add(std::move(set));
}

void read_owner(Reader& reader, Node node) {
  SetOwner set;
  set.at = reader.whole();
  set.object = object(reader, object_kind(node.text("objectType")), node.field("object"));
  set.owner = role(node.field("newowner"));
  reader.add(std::move(set));
}

void read_comment(Reader& reader, Node node) {
  Comment comment;
  comment.at = reader.whole();
  comment.object = object(reader, object_kind(node.text("objtype")), node.field("object"));
  if (node.field("comment"))
    comment.text = node.text("comment");
  reader.add(std::move(comment));
}

void read_grant(Reader& reader, Node node) {
  Grant grant;
  grant.at = reader.whole();
  if (node.is("AlterDefaultPrivilegesStmt"))
    node = node.field("action");
  else if (node.text("targtype") == "ACL_TARGET_OBJECT")
    grant.kind = object_kind(node.text("objtype"));
  grant.revoke = !node.flag("is_grant");
  grant.behavior = behavior(node);
  for (const Node privilege : node.field("privileges"))
    grant.privileges.emplace_back(privilege.text("priv_name"));
  if (grant.kind != ObjectKind::none)
    for (const Node item : node.field("objects"))
      grant.objects.push_back(object(reader, grant.kind, item));
  for (const Node grantee : node.field("grantees"))
    grant.roles.push_back(role(grantee));
  reader.add(std::move(grant));
}

}  // namespace retort::forms
