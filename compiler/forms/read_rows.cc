// Statements about rows.
#include "common/text.h"
#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

// `SET a = …` and the columns of an INSERT: targets by name.
std::vector<std::string> target_names(Node list) {
  std::vector<std::string> names;
  for (const Node target : list)
    names.emplace_back(target.text("name"));
  return names;
}

// The WITH, FROM and WHERE of UPDATE and DELETE, as a query without output.
Query surroundings(Reader& reader, Node node, Node from) {
  Query query = reader.query(Node{});
  for (const Node common : node.field("withClause").field("ctes")) {
    Query::Common& added = query.with.emplace_back();
    added.name = common.text("ctename");
    added.columns = Reader::strings(common.field("aliascolnames"));
    added.query = common.field("ctequery").is("SelectStmt")
                      ? reader.shared_query(common.field("ctequery"))
                      : std::make_shared<Query>();
  }
  for (const Node item : from)
    reader.source(item, query);
  reader.mentions(node.field("whereClause"), query.mentions);
  query.filtered = true;
  return query;
}

}  // namespace

void read_insert(Reader& reader, Node node) {
  Insert insert;
  insert.at = reader.whole();
  insert.table = reader.relation(node.field("relation"));
  insert.columns = target_names(node.field("cols"));
  const Node select = node.field("selectStmt");
  insert.query = reader.query(select);
  insert.rows = select.field("valuesLists").size();
  const Node conflict = node.field("onConflictClause");
  insert.on_conflict = static_cast<bool>(conflict);
  for (const Node element : conflict.field("infer").field("indexElems"))
    if (element.field("name"))
      insert.conflict_columns.emplace_back(element.text("name"));
  insert.returning = !node.field("returningList").empty();
  reader.add(std::move(insert));
}

void read_update(Reader& reader, Node node) {
  Update update;
  update.at = reader.whole();
  update.table = reader.relation(node.field("relation"));
  update.alias = node.field("relation").field("alias").text("aliasname");
  update.columns = target_names(node.field("targetList"));
  update.query = surroundings(reader, node, node.field("fromClause"));
  for (const Node target : node.field("targetList")) {
    const size_t before = update.query.mentions.literals.size();
    reader.mentions(target.field("val"), update.query.mentions);
    if (target.field("val").is("A_Const") && update.query.mentions.literals.size() > before)
      update.query.mentions.literals.edit().back().column = target.text("name");
  }
  update.filtered = static_cast<bool>(node.field("whereClause"));
  reader.add(std::move(update));
}

void read_delete(Reader& reader, Node node) {
  Delete remove;
  remove.at = reader.whole();
  remove.table = reader.relation(node.field("relation"));
  remove.alias = node.field("relation").field("alias").text("aliasname");
  remove.query = surroundings(reader, node, node.field("usingClause"));
  remove.filtered = static_cast<bool>(node.field("whereClause"));
  reader.add(std::move(remove));
}

void read_merge(Reader& reader, Node node) {
  Merge merge;
  merge.at = reader.whole();
  merge.table = reader.relation(node.field("relation"));
  reader.source(node.field("sourceRelation"), merge.source);
  reader.mentions(node.field("joinCondition"), merge.source.mentions);
  merge.source.filtered = true;
  reader.add(std::move(merge));
}

void read_truncate(Reader& reader, Node node) {
  Truncate truncate;
  truncate.at = reader.whole();
  for (const Node relation : node.field("relations"))
    truncate.tables.push_back(reader.relation(relation));
  truncate.behavior = behavior(node);
  truncate.restart = node.flag("restart_seqs");
  reader.add(std::move(truncate));
}

void read_select(Reader& reader, Node node) {
  if (const Node into = node.field("intoClause")) {
    CreateTableAs create;
    create.at = reader.whole();
    create.table = reader.relation(into.field("rel"));
    create.persistence = persistence(into.field("rel"));
    create.query = reader.query(node);
    reader.add(std::move(create));
    return;
  }
  // SELECT set_config('search_path', '', false), as dumps have it.
  const Node call = node.field("targetList")[0].field("val");
  const Node arguments = call.field("args");
  if (call.field("funcname").last().text("sval") == "set_config" && arguments.size() == 3 &&
      arguments[0].field("sval") && arguments[1].field("sval")) {
    Set set;
    set.at = reader.whole();
    set.name = arguments[0].field("sval").text("sval");
    for (const std::string_view value : split(arguments[1].field("sval").text("sval"), ','))
      if (!trim(value).empty())
        set.values.emplace_back(trim(value));
    set.local = arguments[2].field("boolval").flag("boolval");
    reader.add(std::move(set));
    return;
  }
  reader.add(Select{reader.query(node), false, reader.whole()});
}

void read_copy(Reader& reader, Node node) {
  Copy copy;
  copy.at = reader.whole();
  copy.table = reader.relation(node.field("relation"));
  copy.columns = Reader::strings(node.field("attlist"));
  copy.from = node.flag("is_from");
  reader.add(std::move(copy));
}

void read_lock(Reader& reader, Node node) {
  // LOCKMODE counts from AccessShareLock = 1.
  constexpr std::string_view kModes[] = {
      "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
      "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
  LockTable lock;
  lock.at = reader.whole();
  for (const Node relation : node.field("relations")) {
    lock.tables.push_back(reader.relation(relation));
    lock.only |= !relation.flag("inh");
  }
  lock.mode = kModes[static_cast<size_t>(node.number("mode")) % std::size(kModes)];
  lock.nowait = node.flag("nowait");
  reader.add(std::move(lock));
}

}  // namespace retort::forms
