// Forms as text, one line each: `drop-column table=t column=a behavior=cascade`. What is empty,
// false or the first of its kind is left out.
#include "common/text.h"
#include "compiler/forms/forms.h"

#include <fmt/format.h>

namespace retort::forms {

std::string_view to_string(ConstraintKind kind) {
  switch (kind) {
  case ConstraintKind::primary_key: return "primary key";
  case ConstraintKind::unique: return "unique";
  case ConstraintKind::check: return "check";
  case ConstraintKind::foreign_key: return "foreign key";
  case ConstraintKind::exclusion: return "exclude";
  }
  return "";
}

namespace {

std::string show(bool value) { return value ? "yes" : ""; }
std::string show(std::optional<bool> value) { return !value ? "" : *value ? "yes" : "no"; }
std::string show(size_t value) { return value == 0 ? "" : std::to_string(value); }
std::string show(const std::string& value) {
  if (value.find_first_of(" ()[]{}\n=,'") == std::string::npos)
    return value;
  std::string result = "'";
  for (const char c : value)
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  return result + "'";
}
std::string show(const Name& value) { return value.name.empty() ? "" : to_text(value); }
std::string show(const TypeName& value) { return value.name.empty() ? "" : show(to_text(value)); }
std::string show(ObjectKind value) {
  return value == ObjectKind::none ? "" : show(std::string(to_string(value)));
}
std::string show(Behavior value) { return value == Behavior::cascade ? "cascade" : ""; }
std::string show(Identity value) {
  return value == Identity::always ? "always" : value == Identity::by_default ? "by-default" : "";
}
std::string show(Persistence value) {
  return value == Persistence::temporary  ? "temporary"
         : value == Persistence::unlogged ? "unlogged"
                                          : "";
}
std::string show(AlterIdentity::Action value) {
  constexpr std::string_view kNames[] = {"add", "set", "drop"};
  return std::string(kNames[static_cast<size_t>(value)]);
}
std::string show(AlterDomain::Action value) {
  constexpr std::string_view kNames[] = {"set-default",   "drop-default",   "set-not-null",
                                         "drop-not-null", "add-constraint", "drop-constraint",
                                         "validate"};
  return std::string(kNames[static_cast<size_t>(value)]);
}
std::string show(Transaction::Action value) {
  constexpr std::string_view kNames[] = {"begin",     "commit",          "rollback",
                                         "savepoint", "release",         "rollback-to",
                                         "prepare",   "commit-prepared", "rollback-prepared"};
  return std::string(kNames[static_cast<size_t>(value)]);
}
std::string show(AlterPublication::Action value) {
  constexpr std::string_view kNames[] = {"add", "set", "drop", "options"};
  return std::string(kNames[static_cast<size_t>(value)]);
}
std::string show(const Expression& value);
std::string show(const FunctionUse& use);
std::string show(const Query& query);
std::string show(const IndexColumn& value);
std::string show(const Constraint& value);
std::string show(const Column& value);
std::string show(const Like& value);
std::string show(const PartitionKey& value);
std::string show(const SequenceOptions& value);
std::string show(const Object& value);
std::string show(const FunctionArgument& value);

template <class T>
std::string show(const std::optional<T>& value) {
  return value ? show(*value) : "";
}
template <class T>
std::string show(const std::vector<T>& values) {
  std::vector<std::string> parts;
  for (const T& value : values)
    parts.push_back(show(value));
  return parts.empty() ? "" : "[" + join(parts, ", ") + "]";
}
template <class T>
std::string show(const Few<T>& values) {
  return show(values.get());
}
template <class T>
std::string show(const Rare<T>& value) {
  return show(value.get());
}

// Collects ` name=value` of what is not empty.
struct Fields {
  std::string text;

