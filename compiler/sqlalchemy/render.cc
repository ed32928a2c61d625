#include "compiler/sqlalchemy/render.h"

#include "compiler/sqlalchemy/core.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::Kind;
using expr::Ptr;

expr::Names names_of(Names names) {
  return names == Names::bare ? expr::Names::bare : expr::Names::qualified;
}

// The failure that a conversion left behind, as a problem.
Unexpected<Problem> failed(py::Value problem_value) {
  if (problem_value.is_unknown())
    return problem(problem_value.object()->cause->text);
  return problem("this statement raises an exception");
}

struct Named {
  std::string name;
  py::Value value;
};
using NamedValues = std::vector<Named>;

// SQLAlchemy takes an empty list for no parameters, too.
bool is_nothing(py::Value parameters) {
  const auto* list = parameters ? parameters.as<py::List>() : nullptr;
  const auto* tuple = parameters ? parameters.as<py::Tuple>() : nullptr;
  return !parameters || parameters.is_none() || (list && list->items.empty()) ||
         (tuple && tuple->items.empty());
}

Answer<std::vector<NamedValues>> sets_of(py::Interpreter& in, py::Value parameters) {
  std::vector<NamedValues> sets;
  if (is_nothing(parameters))
    return std::vector<NamedValues>{{}};
  if (parameters.is(py::Type::dict)) {
    sets.emplace_back();
    for (const py::Table::Entry& entry : parameters.as<py::Dict>()->table.entries()) {
      if (!entry.alive)
        continue;
      const py::Str* const name = string_of(in, entry.key);
      if (!name)
        return problem("parameters are named by strings");
      sets.back().push_back({name->text, entry.value});
    }
    return sets;
  }
  const bool several = parameters.is(py::Type::list) || parameters.is(py::Type::tuple);
  if (!several)
    return problem("parameters are a dictionary or a list of dictionaries");
  std::vector<py::Value> items;
  py::Value failure;
  if (!in.collect(parameters, items, failure))
    return failed(failure);
  for (const py::Value item : items) {
    if (!item.is(py::Type::dict))
      return problem("parameters are a dictionary or a list of dictionaries");
    std::vector<NamedValues> one = TRY(sets_of(in, item));
    sets.push_back(std::move(one.front()));
  }
  return sets;
}

// What `name` is declared as in text(): its type, and whether it expands.
Ptr declared(const Ptr& node, const std::string& name) {
  if (node)
    for (size_t i = 0; i < node->names.size(); ++i)
      if (node->names[i] == name)
        return node->items[i];
  return nullptr;
}

Answer<expr::Parameters> bound(py::Interpreter& in, const NamedValues& values, const Ptr& text) {
  expr::Parameters made;
  for (const auto& [name, value] : values) {
    py::Value failure;
    Ptr node = parameter_value(in, value, declared(text, name), failure);
    if (!node)
      return failed(failure);
    made.emplace_back(name, std::move(node));
  }
  return made;
}

std::string_view outer_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\f\v";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos)
    return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// A parameter that names a column and is no bindparam() is a value of the column.
Answer<std::string> with_values(py::Interpreter& in, const expr::StatementPtr& statement,
                                const NamedValues& values, const expr::Parameters& parameters,
                                bool many) {
  std::vector<std::string> used;
  Answer<std::string> plain = expr::render(statement, parameters, &used);
  NamedValues rest;
  for (const Named& value : values)
    if (std::find(used.begin(), used.end(), value.name) == used.end())
      rest.push_back(value);
  if (rest.empty() && !many)
    return plain;
  expr::Statement changed = *statement;
  py::Value failure;
  if (auto* const insert = std::get_if<expr::Insert>(&changed.node)) {
    insert->inline_ = insert->inline_ || many;
    if (insert->many || insert->select)
      return rest.empty()
                 ? expr::render(std::make_shared<const expr::Statement>(changed), parameters)
                 : problem("this INSERT takes no parameters");
    if (insert->rows.empty())
      insert->rows.emplace_back();
    for (const Named& value : rest) {
      py::Dict* const pair = in.new_dict();
      if (!in.dict_set(*pair, in.text(value.name), value.value) ||
          !row_of(in, *insert->table, pair, insert->rows.front(), failure))
        return failed(failure ? failure : py::Value());
    }
  } else if (auto* const update = std::get_if<expr::Update>(&changed.node)) {
    for (const Named& value : rest) {
      const expr::ColumnInfo* const column = update->table->find(value.name);
      if (!column)
        return problem("there is no parameter `" + value.name + "`");
      Ptr node = assigned_value(in, value.value, column, failure);
      if (!node)
        return failed(failure);
      update->set.emplace_back(expr::column_of(update->table, *column), std::move(node));
    }
  } else {
    return plain;
  }
  return expr::render(std::make_shared<const expr::Statement>(std::move(changed)), parameters);
}

}  // namespace

bool is_clause(py::Value value) { return object_of<Clause>(value) != nullptr; }

bool is_statement(py::Value value) {
  if (object_of<StatementObject>(value))
    return true;
  const auto* clause = object_of<Clause>(value);
  const Ptr node = clause ? clause->expression() : nullptr;
  return node && node->kind == Kind::text;
}

static Answer<Sql> element(py::Interpreter& in, py::Value value, Names names, bool grouped) {
  if (value.is_unknown())
    return failed(value);
  if (const py::Str* const text = string_of(in, value))
    return text_clause(text->text);
  py::Value failure;
  Ptr node = coerce(in, value, failure, {.constants = true});
  if (!node)
    return failed(failure);
  if (grouped && node->kind != Kind::column && node->kind != Kind::verbatim)
    node = expr::grouped(node);
  return Sql{TRY(expr::render(node, names_of(names)))};
}

