// The catalog as text, for people and for tests: sorted by schema, kind and name.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::catalog {

namespace {

using forms::quoted;

class Printer {
public:
  // The catalog's search path is to be empty: every name is printed with its schema.
  explicit Printer(Catalog& catalog) : apply_(catalog), catalog_(catalog) {}

  std::string one(const Object& object) {
    print(object);
    return std::move(out_);
  }

  std::string run() {
    if (catalog_.opaque)
      out_ += "unknown: anything may have changed\n";
    if (catalog_.incomplete)
      out_ += "incomplete: the chain does not begin at an empty database\n";
    for (const std::string& name : catalog_.blurred)
      if (known_name(name))
        out_ += "unknown: " + quoted(name) + "\n";
    std::vector<const Object*> objects;
    for (Id id = 1; id < catalog_.size(); ++id) {
      const Object* object = catalog_.get(id);
      if (object && object->table == 0 && object->kind != Kind::column_default)
        objects.push_back(object);
    }
    std::sort(objects.begin(), objects.end(), [&](const Object* a, const Object* b) {
      return std::make_tuple(a->kind != Kind::schema && a->kind != Kind::extension, schema_of(*a),
                             std::string(kind_of(*a)), a->name, inputs(*a)) <
             std::make_tuple(b->kind != Kind::schema && b->kind != Kind::extension, schema_of(*b),
                             std::string(kind_of(*b)), b->name, inputs(*b));
    });
    for (const Object* object : objects)
      print(*object);
    return std::move(out_);
  }

private:
  bool known_name(const std::string& name) const {
    return std::any_of(kSpaces.begin(), kSpaces.end(),
                       [&](Space space) { return !catalog_.named(space, name).empty(); });
  }
  std::string schema_of(const Object& object) const {
    const Object* schema = catalog_.get(object.schema);
    return schema ? schema->name : "";
  }
  static std::string_view kind_of(const Object& object) {
    if (const TypeData* type = object.maybe<TypeData>())
      switch (type->form) {
      case TypeData::Form::enumeration: return "enum";
      case TypeData::Form::domain: return "domain";
      case TypeData::Form::composite: return "composite";
      case TypeData::Form::range: return type->multirange_of != 0 ? "multirange" : "range";
      case TypeData::Form::base: return "type";
      }
    if (const Function* function = object.maybe<Function>())
      return to_string(function->kind);
    return to_string(object.kind);
  }
  std::string inputs(const Object& object) const {
    const Function* function = object.maybe<Function>();
    std::vector<std::string> parts;
    if (function)
      for (const Type& type : function->inputs)
        parts.push_back(apply_.text(type));
    return join(parts, ", ");
  }
  std::string name(const Object& object) const {
    const std::string schema = schema_of(object);
    return schema.empty() || object.kind == Kind::extension
               ? quoted(object.name)
               : quoted(schema) + "." + quoted(object.name);
  }
  std::string name(Id id) const {
    const Object* object = catalog_.get(id);
    return object ? name(*object) : "?";
  }
  std::string columns(Id table, const std::vector<int>& numbers, bool ordered = true) const {
    std::vector<std::string> names;
    const Object* object = catalog_.get(table);
    for (const int number : numbers) {
      const Column* column = object ? object->column_at(number) : nullptr;
      names.push_back(column ? quoted(column->name) : "?");
    }
    if (!ordered)
      std::sort(names.begin(), names.end());
    return "(" + join(names, ", ") + ")";
  }
  std::string type(const Type& type) const {
    return type.known || !type.internal.empty() ? apply_.text(type) : "?";
  }
  void comment(const std::optional<std::string>& text, std::string_view indent) {
    if (text)
      out_ += fmt::format("{}comment {}\n", indent, one_line(*text));
  }
  static std::string one_line(std::string_view text) {
    std::string result = "'";
    for (const char c : text)
      result += c == '\n' ? "\\n" : std::string(1, c);
    return result + "'";
  }

  void print(const Object& object) {
    out_ += fmt::format("{} {}", kind_of(object), name(object));
    if (object.maybe<Function>())
      out_ += "(" + inputs(object) + ")";
    if (const Table* table = object.maybe<Table>())
      print_table(object, *table);
    else if (const Sequence* sequence = object.maybe<Sequence>())
      print_sequence(*sequence);
    else if (const TypeData* data = object.maybe<TypeData>())
      print_type(object, *data);
    else if (const Function* function = object.maybe<Function>())
      print_function(*function);
    else
      out_ += "\n";
    comment(object.comment, "  ");
    if (!object.owner.empty())
      out_ += fmt::format("  owner {}\n", quoted(object.owner));
  }

