// What the server refuses for what it is: syntax that its version does not know, statements that
// need to stand alone, tables with checks waiting.
#include "compiler/facts/study.h"
#include "compiler/facts/volatility.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::Constraint;
using forms::ConstraintKind;

// The version from which the server reads the form; 12 for what is older.
struct Newer {
  const Study& s;
  int since = 12;
  std::string_view what;

  void need(int version, std::string_view feature) {
    if (version > since) {
      since = version;
      what = feature;
    }
  }
  void constraint(const forms::Constraint& c) {
    if (c.nulls_not_distinct)
      need(15, "NULLS NOT DISTINCT");
    if (!c.set_columns.empty())
      need(15, "ON DELETE SET of some columns");
  }
  void column(const forms::Column& c) {
    for (const forms::Constraint& each : c.constraints)
      constraint(each);
  }

  template <class F>
  void operator()(const F&) {}
  void operator()(const forms::CreateTable& form) {
    for (const forms::Column& c : form.columns)
      column(c);
    for (const forms::Constraint& c : form.constraints)
      constraint(c);
  }
  void operator()(const forms::AddColumn& form) { column(form.column); }
  void operator()(const forms::AddConstraint& form) { constraint(form.constraint); }
  void operator()(const forms::CreateIndex& form) {
    if (form.nulls_not_distinct)
      need(15, "NULLS NOT DISTINCT");
  }
  void operator()(const forms::Merge&) { need(15, "MERGE"); }
  void operator()(const forms::DropExpression&) { need(13, "DROP EXPRESSION"); }
  void operator()(const forms::DetachPartition& form) {
    if (form.concurrently || form.finalize)
      need(14, "DETACH PARTITION CONCURRENTLY");
  }
  void operator()(const forms::CreateTrigger& form) {
    if (form.or_replace)
      need(14, "CREATE OR REPLACE TRIGGER");
  }
  void operator()(const forms::AlterColumnSetting& form) {
    if (form.setting == "set-compression")
      need(14, "SET COMPRESSION");
  }
  void operator()(const forms::AlterTableSetting& form) {
    if (form.action == "set-access-method")
      need(15, "SET ACCESS METHOD");
  }
  void operator()(const forms::Rename& form) {
    if (form.object.kind == Kind::column && form.target == Kind::view)
      need(13, "ALTER VIEW RENAME COLUMN");
  }
  void operator()(const forms::CreateOther& form) {
    published(form.tables, form.object.kind == Kind::publication && form.text == "schemas");
  }
  void operator()(const forms::AlterPublication& form) { published(form.tables, form.schemas); }
  void published(const std::vector<forms::Published>& tables, bool schemas) {
    for (const forms::Published& table : tables)
      if (!table.columns.empty() || table.where)
        need(15, "row filters and column lists");
    if (schemas)
      need(15, "TABLES IN SCHEMA");
  }
  void operator()(const forms::Harmless& form) {
    if (form.statement == "AlterStatsStmt")
      need(13, "ALTER STATISTICS SET STATISTICS");
  }
};

// Functions that the server has only since a version, and that nothing else can have brought.
void refuse_functions(Study& s, const forms::Mentions& mentions) {
  for (const forms::FunctionUse& use : mentions.functions) {
    const Builtin* known = builtin(use.name.name);
    if (!known || known->has(s.server) || !s.look.functions(use.name).empty())
      continue;
    if (use.name.schema != "pg_catalog" &&
        (s.before.extended() || !s.look.certain({"", use.name.name, {}})))
      s.may_fail("42883");
    else
      s.fail("42883", fmt::format("function {}() does not exist", use.name.name), use.at);
  }
}

struct Functions {
  Study& s;
  template <class F>
  void operator()(const F&) {}
  void operator()(const forms::AddColumn& form) {
    refuse_functions(s, form.column.fallback);
    refuse_functions(s, form.column.generated);
  }
  void operator()(const forms::CreateTable& form) {
    for (const forms::Column& column : form.columns)
      refuse_functions(s, column.fallback);
  }
  void operator()(const forms::SetDefault& form) { refuse_functions(s, form.value); }
  void operator()(const forms::Insert& form) { refuse_functions(s, form.query.mentions); }
  void operator()(const forms::Update& form) { refuse_functions(s, form.query.mentions); }
  void operator()(const forms::Select& form) { refuse_functions(s, form.query.mentions); }
};

// Statements that look whether the table is in use (CheckTableNotInUse).
bool looks_for_use(const forms::Form& form) {
  return !std::holds_alternative<forms::Insert>(form) &&
         !std::holds_alternative<forms::Update>(form) &&
         !std::holds_alternative<forms::Delete>(form) &&
         !std::holds_alternative<forms::Merge>(form) &&
         !std::holds_alternative<forms::Select>(form) &&
         !std::holds_alternative<forms::Copy>(form) &&
         !std::holds_alternative<forms::LockTable>(form) &&
         !std::holds_alternative<forms::Comment>(form) &&
         !std::holds_alternative<forms::CreateView>(form);
}

