// ALTER COLUMN TYPE: the rows, the indexes, and what else stands on the column.
#include "compiler/facts/conversion.h"
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::Column;
using catalog::Constraint;
using catalog::Need;
using catalog::Type;
using forms::ConstraintKind;

bool needs_column(const Object& object, Id table, int number) {
  return std::any_of(object.needs.begin(), object.needs.end(), [&](const Need& need) {
    return need.object == table && need.column == number;
  });
}

// USING that is more than the column alone, or one cast of it.
bool computes(const forms::AlterColumnType& form, std::string_view column) {
  const forms::Expression& given = form.using_;
  const std::string name = forms::quoted(column);
  const bool casts = given.types.size() == 1 && given.functions.empty() &&
                     given.columns.size() == 1 &&
                     given.text == name + "::" + forms::to_text(given.types[0]);
  return given && given.text != name && !casts;
}

// What happens to the rows, be it that they go through the type of a cast first.
Conversion with_using(const Study& s, const forms::AlterColumnType& form, const Column& column,
                      const Type& to, std::string_view zone) {
  if (computes(form, column.name))
    return {Conversion::Kind::convert, "USING computes each value", "22P02"};
  if (form.using_.types.empty())
    return conversion(s, column.type, to, zone);
  const auto middle = s.look.type(form.using_.types[0]);
  if (!middle)
    return {Conversion::Kind::unknown, "the type of USING is not known"};
  const Conversion first = conversion(s, column.type, *middle, zone);
  const Conversion second = conversion(s, *middle, to, zone);
  return first.kind >= second.kind ? first : second;
}

bool compares(std::string_view text) {
  return text.find_first_of("=<>") != std::string_view::npos ||
         text.find(" IN (") != std::string_view::npos;
}

struct Change {
  Study& s;
  const forms::AlterColumnType& form;
  Id table;
  const Column& column;
  Conversion conversion;
  bool collation;  // changes
  Type to;

  void indexes() const {
    for (const Id id : s.indexes(table)) {
      const Object& object = *s.before.get(id);
      if (s.dropped(id) || !needs_column(object, table, column.number))
        continue;
      const auto& index = object.as<catalog::Index>();
      const bool computed =
          !index.where.empty() ||
          std::any_of(index.columns.begin(), index.columns.end(),
                      [](const catalog::IndexPart& part) { return part.column == 0; });
      const bool key =
          std::any_of(index.columns.begin(), index.columns.end(),
                      [&](const catalog::IndexPart& part) { return part.column == column.number; });
      const bool plain = key && !computed;
      Touched& touched = s.touch(id, LockMode::access_exclusive, "the column's index");
      touched.replaced = true;
      if (s.partitioned(table))
        continue;
      Answer built = Answer::no;
      if (computed && (!key || !mentioned_only_as_key(index)))
        built = Answer::yes;
      if (plain && (collation || conversion.kind == Conversion::Kind::relabel))
        built = Answer::yes;
      if (conversion.kind == Conversion::Kind::convert)
        built = Answer::yes;
      if (conversion.kind == Conversion::Kind::unknown)
        built = std::max(built, Answer::unknown);
      touched.built = std::max(touched.built, built);
      if (built == Answer::yes) {
        s.scan(table, "an index on the column is built anew");
        s.build(table, "an index on the column is built anew");
      }
      if (index.unique && may_merge())
        s.may_fail("23505");
      refuse_comparison(index.where);
    }
  }

  // Values that differ may be the same in the new type.
  bool may_merge() const { return to.internal == "citext" || !form.using_.functions.empty(); }

  // An index that computes something is only read again if that mentions the column.
  bool mentioned_only_as_key(const catalog::Index& index) const {
    const std::string name = forms::quoted(column.name);
    const auto mentions = [&](const std::string& text) {
      return text.find(name) != std::string::npos;
    };
    return !mentions(index.where) &&
           std::none_of(index.columns.begin(), index.columns.end(),
                        [&](const catalog::IndexPart& part) { return mentions(part.expression); });
  }

  // What compares the column with a label of its enum names the old type.
  void refuse_comparison(const std::string& text) const {
    const Object* old = column.type.array ? nullptr : s.get(column.type.object);
    const auto* data = old ? old->maybe<catalog::TypeData>() : nullptr;
    if (!data || data->form != catalog::TypeData::Form::enumeration || text.empty() ||
        to.object == column.type.object)
      return;
    if (compares(text))
      s.fail("42883",
             fmt::format("operator does not exist: {} = {}", s.look.text(to),
                         s.look.text(column.type)),
             form.at);
  }

