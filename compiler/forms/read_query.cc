// SELECT and VALUES: what they read and what columns come out.
#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

std::vector<std::string> alias_columns(Node alias) {
  return Reader::strings(alias.field("colnames"));
}

// The type of an output column, where the expression alone says it.
std::string_view plain_type(Node value) {
  if (value.is("A_Const"))
    return value.field("sval")      ? "text"
           : value.field("ival")    ? "int4"
           : value.field("boolval") ? "bool"
           : value.field("fval")    ? "numeric"
                                    : "text";
  if (value.is("NullTest") || value.is("BoolExpr") || value.is("BooleanTest"))
    return "bool";
  if (!value.is("FuncCall"))
    return "";
  const std::string_view name = value.field("funcname").last().text("sval");
  if (name == "count" || name == "row_number" || name == "rank" || name == "dense_rank")
    return "int8";
  if (name == "now" || name == "clock_timestamp")
    return "timestamptz";
  if (name == "lower" || name == "upper" || name == "concat" || name == "string_agg")
    return "text";
  return "";
}

void plain_column(Reader& reader, Node value, Few<ColumnUse>& into) {
  if (!value.is("ColumnRef"))
    return;
  Mentions mentioned;
  reader.mentions(value, mentioned);
  into.push_back(mentioned.columns.front());
}

}  // namespace

bool reads_all(const Query& query) {
  return !query.filtered && query.from.size() == 1 && query.branches.empty() &&
         query.mentions.functions.empty() && query.from[0].kind == Query::Source::Kind::relation;
}

void Reader::source(Node item, Query& query) {
  const std::string_view type = item.type();
  if (type == "JoinExpr") {
    source(item.field("larg"), query);
    source(item.field("rarg"), query);
    mentions(item.field("quals"), query.mentions);
    if (item.flag("isNatural") || !item.field("usingClause").empty() || item.field("alias"))
      query.merges_columns = true;
    return;
  }
  Query::Source& result = query.from.emplace_back();
  const Node alias = item.field("alias");
  result.alias = alias.text("aliasname");
  result.columns = alias_columns(alias);
  if (type == "RangeVar") {
    result.relation = relation(item);
    if (result.alias.empty())
      result.alias = result.relation.name;
  } else if (type == "RangeSubselect") {
    result.kind = Query::Source::Kind::query;
    result.query = shared_query(item.field("subquery"));
  } else if (type == "RangeTableSample") {
    result.relation = relation(item.field("relation"));
    result.alias = result.relation.name;
  } else {
    result.kind = Query::Source::Kind::function;
    mentions(item.field("functions"), query.mentions);
  }
}

Query Reader::query(Node select) {
  Query query;
  for (const Node common : select.field("withClause").field("ctes")) {
    Query::Common& added = query.with.emplace_back();
    added.name = common.text("ctename");
    added.columns = strings(common.field("aliascolnames"));
    const Node inner = common.field("ctequery");
    if (inner.is("SelectStmt")) {
      added.query = shared_query(inner);
    } else {
      added.query = std::make_shared<Query>();
      query.writes = true;
    }
  }
  const std::string_view op = select.text("op");
  if (!op.empty() && op != "SETOP_NONE") {
    for (const std::string_view side : {"larg", "rarg"}) {
      query.branches.push_back(shared_query(select.field(side)));
      query.branches.back()->distinct |= op != "SETOP_UNION" || !select.flag("all");
    }
    return query;
  }
  if (const Node rows = select.field("valuesLists")) {
    query.values = rows[0].size();
    for (size_t i = 0; i < query.values; ++i)
      query.targets.push_back({"column" + std::to_string(i + 1), {}, {}});
    for (const Node row : rows) {
      size_t place = 0;
      for (const Node value : row) {
        const size_t before = query.mentions.literals.size();
        mentions(value, query.mentions);
        if (value.is("A_Const") && query.mentions.literals.size() > before)
          query.mentions.literals.edit().back().place = place;
        ++place;
      }
    }
    return query;
  }
  for (const Node item : select.field("fromClause"))
    source(item, query);
  for (const Node item : select.field("targetList")) {
    Query::Target& target = query.targets.emplace_back();
    const Node value = item.field("val");
    target.name = item.text("name");
    if (value.is("ColumnRef")) {
      Mentions mentioned;
      mentions(value, mentioned);
      target.column = mentioned.columns.front();
    } else if (value.is("TypeCast")) {
      target.cast = type(value.field("typeName"));
    } else if (const std::string_view plain = plain_type(value); !plain.empty()) {
      target.cast.schema = "pg_catalog";
      target.cast.name = plain;
    }
    if (target.name.empty() && !target.column.star) {
      target.name = output_name(value);
      if (target.name.empty())
        target.name = "?column?";
    }
    mentions(value, query.mentions);
  }
  for (const std::string_view part :
       {"whereClause", "groupClause", "havingClause", "windowClause", "limitCount", "limitOffset"})
    mentions(select.field(part), query.mentions);
  // ORDER BY and DISTINCT ON may name output columns; only what they call matters.
  Mentions order;
  mentions(select.field("sortClause"), order);
  mentions(select.field("distinctClause"), order);
  for (FunctionUse& use : order.functions.edit())
    query.mentions.functions.push_back(std::move(use));
  for (const Node item : select.field("groupClause"))
    plain_column(*this, item, query.grouped);
  for (const Node item : select.field("distinctClause"))
    plain_column(*this, item, query.grouped);
  for (const Node item : select.field("sortClause"))
    if (item.text("sortby_dir") != "SORTBY_USING")
      plain_column(*this, item.field("node"), query.sorted);
  // DISTINCT alone is a list of nothing; DISTINCT ON has its expressions.
  const Node distinct = select.field("distinctClause");
  query.distinct = !distinct.empty() && distinct[0].type().empty();
  query.locks = !select.field("lockingClause").empty();
  query.filtered = select.field("whereClause") || select.field("limitCount");
  return query;
}

}  // namespace retort::forms
