// Settings, transactions, and what cannot be known from the text.
#include "compiler/forms/opaque.h"
#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

bool has_option(Node node, std::string_view name) {
  for (const Node option : node.field("options"))
    if (option.text("defname") == name && is_on(option))
      return true;
  return false;
}

// Whether the subscription asks its publisher, which it does unless it is told not to.
std::string subscription_action(Node node) {
  const std::string_view kind = node.text("kind");
  if (kind == "ALTER_SUBSCRIPTION_REFRESH")
    return "refresh";
  if (kind.find("PUBLICATION") == std::string_view::npos)
    return "";
  for (const Node option : node.field("options"))
    if (option.text("defname") == "refresh" && !is_on(option))
      return "";
  return "refresh";
}

std::string harmless_action(Node node) {
  if (node.is("VacuumStmt"))
    return !node.flag("is_vacuumcmd") ? "analyze"
           : has_option(node, "full") ? "vacuum full"
                                      : "vacuum";
  if (node.is("ClusterStmt"))
    return "cluster";
  if (node.is("DiscardStmt"))
    return node.text("target") == "DISCARD_ALL" ? "all" : "";
  if (node.is("ConstraintsSetStmt"))
    return std::string(node.field("constraints").empty() ? "all" : "some") +
           (node.flag("deferred") ? " deferred" : " immediate");
  if (node.is("DropRoleStmt"))
    return node.flag("missing_ok") ? "if exists" : "";
  if (node.is("AlterObjectDependsStmt"))
    return std::string(to_string(object_kind(node.text("objectType"))));
  if (node.is("AlterSubscriptionStmt"))
    return subscription_action(node);
  if (node.is("AlterDatabaseStmt"))
    return has_option(node, "tablespace") ? "tablespace" : "";
  return "";
}

}  // namespace

void read_set(Reader& reader, Node node) {
  Set set;
  set.at = reader.whole();
  const std::string_view kind = node.text("kind");
  set.name = node.text("name");
  set.local = node.flag("is_local");
  set.reset = kind == "VAR_RESET" || kind == "VAR_SET_DEFAULT" || kind == "VAR_RESET_ALL";
  for (const Node value : node.field("args")) {
    if (const Node text = value.field("sval"))
      set.values.emplace_back(text.text("sval"));
    else
      set.values.push_back(deparse(reader, value));
  }
  reader.add(std::move(set));
}

void read_transaction(Reader& reader, Node node) {
  using Action = Transaction::Action;
  struct Row {
    std::string_view kind;
    Action action;
  };
  constexpr Row kRows[] = {
      {"TRANS_STMT_BEGIN", Action::begin},
      {"TRANS_STMT_START", Action::begin},
      {"TRANS_STMT_COMMIT", Action::commit},
      {"TRANS_STMT_ROLLBACK", Action::rollback},
      {"TRANS_STMT_SAVEPOINT", Action::savepoint},
      {"TRANS_STMT_RELEASE", Action::release},
      {"TRANS_STMT_ROLLBACK_TO", Action::rollback_to},
      {"TRANS_STMT_PREPARE", Action::prepare},
      {"TRANS_STMT_COMMIT_PREPARED", Action::commit_prepared},
      {"TRANS_STMT_ROLLBACK_PREPARED", Action::rollback_prepared},
  };
  for (const Row& row : kRows)
    if (row.kind == node.text("kind"))
      reader.add(Transaction{row.action, std::string(node.text("savepoint_name")), reader.whole()});
}

void read_do(Reader& reader, Node node) {
  std::string_view body;
  for (const Node option : node.field("args"))
    if (option.text("defname") == "as")
      body = option.field("arg").text("sval");
  Opaque opaque = opaque_body(body);
  opaque.reason = "DO block";
  opaque.at = reader.whole();
  reader.add(std::move(opaque));
}

void read_call(Reader& reader, Node node) {
  Select call;
  call.at = reader.whole();
  reader.mentions(node.field("funccall"), call.query.mentions);
  call.called = true;
  reader.add(std::move(call));
}

void read_harmless(Reader& reader, Node node) {
  Harmless harmless;
  harmless.at = reader.whole();
  harmless.statement = node.type();
  Node relation = node.field("relation");
  if (node.field("rels"))
    relation = node.field("rels")[0].field("relation");
  harmless.table = reader.relation(relation);
  harmless.action = harmless_action(node);
  if (node.is("CreateRoleStmt"))
    harmless.roles.emplace_back(node.text("role"));
  if (node.is("DropRoleStmt"))
    for (const Node each : node.field("roles"))
      harmless.roles.push_back(role(each));
  reader.add(std::move(harmless));
}

void read_unknown(Reader& reader, Node node) {
  Opaque opaque;
  opaque.reason = std::string(node.type());
  opaque.at = reader.whole();
  reader.add(std::move(opaque));
}

}  // namespace retort::forms