  Fields& add(std::string_view name, const std::string& value) {
    if (!value.empty())
      text += fmt::format(" {}={}", name, value);
    return *this;
  }
  template <class... T>
  void each(std::string_view names, const T&... values) {
    (add_next(names, show(values)), ...);
  }
  std::string braces() const { return text.empty() ? "" : "{" + text.substr(1) + "}"; }

private:
  void add_next(std::string_view& names, const std::string& value) {
    const size_t comma = std::min(names.find(','), names.size());
    std::string_view name = trim(names.substr(0, comma));
    if (name.ends_with('_'))
      name.remove_suffix(1);
    add(name, value);
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
};

std::string number(const std::optional<int64_t>& value) {
  return value ? std::to_string(*value) : "";
}

std::string show(const Expression& value) {
  return value ? "`" + value.text + (value.constant ? "` constant" : "`") : "";
}
std::string show(const FunctionUse& use) { return to_text(use.name); }
std::string show(const ColumnUse& use) { return join(use.names, ".") + (use.star ? "*" : ""); }
std::string show(const Query& query) {
  std::vector<std::string> sources;
  for (const Query::Source& source : query.from)
    sources.push_back(source.kind == Query::Source::Kind::relation ? to_text(source.relation)
                                                                   : "(" + source.alias + ")");
  std::vector<std::string> targets;
  for (const Query::Target& target : query.targets)
    targets.push_back(target.column.star ? show(target.column) : quoted(target.name));
  return Fields()
      .add("from", show(sources))
      .add("targets", show(targets))
      .add("calls", show(query.mentions.functions))
      .braces();
}
std::string show(const IndexColumn& value) {
  return (value.column.empty() ? show(value.expression) : quoted(value.column)) +
         (value.opclass.name.empty() ? "" : " " + to_text(value.opclass)) +
         (value.descending ? " desc" : "") +
         (value.nulls_first == value.descending ? "" : " nulls");
}
std::string show(const Constraint& value) {
  return Fields()
      .add("kind", show(std::string(to_string(value.kind))))
      .add("name", value.name)
      .add("columns", show(value.columns))
      .add("include", show(value.include))
      .add("check", show(value.check))
      .add("references", show(value.references))
      .add("referenced", show(value.referenced_columns))
      .add("on-delete", show(value.on_delete))
      .add("on-update", show(value.on_update))
      .add("not-valid", show(value.not_valid))
      .add("not-enforced", show(!value.enforced))
      .add("no-inherit", show(value.no_inherit))
      .add("deferrable", show(value.deferrable))
      .add("deferred", show(value.initially_deferred))
      .add("nulls-not-distinct", show(value.nulls_not_distinct))
      .add("using-index", value.using_index)
      .add("where", show(value.where))
      .braces();
}
std::string show(const Column& value) {
  return Fields()
      .add("name", show(value.name))
      .add("type", show(value.type))
      .add("not-null", show(value.not_null))
      .add("not-null-name", *value.not_null_name)
      .add("default", show(value.fallback))
      .add("generated", show(value.generated))
      .add("virtual", show(value.is_virtual))
      .add("identity", show(value.identity))
      .add("collation", show(value.collation))
      .add("constraints", show(value.constraints))
      .braces();
}
std::string show(const Like& value) { return to_text(value.table); }
std::string show(const PartitionKey& value) {
  return value.strategy.empty() ? "" : value.strategy + show(value.columns);
}
std::string show(const SequenceOptions& value) {
  return Fields()
      .add("type", show(value.type))
      .add("increment", number(value.increment))
      .add("minimum", number(value.minimum))
      .add("maximum", number(value.maximum))
      .add("start", number(value.start))
      .add("cache", number(value.cache))
      .add("restart", show(value.restart))
      .add("owned-by", value.owned_by ? "[" + join(*value.owned_by, ".") + "]" : "")
      .braces();
}
std::string show(const Object& value) {
  std::string text = std::string(to_string(value.kind)) + " " + to_text(value.name);
  if (!value.column.empty())
    text += "." + quoted(value.column);
  if (!value.table.name.empty())
    text += " on " + to_text(value.table);
  std::vector<std::string> arguments;
  for (const TypeName& type : value.arguments)
    arguments.push_back(to_text(type));
  if (!arguments.empty())
    text += "(" + join(arguments, ", ") + ")";
  return show(text);
}
std::string show(const FunctionArgument& value) {
  constexpr std::string_view kModes[] = {"", "out", "inout", "variadic", "table"};
  return Fields()
      .add("mode", std::string(kModes[static_cast<size_t>(value.mode)]))
      .add("name", value.name)
      .add("type", show(value.type))
      .add("default", show(value.fallback))
      .braces();
}

}  // namespace

std::string to_text(const Form& form) {
  return std::visit(
      [](const auto& one) {
        Fields fields;
        one.fields(fields);
        return fmt::format("{} {}..{}{}", one.kName, one.at.begin, one.at.end, fields.text);
      },
      form);
}

}  // namespace retort::forms
