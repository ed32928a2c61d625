// CREATE SCHEMA, types, domains, sequences.
#include "compiler/forms/reader.h"

namespace retort::forms {

void read_create_schema(Reader& reader, Node node) {
  CreateSchema create;
  create.at = reader.whole();
  create.schema = node.text("schemaname");
  create.owner = role(node.field("authrole"));
  if (create.schema.empty())
    create.schema = create.owner;
  create.if_not_exists = node.flag("if_not_exists");
  const std::string schema = create.schema;
  reader.add(std::move(create));
  for (const Node element : node.field("schemaElts")) {
    Opaque opaque;  // objects made inside CREATE SCHEMA: rare, their names say enough
    opaque.reason = "statement inside CREATE SCHEMA";
    opaque.anything = false;
    Name name = reader.relation(element.field("relation") ? element.field("relation")
                                                          : element.field("view"));
    name.schema = schema;
    opaque.touches.push_back(name);
    opaque.at = reader.whole();
    reader.add(std::move(opaque));
  }
}

void read_create_enum(Reader& reader, Node node) {
  CreateEnum create;
  create.at = reader.whole();
  create.type = reader.qualified(node.field("typeName"));
  create.labels = Reader::strings(node.field("vals"));
  reader.add(std::move(create));
}

void read_alter_enum(Reader& reader, Node node) {
  const Name type = reader.qualified(node.field("typeName"));
  if (node.field("oldVal")) {
    reader.add(RenameEnumValue{type, std::string(node.text("oldVal")),
                               std::string(node.text("newVal")), reader.whole()});
    return;
  }
  AddEnumValue add;
  add.at = reader.whole();
  add.type = type;
  add.label = node.text("newVal");
  add.neighbor = node.text("newValNeighbor");
  add.before = !node.flag("newValIsAfter");
  add.if_not_exists = node.flag("skipIfNewValExists");
  reader.add(std::move(add));
}

void read_composite(Reader& reader, Node node) {
  CreateComposite create;
  create.at = reader.whole();
  create.type = reader.relation(node.field("typevar"));
  for (const Node column : node.field("coldeflist"))
    create.columns.push_back(reader.column(column));
  reader.add(std::move(create));
}

void read_range(Reader& reader, Node node) {
  CreateRange create;
  create.at = reader.whole();
  create.type = reader.qualified(node.field("typeName"));
  for (const Node option : node.field("params")) {
    if (option.text("defname") == "subtype")
      create.subtype = reader.type(option.field("arg"));
    else if (option.text("defname") == "multirange_type_name")
      create.multirange = reader.qualified(option.field("arg").field("names"));
  }
  reader.add(std::move(create));
}

void read_create_domain(Reader& reader, Node node) {
  CreateDomain create;
  create.at = reader.whole();
  create.domain = reader.qualified(node.field("domainname"));
  create.type = reader.type(node.field("typeName"));
  create.collation = reader.qualified(node.field("collClause").field("collname"));
  for (const Node part : node.field("constraints")) {
    const std::string_view type = part.text("contype");
    if (type == "CONSTR_NOTNULL")
      create.not_null = true;
    else if (type == "CONSTR_DEFAULT")
      create.fallback = reader.expression(part.field("raw_expr"));
    else if (type == "CONSTR_CHECK")
      create.constraints.push_back(reader.constraint(part));
  }
  reader.add(std::move(create));
}

void read_alter_domain(Reader& reader, Node node) {
  using Action = AlterDomain::Action;
  AlterDomain alter;
  alter.at = reader.whole();
  alter.domain = reader.qualified(node.field("typeName"));
  const Node def = node.field("def");
  const std::string_view type = node.text("subtype");
  if (type == "T") {
    alter.action = def ? Action::set_default : Action::drop_default;
    alter.fallback = reader.expression(def);
  } else if (type == "N") {
    alter.action = Action::drop_not_null;
  } else if (type == "O") {
    alter.action = Action::set_not_null;
  } else if (type == "C") {
    alter.action = Action::add_constraint;
    alter.constraint = reader.constraint(def);
  } else if (type == "X") {
    alter.action = Action::drop_constraint;
  } else {
    alter.action = Action::validate;
  }
  alter.name = node.text("name");
  alter.if_exists = node.flag("missing_ok");
  alter.behavior = behavior(node);
  reader.add(std::move(alter));
}

SequenceOptions Reader::sequence_options(Node list) {
  SequenceOptions options;
  for (const Node option : list) {
    const std::string_view name = option.text("defname");
    const Node value = option.field("arg");
    const auto number = [&] {
      return integer(value, static_cast<uint32_t>(option.number("location")));
    };
    if (name == "as")
      options.type = type(value);
    else if (name == "increment")
      options.increment = number();
    else if (name == "minvalue" && value)
      options.minimum = number();
    else if (name == "maxvalue" && value)
      options.maximum = number();
    else if (name == "minvalue")
      options.no_minimum = true;
    else if (name == "maxvalue")
      options.no_maximum = true;
    else if (name == "start")
      options.start = number();
    else if (name == "cache")
      options.cache = number();
    else if (name == "cycle")
      options.cycle = value.flag("boolval");
    else if (name == "restart")
      options.restart = true;
    else if (name == "owned_by")
      options.owned_by = strings(value);
    else if (name == "sequence_name")
      options.name = qualified(value);
  }
  return options;
}

void read_create_sequence(Reader& reader, Node node) {
  CreateSequence create;
  create.at = reader.whole();
  create.sequence = reader.relation(node.field("sequence"));
  create.persistence = persistence(node.field("sequence"));
  create.if_not_exists = node.flag("if_not_exists");
  create.options = reader.sequence_options(node.field("options"));
  reader.add(std::move(create));
}

void read_alter_sequence(Reader& reader, Node node) {
  AlterSequence alter;
  alter.at = reader.whole();
  alter.sequence = reader.relation(node.field("sequence"));
  alter.if_exists = node.flag("missing_ok");
  alter.options = reader.sequence_options(node.field("options"));
  reader.add(std::move(alter));
}

}  // namespace retort::forms
