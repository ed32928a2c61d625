// Views, functions, triggers, policies, rules, extensions, and the kinds of which only the name
// matters.
#include "common/text.h"
#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

FunctionArgument::Mode mode(std::string_view grammar_mode) {
  using Mode = FunctionArgument::Mode;
  return grammar_mode == "FUNC_PARAM_OUT"        ? Mode::out
         : grammar_mode == "FUNC_PARAM_INOUT"    ? Mode::inout
         : grammar_mode == "FUNC_PARAM_VARIADIC" ? Mode::variadic
         : grammar_mode == "FUNC_PARAM_TABLE"    ? Mode::table
                                                 : Mode::in;
}

// The bits of pg_trigger.tgtype.
constexpr int64_t kBefore = 2, kInsert = 4, kDelete = 8, kUpdate = 16, kTruncate = 32,
                  kInstead = 64;

std::vector<std::string> roles(Node list) {
  std::vector<std::string> names;
  for (const Node spec : list)
    names.push_back(role(spec));
  return names;
}

}  // namespace

void read_view(Reader& reader, Node node) {
  CreateView create;
  create.at = reader.whole();
  create.view = reader.relation(node.field("view"));
  create.persistence = persistence(node.field("view"));
  create.or_replace = node.flag("replace");
  create.columns = Reader::strings(node.field("aliases"));
  create.query = reader.query(node.field("query"));
  for (const pg::Token& token : reader.tokens())
    if (token.span.begin > create.view.at.end && pg::same_word(reader.text(token.span), "as")) {
      create.text = reader.text({token.span.end, create.at.end});
      create.text = trim(create.text);
      break;
    }
  reader.add(std::move(create));
}

void read_refresh(Reader& reader, Node node) {
  reader.add(Refresh{reader.relation(node.field("relation")), node.flag("concurrent"),
                     !node.flag("skipData"), reader.whole()});
}

void read_function(Reader& reader, Node node) {
  CreateFunction create;
  create.at = reader.whole();
  create.function = reader.qualified(node.field("funcname"));
  create.kind = node.flag("is_procedure") ? ObjectKind::procedure : ObjectKind::function;
  create.or_replace = node.flag("replace");
  for (const Node parameter : node.field("parameters")) {
    FunctionArgument& argument = create.arguments.emplace_back();
    argument.name = parameter.text("name");
    argument.type = reader.type(parameter.field("argType"));
    argument.mode = mode(parameter.text("mode"));
    argument.fallback = reader.expression(parameter.field("defexpr"));
  }
  if (const Node returns = node.field("returnType"))
    create.returns = reader.type(returns);
  create.volatility = "volatile";
  for (const Node option : node.field("options")) {
    const std::string_view name = option.text("defname");
    const Node value = option.field("arg");
    if (name == "language")
      create.language = lower(value.text("sval"));
    else if (name == "volatility")
      create.volatility = value.text("sval");
    else if (name == "strict")
      create.strict = value.flag("boolval");
    else if (name == "security")
      create.security_definer = value.flag("boolval");
    else if (name == "window")
      create.window = value.flag("boolval");
    else if (name == "as")
      create.body = value[0].text("sval");
  }
  if (node.field("sql_body")) {
    create.language = create.language.empty() ? "sql" : create.language;
    create.body = reader.text(create.at);
  }
  reader.add(std::move(create));
}

void read_alter_function(Reader& reader, Node node) {
  AlterFunction alter;
  alter.at = reader.whole();
  alter.function = object(reader, object_kind(node.text("objtype")), node.field("func"));
  for (const Node option : node.field("actions"))
    if (option.text("defname") == "volatility")
      alter.volatility = option.field("arg").text("sval");
  reader.add(std::move(alter));
}

