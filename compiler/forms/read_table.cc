// CREATE TABLE, CREATE FOREIGN TABLE, CREATE TABLE AS, and the columns and constraints that ALTER
// TABLE shares with them.
#include "common/text.h"
#include "compiler/forms/reader.h"

#include <algorithm>

namespace retort::forms {

using Meaning = pg::Retold::Meaning;

namespace {

std::string action(std::string_view code) {
  if (code == "r")
    return "RESTRICT";
  if (code == "c")
    return "CASCADE";
  if (code == "n")
    return "SET NULL";
  if (code == "d")
    return "SET DEFAULT";
  return "";  // NO ACTION, the default
}

ConstraintKind constraint_kind(std::string_view type) {
  if (type == "CONSTR_PRIMARY")
    return ConstraintKind::primary_key;
  if (type == "CONSTR_UNIQUE")
    return ConstraintKind::unique;
  if (type == "CONSTR_FOREIGN")
    return ConstraintKind::foreign_key;
  if (type == "CONSTR_EXCLUSION")
    return ConstraintKind::exclusion;
  return ConstraintKind::check;
}

Like like(Reader& reader, Node node) {
  // The bits of TableLikeOption, in its order.
  enum : int64_t {
    comments = 1,
    compression = 2,
    constraints = 4,
    defaults = 8,
    generated = 16,
    identity = 32,
    indexes = 64,
    statistics = 128,
    storage = 256
  };
  const int64_t options = node.number("options");
  Like result;
  result.table = reader.relation(node.field("relation"));
  result.comments = (options & comments) != 0;
  result.constraints = (options & constraints) != 0;
  result.defaults = (options & defaults) != 0;
  result.generated = (options & generated) != 0;
  result.identity = (options & identity) != 0;
  result.indexes = (options & indexes) != 0;
  result.statistics = (options & statistics) != 0;
  result.storage = (options & storage) != 0;
  return result;
}

// NOT ENFORCED: nothing is tested, now or later.
void disable(Constraint& constraint) {
  constraint.enforced = false;
  constraint.not_valid = true;
}

// CONSTRAINT name NOT NULL column, said of the table.
void demand(CreateTable& create, std::string name, std::string constraint) {
  auto column = std::find_if(create.columns.begin(), create.columns.end(),
                             [&](const Column& each) { return each.name == name; });
  if (column == create.columns.end()) {
    if (!create.likes.empty())
      return;
    // A parent's.
    column = create.columns.emplace(create.columns.end());
    column->name = std::move(name);
    column->typed = false;
    column->at = create.at;
  }
  column->not_null = true;
  column->not_null_name = std::move(constraint);
}

// Where the node's first word begins.
Span beginning(Node node) {
  const auto at = static_cast<uint32_t>(node.number("location"));
  return {at, at + 1};
}

}  // namespace

bool Reader::is_retold(Meaning meaning, Span within) const {
  const std::vector<pg::Retold>& all = tree_.retold();
  if (all.empty())
    return false;
  // Words that were blanked may be the last ones.
  const size_t end =
      std::min(tree_.text().find_first_not_of(" \t\r\n\f", within.end), tree_.text().size());
  return std::any_of(all.begin(), all.end(), [&](const pg::Retold& each) {
    return each.meaning == meaning && each.at.begin >= within.begin && each.at.begin < end;
  });
}

// NOT DEFERRABLE and its like are constraints of their own, for the one before.
void Reader::column_constraint(Node node, Column& column) {
  const std::string_view type = node.text("contype");
  if (type == "CONSTR_NOTNULL") {
    column.not_null = true;
    if (const std::string_view name = node.text("conname"); !name.empty())
      column.not_null_name = std::string(name);
  } else if (type == "CONSTR_NULL") {
    column.null = true;
  } else if (type == "CONSTR_DEFAULT" && is_retold(Meaning::virtual_column, beginning(node))) {
    column.generated = expression(node.field("raw_expr"));
    column.is_virtual = true;
  } else if (type == "CONSTR_DEFAULT") {
    column.fallback = expression(node.field("raw_expr"));
  } else if (type == "CONSTR_GENERATED") {
    column.generated = expression(node.field("raw_expr"));
    column.is_virtual = node.text("generated_kind") == "v";  // of a grammar that knows it
  } else if (type == "CONSTR_IDENTITY") {
    column.identity = node.text("generated_when") == "a" ? Identity::always : Identity::by_default;
    column.sequence = sequence_options(node.field("options"));
  } else if (type == "CONSTR_ATTR_DEFERRABLE" && !column.constraints.empty()) {
    column.constraints.back().deferrable = true;
  } else if (type == "CONSTR_ATTR_DEFERRED" && !column.constraints.empty()) {
    column.constraints.back().initially_deferred = true;
    column.constraints.back().deferrable = true;
  } else if (type == "CONSTR_PRIMARY" || type == "CONSTR_UNIQUE" || type == "CONSTR_CHECK" ||
             type == "CONSTR_FOREIGN" || type == "CONSTR_EXCLUSION") {
    Constraint result = constraint(node);
    result.of_column = true;
    if (result.kind != ConstraintKind::check)
      result.columns = {column.name};
    column.constraints.push_back(std::move(result));
  }
}

Constraint Reader::constraint(Node node) {
  Constraint result;
  result.kind = constraint_kind(node.text("contype"));
  result.name = node.text("conname");
  result.at = element(static_cast<uint32_t>(node.number("location")));
  result.columns =
      strings(node.field(result.kind == ConstraintKind::foreign_key ? "fk_attrs" : "keys"));
  result.include = strings(node.field("including"));
  result.check = expression(node.field("raw_expr"));
  result.references = relation(node.field("pktable"));
  result.referenced_columns = strings(node.field("pk_attrs"));
  result.on_delete = action(node.text("fk_del_action"));
  result.on_update = action(node.text("fk_upd_action"));
  result.match = node.text("fk_matchtype") == "f" ? "FULL" : "";
  result.set_columns = strings(node.field("fk_del_set_cols"));
  result.not_valid = node.flag("skip_validation");
  result.no_inherit = node.flag("is_no_inherit");
  result.deferrable = node.flag("deferrable");
  result.initially_deferred = node.flag("initdeferred");
  result.nulls_not_distinct = node.flag("nulls_not_distinct");
  result.using_index = node.text("indexname");
  result.where = expression(node.field("where_clause"));
  if (result.kind == ConstraintKind::exclusion) {
    result.method = node.text("access_method");
    for (const Node pair : node.field("exclusions")) {
      result.elements.push_back(index_column(pair[0]));
      result.columns.push_back(result.elements.back().column);
      result.operators.push_back(join(strings(pair[1]), "."));
    }
  }
  return result;
}

Constraint Reader::table_constraint(Node node) {
  Constraint result = constraint(node);
  if (is_retold(Meaning::not_enforced, result.at))
    disable(result);
  return result;
}

std::optional<std::string> Reader::not_null_constraint(Node node) {
  if (node.text("contype") == "CONSTR_NOTNULL")  // of a grammar that knows it
    return std::string(node.field("keys")[0].text("sval"));
  if (tree_.retold().empty() ||
      !is_retold(Meaning::not_null_constraint, element(beginning(node).begin)))
    return std::nullopt;
  return std::string(node.field("raw_expr").field("fields")[0].text("sval"));
}

Column Reader::column(Node node) {
  Column result;
  result.name = node.text("colname");
  result.at = element(static_cast<uint32_t>(node.number("location")));
  const Node type_name = node.field("typeName");
  result.typed = static_cast<bool>(type_name);
  if (type_name)
    result.type = type(type_name);
  result.collation = qualified(node.field("collClause").field("collname"));
  result.not_null = node.flag("is_not_null");
  if (const Node fallback = node.field("raw_default"))
    result.fallback = expression(fallback);
  for (const Node constraint : node.field("constraints"))
    column_constraint(constraint, result);
  for (size_t i = 0; i < result.constraints.size(); ++i) {
    const bool last = i + 1 == result.constraints.size();
    const Span own = {result.constraints[i].at.begin,
                      last ? result.at.end : result.constraints[i + 1].at.begin};
    if (is_retold(Meaning::not_enforced, own))
      disable(result.constraints[i]);
  }
  return result;
}

std::string Reader::partition_bound(Node bound) {
  if (!bound)
    return "";
  if (bound.flag("is_default"))
    return "DEFAULT";
  const auto list = [&](std::string_view name) {
    std::vector<std::string> values;
    for (const Node value : bound.field(name))
      values.push_back(deparse(*this, value));
    return "(" + join(values, ", ") + ")";
  };
  const std::string_view strategy = bound.text("strategy");
  if (strategy == "l")
    return "FOR VALUES IN " + list("listdatums");
  if (strategy == "r")
    return "FOR VALUES FROM " + list("lowerdatums") + " TO " + list("upperdatums");
  return "FOR VALUES WITH (modulus " + std::to_string(bound.number("modulus")) + ", remainder " +
         std::to_string(bound.number("remainder")) + ")";
}

void read_create_table(Reader& reader, Node node) {
  const bool foreign = node.is("CreateForeignTableStmt");
  const Node base = foreign ? node.field("base") : node;
  CreateTable create;
  create.at = reader.whole();
  create.kind = foreign ? ObjectKind::foreign_table : ObjectKind::table;
  create.server = node.text("servername");
  create.table = reader.relation(base.field("relation"));
  create.persistence = persistence(base.field("relation"));
  create.if_not_exists = base.flag("if_not_exists");
  create.columns.reserve(base.field("tableElts").size());
  std::vector<std::pair<std::string, std::string>> not_null;
  for (const Node element : base.field("tableElts")) {
    if (element.is("ColumnDef")) {
      create.columns.push_back(reader.column(element));
    } else if (element.is("Constraint")) {
      if (std::optional<std::string> column = reader.not_null_constraint(element))
        not_null.emplace_back(*std::move(column), element.text("conname"));
      else
        create.constraints.push_back(reader.table_constraint(element));
    } else if (element.is("TableLikeClause")) {
      create.likes.push_back(like(reader, element));
      create.likes.back().before_column = create.columns.size();
    }
  }
  for (auto& [column, constraint] : not_null)
    demand(create, std::move(column), std::move(constraint));
  const Node bound = base.field("partbound");
  for (const Node parent : base.field("inhRelations")) {
    if (bound)
      create.partition_of = reader.relation(parent);
    else
      create.inherits.push_back(reader.relation(parent));
  }
  create.bound = reader.partition_bound(bound);
  if (const Node key = base.field("partspec")) {
    const std::string strategy = lower(key.text("strategy"));
    create.partition_by.strategy = strategy.substr(strategy.rfind('_') + 1);
    for (const Node part : key.field("partParams"))
      create.partition_by.columns.push_back(reader.index_column(part));
  }
  create.of_type = reader.qualified(base.field("ofTypename").field("names"));
  create.tablespace = base.text("tablespacename");
  for (const Node option : base.field("options"))
    create.options.emplace_back(option.text("defname"));
  create.drop_on_commit = base.text("oncommit") == "ONCOMMIT_DROP";
  reader.add(std::move(create));
}

void read_create_table_as(Reader& reader, Node node) {
  const Node into = node.field("into");
  CreateTableAs create;
  create.at = reader.whole();
  create.table = reader.relation(into.field("rel"));
  create.persistence = persistence(into.field("rel"));
  create.if_not_exists = node.flag("if_not_exists");
  create.materialized = node.text("objtype") == "OBJECT_MATVIEW";
  create.with_data = !into.flag("skipData");
  create.columns = Reader::strings(into.field("colNames"));
  create.query = reader.query(node.field("query"));
  reader.add(std::move(create));
}

}  // namespace retort::forms
