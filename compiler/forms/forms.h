// What a statement does, reduced from PostgreSQL's tree: the only thing that the catalog, the
// linter's rules and the fixes know of SQL. One statement yields one form per action.
//
// Each form lists its fields for the printer of `debug --print forms`.
#pragma once

#include "compiler/forms/expression.h"

#include <cstdint>
#include <optional>
#include <variant>

namespace retort::forms {

enum class ObjectKind : uint8_t {
  none,
  table,
  view,
  materialized_view,
  foreign_table,
  sequence,
  index,
  type,
  domain,
  function,
  procedure,
  routine,
  aggregate,
  trigger,
  rule,
  policy,
  schema,
  extension,
  constraint,
  domain_constraint,
  column,
  column_default,
  collation,
  conversion,
  operator_,
  operator_class,
  operator_family,
  cast,
  language,
  statistics,
  text_search,
  foreign_server,
  foreign_data_wrapper,
  user_mapping,
  event_trigger,
  publication,
  publication_table,  // a publication's hold on one table
  subscription,
  access_method,
  transform,
  database,
  role,
  tablespace,
  large_object,
  relation,
};
std::string_view to_string(ObjectKind kind);  // as the server's messages say it

enum class Behavior : uint8_t { restrict, cascade };
enum class Identity : uint8_t { none, always, by_default };
enum class Persistence : uint8_t { permanent, unlogged, temporary };

enum class ConstraintKind : uint8_t { primary_key, unique, check, foreign_key, exclusion };
std::string_view to_string(ConstraintKind kind);

struct IndexColumn {
  std::string column;  // or an expression
  Expression expression;
  std::string name;  // what PostgreSQL makes index names and columns from: `lower`, `expr`
  Name opclass;
  std::string collation;
  bool descending = false;
  bool nulls_first = false;
};

struct Constraint {
  ConstraintKind kind = ConstraintKind::check;
  std::string name;  // empty when PostgreSQL makes one
  std::vector<std::string> columns;
  Few<std::string> include;
  Rare<Expression> check;
  Name references;
  std::vector<std::string> referenced_columns;
  std::string on_delete, on_update, match;  // "CASCADE"; empty for the default
  Few<std::string> set_columns;             // ON DELETE SET NULL (columns)
  bool not_valid = false;
  bool no_inherit = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool nulls_not_distinct = false;
  bool enforced = true;
  std::string using_index;    // USING INDEX
  std::string method;         // of an exclusion constraint
  Few<IndexColumn> elements;  // of an exclusion constraint
  Few<std::string> operators;
  Rare<Expression> where;
  bool of_column = false;  // written behind a column
  Span at;
};

struct SequenceOptions {
  std::optional<TypeName> type;
  std::optional<int64_t> increment, minimum, maximum, start, cache;
  bool no_minimum = false, no_maximum = false;
  std::optional<bool> cycle;
  bool restart = false;
  std::optional<std::vector<std::string>> owned_by;  // empty: OWNED BY NONE
  Name name;                                         // SEQUENCE NAME of an identity column
};

struct Column {
  std::string name;
  TypeName type;
  bool not_null = false;
  Rare<std::string> not_null_name;  // CONSTRAINT name NOT NULL
  bool null = false;                // NULL is written
  Expression fallback;
  Rare<Expression> generated;
  bool is_virtual = false;  // generated, and not stored
  Identity identity = Identity::none;
  Rare<SequenceOptions> sequence;
  Rare<Name> collation;
  std::vector<Constraint> constraints;
  bool typed = true;  // false in the column list of a partition or a typed table
  Span at;
};

struct Like {
  Name table;
  bool comments = false, constraints = false, defaults = false, generated = false;
  bool identity = false, indexes = false, statistics = false, storage = false;
  size_t before_column = 0;  // its place among the columns
};

struct PartitionKey {
  std::string strategy;  // "list", "range", "hash"; empty for a table that is not partitioned
  std::vector<IndexColumn> columns;
};

#define RETORT_FIELDS(name_, ...)                                                                  \
  static constexpr std::string_view kName = name_;                                                 \
  template <class Visitor>                                                                         \
  void fields(Visitor&& visit) const {                                                             \
    visit.each(#__VA_ARGS__, __VA_ARGS__);                                                         \
  }

struct CreateTable {
  Name table;
  bool if_not_exists = false;
  ObjectKind kind = ObjectKind::table;  // or foreign_table
  Persistence persistence = Persistence::permanent;
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Like> likes;
  std::vector<Name> inherits;
  Name partition_of;
  std::string bound;  // deparsed; empty unless a partition
  PartitionKey partition_by;
  Name of_type;
  std::string server;
  std::string tablespace;
  std::vector<std::string> options;  // WITH (…): names and values
  bool drop_on_commit = false;
  bool partial = false;  // what it consists of is not known
  Span at;
  RETORT_FIELDS("create-table", table, if_not_exists, kind, persistence, columns, constraints,
                likes, inherits, partition_of, bound, partition_by, of_type, partial)
};
struct CreateTableAs {
  Name table;
  bool if_not_exists = false;
  bool materialized = false;
  bool with_data = true;
  Persistence persistence = Persistence::permanent;
  std::vector<std::string> columns;
  Query query;
  Span at;
  RETORT_FIELDS("create-table-as", table, if_not_exists, materialized, with_data, persistence,
                columns, query)
};
struct AddColumn {
  Name table;
  bool if_exists = false;
  bool if_not_exists = false;
  bool only = false;
  ObjectKind kind = ObjectKind::table;
  Column column;
  Span at;
  RETORT_FIELDS("add-column", table, if_exists, if_not_exists, only, column)
};
struct DropColumn {
  Name table;
  bool if_exists = false;  // the table
  bool if_column_exists = false;
  bool only = false;
  ObjectKind kind = ObjectKind::table;
  std::string column;
  Behavior behavior = Behavior::restrict;
  Span at;
  RETORT_FIELDS("drop-column", table, if_exists, if_column_exists, only, column, behavior)
};
struct AlterColumnType {
  Name table;
  bool if_exists = false;
  bool only = false;
  ObjectKind kind = ObjectKind::table;
  std::string column;
  TypeName type;
  Name collation;
  Expression using_;
  Span at;
  RETORT_FIELDS("alter-column-type", table, if_exists, only, column, type, collation, using_)
};
struct SetNotNull {
  Name table;
  bool if_exists = false;
  bool only = false;
  std::string column;
  std::string constraint;  // ADD CONSTRAINT name NOT NULL column
  bool not_valid = false;
  Span at;
  RETORT_FIELDS("set-not-null", table, if_exists, only, column, constraint, not_valid)
};
struct DropNotNull {
  Name table;
  bool if_exists = false;
  bool only = false;
  std::string column;
  Span at;
  RETORT_FIELDS("drop-not-null", table, if_exists, only, column)
};
struct SetDefault {
  Name table;
  bool if_exists = false;
  bool only = false;
  std::string column;
  Expression value;
  Span at;
  RETORT_FIELDS("set-default", table, if_exists, only, column, value)
};
struct DropDefault {
  Name table;
  bool if_exists = false;
  bool only = false;
  std::string column;
  Span at;
  RETORT_FIELDS("drop-default", table, if_exists, only, column)
};
struct AlterIdentity {
  enum class Action : uint8_t { add, set, drop };
  Name table;
  bool if_exists = false;
  Action action = Action::add;
  std::string column;
  Identity identity = Identity::none;
  bool if_identity_exists = false;
  SequenceOptions sequence;
  Span at;
  RETORT_FIELDS("alter-identity", table, if_exists, action, column, identity, if_identity_exists)
};
struct DropExpression {  // of a generated column
  Name table;
  bool if_exists = false;
  std::string column;
  bool if_expression_exists = false;
  Span at;
  RETORT_FIELDS("drop-expression", table, if_exists, column, if_expression_exists)
};
struct AlterColumnSetting {  // statistics, storage, compression, options
  Name table;
  bool if_exists = false;
  std::string column;
  std::string setting;
  std::string value;
  Span at;
  RETORT_FIELDS("alter-column-setting", table, if_exists, column, setting, value)
};
struct AddConstraint {
  Name table;
  bool if_exists = false;
  bool only = false;
  Constraint constraint;
  Span at;
  RETORT_FIELDS("add-constraint", table, if_exists, only, constraint)
};
struct ValidateConstraint {
  Name table;
  bool if_exists = false;
  std::string constraint;
  Span at;
  RETORT_FIELDS("validate-constraint", table, if_exists, constraint)
};
struct DropConstraint {
  Name table;
  bool if_exists = false;
  bool if_constraint_exists = false;
  bool only = false;
  std::string constraint;
  Behavior behavior = Behavior::restrict;
  Span at;
  RETORT_FIELDS("drop-constraint", table, if_exists, if_constraint_exists, only, constraint,
                behavior)
};
struct AlterConstraint {
  Name table;
  bool if_exists = false;
  std::string constraint;
  bool deferrable = false;
  bool initially_deferred = false;
  std::optional<bool> enforced;
  Span at;
  RETORT_FIELDS("alter-constraint", table, if_exists, constraint, deferrable, initially_deferred,
                enforced)
};
struct AttachPartition {
  Name table;
  bool if_exists = false;
  Name partition;
  std::string bound;
  bool of_index = false;
  Span at;
  RETORT_FIELDS("attach-partition", table, if_exists, partition, bound, of_index)
};
struct DetachPartition {
  Name table;
  bool if_exists = false;
  Name partition;
  bool concurrently = false;
  bool finalize = false;
  Span at;
  RETORT_FIELDS("detach-partition", table, if_exists, partition, concurrently, finalize)
};
struct Inherit {
  Name table;
  bool if_exists = false;
  Name parent;
  bool remove = false;
  Span at;
  RETORT_FIELDS("inherit", table, if_exists, parent, remove)
};
// Row security, triggers on and off, clustering, storage parameters, tablespace, persistence, …:
// what matters for locks and not for the shape. `action` is the grammar's word:
// "enable-row-security".
struct AlterTableSetting {
  Name table;
  bool if_exists = false;
  ObjectKind kind = ObjectKind::table;
  std::string action;
  std::string name;
  std::vector<std::string> options;
  Span at;
  RETORT_FIELDS("alter-table-setting", table, if_exists, kind, action, name, options)
};

struct CreateIndex {
  Name index;  // the name may be empty; the schema is the table's
  Name table;
  bool only = false;
  bool if_not_exists = false;
  bool concurrently = false;
  bool unique = false;
  bool nulls_not_distinct = false;
  std::string method;  // "btree"
  std::vector<IndexColumn> columns;
  std::vector<IndexColumn> include;
  Expression where;
  std::string tablespace;
  Span at;
  RETORT_FIELDS("create-index", index, table, only, if_not_exists, concurrently, unique,
                nulls_not_distinct, method, columns, include, where)
};
struct Reindex {
  ObjectKind kind = ObjectKind::none;
  Name name;
  bool concurrently = false;
  Span at;
  RETORT_FIELDS("reindex", kind, name, concurrently)
};

// One object. Members of a table (trigger, rule, policy) have the table beside their name.
struct Object {
  ObjectKind kind = ObjectKind::none;
  Name name;
  Name table;
  std::string column;
  std::vector<TypeName> arguments;      // of a function; input ones
  bool any_arguments = false;           // written without a list
  std::vector<TypeName> all_arguments;  // also those that DROP may be given: OUT, VARIADIC
  Span at;
};
struct Drop {
  Object object;
  bool if_exists = false;
  bool concurrently = false;
  Behavior behavior = Behavior::restrict;
  // Objects of one statement are dropped together, so that one may depend on another.
  bool first = true;
  bool last = true;
  Span at;
  RETORT_FIELDS("drop", object, if_exists, concurrently, behavior)
};
struct Rename {
  Object object;                         // for a column: kind column, the table, the column
  ObjectKind target = ObjectKind::none;  // ALTER <this>: a table command may rename a view
  std::string to;
  bool if_exists = false;
  Behavior behavior = Behavior::restrict;
  Span at;
  RETORT_FIELDS("rename", object, to, if_exists, behavior)
};
struct SetSchema {
  Object object;
  std::string schema;
  bool if_exists = false;
  Span at;
  RETORT_FIELDS("set-schema", object, schema, if_exists)
};
struct SetOwner {
  Object object;
  std::string owner;
  bool if_exists = false;
  Span at;
  RETORT_FIELDS("set-owner", object, owner, if_exists)
};
struct Comment {
  Object object;
  std::optional<std::string> text;
  Span at;
  RETORT_FIELDS("comment", object, text)
};
struct Grant {
  bool revoke = false;
  ObjectKind kind = ObjectKind::none;
  std::vector<std::string> privileges;
  std::vector<Object> objects;
  std::vector<std::string> roles;
  Behavior behavior = Behavior::restrict;
  Span at;
  RETORT_FIELDS("grant", revoke, kind, privileges, objects, roles)
};

struct CreateSchema {
  std::string schema;
  std::string owner;
  bool if_not_exists = false;
  Span at;
  RETORT_FIELDS("create-schema", schema, owner, if_not_exists)
};
struct CreateEnum {
  Name type;
  std::vector<std::string> labels;
  Span at;
  RETORT_FIELDS("create-enum", type, labels)
};
struct AddEnumValue {
  Name type;
  std::string label;
  bool if_not_exists = false;
  bool before = false;
  std::string neighbor;
  Span at;
  RETORT_FIELDS("add-enum-value", type, label, if_not_exists, before, neighbor)
};
struct RenameEnumValue {
  Name type;
  std::string label;
  std::string to;
  Span at;
  RETORT_FIELDS("rename-enum-value", type, label, to)
};
struct CreateComposite {
  Name type;
  std::vector<Column> columns;
  Span at;
  RETORT_FIELDS("create-composite", type, columns)
};
struct CreateRange {
  Name type;
  TypeName subtype;
  Name multirange;
  Span at;
  RETORT_FIELDS("create-range", type, subtype, multirange)
};
struct CreateDomain {
  Name domain;
  TypeName type;
  Expression fallback;
  bool not_null = false;
  Name collation;
  std::vector<Constraint> constraints;
  Span at;
  RETORT_FIELDS("create-domain", domain, type, fallback, not_null, constraints)
};
struct AlterDomain {
  enum class Action : uint8_t {
    set_default,
    drop_default,
    set_not_null,
    drop_not_null,
    add_constraint,
    drop_constraint,
    validate
  };
  Name domain;
  Action action = Action::set_default;
  Expression fallback;
  Constraint constraint;
  std::string name;
  bool if_exists = false;
  Behavior behavior = Behavior::restrict;
  Span at;
  RETORT_FIELDS("alter-domain", domain, action, fallback, constraint, name, if_exists, behavior)
};
struct CreateSequence {
  Name sequence;
  bool if_not_exists = false;
  Persistence persistence = Persistence::permanent;
  SequenceOptions options;
  Span at;
  RETORT_FIELDS("create-sequence", sequence, if_not_exists, persistence, options)
};
struct AlterSequence {
  Name sequence;
  bool if_exists = false;
  SequenceOptions options;
  Span at;
  RETORT_FIELDS("alter-sequence", sequence, if_exists, options)
};
struct CreateView {
  Name view;
  bool or_replace = false;
  Persistence persistence = Persistence::permanent;
  std::vector<std::string> columns;
  Query query;
  std::string text;  // of the query, as written
  Span at;
  RETORT_FIELDS("create-view", view, or_replace, persistence, columns, query)
};
struct Refresh {
  Name view;
  bool concurrently = false;
  bool with_data = true;
  Span at;
  RETORT_FIELDS("refresh", view, concurrently, with_data)
};
struct FunctionArgument {
  enum class Mode : uint8_t { in, out, inout, variadic, table };
  std::string name;
  TypeName type;
  Mode mode = Mode::in;
  Expression fallback;
};
struct CreateFunction {
  Name function;
  ObjectKind kind = ObjectKind::function;  // procedure, aggregate
  bool or_replace = false;
  std::vector<FunctionArgument> arguments;
  std::optional<TypeName> returns;
  std::string language;
  std::string volatility;  // "volatile", "stable", "immutable"
  bool strict = false;
  bool security_definer = false;
  std::string body;
  bool window = false;
  Span at;
  RETORT_FIELDS("create-function", function, kind, or_replace, arguments, returns, language,
                volatility, strict, security_definer, body)
};
struct AlterFunction {
  Object function;
  std::string volatility;  // empty: stays
  Span at;
  RETORT_FIELDS("alter-function", function, volatility)
};
struct CreateTrigger {
  std::string trigger;
  Name table;
  bool or_replace = false;
  bool constraint = false;
  Name function;
  std::string timing;               // "before", "after", "instead of"
  std::vector<std::string> events;  // "insert", "update", …
  std::vector<std::string> columns;
  bool row = false;
  Expression when;
  Name from;
  bool deferrable = false;
  bool initially_deferred = false;
  Span at;
  RETORT_FIELDS("create-trigger", trigger, table, or_replace, constraint, function, timing, events,
                columns, row, when)
};
struct CreatePolicy {
  std::string policy;
  Name table;
  bool alter = false;
  std::string command;
  bool permissive = true;
  std::vector<std::string> roles;
  Expression using_;
  Expression check;
  Span at;
  RETORT_FIELDS("create-policy", policy, table, alter, command, permissive, roles, using_, check)
};
struct CreateRule {
  std::string rule;
  Name table;
  bool or_replace = false;
  std::string event;
  bool instead = false;
  Mentions mentions;
  Span at;
  RETORT_FIELDS("create-rule", rule, table, or_replace, event, instead)
};
struct CreateExtension {
  std::string extension;
  bool if_not_exists = false;
  std::string schema;
  std::string version;
  bool cascade = false;
  Span at;
  RETORT_FIELDS("create-extension", extension, if_not_exists, schema, version, cascade)
};
// ALTER EXTENSION UPDATE, ADD, DROP.
struct AlterExtension {
  std::string extension;
  std::string action;
  Object object;
  Span at;
  RETORT_FIELDS("alter-extension", extension, action, object)
};
struct CreateStatistics {
  Name statistics;  // the name may be empty
  bool if_not_exists = false;
  Name table;
  std::vector<std::string> columns;
  Span at;
  RETORT_FIELDS("create-statistics", statistics, if_not_exists, table, columns)
};
// A table of a publication, and what of it goes out.
struct Published : Name {
  bool only = false;
  std::vector<std::string> columns;  // empty: all
  Expression where;
};
// Kinds of which the catalog keeps the name: collations, operators, servers, publications, …
struct CreateOther {
  Object object;
  bool if_not_exists = false;
  bool or_replace = false;
  std::vector<Name> functions;
  std::vector<Published> tables;
  std::string text;
  Span at;
  RETORT_FIELDS("create-other", object, if_not_exists, or_replace, functions, tables)
};
struct AlterPublication {
  enum class Action : uint8_t { add, set, drop, options };
  std::string publication;
  Action action = Action::add;
  std::vector<Published> tables;
  bool schemas = false;  // all tables of schemas are among them
  Span at;
  RETORT_FIELDS("alter-publication", publication, action, tables)
};

// Rows.
struct Insert {
  Name table;
  std::vector<std::string> columns;
  Query query;  // VALUES or SELECT; empty for DEFAULT VALUES
  Mentions mentions;
  bool returning = false;
  bool on_conflict = false;
  std::vector<std::string> conflict_columns;
  size_t rows = 0;
  Span at;
  RETORT_FIELDS("insert", table, columns, query, rows, on_conflict)
};
struct Update {
  Name table;
  std::string alias;
  std::vector<std::string> columns;
  Query query;            // FROM, WHERE and the values
  bool filtered = false;  // has a WHERE
  Span at;
  RETORT_FIELDS("update", table, columns, query, filtered)
};
struct Delete {
  Name table;
  std::string alias;
  Query query;
  bool filtered = false;
  Span at;
  RETORT_FIELDS("delete", table, query, filtered)
};
struct Merge {
  Name table;
  Query source;
  Span at;
  RETORT_FIELDS("merge", table)
};
struct Truncate {
  std::vector<Name> tables;
  Behavior behavior = Behavior::restrict;
  bool restart = false;
  Span at;
  RETORT_FIELDS("truncate", tables, behavior, restart)
};
struct Select {
  Query query;
  bool called = false;  // CALL
  Span at;
  RETORT_FIELDS("select", query)
};
struct Copy {
  Name table;
  std::vector<std::string> columns;
  bool from = false;
  Span at;
  RETORT_FIELDS("copy", table, columns, from)
};
struct LockTable {
  std::vector<Name> tables;
  std::string mode;
  bool nowait = false;
  bool only = false;
  Span at;
  RETORT_FIELDS("lock-table", tables, mode, nowait)
};

// Settings and transactions.
struct Set {
  std::string name;  // "search_path"; empty for RESET ALL
  std::vector<std::string> values;
  bool local = false;
  bool reset = false;  // RESET, or TO DEFAULT
  Span at;
  RETORT_FIELDS("set", name, values, local, reset)
};
struct Transaction {
  enum class Action : uint8_t {
    begin,
    commit,
    rollback,
    savepoint,
    release,
    rollback_to,
    prepare,
    commit_prepared,
    rollback_prepared
  };
  Action action = Action::begin;
  std::string name;
  Span at;
  RETORT_FIELDS("transaction", action, name)
};
// Leaves the shape as it is: VACUUM, ANALYZE, EXPLAIN, NOTIFY, roles, …
struct Harmless {
  std::string statement;  // the tree's type
  Name table;
  std::string action;              // "vacuum full", "all immediate"
  std::vector<std::string> roles;  // that are made or dropped
  Span at;
  RETORT_FIELDS("harmless", statement, table, action)
};
// What cannot be known. It may touch the objects that it names, or anything.
struct Opaque {
  std::string reason;  // "DO block", "dynamic SQL", …
  bool anything = true;
  bool alters = false;  // it is an ALTER TABLE of what it touches
  bool writes = false;  // it changes rows, nobody knows which
  std::vector<Name> touches;
  Span at;
  RETORT_FIELDS("opaque", reason, anything, alters, writes, touches)
};

using Form = std::variant<
    CreateTable, CreateTableAs, AddColumn, DropColumn, AlterColumnType, SetNotNull, DropNotNull,
    SetDefault, DropDefault, AlterIdentity, DropExpression, AlterColumnSetting, AddConstraint,
    ValidateConstraint, DropConstraint, AlterConstraint, AttachPartition, DetachPartition, Inherit,
    AlterTableSetting, CreateIndex, Reindex, Drop, Rename, SetSchema, SetOwner, Comment, Grant,
    CreateSchema, CreateEnum, AddEnumValue, RenameEnumValue, CreateComposite, CreateRange,
    CreateDomain, AlterDomain, CreateSequence, AlterSequence, CreateView, Refresh, CreateFunction,
    AlterFunction, CreateTrigger, CreatePolicy, CreateRule, CreateExtension, AlterExtension,
    CreateStatistics, CreateOther, AlterPublication, Insert, Update, Delete, Merge, Truncate,
    Select, Copy, LockTable, Set, Transaction, Harmless, Opaque>;

// Rows are all that it changes.
inline bool changes_rows(const Form& form) {
  return std::visit(
      []<class F>(const F& each) {
        if constexpr (std::is_same_v<F, Opaque>)
          return each.writes && !each.anything && each.touches.empty();
        else if constexpr (std::is_same_v<F, Select>)
          return !each.called;
        else
          return std::is_same_v<F, Insert> || std::is_same_v<F, Update> ||
                 std::is_same_v<F, Delete> || std::is_same_v<F, Merge> || std::is_same_v<F, Copy>;
      },
      form);
}

std::string to_text(const Form& form);  // for `debug --print forms`

}  // namespace retort::forms