void read_trigger(Reader& reader, Node node) {
  CreateTrigger create;
  create.at = reader.whole();
  create.trigger = node.text("trigname");
  create.table = reader.relation(node.field("relation"));
  create.or_replace = node.flag("replace");
  create.constraint = node.flag("isconstraint");
  create.function = reader.qualified(node.field("funcname"));
  const int64_t timing = node.number("timing");
  create.timing = (timing & kInstead) != 0  ? "instead of"
                  : (timing & kBefore) != 0 ? "before"
                                            : "after";
  const int64_t events = node.number("events");
  if ((events & kInsert) != 0)
    create.events.emplace_back("insert");
  if ((events & kDelete) != 0)
    create.events.emplace_back("delete");
  if ((events & kUpdate) != 0)
    create.events.emplace_back("update");
  if ((events & kTruncate) != 0)
    create.events.emplace_back("truncate");
  create.columns = Reader::strings(node.field("columns"));
  create.row = node.flag("row");
  create.when = reader.expression(node.field("whenClause"));
  create.from = reader.relation(node.field("constrrel"));
  create.deferrable = node.flag("deferrable");
  create.initially_deferred = node.flag("initdeferred");
  reader.add(std::move(create));
}

void read_policy(Reader& reader, Node node) {
  CreatePolicy create;
  create.at = reader.whole();
  create.alter = node.is("AlterPolicyStmt");
  create.policy = node.text("policy_name");
  create.table = reader.relation(node.field("table"));
  create.command = node.text("cmd_name");
  create.permissive = node.flag("permissive");
  create.roles = roles(node.field("roles"));
  create.using_ = reader.expression(node.field("qual"));
  create.check = reader.expression(node.field("with_check"));
  reader.add(std::move(create));
}

void read_rule(Reader& reader, Node node) {
  CreateRule create;
  create.at = reader.whole();
  create.rule = node.text("rulename");
  create.table = reader.relation(node.field("relation"));
  create.or_replace = node.flag("replace");
  const std::string_view event = node.text("event");
  create.event = lower(event.substr(event.find('_') + 1));
  create.instead = node.flag("instead");
  reader.mentions(node.field("whereClause"), create.mentions);
  reader.add(std::move(create));
}

void read_extension(Reader& reader, Node node) {
  if (!node.is("CreateExtensionStmt")) {
    AlterExtension alter;
    alter.at = reader.whole();
    alter.extension = node.text("extname");
    alter.action = node.is("AlterExtensionStmt") ? "update"
                   : node.number("action") > 0   ? "add"
                                                 : "drop";
    if (node.field("object"))
      alter.object = object(reader, object_kind(node.text("objtype")), node.field("object"));
    reader.add(std::move(alter));
    return;
  }
  CreateExtension create;
  create.at = reader.whole();
  create.extension = node.text("extname");
  create.if_not_exists = node.flag("if_not_exists");
  for (const Node option : node.field("options")) {
    const std::string_view name = option.text("defname");
    const Node value = option.field("arg");
    if (name == "schema")
      create.schema = value.text("sval");
    else if (name == "new_version")
      create.version = value.text("sval");
    else if (name == "cascade")
      create.cascade = value.flag("boolval");
  }
  reader.add(std::move(create));
}

namespace {

// The tables among what is published; true where all of a schema are as well.
bool read_published(Reader& reader, Node parts, std::vector<Published>& tables) {
  bool schemas = false;
  for (const Node part : parts) {
    const Node table = part.field("pubtable");
    if (!table) {
      schemas = true;
      continue;
    }
    Published published;
    static_cast<Name&>(published) = reader.relation(table.field("relation"));
    published.only = !table.field("relation").flag("inh");
    published.columns = Reader::strings(table.field("columns"));
    published.where = reader.expression(table.field("whereClause"));
    tables.push_back(std::move(published));
  }
  return schemas;
}

}  // namespace

void read_alter_publication(Reader& reader, Node node) {
  using Action = AlterPublication::Action;
  AlterPublication alter;
  alter.at = reader.whole();
  alter.publication = node.text("pubname");
  const std::string_view action = node.text("action");
  alter.action = !node.field("options").empty() ? Action::options
                 : action == "AP_DropObjects"   ? Action::drop
                 : action == "AP_SetObjects"    ? Action::set
                                                : Action::add;
  alter.schemas = read_published(reader, node.field("pubobjects"), alter.tables);
  reader.add(std::move(alter));
}

