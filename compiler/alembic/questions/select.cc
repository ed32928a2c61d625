// A small SELECT over the views that questions.h makes.
#include "common/text.h"
#include "compiler/alembic/questions/cells.h"
#include "compiler/forms/reader.h"

#include <algorithm>
#include <functional>

namespace retort::alembic {
namespace {

using catalog::Object;
using pg::Node;
using Kind = Cell::Kind;

constexpr size_t kMaxRounds = 2'000'000;

struct Source {
  std::string alias;
  const Relation* relation = nullptr;
  const Cells* row = nullptr;  // at which it stands
};

class Evaluator {
public:
  Evaluator(Views& views, const pg::Tree& tree) : views_(views), tree_(tree) {}

  std::optional<Answered> select(Node node, const Evaluator* outer = nullptr);
  bool exists = false;  // only whether there is a row matters

private:
  bool add_sources(Node item);
  bool each_row(size_t level, const std::function<bool()>& visit);
  Cell eval(Node node);
  Cell constant(Node node);
  Cell column(Node node);
  Cell cast(Node node);
  Cell operation(Node node);
  Cell function(Node node);
  Cell sublink(Node node);
  Cell named(const Cell& name, std::string_view type);
  Cell text_of_id(const Cell& id);
  Cell current_schema() const;
  Answer4 among(const Cell& value, const std::vector<Cell>& list);
  bool is_aggregate(Node node) const;
  Cell aggregate(Node node, const std::vector<std::vector<const Cells*>>& rows);

