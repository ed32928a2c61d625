// A primary key that counts up in 32 bits ends at 2147483647, and INSERT with it (22003, or 2200H
// of the sequence). To widen it later rewrites the table, and every one that refers to it.
#include "linter/edits.h"
#include "rules/around.h"
#include "rules/words.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

bool counts(const catalog::Catalog& catalog, const catalog::Column& column) {
  if (column.identity != forms::Identity::none)
    return true;
  const catalog::Object* const fallback = catalog.get(column.fallback);
  const auto* const text = fallback ? fallback->maybe<catalog::Default>() : nullptr;
  return text && text->text.find("nextval(") != std::string::npos;
}

// The type of the column, where the file says it: `serial`, or `sa.Integer` behind the name.
std::optional<Edit> widened(const Sources& sources, const LintStatement& statement, Span definition,
                            const catalog::Column& column) {
  if (statement.exact) {
    for (const pg::Token& token : words_of(statement.sql)) {
      if (token.span.begin < definition.begin || token.span.end > definition.end)
        continue;
      const std::string word = lower(text_of(statement.sql, token));
      const bool serial =
          word == "serial" || word == "smallserial" || word == "serial4" || word == "serial2";
      if (serial || word == "int" || word == "integer" || word == "smallint" || word == "int4" ||
          word == "int2")
        return in_sql(sources, statement, token.span, serial ? "bigserial" : "bigint");
    }
    return std::nullopt;
  }
  if (statement.call.file == FileId::none ||
      (statement.op != "create_table" && statement.op != "add_column"))
    return std::nullopt;
  const std::string_view call = sources.text(statement.call);
  for (const char quote : {'"', '\''}) {
    const std::string name = fmt::format("Column({0}{1}{0}, ", quote, column.name);
    const size_t at = call.find(name);
    if (at == std::string_view::npos || call.find(name, at + 1) != std::string_view::npos)
      continue;
    const size_t begin = call.find_first_of(",() ", at + name.size());
    if (begin == std::string_view::npos)
      return std::nullopt;
    const std::string_view type = call.substr(at + name.size(), begin - at - name.size());
    const size_t dot = type.rfind('.');
    if (dot == std::string_view::npos)
      return std::nullopt;  // a bare BigInteger might not be imported
    const std::string_view word = type.substr(dot + 1);
    if (word != "Integer" && word != "SmallInteger")
      return std::nullopt;
    const uint32_t from =
        statement.call.span.begin + static_cast<uint32_t>(at + name.size() + dot + 1);
    return Edit{{statement.call.file, {from, from + static_cast<uint32_t>(word.size())}},
                "BigInteger"};
  }
  return std::nullopt;
}

// Where a column is defined: by the statement that makes its table, or by one that adds it.
std::optional<Edit> widened_in(const EndVisit& visit, const catalog::Object& table,
                               const catalog::Column& column) {
  const Maker* const maker = visit.maker(table.id);
  if (!maker)
    return std::nullopt;
  for (const forms::Form& form : maker->statement->forms)
    if (const auto* const create = std::get_if<forms::CreateTable>(&form))
      for (const forms::Column& each : create->columns)
        if (each.name == column.name)
          return widened(visit.sources(), *maker->statement, each.at, column);
  for (const Unit& unit : visit.units())
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms)
        if (const auto* const add = std::get_if<forms::AddColumn>(&form);
            add && add->table.name == table.name && add->column.name == column.name)
          return widened(visit.sources(), statement, add->column.at, column);
  return std::nullopt;
}

// The key and all columns that refer to it; nothing if one of them can't be reached.
std::optional<Fix> widened_everywhere(const EndVisit& visit, const catalog::Object& table,
                                      const catalog::Column& column) {
  Fix fix{Safety::review, "make it a bigint, if no database has it yet", {}};
  const auto widen = [&](const catalog::Object& of, const catalog::Column& each) {
    std::optional<Edit> edit = widened_in(visit, of, each);
    if (edit)
      fix.edits.push_back(std::move(*edit));
    return edit.has_value();
  };
  if (!widen(table, column))
    return std::nullopt;
  const catalog::Catalog& catalog = visit.catalog();
  for (const Id id : catalog.dependents(table.id)) {
    const auto* const key = catalog.get(id)->maybe<catalog::Constraint>();
    if (!key || key->kind != forms::ConstraintKind::foreign_key || key->references != table.id)
      continue;
    if (key->referenced_columns.size() != key->columns.size())
      return std::nullopt;  // which column it refers to is not known
    const catalog::Object* const owner = catalog.get(catalog.get(id)->table);
    for (size_t i = 0; i < key->columns.size(); ++i) {
      const catalog::Column* const other = table.column_at(key->referenced_columns[i]);
      const catalog::Column* const own = owner ? owner->column_at(key->columns[i]) : nullptr;
      if (other != &column || !own || own->type.internal == "int8")
        continue;
      if (!widen(*owner, *own))
        return std::nullopt;
    }
  }
  return fix;
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const index = object ? object->maybe<catalog::Index>() : nullptr;
    const catalog::Object* const table = index ? catalog.get(object->table) : nullptr;
    if (!table || !index->primary || index->columns.size() != 1 || index->parent != 0)
      continue;
    const catalog::Column* const column = table->column_at(index->columns[0].column);
    if (!column || (column->type.internal != "int4" && column->type.internal != "int2") ||
        column->type.object != 0 || !counts(catalog, *column))
      continue;
    const Maker* const maker = visit.maker(table->id);
    if (!maker)
      continue;
    Span at;
    for (const forms::Form& form : maker->statement->forms)
      if (const auto* const create = std::get_if<forms::CreateTable>(&form))
        for (const forms::Column& each : create->columns)
          if (each.name == column->name)
            at = each.at;
    const bool small = column->type.internal == "int2";
    Diagnostic* const finding =
        visit.report(table->id, at,
                     fmt::format("{} can number {} rows and no more", visit.name_of(*table),
                                 small ? "32767" : "2147483647"),
                     {.level = small ? std::optional(Level::warning) : std::nullopt});
    if (!finding)
      continue;
    if (std::optional<Fix> fix = widened_everywhere(visit, *table, *column))
      finding->fix(std::move(*fix));
    finding->note("bigint costs four bytes a row now, and a rewrite of this and of every table "
                  "that refers to it later");
  }
}

}  // namespace

const Rule schema_narrow_key{
    .name = "schema/narrow-key", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