void read_other(Reader& reader, Node node) {
  CreateOther create;
  create.at = reader.whole();
  create.if_not_exists = node.flag("if_not_exists");
  create.or_replace = node.flag("replace");
  Object& object = create.object;
  const std::string_view type = node.type();
  if (type == "DefineStmt") {
    object.kind = object_kind(node.text("kind"));
    object.name = reader.qualified(node.field("defnames"));
    if (object.kind == ObjectKind::aggregate) {
      CreateFunction aggregate;
      aggregate.at = create.at;
      aggregate.kind = ObjectKind::aggregate;
      aggregate.function = object.name;
      aggregate.or_replace = create.or_replace;
      for (const Node parameter : node.field("args")[0])
        aggregate.arguments.push_back({std::string(parameter.text("name")),
                                       reader.type(parameter.field("argType")),
                                       mode(parameter.text("mode")),
                                       {}});
      aggregate.language = "internal";
      reader.add(std::move(aggregate));
      return;
    }
    if (object.kind == ObjectKind::operator_)
      for (const Node option : node.field("definition"))
        if (const auto name = option.text("defname"); name == "procedure" || name == "function")
          create.functions.push_back(reader.qualified(option.field("arg").field("names")));
  } else if (type == "CreateForeignServerStmt") {
    object.kind = ObjectKind::foreign_server;
    object.name.name = node.text("servername");
  } else if (type == "CreateFdwStmt") {
    object.kind = ObjectKind::foreign_data_wrapper;
    object.name.name = node.text("fdwname");
  } else if (type == "CreateUserMappingStmt") {
    object.kind = ObjectKind::user_mapping;
    object.name.name = role(node.field("user")) + "@" + std::string(node.text("servername"));
  } else if (type == "CreateEventTrigStmt") {
    object.kind = ObjectKind::event_trigger;
    object.name.name = node.text("trigname");
    create.functions.push_back(reader.qualified(node.field("funcname")));
  } else if (type == "CreatePublicationStmt") {
    object.kind = ObjectKind::publication;
    object.name.name = node.text("pubname");
    if (read_published(reader, node.field("pubobjects"), create.tables))
      create.text = "schemas";
  } else if (type == "CreateSubscriptionStmt") {
    object.kind = ObjectKind::subscription;
    object.name.name = node.text("subname");
    for (const Node option : node.field("options"))
      if ((option.text("defname") == "connect" || option.text("defname") == "create_slot") &&
          !is_on(option))
        create.text = "no slot";
  } else if (type == "CreateAmStmt") {
    object.kind = ObjectKind::access_method;
    object.name.name = node.text("amname");
  } else if (type == "CreatePLangStmt") {
    object.kind = ObjectKind::language;
    object.name.name = node.text("plname");
    create.or_replace = true;
  } else if (type == "CreateConversionStmt") {
    object.kind = ObjectKind::conversion;
    object.name = reader.qualified(node.field("conversion_name"));
  } else if (type == "CreateOpClassStmt") {
    object.kind = ObjectKind::operator_class;
    object.name = reader.qualified(node.field("opclassname"));
  } else if (type == "CreateOpFamilyStmt") {
    object.kind = ObjectKind::operator_family;
    object.name = reader.qualified(node.field("opfamilyname"));
  } else if (type == "CreateCastStmt") {
    object.kind = ObjectKind::cast;
    object.name.name = to_text(reader.type(node.field("sourcetype"))) + " AS " +
                       to_text(reader.type(node.field("targettype")));
  } else if (type == "CreateTransformStmt") {
    object.kind = ObjectKind::transform;
    object.name.name = to_text(reader.type(node.field("type_name")));
  }
  reader.add(std::move(create));
}

}  // namespace retort::forms