Answer<Sql> clause_sql(py::Interpreter& in, py::Value clause, Names names) {
  return element(in, clause, names, false);
}

Answer<Sql> index_element_sql(py::Interpreter& in, py::Value clause) {
  return element(in, clause, Names::bare, true);
}

std::string clause_key(py::Value clause) {
  const auto* object = object_of<Clause>(clause);
  const Ptr node = object ? object->expression() : nullptr;
  if (!node)
    return {};
  if (const auto* column = object_of<ColumnObject>(clause))
    return column->column.lookup_key();
  return node->kind == Kind::label || node->kind == Kind::column ? node->name.text : std::string();
}

// Of those that belong to a table: conventions know no others.
static std::string first_column(const Ptr& node) {
  if (node->kind == Kind::column)
    return node->from ? node->name.text : std::string();
  for (const Ptr& child : {node->left, node->right})
    if (child)
      if (std::string found = first_column(child); !found.empty())
        return found;
  for (const expr::List* const list : {&node->items, &node->order})
    for (const Ptr& child : *list)
      if (std::string found = first_column(child); !found.empty())
        return found;
  return {};
}

std::string clause_name(py::Value clause) {
  const auto* object = object_of<Clause>(clause);
  const Ptr node = object ? object->expression() : nullptr;
  if (!node)
    return {};
  return node->kind == Kind::text ? node->text : first_column(node);
}

// `:name` as text() has it, and `%s` and `%(name)s` as a driver has it.
static std::string without_parameters(std::string_view text) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  std::string result;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    const char before = at == 0 ? ' ' : text[at - 1];
    if (text[at] == ':' && before != ':' && before != '\\' && !is_word(before)) {
      while (end < text.size() && is_word(text[end]))
        ++end;
      if (end == at + 1 || text.substr(end).starts_with(':'))
        end = at;
    } else if (text.substr(at).starts_with("%s")) {
      end = at + 2;
    } else if (text.substr(at).starts_with("%(")) {
      end = text.find(")s", at);
      end = end == text.npos ? at : end + 2;
    } else {
      end = at;
    }
    if (end > at)
      result += py::kGap;
    else
      result += text[end++];
    at = end;
  }
  return result;
}

std::string statement_sketch(py::Value statement) {
  if (statement.is_unknown())
    return std::string(py::sketch_of(statement));
  if (const expr::StatementPtr core = statement_of(statement))
    return core->as<expr::Insert>()   ? kInsert
           : core->as<expr::Update>() ? kUpdate
           : core->as<expr::Delete>() ? kDelete
                                      : kSelect;
  if (const py::Str* const string = statement.as<py::Str>())
    return without_parameters(string->text);
  const auto* const clause = object_of<Clause>(statement);
  const Ptr node = clause ? clause->expression() : nullptr;
  return node && node->kind == Kind::text ? without_parameters(node->text) : std::string();
}

Answer<Statements> statement_sql(py::Interpreter& in, py::Value statement, py::Value parameters) {
  if (const py::Value unknown = unknown_in(parameters ? parameters : py::Value::none()))
    return failed(unknown);
  if (statement.is_unknown())
    return failed(statement);
  const std::vector<NamedValues> sets = TRY(sets_of(in, parameters));
  const bool many = !is_nothing(parameters) && !parameters.is(py::Type::dict);
  const expr::StatementPtr core = statement_of(statement);
  Ptr node;
  if (const py::Str* const text = string_of(in, statement)) {
    node = expr::make({.kind = Kind::text, .text = text->text});
  } else if (const auto* clause = object_of<Clause>(statement)) {
    node = clause->expression();
    if (!node)
      return problem("this expression is not compiled");
    // `execute(func.f())` selects it.
    if (node->kind != Kind::text) {
      expr::Select select;
      select.items.emplace_back(node);
      return statement_sql(in, wrap(in, expr::Statement{std::move(select), {}}), parameters);
    }
  } else if (!core) {
    return problem(fmt::format("{} is no statement", in.type_name(statement)));
  }
  Statements result;
  for (const NamedValues& values : sets) {
    const expr::Parameters made = TRY(bound(in, values, node));
    std::string sql;
    if (core) {
      sql = TRY(with_values(in, core, values, made, many));
    } else {
      expr::Expression copy = *node;
      copy.text = outer_blanks(copy.text);
      sql = TRY(expr::render(expr::make(std::move(copy)), expr::Names::qualified, made, nullptr));
    }
    result.push_back(std::move(sql));
  }
  return result;
}

std::vector<py::NativeRow> joined(std::initializer_list<std::span<const py::NativeRow>> tables) {
  std::vector<py::NativeRow> rows;
  for (const std::span<const py::NativeRow> table : tables)
    rows.insert(rows.end(), table.begin(), table.end());
  return rows;
}

std::span<const py::NativeRow> core_functions() {
  static const std::vector<py::NativeRow> kRows =
      joined({constructors(), window_functions(), select_constructors(), compound_constructors(),
              from_constructors(), change_constructors()});
  return kRows;
}

std::span<const py::NativeRow> postgresql_functions() {
  static const std::vector<py::NativeRow> kRows =
      joined({postgresql_constructors(), postgresql_changes()});
  return kRows;
}

}  // namespace retort::sa