  void print_table(const Object& object, const Table& table) {
    if (table.persistence == forms::Persistence::unlogged)
      out_ += " unlogged";
    if (!table.strategy.empty()) {
      std::vector<std::string> parts;
      for (size_t i = 0; i < table.key.size(); ++i) {
        const Column* column = object.column_at(table.key[i]);
        parts.push_back(column ? quoted(column->name) : "expression");
      }
      out_ += fmt::format(" partitioned by {} ({})", table.strategy, join(parts, ", "));
    }
    if (table.partition && !table.parents.empty())
      out_ += fmt::format(" partition of {}", name(table.parents[0]));
    else if (!table.parents.empty()) {
      std::vector<std::string> parents;
      for (const Id parent : table.parents)
        parents.push_back(name(parent));
      out_ += " inherits " + join(parents, ", ");
    }
    if (table.row_security)
      out_ += " row-security";
    if (table.partial)
      out_ += " partial";
    out_ += "\n";
    for (const Column& column : table.columns)
      if (!column.dropped)
        print_column(column);
    for (const Kind kind : {Kind::constraint, Kind::index, Kind::trigger, Kind::rule, Kind::policy,
                            Kind::statistics, Kind::publication_table})
      print_members(object.id, kind);
  }

  void print_column(const Column& column) {
    out_ += fmt::format("  column {} {}", quoted(column.name), type(column.type));
    if (column.not_null)
      out_ += column.not_null_valid ? " not null" : " not null not valid";
    if (column.identity != forms::Identity::none)
      out_ +=
          column.identity == forms::Identity::always ? " identity always" : " identity by default";
    if (const Object* fallback = catalog_.get(column.fallback))
      out_ += fmt::format(" {} {}",
                          column.is_virtual  ? "virtual"
                          : column.generated ? "generated"
                                             : "default",
                          fallback->as<Default>().text);
    if (!column.local)
      out_ += " inherited";
    out_ += "\n";
    comment(column.comment, "    ");
  }

  void print_members(Id table, Kind kind) {
    std::vector<const Object*> members;
    for (const Id id : catalog_.members(table, kind))
      members.push_back(catalog_.get(id));
    std::sort(members.begin(), members.end(),
              [](const Object* a, const Object* b) { return a->name < b->name; });
    for (const Object* member : members) {
      if (const Index* index = member->maybe<Index>())
        print_index(*member, *index);
      else if (const Constraint* constraint = member->maybe<Constraint>())
        print_constraint(*member, *constraint);
      else if (const Trigger* trigger = member->maybe<Trigger>())
        out_ += fmt::format("  trigger {} {} {}{}{}\n", quoted(member->name), trigger->timing,
                            join(trigger->events, " or "), trigger->row ? " each row" : "",
                            trigger->function != 0 ? " " + name(trigger->function) : "");
      else if (const Published* published = member->maybe<Published>())
        out_ +=
            fmt::format("  published in {}{}{}\n", quoted(member->name),
                        published->columns.empty() ? "" : " " + columns(table, published->columns),
                        published->where.empty() ? "" : " where " + published->where);
      else
        out_ += fmt::format("  {} {}\n", to_string(kind), quoted(member->name));
      comment(member->comment, "    ");
    }
  }

  std::string parts(Id table, const std::vector<IndexPart>& parts) const {
    std::vector<std::string> texts;
    for (const IndexPart& part : parts) {
      const Column* column = catalog_.get(table)->column_at(part.column);
      std::string text = column ? quoted(column->name) : "(" + part.expression + ")";
      if (part.descending)
        text += " desc";
      if (part.nulls_first != part.descending)
        text += part.nulls_first ? " nulls first" : " nulls last";
      texts.push_back(std::move(text));
    }
    return "(" + join(texts, ", ") + ")";
  }

  void print_index(const Object& object, const Index& index) {
    out_ += fmt::format("  index {} {}{} {}", quoted(object.name),
                        index.primary  ? "primary "
                        : index.unique ? "unique "
                                       : "",
                        index.method, parts(object.table, index.columns));
    if (!index.include.empty())
      out_ += " include " + parts(object.table, index.include);
    if (index.nulls_not_distinct)
      out_ += " nulls not distinct";
    if (!index.where.empty())
      out_ += " where " + index.where;
    out_ += "\n";
  }

