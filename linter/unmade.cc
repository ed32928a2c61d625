#include "linter/unmade.h"

#include "common/text.h"

#include <algorithm>
#include <map>

namespace retort::forms {
namespace {
class Collector {
public:
  std::map<std::string, size_t> used;  // how often
  std::set<std::string> made;
  std::set<std::string> schemas, made_schemas;

  // On a way down only what new keys refer to: what it drops under a wrong name is a mistake.
  void way_down(const StatementForms& statement) {
    for (const Form& form : statement.forms) {
      const auto refer = [&](const Constraint& constraint) { use(constraint.references); };
      if (const auto* const add = std::get_if<AddConstraint>(&form))
        refer(add->constraint);
      const auto* const create = std::get_if<CreateTable>(&form);
      if (!create)
        continue;
      for (const Column& column : create->columns)
        std::for_each(column.constraints.begin(), column.constraints.end(), refer);
      std::for_each(create->constraints.begin(), create->constraints.end(), refer);
    }
  }

  void statement(const StatementForms& statement) {
    for (const Form& form : statement.forms)
      std::visit([&](const auto& concrete) { read(concrete); }, form);
  }

private:
  void use(const Name& name) {
    if (!name.name.empty())
      ++used[name.name];
    if (!name.schema.empty())
      schemas.insert(name.schema);
  }
  void make(const Name& name) {
    if (!name.name.empty())
      made.insert(name.name);
    if (!name.schema.empty())
      schemas.insert(name.schema);
  }
  void use(const TypeName& type) {
    if (type.of_column) {
      use(Name{"", type.schema, {}});
      return;
    }
    use(Name{type.schema == "pg_catalog" ? "" : type.schema, type.name, {}});
  }
  void use(const Mentions& mentions) {
    for (const Name& relation : mentions.relations)
      use(relation);
    for (const TypeName& type : mentions.types)
      use(type);
    for (const FunctionUse& function : mentions.functions)
      use(function.name);
    for (const std::shared_ptr<Query>& query : mentions.queries)
      use(*query);
    for (const Mentions::Label& label : mentions.labels)
      use(label.type);
  }
  void use(const Query& query) {
    for (const Query::Common& common : query.with)
      if (common.query)
        use(*common.query);
    for (const Query::Source& source : query.from) {
      if (source.kind == Query::Source::Kind::relation)
        use(source.relation);
      if (source.query)
        use(*source.query);
    }
    use(query.mentions);
    for (const std::shared_ptr<Query>& branch : query.branches)
      use(*branch);
  }
  void use(const Constraint& constraint) {
    use(constraint.references);
    use(constraint.check);
    use(constraint.where);
  }
  void use(const Column& column) {
    use(column.type);
    use(column.fallback);
    use(column.generated);
    for (const Constraint& constraint : column.constraints)
      use(constraint);
  }
  void use(const Object& object) {
    const bool member =
        object.kind == ObjectKind::column || object.kind == ObjectKind::constraint ||
        object.kind == ObjectKind::domain_constraint || object.kind == ObjectKind::trigger ||
        object.kind == ObjectKind::rule || object.kind == ObjectKind::policy;
    use(object.table);
    if (!member)
      use(object.name);
  }