  void constraints() const {
    for (const Id id : s.before.dependents(table)) {
      const Object& object = *s.before.get(id);
      const auto* constraint = object.maybe<Constraint>();
      if (!constraint || s.dropped(id) || !needs_column(object, table, column.number))
        continue;
      if (constraint->kind == ConstraintKind::check && object.table == table) {
        if (constraint->valid && s.stored(table))
          s.scan(table, "a CHECK of the column is tested on every row");
        refuse_comparison(constraint->text);
      }
      if (constraint->kind != ConstraintKind::foreign_key)
        continue;
      const Id other = object.table == table ? constraint->references : object.table;
      if (other == 0)
        continue;
      s.touch(other, LockMode::access_exclusive,
              object.table == table ? "referenced by the column" : "refers to the column");
      if (!constraint->valid)
        continue;
      if (conversion.kind == Conversion::Kind::convert) {
        check_foreign_key(s, object.table, constraint->references, LockMode::access_exclusive);
      } else if (conversion.kind == Conversion::Kind::unknown && s.stored(other)) {
        s.scan(other, "the foreign key may be checked again", Answer::unknown);
      }
    }
  }

  void sequence() const {
    if (column.identity == forms::Identity::none)
      return;
    for (const Id id : s.owned_sequences(table))
      if (const auto& data = s.before.get(id)->as<catalog::Sequence>();
          data.identity && data.column == column.number)
        s.touch(id, LockMode::share_row_exclusive, "the column's own sequence").new_file = true;
  }

  void refuse() const {
    const Answer cast = assignable(s, column.type, to);
    if (!form.using_ && cast == Answer::no)
      s.fail("42804",
             fmt::format("column \"{}\" cannot be cast automatically to type {}", form.column,
                         s.look.text(to)),
             form.at);
    const Object* fallback = s.dropped(column.fallback) ? dropped_default() : nullptr;
    if (column.fallback == 0 || !s.before.get(column.fallback) || column.generated)
      return;
    if (fallback)
      return;
    if (cast == Answer::no) {
      if (s.before.get(column.fallback)->as<catalog::Default>().constant)
        s.fail("42804",
               fmt::format("default for column \"{}\" cannot be cast automatically to type {}",
                           form.column, s.look.text(to)),
               form.at);
      else
        s.may_fail("42804");
    }
  }

  const Object* dropped_default() const { return s.before.get(column.fallback); }
};

}  // namespace

void study(Study& s, const forms::AlterColumnType& form) {
  if (form.kind == Kind::type) {
    if (const Id id = s.look.type_named(form.table)) {
      s.touch(id, LockMode::access_exclusive).named = true;
      // Rows that hold values of the type cannot be changed.
      for (const Id user : s.before.dependents(id))
        if (const Object* object = s.before.get(user); object->is_table_like())
          for (const Need& need : object->needs)
            if (need.object == id && need.own_column != 0)
              s.fail("0A000",
                     fmt::format("cannot alter type \"{}\" because column \"{}.{}\" uses it",
                                 s.get(id)->name, object->name,
                                 object->column_at(need.own_column)
                                     ? object->column_at(need.own_column)->name
                                     : ""),
                     form.at);
    }
    return;
  }
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, form.only, LockMode::access_exclusive);
  const auto to = s.look.type(form.type);
  const auto zone = s.transaction.settings.find("timezone");
  for (const Id table : tables) {
    const Column* column = s.before.column(table, form.column);
    if (!column || !to) {
      if (computes(form, form.column)) {
        s.rewrite(table, "USING computes each value");
        s.may_fail("22P02");
      } else if (s.look.partial(table) || !to) {
        s.rewrite(table, "the type may need another form", Answer::unknown);
        s.unknown(fmt::format("the type of {} is not known", s.column_name(table, form.column)));
      }
      continue;
    }
    const Conversion found =
        with_using(s, form, *column, *to,
                   zone == s.transaction.settings.end() ? std::string_view{} : zone->second);
    const Change change{s,  form, table, *column, found, form.collation.name != column->collation,
                        *to};
    change.refuse();
    if (column->is_virtual)  // nothing is stored
      continue;
    if (found.kind == Conversion::Kind::convert) {
      s.rewrite(table, found.reason);
      if (!found.refuses.empty())
        s.may_fail(found.refuses);
    } else if (found.kind == Conversion::Kind::unknown) {
      s.rewrite(table, found.reason, Answer::unknown);
      s.unknown(found.reason);
    }
    change.indexes();
    change.constraints();
    change.sequence();
    if (s.look.partial(table))
      s.unknown(fmt::format("which indexes and constraints {} has", s.name_of(table)));
  }
  if (!tables.empty() && !s.look.partial(tables[0]))
    s.lose(Loss::Kind::values, tables[0],
           "the old type of " + s.column_name(tables[0], form.column));
}

}  // namespace retort::facts