void refuse_pending(Study& s, const std::vector<forms::Form>& forms) {
  if (s.transaction.cursors && !forms.empty() && looks_for_use(forms[0]))
    for (const Touched& touched : s.facts.touched)
      if (touched.lock >= LockMode::share && !touched.made)
        s.may_fail("55006");
  if (s.transaction.pending_triggers.empty() || forms.empty() || !looks_for_use(forms[0]))
    return;
  const bool create = std::holds_alternative<forms::CreateTable>(forms[0]);
  for (const Touched& touched : s.facts.touched) {
    const auto pending = s.transaction.pending_triggers.find(touched.id);
    if (touched.lock < LockMode::share || pending == s.transaction.pending_triggers.end() || create)
      continue;
    if (pending->second && touched.named)
      s.fail("55006", fmt::format("cannot alter table \"{}\" because it has pending trigger events",
                                  s.get(touched.id)->name));
    else
      s.may_fail("55006");
  }
}

}  // namespace

void study_syntax(Study& s, const forms::Form& form) {
  Newer newer{s, 12, {}};
  std::visit(newer, form);
  if (newer.since > s.server)
    s.fail("42601", fmt::format("{} came with PostgreSQL {}", newer.what, newer.since));
  if (const auto* setting = std::get_if<forms::AlterTableSetting>(&form);
      setting && s.server < 15 &&
      std::find(setting->options.begin(), setting->options.end(), "security_invoker") !=
          setting->options.end())
    s.fail("22023", "unrecognized parameter \"security_invoker\"", setting->at);
}

std::string_view outside_only(const Study& s, const forms::Form& form) {
  if (const auto* create = std::get_if<forms::CreateIndex>(&form))
    return create->concurrently ? "CREATE INDEX CONCURRENTLY" : "";
  if (const auto* drop = std::get_if<forms::Drop>(&form)) {
    if (drop->concurrently && drop->object.kind == Kind::index)
      return "DROP INDEX CONCURRENTLY";
    if (drop->object.kind == Kind::database)
      return "DROP DATABASE";
    if (drop->object.kind == Kind::tablespace)
      return "DROP TABLESPACE";
    return "";
  }
  if (const auto* reindex = std::get_if<forms::Reindex>(&form)) {
    if (reindex->concurrently)
      return "REINDEX CONCURRENTLY";
    if (reindex->kind == Kind::schema)
      return "REINDEX SCHEMA";
    if (reindex->kind == Kind::database)
      return "REINDEX DATABASE";
    const Object* object = s.get(s.find(reindex->name));
    if (object && s.server >= 14 &&
        s.partitioned(reindex->kind == Kind::index ? object->table : object->id))
      return reindex->kind == Kind::index ? "REINDEX INDEX" : "REINDEX TABLE";
    return "";
  }
  if (const auto* detach = std::get_if<forms::DetachPartition>(&form))
    return detach->concurrently ? "ALTER TABLE ... DETACH CONCURRENTLY" : "";
  if (const auto* create = std::get_if<forms::CreateOther>(&form))
    return create->object.kind == Kind::subscription && create->text != "no slot"
               ? "CREATE SUBSCRIPTION ... WITH (create_slot = true)"
               : "";
  if (const auto* transaction = std::get_if<forms::Transaction>(&form)) {
    if (transaction->action == forms::Transaction::Action::commit_prepared)
      return "COMMIT PREPARED";
    if (transaction->action == forms::Transaction::Action::rollback_prepared)
      return "ROLLBACK PREPARED";
    return "";
  }
  const auto* harmless = std::get_if<forms::Harmless>(&form);
  if (!harmless)
    return "";
  const std::string_view statement = harmless->statement;
  const std::string_view action = harmless->action;
  if (action.starts_with("vacuum"))
    return "VACUUM";
  if (action == "cluster" && harmless->table.name.empty())
    return "CLUSTER";
  if (statement == "CreatedbStmt")
    return "CREATE DATABASE";
  if (statement == "DropdbStmt")
    return "DROP DATABASE";
  if (statement == "AlterDatabaseStmt" && action == "tablespace")
    return "ALTER DATABASE SET TABLESPACE";
  if (statement == "AlterSystemStmt")
    return "ALTER SYSTEM";
  if (statement == "CreateTableSpaceStmt")
    return "CREATE TABLESPACE";
  if (statement == "DropTableSpaceStmt")
    return "DROP TABLESPACE";
  if (statement == "DropSubscriptionStmt")
    return "DROP SUBSCRIPTION";
  if (statement == "AlterSubscriptionStmt" && action == "refresh")
    return "ALTER SUBSCRIPTION ... REFRESH";
  if (statement == "DiscardStmt" && action == "all")
    return "DISCARD ALL";
  return "";
}

void study_refusals(Study& s, const std::vector<forms::Form>& forms) {
  for (const forms::Form& form : forms) {
    std::visit(Functions{s}, form);
    if (const std::string_view alone = outside_only(s, form); !alone.empty())
      s.facts.outside_only = alone;
  }
  refuse_pending(s, forms);
}

}  // namespace retort::facts