  void read(const CreateTable& form) {
    make(form.table);
    use(form.partition_of);
    use(form.of_type);
    for (const Name& parent : form.inherits)
      use(parent);
    for (const Like& like : form.likes)
      use(like.table);
    for (const Column& column : form.columns)
      use(column);
    for (const Constraint& constraint : form.constraints)
      use(constraint);
  }
  void read(const CreateTableAs& form) {
    make(form.table);
    use(form.query);
  }
  void read(const CreateView& form) {
    make(form.view);
    use(form.query);
  }
  void read(const CreateIndex& form) {
    make(form.index);
    use(form.table);
  }
  void read(const CreateEnum& form) { make(form.type); }
  void read(const CreateComposite& form) { make(form.type); }
  void read(const CreateRange& form) { make(form.type); }
  void read(const CreateDomain& form) {
    make(form.domain);
    use(form.type);
  }
  void read(const CreateSequence& form) { make(form.sequence); }
  void read(const CreateFunction& form) { make(form.function); }
  void read(const CreateExtension& form) { made.insert(form.extension); }
  void read(const CreateSchema& form) { made_schemas.insert(form.schema); }
  void read(const CreateOther& form) { make(form.object.name); }
  void read(const CreateStatistics& form) {
    make(form.statistics);
    use(form.table);
  }
  void read(const CreateTrigger& form) {
    use(form.table);
    use(form.function);
  }
  void read(const Rename& form) {
    use(form.object);
    if (form.object.kind == ObjectKind::schema)
      made_schemas.insert(form.to);
    else if (form.object.kind != ObjectKind::column)
      made.insert(form.to);
  }
  void read(const AddColumn& form) {
    use(form.table);
    use(form.column);
  }
  void read(const AddConstraint& form) {
    use(form.table);
    use(form.constraint);
    if (!form.constraint.using_index.empty())
      ++used[form.constraint.using_index];
    made.insert(form.constraint.name);
  }
  void read(const AlterColumnType& form) {
    use(form.table);
    use(form.type);
  }
  void read(const SetDefault& form) {
    use(form.table);
    use(form.value);
  }
  void read(const Drop& form) { use(form.object); }
  void read(const Comment& form) { use(form.object); }
  void read(const SetSchema& form) {
    use(form.object);
    schemas.insert(form.schema);
  }
  void read(const SetOwner& form) { use(form.object); }
  void read(const Grant& form) {
    for (const Object& object : form.objects)
      use(object);
  }
  void read(const AttachPartition& form) {
    use(form.table);
    use(form.partition);
  }
  void read(const DetachPartition& form) {
    use(form.table);
    use(form.partition);
  }
  void read(const Inherit& form) {
    use(form.table);
    use(form.parent);
  }
  void read(const Insert& form) {
    use(form.table);
    use(form.query);
  }
  void read(const Update& form) {
    use(form.table);
    use(form.query);
  }
  void read(const Delete& form) {
    use(form.table);
    use(form.query);
  }
  void read(const Truncate& form) {
    for (const Name& table : form.tables)
      use(table);
  }
  void read(const LockTable& form) {
    for (const Name& table : form.tables)
      use(table);
  }
  void read(const Select& form) { use(form.query); }
  void read(const AddEnumValue& form) { use(form.type); }
  void read(const RenameEnumValue& form) { use(form.type); }
  void read(const AlterDomain& form) { use(form.domain); }
  void read(const AlterSequence& form) { use(form.sequence); }
  void read(const Refresh& form) { use(form.view); }
  void read(const AlterFunction& form) { use(form.function); }
  void read(const Reindex& form) {
    if (form.kind == ObjectKind::schema)
      schemas.insert(form.name.name);
    else if (form.kind != ObjectKind::database)
      use(form.name);
  }
  template <class Form>
  void read(const Form& form) {
    if constexpr (requires { form.table; }) {
      use(form.table);
    }
  }
};

}  // namespace
}  // namespace retort::forms

namespace retort {
namespace {

// One letter more, less or other, in a name that is long enough for that to be no other word. Who
// slips does so once.
bool is_slip(const std::string& name, const std::set<std::string>& made) {
  if (name.size() < 5)
    return false;
  return std::any_of(made.begin(), made.end(), [&](const std::string& other) {
    return other != name && edit_distance(name, other) == 1;
  });
}

}  // namespace

Unmade unmade(std::span<const LintStatement> base, std::span<const Unit> units) {
  forms::Collector collector;
  for (const LintStatement& statement : base)
    collector.statement(statement);
  for (const Unit& unit : units) {
    for (const LintStatement& statement : unit.up.statements)
      collector.statement(statement);
    for (const LintStatement& statement : unit.down.statements)
      collector.way_down(statement);
  }
  Unmade result;
  for (const auto& [name, times] : collector.used)
    if (!collector.made.contains(name) && !(times == 1 && is_slip(name, collector.made)))
      result.names.insert(name);
  for (const std::string& name : collector.schemas)
    if (!collector.made_schemas.contains(name) && name != "public" && name != "pg_catalog" &&
        name != "information_schema" && !name.empty())
      result.schemas.insert(name);
  return result;
}

}  // namespace retort