  void print_constraint(const Object& object, const Constraint& constraint) {
    // Those that a check reads have no order.
    const bool ordered = constraint.kind != forms::ConstraintKind::check;
    out_ +=
        fmt::format("  constraint {} {} {}", quoted(object.name), forms::to_string(constraint.kind),
                    columns(object.table, constraint.columns, ordered));
    if (constraint.kind == forms::ConstraintKind::foreign_key)
      out_ += fmt::format(" references {} {}", name(constraint.references),
                          columns(constraint.references, constraint.referenced_columns));
    if (!constraint.on_delete.empty())
      out_ += " on delete " + lower(constraint.on_delete);
    if (!constraint.on_update.empty())
      out_ += " on update " + lower(constraint.on_update);
    if (!constraint.match.empty())
      out_ += " match " + lower(constraint.match);
    if (constraint.deferrable)
      out_ += constraint.initially_deferred ? " deferrable initially deferred" : " deferrable";
    if (!constraint.valid)
      out_ += constraint.enforced ? " not valid" : " not enforced";
    if (constraint.no_inherit)
      out_ += " no inherit";
    if (constraint.kind == forms::ConstraintKind::check)
      out_ += ": " + constraint.text;
    out_ += "\n";
  }

  void print_sequence(const Sequence& sequence) {
    out_ += fmt::format(" {} start {} increment {} from {} to {} cache {}{}",
                        forms::type_spelling(sequence.type), sequence.start, sequence.increment,
                        sequence.minimum, sequence.maximum, sequence.cache,
                        sequence.cycle ? " cycle" : "");
    if (sequence.table != 0) {
      const Object* table = catalog_.get(sequence.table);
      const Column* column = table ? table->column_at(sequence.column) : nullptr;
      out_ += fmt::format(" {} {}.{}", sequence.identity ? "identity of" : "owned by",
                          name(sequence.table), column ? quoted(column->name) : "?");
    }
    out_ += "\n";
  }

  void print_type(const Object& object, const TypeData& data) {
    if (data.form == TypeData::Form::enumeration) {
      std::vector<std::string> labels;
      for (const std::string& label : data.labels)
        labels.push_back(one_line(label));
      out_ += " (" + join(labels, ", ") + ")";
    }
    if (data.form == TypeData::Form::domain)
      out_ += " " + type(data.base) + (data.not_null ? " not null" : "") +
              (data.fallback.empty() ? "" : " default " + data.fallback);
    if (data.form == TypeData::Form::range && data.multirange_of == 0)
      out_ += " of " + type(data.base);
    out_ += "\n";
    for (const Column& column : data.columns)
      if (!column.dropped)
        print_column(column);
    for (const Id id : catalog_.members(object.id, Kind::domain_constraint)) {
      const Object& constraint = *catalog_.get(id);
      const Constraint& check = constraint.as<Constraint>();
      out_ += fmt::format("  constraint {} check: {}{}\n", quoted(constraint.name), check.text,
                          check.valid ? "" : " not valid");
    }
  }

  void print_function(const Function& function) {
    if (function.returns)
      out_ += fmt::format(" returns {}{}", function.returns_set ? "setof " : "",
                          type(*function.returns));
    if (!function.language.empty())
      out_ += " language " + function.language;
    if (!function.volatility.empty() && function.kind == Kind::function)
      out_ += " " + function.volatility;
    out_ += "\n";
  }

  static constexpr std::array<Space, 4> kSpaces = {Space::relation, Space::type, Space::function,
                                                   Space::schema};
  Apply apply_;
  const Catalog& catalog_;
  std::string out_;
};

}  // namespace

std::string print(const Catalog& catalog) {
  Catalog copy = catalog;
  copy.search_path.clear();
  return Printer(copy).run();
}

std::string print(Catalog& catalog, Id id) {
  const Object* const object = catalog.get(id);
  if (!object)
    return {};
  std::vector<std::string> path;
  path.swap(catalog.search_path);
  std::string text = Printer(catalog).one(*object);
  path.swap(catalog.search_path);
  return text;
}

}  // namespace retort::catalog
