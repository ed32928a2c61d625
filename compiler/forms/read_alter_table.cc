// ALTER TABLE and what shares its grammar: indexes, views, sequences, foreign tables, composite
// types. One form per action; the grammar's tree has no places, so they come from the commas.
#include "common/text.h"
#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

// AT_EnableRowSecurity: "enable-row-security".
std::string kebab(std::string_view subtype) {
  std::string result;
  for (const char c : subtype.substr(subtype.find('_') + 1)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !result.empty())
      result += '-';
    result += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

struct Target {
  Name table;
  bool if_exists;
  bool only;
  ObjectKind kind;
};

template <class F>
F action(const Target& target, Span at) {
  F form;
  form.table = target.table;
  form.if_exists = target.if_exists;
  form.at = at;
  if constexpr (requires { form.only; })
    form.only = target.only;
  if constexpr (requires { form.kind; })
    form.kind = target.kind;
  return form;
}

template <class F>
F column_action(const Target& target, Span at, Node command) {
  F form = action<F>(target, at);
  form.column = command.text("name");
  return form;
}

void read_column(Reader& reader, const Target& target, Span at, Node command,
                 std::string_view type) {
  const Node def = command.field("def");
  if (type == "AT_AddColumn") {
    auto add = action<AddColumn>(target, at);
    add.if_not_exists = command.flag("missing_ok");
    add.column = reader.column(def);
    reader.add(std::move(add));
  } else if (type == "AT_DropColumn") {
    auto drop = column_action<DropColumn>(target, at, command);
    drop.if_column_exists = command.flag("missing_ok");
    drop.behavior = behavior(command);
    reader.add(std::move(drop));
  } else if (type == "AT_AlterColumnType") {
    auto change = column_action<AlterColumnType>(target, at, command);
    change.type = reader.type(def.field("typeName"));
    change.collation = reader.qualified(def.field("collClause").field("collname"));
    change.using_ = reader.expression(def.field("raw_default"));
    reader.add(std::move(change));
  } else if (type == "AT_ColumnDefault" && def) {
    auto set = column_action<SetDefault>(target, at, command);
    set.value = reader.expression(def);
    reader.add(std::move(set));
  } else {
    reader.add(column_action<DropDefault>(target, at, command));
  }
}

void read_identity(Reader& reader, const Target& target, Span at, Node command,
                   std::string_view type) {
  auto identity = column_action<AlterIdentity>(target, at, command);
  const Node def = command.field("def");
  const auto kind = [](std::string_view code) {
    return code == "a" ? Identity::always : Identity::by_default;
  };
  if (type == "AT_AddIdentity") {
    identity.identity = kind(def.text("generated_when"));
    identity.sequence = reader.sequence_options(def.field("options"));
  } else if (type == "AT_DropIdentity") {
    identity.action = AlterIdentity::Action::drop;
    identity.if_identity_exists = command.flag("missing_ok");
  } else {
    identity.action = AlterIdentity::Action::set;
    for (const Node option : def)
      if (option.text("defname") == "generated")  // the code of a character, 'a' or 'd'
        identity.identity =
            reader.integer(option.field("arg"), 0) == 'a' ? Identity::always : Identity::by_default;
    identity.sequence = reader.sequence_options(def);
  }
  reader.add(std::move(identity));
}

void read_setting(Reader& reader, const Target& target, Span at, Node command,
                  std::string_view type) {
  auto setting = action<AlterTableSetting>(target, at);
  setting.action = kebab(type);
  setting.name = command.text("name");
  if (const Node def = command.field("def"); def.is("ReplicaIdentityStmt"))
    setting.name = def.text("name");
  else if (def.is("TypeName"))  // OF
    setting.name = reader.qualified(def.field("names")).name;
  for (const Node option : command.field("def"))
    if (option.is("DefElem"))
      setting.options.emplace_back(option.text("defname"));
  reader.add(std::move(setting));
}

void read_command(Reader& reader, const Target& target, Span at, Node command) {
  const std::string_view type = command.text("subtype");
  const Node def = command.field("def");
  if (type == "AT_AddColumn" || type == "AT_DropColumn" || type == "AT_AlterColumnType" ||
      type == "AT_ColumnDefault")
    return read_column(reader, target, at, command, type);
  if (type == "AT_SetNotNull")
    return reader.add(column_action<SetNotNull>(target, at, command));
  if (type == "AT_DropNotNull")
    return reader.add(column_action<DropNotNull>(target, at, command));
  if (type == "AT_AddIdentity" || type == "AT_SetIdentity" || type == "AT_DropIdentity")
    return read_identity(reader, target, at, command, type);
  if (type == "AT_DropExpression") {
    auto drop = column_action<DropExpression>(target, at, command);
    drop.if_expression_exists = command.flag("missing_ok");
    return reader.add(std::move(drop));
  }
  if (type == "AT_SetStatistics" || type == "AT_SetStorage" || type == "AT_SetCompression" ||
      type == "AT_SetOptions" || type == "AT_ResetOptions") {
    auto setting = column_action<AlterColumnSetting>(target, at, command);
    setting.setting = kebab(type);
    setting.value = def.is("String")    ? std::string(def.text("sval"))
                    : def.is("Integer") ? std::to_string(reader.integer(def, at.begin))
                                        : "";
    return reader.add(std::move(setting));
  }
  if (type == "AT_AddConstraint") {
    if (std::optional<std::string> column = reader.not_null_constraint(def)) {
      auto set = action<SetNotNull>(target, at);
      set.column = *std::move(column);
      set.constraint = def.text("conname");
      set.not_valid = def.flag("skip_validation");
      return reader.add(std::move(set));
    }
    auto add = action<AddConstraint>(target, at);
    add.constraint = reader.table_constraint(def);
    return reader.add(std::move(add));
  }
  if (type == "AT_ValidateConstraint") {
    auto validate = action<ValidateConstraint>(target, at);
    validate.constraint = command.text("name");
    return reader.add(std::move(validate));
  }
  if (type == "AT_DropConstraint") {
    auto drop = action<DropConstraint>(target, at);
    drop.constraint = command.text("name");
    drop.if_constraint_exists = command.flag("missing_ok");
    drop.behavior = behavior(command);
    return reader.add(std::move(drop));
  }
  if (type == "AT_AlterConstraint") {
    auto alter = action<AlterConstraint>(target, at);
    alter.constraint = def.text("conname");
    alter.deferrable = def.flag("deferrable");
    alter.initially_deferred = def.flag("initdeferred");
    if (reader.is_retold(pg::Retold::Meaning::enforced, at))
      alter.enforced = true;
    if (reader.is_retold(pg::Retold::Meaning::not_enforced, at))
      alter.enforced = false;
    return reader.add(std::move(alter));
  }
  if (type == "AT_AttachPartition") {
    auto attach = action<AttachPartition>(target, at);
    attach.partition = reader.relation(def.field("name"));
    attach.bound = reader.partition_bound(def.field("bound"));
    attach.of_index = target.kind == ObjectKind::index;
    return reader.add(std::move(attach));
  }
  if (type == "AT_DetachPartition" || type == "AT_DetachPartitionFinalize") {
    auto detach = action<DetachPartition>(target, at);
    detach.partition = reader.relation(def.field("name"));
    detach.concurrently = def.flag("concurrent");
    detach.finalize = type == "AT_DetachPartitionFinalize";
    return reader.add(std::move(detach));
  }
  if (type == "AT_AddInherit" || type == "AT_DropInherit") {
    auto inherit = action<Inherit>(target, at);
    inherit.parent = reader.relation(def);
    inherit.remove = type == "AT_DropInherit";
    return reader.add(std::move(inherit));
  }
  if (type == "AT_ChangeOwner") {
    SetOwner owner;
    owner.object.kind = target.kind;
    owner.object.name = target.table;
    owner.object.at = target.table.at;
    owner.if_exists = target.if_exists;
    owner.owner = role(command.field("newowner"));
    owner.at = at;
    return reader.add(std::move(owner));
  }
  read_setting(reader, target, at, command, type);
}

}  // namespace

void read_alter_table(Reader& reader, Node node) {
  const Node relation = node.field("relation");
  const Target target = {reader.relation(relation), node.flag("missing_ok"), !relation.flag("inh"),
                         object_kind(node.text("objtype"))};
  uint32_t from = target.table.at.end;
  // `ALTER TABLE t * …`: the star belongs to the name.
  for (const pg::Token& token : reader.tokens())
    if (token.span.begin >= from) {
      if (reader.text(token.span) == "*")
        from = token.span.end;
      break;
    }
  const std::vector<Span> spans = reader.parts(from);
  size_t i = 0;
  for (const Node command : node.field("cmds")) {
    read_command(reader, target, i < spans.size() ? spans[i] : reader.whole(), command);
    ++i;
  }
}

}  // namespace retort::forms
