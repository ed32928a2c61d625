// CREATE INDEX, REINDEX, CREATE STATISTICS.
#include "compiler/forms/reader.h"

#include "common/text.h"

namespace retort::forms {

IndexColumn Reader::index_column(Node node) {
  IndexColumn result;
  result.column = node.text("name");
  const Node expression_node = node.field("expr");
  result.expression = expression(expression_node);
  result.name = result.column.empty() ? output_name(expression_node) : result.column;
  if (result.name.empty())
    result.name = "expr";
  result.opclass = qualified(node.field("opclass"));
  result.collation = join(strings(node.field("collation")), ".");
  result.descending = node.text("ordering") == "SORTBY_DESC";
  const std::string_view nulls = node.text("nulls_ordering");
  result.nulls_first =
      nulls == "SORTBY_NULLS_FIRST" || (nulls != "SORTBY_NULLS_LAST" && result.descending);
  return result;
}

std::vector<IndexColumn> Reader::index_columns(Node list) {
  std::vector<IndexColumn> result;
  for (const Node element : list)
    result.push_back(index_column(element));
  return result;
}

void read_index(Reader& reader, Node node) {
  CreateIndex create;
  create.at = reader.whole();
  const Node table = node.field("relation");
  create.table = reader.relation(table);
  create.index.name = node.text("idxname");
  create.index.schema = create.table.schema;
  create.index.at =
      create.index.name.empty() ? create.table.at : reader.find_name(create.index.name, 0);
  create.only = !table.flag("inh");
  create.if_not_exists = node.flag("if_not_exists");
  create.concurrently = node.flag("concurrent");
  create.unique = node.flag("unique");
  create.nulls_not_distinct = node.flag("nulls_not_distinct");
  create.method = node.text("accessMethod");
  create.columns = reader.index_columns(node.field("indexParams"));
  create.include = reader.index_columns(node.field("indexIncludingParams"));
  create.where = reader.expression(node.field("whereClause"));
  create.tablespace = node.text("tableSpace");
  reader.add(std::move(create));
}

void read_reindex(Reader& reader, Node node) {
  Reindex reindex;
  reindex.at = reader.whole();
  const std::string_view kind = node.text("kind");
  reindex.kind = kind == "REINDEX_OBJECT_INDEX"    ? ObjectKind::index
                 : kind == "REINDEX_OBJECT_TABLE"  ? ObjectKind::table
                 : kind == "REINDEX_OBJECT_SCHEMA" ? ObjectKind::schema
                                                   : ObjectKind::database;
  reindex.name = reader.relation(node.field("relation"));
  if (reindex.name.name.empty())
    reindex.name.name = node.text("name");
  for (const Node option : node.field("params"))
    reindex.concurrently |= option.text("defname") == "concurrently" && is_on(option);
  reader.add(std::move(reindex));
}

void read_statistics(Reader& reader, Node node) {
  CreateStatistics create;
  create.at = reader.whole();
  create.statistics = reader.qualified(node.field("defnames"));
  create.if_not_exists = node.flag("if_not_exists");
  create.table = reader.relation(node.field("relations")[0]);
  for (const Node element : node.field("exprs"))
    create.columns.emplace_back(element.text("name"));
  reader.add(std::move(create));
}

}  // namespace retort::forms