  Views& views_;
  const pg::Tree& tree_;
  const Evaluator* outer_ = nullptr;
  std::vector<Source> sources_;
  std::vector<Node> conditions_;
  size_t rounds_ = 0;
  bool undecided_ = false;  // there may be rows besides
  bool refused_ = false;    // a function is called that may do something
};

bool Evaluator::add_sources(Node item) {
  if (item.is("RangeVar")) {
    const Relation* const relation = views_.find(item.text("schemaname"), item.text("relname"));
    if (!relation)
      return false;
    std::string alias(item.field("alias").text("aliasname"));
    if (item.field("alias").field("colnames"))
      return false;
    sources_.push_back(
        {alias.empty() ? std::string(item.text("relname")) : alias, relation, nullptr});
    return true;
  }
  if (item.is("JoinExpr")) {
    const std::string_view type = item.text("jointype");
    if ((!type.empty() && type != "JOIN_INNER") || item.flag("isNatural") || item.field("alias"))
      return false;
    if (!add_sources(item.field("larg")) || !add_sources(item.field("rarg")))
      return false;
    if (const Node on = item.field("quals"))
      conditions_.push_back(on);
    else if (item.field("usingClause"))
      return false;
    return true;
  }
  return false;
}

// Every combination of rows for which all conditions hold; false where that is not known.
bool Evaluator::each_row(size_t level, const std::function<bool()>& visit) {
  Answer4 answer = Answer4::yes;
  for (const Node condition : conditions_) {
    answer = both(answer, truth_of(eval(condition)));
    if (answer == Answer4::no)
      return true;
  }
  if (level == sources_.size()) {
    if (answer == Answer4::unknown)
      undecided_ = true;
    return answer != Answer4::yes || visit();
  }
  for (const Cells& row : sources_[level].relation->rows) {
    if (++rounds_ > kMaxRounds)
      return false;
    sources_[level].row = &row;
    const bool good = each_row(level + 1, visit);
    sources_[level].row = nullptr;
    if (!good)
      return false;
  }
  return true;
}

Cell Evaluator::constant(Node node) {
  if (node.flag("isnull"))
    return {};
  if (node.field("sval"))
    return Cell::of(std::string(node.field("sval").text("sval")));
  if (node.field("ival"))
    return Cell::of(tree_.integer(node, static_cast<uint32_t>(node.number("location"))));
  if (node.field("boolval"))
    return Cell::of(node.field("boolval").flag("boolval"));
  return Cell::unknown();
}

Cell Evaluator::column(Node node) {
  std::vector<std::string_view> names;
  for (const Node part : node.field("fields"))
    names.push_back(part.text("sval"));
  if (names.empty() || names.back().empty())
    return Cell::unknown();
  const std::string_view table = names.size() > 1 ? names[names.size() - 2] : "";
  for (const Evaluator* scope = this; scope; scope = scope->outer_)
    for (const Source& source : scope->sources_) {
      if (!table.empty() && source.alias != table)
        continue;
      const auto& columns = source.relation->columns;
      const auto found = std::find(columns.begin(), columns.end(), names.back());
      if (found == columns.end())
        continue;
      return source.row ? (*source.row)[static_cast<size_t>(found - columns.begin())]
                        : Cell::unknown();
    }
  return Cell::unknown();
}

// 'orders'::regclass and to_regclass('orders').
Cell Evaluator::named(const Cell& name, std::string_view type) {
  if (name.is(Kind::null) || name.is(Kind::id))
    return name;
  if (!name.is(Kind::text))
    return Cell::unknown();
  std::string schema;
  std::string rest;
  bool quoted = false;
  for (const char c : name.text) {
    if (c == '"')
      quoted = !quoted;
    else if (c == '.' && !quoted) {
      if (!schema.empty())
        return Cell::unknown();
      schema = std::exchange(rest, {});
    } else {
      rest += quoted || c < 'A' || c > 'Z' ? c : static_cast<char>(c - 'A' + 'a');
    }
  }
  Database& database = views_.database();
  if (type == "regnamespace") {
    const catalog::Id id = database.catalog().find(catalog::Space::schema, rest, 0);
    return id ? Cell::id(id) : Cell();
  }
  if (type == "regtype") {
    const Object* const found = database.type(schema, rest);
    // Types of the system have many spellings.
    return found && found->is_type() ? Cell::id(found->id)
           : database.catalog().extended() || schema == "pg_catalog" ||
                   equal(Cell::system(), Cell::of(rest)) != Answer4::no ||
                   rest.find(' ') != rest.npos
               ? Cell::unknown()
               : Cell();
  }
  const Object* const found = database.relation(schema, rest);
  if (found)
    return Cell::id(found->id);
  return equal(Cell::system(), Cell::of(rest)) == Answer4::no ? Cell() : Cell::unknown();
}

// Where a script runs as any user, "$user" names no schema; anything else was set by a revision.
Cell Evaluator::current_schema() const {
  for (const std::string& name : views_.database().catalog().search_path)
    if (name != "$user" && name != "public")
      return Cell::unknown();
  return views_.database().catalog().search_path.empty() ? Cell::unknown() : Cell::of("public");
}

Cell Evaluator::text_of_id(const Cell& id) {
  const Object* const object =
      id.number < kPgCatalog ? views_.database().catalog().get(static_cast<catalog::Id>(id.number))
                             : nullptr;
  if (!object)
    return Cell::unknown();
  const std::string schema = schema_of(views_.database(), *object);
  if (schema != "public" ||
      object->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != std::string::npos)
    return Cell::unknown();  // qualified or quoted
  return Cell::of(object->name);
}

Cell Evaluator::cast(Node node) {
  const Node arg = node.field("arg");
  const Node type = node.field("typeName");
  const std::string_view name = type.field("names").last().text("sval");
  if (type.field("arrayBounds"))
    return arg.is("A_ArrayExpr") ? eval(arg) : Cell::unknown();
  const Cell value = eval(arg);
  if (name == "regclass" || name == "regtype" || name == "regnamespace") {
    const Cell found = named(value, name);
    return found.is(Kind::null) && !value.is(Kind::null) ? Cell::unknown() : found;  // an error
  }
  if (name == "oid")
    return value.is(Kind::id) ? value : Cell::unknown();
  if (name == "text" || name == "varchar" || name == "name" || name == "sql_identifier" ||
      name == "character_data") {
    if (value.is(Kind::id))
      return arg.is("TypeCast") &&
                     arg.field("typeName").field("names").last().text("sval") == "regclass"
                 ? text_of_id(value)
                 : Cell::unknown();
    return value.is(Kind::text) || value.is(Kind::null) || value.is(Kind::system) ||
                   value.is(Kind::database)
               ? value
               : Cell::unknown();
  }
  if (name == "bool" && value.is(Kind::text))
    return value.text == "t" || value.text == "true"    ? Cell::of(true)
           : value.text == "f" || value.text == "false" ? Cell::of(false)
                                                        : Cell::unknown();
  if ((name == "int4" || name == "int8") && value.is(Kind::integer))
    return value;
  if (name == "bool" && value.is(Kind::boolean))
    return value;
  if (name == "char" && value.is(Kind::text) && value.text.size() == 1)
    return value;
  return Cell::unknown();
}

Answer4 Evaluator::among(const Cell& value, const std::vector<Cell>& list) {
  Answer4 answer = Answer4::no;
  for (const Cell& item : list)
    answer = either(answer, equal(value, item));
  return answer;
}

Cell Evaluator::operation(Node node) {
  const std::string_view kind = node.text("kind");
  const std::string_view op = node.field("name").last().text("sval");
  const Node right_node = node.field("rexpr");
  const Cell left = eval(node.field("lexpr"));
  const auto items = [&](Node list) {
    std::vector<Cell> cells;
    for (const Node item : list)
      cells.push_back(eval(item));
    return cells;
  };
  if (kind == "AEXPR_IN") {
    const Answer4 found = among(left, items(right_node));
    return cell_of(op == "<>" ? negate(found) : found);
  }
  if (kind == "AEXPR_OP_ANY" || kind == "AEXPR_OP_ALL") {
    Node array = right_node;
    if (array.is("TypeCast"))
      array = array.field("arg");
    std::vector<Cell> cells;
    if (array.is("A_ArrayExpr")) {
      cells = items(array.field("elements"));
    } else {
      const Cell value = eval(right_node);
      if (!value.is(Kind::list))
        return value.is(Kind::null) ? Cell() : Cell::unknown();
      for (const int64_t item : value.items)
        cells.push_back(Cell::of(item));
    }
    if (kind == "AEXPR_OP_ANY" && op == "=")
      return cell_of(among(left, cells));
    if (kind == "AEXPR_OP_ALL" && op == "<>")
      return cell_of(negate(among(left, cells)));
    return Cell::unknown();
  }
  const Cell right = eval(right_node);
  if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE") {
    const Answer4 found = like(left, right, kind == "AEXPR_ILIKE");
    return cell_of(op.starts_with('!') ? negate(found) : found);
  }
  if (!kind.empty() && kind != "AEXPR_OP")
    return Cell::unknown();
  if (op == "=")
    return cell_of(equal(left, right));
  if (op == "<>" || op == "!=")
    return cell_of(negate(equal(left, right)));
  if (op == "<")
    return cell_of(less(left, right));
  if (op == ">")
    return cell_of(less(right, left));
  if (op == ">=")
    return cell_of(negate(less(left, right)));
  if (op == "<=")
    return cell_of(negate(less(right, left)));
  return Cell::unknown();
}

Cell Evaluator::function(Node node) {
  const std::string_view name = node.field("funcname").last().text("sval");
  std::vector<Cell> args;
  for (const Node arg : node.field("args"))
    args.push_back(eval(arg));
  if (name == "current_schema")
    return current_schema();
  if (name == "current_database")
    return {.kind = Kind::database};
  constexpr std::string_view kHarmless[] = {"to_regclass",         "to_regtype",
                                            "to_regnamespace",     "lower",
                                            "pg_table_is_visible", "pg_type_is_visible"};
  if (args.size() != 1 ||
      std::find(std::begin(kHarmless), std::end(kHarmless), name) == std::end(kHarmless)) {
    refused_ = true;
    return Cell::unknown();
  }
  if (name == "to_regclass" || name == "to_regtype" || name == "to_regnamespace")
    return named(args[0], name.substr(3));
  if (name == "lower" && args[0].is(Kind::text))
    return Cell::of(lower(args[0].text));
  if ((name == "pg_table_is_visible" || name == "pg_type_is_visible") && args[0].is(Kind::id) &&
      current_schema().text == "public")
    if (const Object* const object =
            views_.database().catalog().get(static_cast<catalog::Id>(args[0].number)))
      return Cell::of(schema_of(views_.database(), *object) == "public");
  return Cell::unknown();
}

Cell Evaluator::sublink(Node node) {
  Evaluator inner(views_, tree_);
  const std::string_view type = node.text("subLinkType");
  inner.exists = type == "EXISTS_SUBLINK";
  const std::optional<Answered> found = inner.select(node.field("subselect"), this);
  if (!found) {
    refused_ = true;
    return Cell::unknown();
  }
  if (type == "EXISTS_SUBLINK")
    return Cell::of(!found->rows.empty());
  if (found->names.size() != 1)
    return Cell::unknown();
  if (type == "EXPR_SUBLINK")
    return found->rows.empty()       ? Cell()
           : found->rows.size() == 1 ? found->rows[0][0]
                                     : Cell::unknown();
  if (type == "ANY_SUBLINK") {
    const Cell value = eval(node.field("testexpr"));
    std::vector<Cell> list;
    for (const Cells& row : found->rows)
      list.push_back(row[0]);
    return cell_of(among(value, list));
  }
  return Cell::unknown();
}

Cell Evaluator::eval(Node node) {
  const std::string_view type = node.type();
  if (type == "A_Const")
    return constant(node);
  if (type == "ColumnRef")
    return column(node);
  if (type == "TypeCast")
    return cast(node);
  if (type == "A_Expr")
    return operation(node);
  if (type == "FuncCall")
    return function(node);
  if (type == "SubLink")
    return sublink(node);
  if (type == "SQLValueFunction")
    return node.text("op") == "SVFOP_CURRENT_SCHEMA"    ? current_schema()
           : node.text("op") == "SVFOP_CURRENT_CATALOG" ? Cell{.kind = Kind::database}
                                                        : Cell::unknown();
  if (type == "NullTest") {
    const Cell value = eval(node.field("arg"));
    if (value.is(Kind::unknown))
      return value;
    return Cell::of(value.is(Kind::null) == (node.text("nulltesttype") == "IS_NULL"));
  }
  if (type == "BoolExpr") {
    const std::string_view op = node.text("boolop");
    const Node args = node.field("args");
    if (op == "NOT_EXPR")
      return cell_of(negate(truth_of(eval(args[0]))));
    Answer4 answer = answer_of(op == "AND_EXPR");
    for (const Node arg : args) {
      const Answer4 one = truth_of(eval(arg));
      answer = op == "AND_EXPR" ? both(answer, one) : either(answer, one);
    }
    return cell_of(answer);
  }
  if (type == "CoalesceExpr") {
    for (const Node arg : node.field("args")) {
      const Cell value = eval(arg);
      if (!value.is(Kind::null))
        return value;
    }
    return {};
  }
  refused_ = true;
  return Cell::unknown();
}

bool Evaluator::is_aggregate(Node node) const {
  if (node.is("A_Expr"))
    return is_aggregate(node.field("lexpr")) || is_aggregate(node.field("rexpr"));
  const std::string_view name = node.field("funcname").last().text("sval");
  return node.is("FuncCall") && (name == "count" || name == "bool_or" || name == "bool_and");
}

Cell Evaluator::aggregate(Node node, const std::vector<std::vector<const Cells*>>& rows) {
  if (node.is("A_Expr")) {
    const Cell left = aggregate(node.field("lexpr"), rows);
    const Cell right = aggregate(node.field("rexpr"), rows);
    const std::string_view op = node.field("name").last().text("sval");
    return op == ">"    ? cell_of(less(right, left))
           : op == "<"  ? cell_of(less(left, right))
           : op == "="  ? cell_of(equal(left, right))
           : op == ">=" ? cell_of(negate(less(left, right)))
                        : Cell::unknown();
  }
  if (!is_aggregate(node))
    return node.is("A_Const") ? constant(node) : Cell::unknown();
  const std::string_view name = node.field("funcname").last().text("sval");
  if (node.flag("agg_distinct") || node.field("agg_filter"))
    return Cell::unknown();
  int64_t count = 0;
  Answer4 any = Answer4::null;
  for (const std::vector<const Cells*>& row : rows) {
    for (size_t i = 0; i < sources_.size(); ++i)
      sources_[i].row = row[i];
    if (node.flag("agg_star")) {
      ++count;
      continue;
    }
    const Cell value = eval(node.field("args")[0]);
    if (value.is(Kind::unknown))
      return value;
    count += !value.is(Kind::null);
    const Answer4 one = truth_of(value);
    if (one != Answer4::null)
      any = any == Answer4::null ? one : name == "bool_or" ? either(any, one) : both(any, one);
  }
  for (Source& source : sources_)
    source.row = nullptr;
  return name == "count" ? Cell::of(count) : cell_of(any);
}

std::optional<Answered> Evaluator::select(Node node, const Evaluator* outer) {
  outer_ = outer;
  const std::string_view op = node.text("op");
  if (!node.is("SelectStmt") || (!op.empty() && op != "SETOP_NONE"))
    return {};
  for (const std::string_view part : {"withClause", "valuesLists", "groupClause", "havingClause",
                                      "windowClause", "intoClause", "limitOffset", "lockingClause"})
    if (node.field(part))
      return {};
  for (const Node item : node.field("fromClause"))
    if (!add_sources(item))
      return {};
  if (const Node where = node.field("whereClause"))
    conditions_.push_back(where);

  Answered answer;
  const Node targets = node.field("targetList");
  std::vector<Node> values;
  bool aggregates = false;
  for (const Node target : targets) {
    const Node value = target.field("val");
    if (value.is("ColumnRef") && value.field("fields").last().is("A_Star")) {
      if (targets.size() != 1)
        return {};
      answer.open = true;
      for (const Source& source : sources_)
        answer.names.insert(answer.names.end(), source.relation->columns.begin(),
                            source.relation->columns.end());
      break;
    }
    std::string name(target.text("name"));
    if (name.empty())
      name = forms::output_name(value);
    answer.names.push_back(name.empty() ? "?column?" : name);
    aggregates |= is_aggregate(value);
    values.push_back(value);
  }

  std::vector<std::vector<const Cells*>> matching;
  const bool known = each_row(0, [&] {
    std::vector<const Cells*> rows;
    for (const Source& source : sources_)
      rows.push_back(source.row);
    matching.push_back(std::move(rows));
    return true;
  });
  const bool first_only = exists || node.field("limitCount").field("ival").number("ival") == 1;
  if (!known || refused_ || (undecided_ && (!first_only || matching.empty() || aggregates)))
    return {};
  if (exists) {
    answer.rows.resize(matching.empty() ? 0 : 1);
    return answer;
  }
  if (aggregates) {
    Cells row;
    for (const Node value : values)
      row.push_back(aggregate(value, matching));
    if (refused_)
      return {};
    answer.rows.push_back(std::move(row));
    return answer;
  }
  for (const std::vector<const Cells*>& rows : matching) {
    for (size_t i = 0; i < sources_.size(); ++i)
      sources_[i].row = rows[i];
    Cells row;
    if (answer.open)
      for (const Cells* const cells : rows)
        row.insert(row.end(), cells->begin(), cells->end());
    for (const Node value : values)
      row.push_back(eval(value));
    answer.rows.push_back(std::move(row));
  }
  for (Source& source : sources_)
    source.row = nullptr;
  if (refused_)
    return {};
  const Node distinct = node.field("distinctClause");
  const Node sort = node.field("sortClause");
  const auto text_before = [](const Cells& a, const Cells& b) {
    return !a.empty() && !b.empty() && a[0].is(Kind::text) && b[0].is(Kind::text) &&
           a[0].text < b[0].text;
  };
  if (distinct) {
    std::vector<Cells> kept;
    for (Cells& row : answer.rows) {
      const bool seen = std::any_of(kept.begin(), kept.end(), [&](const Cells& other) {
        for (size_t i = 0; i < row.size(); ++i)
          if (equal(row[i], other[i]) != Answer4::yes)
            return false;
        return true;
      });
      if (!seen)
        kept.push_back(std::move(row));
    }
    answer.rows = std::move(kept);
  }
  if (answer.rows.size() > 1) {
    // Only by the one column that there is; other orders depend on the server.
    if (sort && answer.names.size() == 1 && sort.size() == 1 &&
        sort[0].field("node").is("ColumnRef") &&
        sort[0].field("node").field("fields").last().text("sval") == answer.names[0] &&
        sort[0].text("sortby_dir") != "SORTBY_DESC")
      std::stable_sort(answer.rows.begin(), answer.rows.end(), text_before);
    else if (sort)
      return {};
    if (const Node limit = node.field("limitCount")) {
      const Cell count = limit.is("A_Const") ? constant(limit) : Cell::unknown();
      if (!count.is(Kind::integer) ||
          (!sort && count.number != 0 && std::any_of(values.begin(), values.end(), [](Node value) {
            return !value.is("A_Const");
          })))
        return {};
      if (static_cast<size_t>(std::max<int64_t>(count.number, 0)) < answer.rows.size())
        answer.rows.resize(static_cast<size_t>(std::max<int64_t>(count.number, 0)));
    }
  }
  return answer;
}

}  // namespace

std::optional<Answered> run_question(Views& views, const pg::Tree& tree) {
  return Evaluator(views, tree).select(tree.root());
}

}  // namespace retort::alembic
