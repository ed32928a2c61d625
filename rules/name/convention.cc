// Names as the project wants them, by kind of object: `[lint.names]` of retort.toml.
#include "rules/words.h"

#include "common/text.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <regex>

namespace retort::rules {
namespace {

using catalog::Kind;
using catalog::Object;
using forms::ConstraintKind;
using Values = std::map<std::string, std::string, std::less<>>;

class Names {
public:
  explicit Names(Visit& visit) : visit_(visit) {}

  void check() {
    for (const catalog::Catalog::Change& change : visit_.facts().changes) {
      const Object* const now = change.after.get();
      if (!now)
        continue;
      if (!change.before || change.before->name != now->name)
        look(kind_of(*now), now->name, values_of(*now));
      if (now->kind == Kind::table || now->kind == Kind::foreign_table)
        look_at_columns(*now, change.before.get());
    }
  }

private:
  // As it is after the statement.
  const Object* object(catalog::Id id) const {
    for (const catalog::Catalog::Change& change : visit_.facts().changes)
      if (change.id == id && change.after)
        return change.after.get();
    return visit_.object(id);
  }

  // Empty for what has no name of its own: the index of a constraint, the sequence of a column, the
  // copy on a partition.
  static std::string_view kind_of(const Object& object) {
    switch (object.kind) {
    case Kind::schema: return "schema";
    case Kind::table:
    case Kind::foreign_table: return "table";
    case Kind::view: return "view";
    case Kind::materialized_view: return "materialized_view";
    case Kind::type:
    case Kind::domain: return "type";
    case Kind::trigger: return object.as<catalog::Trigger>().cloned ? "" : "trigger";
    case Kind::sequence: return object.as<catalog::Sequence>().table != 0 ? "" : "sequence";
    case Kind::index: {
      const auto& index = object.as<catalog::Index>();
      return index.constraint != 0 || index.parent != 0 ? ""
             : index.unique                             ? "unique_index"
                                                        : "index";
    }
    case Kind::constraint: return kind_of(object.as<catalog::Constraint>());
    default: return "";
    }
  }
  static std::string_view kind_of(const catalog::Constraint& constraint) {
    if (constraint.parent != 0)
      return "";
    switch (constraint.kind) {
    case ConstraintKind::primary_key: return "primary_key";
    case ConstraintKind::unique: return "unique";
    case ConstraintKind::foreign_key: return "foreign_key";
    case ConstraintKind::check: return "check";
    case ConstraintKind::exclusion: break;
    }
    return "";
  }

  void set_columns(Values& values, std::string_view token, const Object* table,
                   const std::vector<int>& numbers) const {
    std::string all;
    for (const int number : numbers) {
      const catalog::Column* const column = table ? table->column_at(number) : nullptr;
      all += (all.empty() ? "" : "_") + (column ? column->name : std::string("expr"));
    }
    values[std::string(token)] = all;
  }

  Values values_of(const Object& own) const {
    Values values;
    const Object* const table = own.table != 0 ? object(own.table) : nullptr;
    const Object* const schema = object(table ? table->schema : own.schema);
    values["schema"] = schema ? schema->name : "";
    values["table"] = table ? table->name : own.name;
    if (const auto* const constraint = own.maybe<catalog::Constraint>()) {
      set_columns(values, "columns", table, constraint->columns);
      const Object* const other = object(constraint->references);
      values["referred_table"] = other ? other->name : "";
      set_columns(values, "referred_columns", other, constraint->referenced_columns);
    } else if (const auto* const index = own.maybe<catalog::Index>()) {
      std::vector<int> numbers;
      for (const catalog::IndexPart& part : index->columns)
        numbers.push_back(part.column);
      set_columns(values, "columns", table, numbers);
    }
    values["column"] = values["columns"];
    return values;
  }

  void look_at_columns(const Object& now, const Object* before) {
    if (!visit_.settings().names.contains("column"))
      return;
    const auto& table = now.as<catalog::Table>();
    if (table.partition || table.unmade)
      return;
    const auto* const old = before ? before->maybe<catalog::Table>() : nullptr;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const catalog::Column& column = table.columns[i];
      const bool same = old && i < old->columns.size() && old->columns[i].name == column.name;
      if (column.dropped || same)
        continue;
      Values values = values_of(now);
      values["column"] = values["columns"] = column.name;
      look("column", column.name, values);
    }
  }

  void look(std::string_view kind, const std::string& name, const Values& values) {
    const auto pattern = visit_.settings().names.find(kind);
    if (kind.empty() || name.empty() || pattern == visit_.settings().names.end())
      return;
    const std::string wanted = filled_pattern(pattern->second, values);
    // The server cuts what the convention makes too long.
    if (std::regex_match(name, std::regex(wanted)) || name == catalog::cut_name(wanted))
      return;
    std::string words(kind);
    std::replace(words.begin(), words.end(), '_', ' ');
    visit_
        .report(place_of(name), fmt::format("the {} {} is not called as the project wants it",
                                            words, forms::quoted(name)))
        .note(fmt::format("`{}` of [lint.names] is `{}`{}", kind, pattern->second,
                          wanted == pattern->second ? "" : fmt::format(", here `{}`", wanted)));
  }

  Span place_of(const std::string& name) const {
    const std::string_view sql = visit_.statement().sql;
    for (const pg::Token& token : words_of(sql))
      if (text_of(sql, token) == forms::quoted(name) ||
          (token.kind == pg::TokenKind::word && pg::same_word(text_of(sql, token), name)))
        return token.span;
    return {};
  }

  Visit& visit_;
};

void check(Visit& visit) {
  if (!visit.down() && !visit.settings().names.empty() && !visit.problem())
    Names(visit).check();
}

}  // namespace

const Rule name_convention{.name = "name/convention",
                           .level = Level::warning,
                           .checks = {on<check>},
                           .state = Default::off};

}  // namespace retort::rules
