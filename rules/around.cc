#include "rules/around.h"

#include "common/text.h"
#include "compiler/forms/system_types.h"

#include <algorithm>
#include <array>

namespace retort::rules {
namespace {

using catalog::TypeData;

bool is_enum(const catalog::Object* object) {
  const TypeData* const data = object ? object->maybe<TypeData>() : nullptr;
  return data && data->form == TypeData::Form::enumeration;
}

// `Enum("a", "b", name="mood")`, anywhere in the file. Who writes `create_type=False` says that the
// type is there.
bool is_written_as_enum(std::string_view source, const std::string& type) {
  for (size_t at = source.find("name="); at != std::string_view::npos;
       at = source.find("name=", at + 1)) {
    const size_t quote = at + 5;
    if (quote + 1 + type.size() >= source.size() ||
        (source[quote] != '"' && source[quote] != '\'') ||
        source.substr(quote + 1, type.size()) != type ||
        source[quote + 1 + type.size()] != source[quote])
      continue;
    // The call around it: the parenthesis that is open here.
    size_t open = at;
    int depth = 0;
    while (open > 0 && depth >= 0) {
      --open;
      depth += source[open] == ')' ? 1 : source[open] == '(' ? -1 : 0;
    }
    const std::string name = lower(source.substr(open >= 4 ? open - 4 : 0, 4));
    const size_t close = std::min(source.find(')', at), source.size());
    const std::string_view call = source.substr(open, close - open);
    if (name == "enum" && call.find("create_type=False") == std::string_view::npos &&
        call.find("native_enum=False") == std::string_view::npos)
      return true;
  }
  return false;
}

const facts::Facts* refused(const Visit& visit) {
  for (const ServerFacts& each : visit.by_server())
    if (each.facts.fails)
      return &each.facts;
  return nullptr;
}

}  // namespace

bool same_relation(const Visit& visit, const forms::Name& a, const forms::Name& b) {
  if (a == b)
    return true;
  if (a.name != b.name)
    return false;
  const catalog::Object* const one = visit.relation(a);
  return one && one == visit.relation(b);
}

bool mentions(const forms::Query& query, std::string_view column) {
  const std::vector<forms::ColumnUse>& all = query.mentions.columns;
  return std::any_of(all.begin(), all.end(), [&](const forms::ColumnUse& use) {
    return !use.names.empty() && use.names.back() == column;
  });
}

bool reads(const Visit& visit, const forms::Query& query, const forms::Name& relation) {
  const auto inner = [&](const std::shared_ptr<forms::Query>& each) {
    return each && reads(visit, *each, relation);
  };
  return std::any_of(query.from.begin(), query.from.end(),
                     [&](const forms::Query::Source& source) {
                       return (source.kind == forms::Query::Source::Kind::relation &&
                               same_relation(visit, source.relation, relation)) ||
                              inner(source.query);
                     }) ||
         std::any_of(query.branches.begin(), query.branches.end(), inner) ||
         std::any_of(query.mentions.queries.begin(), query.mentions.queries.end(), inner) ||
         std::any_of(query.with.begin(), query.with.end(),
                     [&](const forms::Query::Common& common) { return inner(common.query); });
}

bool was_copied(const Visit& visit, const forms::Name& relation) {
  const std::span<const LintStatement> before = earlier(visit);
  const auto from = [&](const auto& form) { return reads(visit, form.query, relation); };
  // Read here, and written row by row, which nobody can follow.
  const auto is_rows = [](const forms::Opaque& form) { return form.writes; };
  return find_form<forms::Insert>(before, from) || find_form<forms::CreateTableAs>(before, from) ||
         find_form<forms::Update>(before, from) ||
         (find_form<forms::Select>(before, from) && find_form<forms::Opaque>(before, is_rows));
}

bool is_locked_already(const Visit& visit, catalog::Id table) {
  const facts::Transaction::Held* const held = visit.transaction().lock(table);
  return visit.statement().transaction && held && facts::blocks_reads(held->mode);
}

bool is_locked_anyway(const Visit& visit, const catalog::Object& table) {
  if (is_locked_already(visit, table.id))
    return true;
  if (!visit.statement().transaction)
    return false;
  const auto same = [&](const auto& form) { return visit.relation(form.table) == &table; };
  for (const LintStatement& statement : later(visit)) {
    if (!statement.transaction)
      return false;
    const std::span one(&statement, 1);
    if (find_form<forms::AddColumn>(one, same) || find_form<forms::DropColumn>(one, same) ||
        find_form<forms::AlterColumnType>(one, same) || find_form<forms::SetNotNull>(one, same) ||
        find_form<forms::DropNotNull>(one, same) || find_form<forms::DropConstraint>(one, same) ||
        find_form<forms::SetDefault>(one, same) || find_form<forms::DropDefault>(one, same))
      return true;
  }
  return false;
}

bool is_enum_swap(const Visit& visit, const forms::AlterColumnType& alter) {
  const catalog::Object* const table = visit.relation(alter.table);
  const catalog::Column* const column = table ? table->column_named(alter.column) : nullptr;
  if (!column || column->type.object == 0 || !is_enum(visit.object(column->type.object)))
    return false;
  const catalog::Object* const wanted = visit.type({alter.type.schema, alter.type.name, {}});
  return is_enum(wanted) && wanted->id != column->type.object;
}

const forms::TypeName* unmade_type(const Visit& visit) {
  if (visit.statement().op != "add_column" && visit.statement().op != "alter_column")
    return nullptr;
  for (const forms::Form& form : visit.statement().forms) {
    const auto* const add = std::get_if<forms::AddColumn>(&form);
    const auto* const alter = std::get_if<forms::AlterColumnType>(&form);
    const forms::TypeName* const type = add ? &add->column.type : alter ? &alter->type : nullptr;
    if (!type || forms::is_system_type(*type) || visit.type({type->schema, type->name, {}}) ||
        !is_written_as_enum(visit.source(), type->name))
      continue;  // the text is searched last: it may be long
    // Made by what cannot be read, perhaps.
    if (find_form<forms::Opaque>(earlier(visit), [](const auto&) { return true; }))
      continue;
    return type;
  }
  return nullptr;
}

bool belongs_to_enums(const Visit& visit) {
  if (unmade_type(visit))
    return true;
  const facts::Facts* const facts = refused(visit);
  if (!facts)
    return false;
  const std::string_view state = facts->fails->sqlstate;
  for (const forms::Form& form : visit.statement().forms) {
    if (const auto* const alter = std::get_if<forms::AlterColumnType>(&form))
      if ((state == "42804" || state == "42883" || state == "0A000") && is_enum_swap(visit, *alter))
        return true;
    const auto* const drop = std::get_if<forms::Drop>(&form);
    if (!drop || drop->object.kind != forms::ObjectKind::type || state != "2BP01" ||
        !is_enum(visit.type(drop->object.name)))
      continue;
    // The old type of a swap, which some other column still is of.
    if (find_form<forms::AlterColumnType>(earlier(visit), [](const auto&) { return true; }))
      return true;
  }
  return false;
}

namespace {

bool defines(const forms::Constraint& constraint, const catalog::Object& object,
             const catalog::Object* table) {
  const catalog::Constraint* const data = object.maybe<catalog::Constraint>();
  if (!data || data->kind != constraint.kind)
    return false;
  if (!constraint.name.empty())
    return catalog::cut_name(constraint.name) == object.name;
  if (!table || constraint.columns.size() != data->columns.size())
    return false;
  for (size_t i = 0; i < data->columns.size(); ++i) {
    const catalog::Column* const column = table->column_at(data->columns[i]);
    if (!column || column->name != constraint.columns[i])
      return false;
  }
  return true;
}

const forms::Constraint* find_definition(const forms::Column& column, const catalog::Object& object,
                                         const catalog::Object* table) {
  for (const forms::Constraint& each : column.constraints) {
    forms::Constraint whole = each;
    if (whole.columns.empty())
      whole.columns = {column.name};
    if (defines(whole, object, table))
      return &each;
  }
  return nullptr;
}

}  // namespace

Span definition_of(const LintStatement& statement, const catalog::Object& object,
                   const catalog::Catalog& catalog) {
  const catalog::Object* const table = catalog.get(object.table);
  for (const forms::Form& form : statement.forms) {
    if (const auto* const create = std::get_if<forms::CreateTable>(&form)) {
      if (object.is_table_like() && create->table.name == object.name)
        return create->table.at;
      for (const forms::Constraint& constraint : create->constraints)
        if (defines(constraint, object, table))
          return constraint.at;
      for (const forms::Column& column : create->columns)
        if (const forms::Constraint* const found = find_definition(column, object, table))
          return found->at;
    } else if (const auto* const add = std::get_if<forms::AddConstraint>(&form)) {
      if (defines(add->constraint, object, table))
        return add->constraint.at;
    } else if (const auto* const column = std::get_if<forms::AddColumn>(&form)) {
      if (const forms::Constraint* const found = find_definition(column->column, object, table))
        return found->at;
    } else if (const auto* const index = std::get_if<forms::CreateIndex>(&form)) {
      if (object.kind == catalog::Kind::index)
        return index->at;
    }
  }
  return {};
}

bool may_be_renamed(const Visit& visit) {
  const std::vector<Assumption>& all = visit.side().assumptions;
  return std::any_of(all.begin(), all.end(), [&](const Assumption& each) {
    return each.at == visit.statement().call &&
           (each.text == kUnknownConvention || each.text == kUnknownCheckName);
  });
}

const Unit* doubtful(const EndVisit& visit, const catalog::Object& table) {
  const Maker* const maker = visit.maker(table.id);
  for (const Unit* const unit : visit.unclear_units())
    if ((!maker || unit >= maker->unit) &&
        visit.source(*unit).find(table.name) != std::string_view::npos)
      return unit;
  return nullptr;
}

std::string name_of(const Unit& unit) {
  return unit.revision.empty() ? "this file" : "`" + unit.revision + "`";
}

bool is_type_left_behind(const RevisionVisit& visit, const Leftover& leftover) {
  if (!leftover.object.starts_with("enum ") || !leftover.lost.empty())
    return false;
  const Maker* const maker = visit.maker(leftover.id);
  return maker && maker->unit == &visit.unit();
}

std::string column_list(const catalog::Object& table, const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const int number : numbers)
    if (const catalog::Column* const column = table.column_at(number))
      names.push_back(forms::quoted(column->name));
  return join(names, ", ");
}

bool guesses_a_name(const Unit& unit, size_t down_statement) {
  for (const forms::Form& form : unit.down.statements[down_statement].forms) {
    const auto* const drop = std::get_if<forms::DropConstraint>(&form);
    if (!drop)
      continue;
    const auto adds = [&](std::string_view name) {
      return find_form<forms::AddConstraint>(unit.up.statements, [&](const auto& add) {
               return add.table == drop->table && add.constraint.name == name;
             }).form != nullptr;
    };
    if (adds("") && !adds(drop->constraint))
      return true;
  }
  return false;
}

std::optional<Span> first_argument_none(std::string_view call) {
  const size_t open = call.find('(');
  if (open == std::string_view::npos)
    return std::nullopt;
  const size_t begin = call.find_first_not_of(" \t\n", open + 1);
  if (begin == std::string_view::npos || !call.substr(begin).starts_with("None") ||
      begin + 4 >= call.size() || is_word(call[begin + 4]))
    return std::nullopt;
  return Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + 4)};
}

}  // namespace retort::rules
