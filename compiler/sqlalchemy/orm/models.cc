// Classes that stand for tables: from a class body to a Table, as Declarative does it.
#include "compiler/sqlalchemy/orm/session.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

constexpr std::string_view kTable = "__table__";

// A base that is made by hand: declarative_base(), registry().generate_base().
Value new_base(Interpreter& in, std::string_view name, MetaDataObject* metadata, Value types,
               std::vector<py::Class*> bases = {}) {
  DeclarativeBase* const base = in.make<DeclarativeBase>();
  base->metadata = metadata ? metadata : in.make<MetaDataObject>();
  base->types = types;
  py::Class* const cls = in.make_class(in.heap().intern(name), std::move(bases));
  cls->foreign = base;
  cls->attributes.set("metadata", base->metadata);
  return cls;
}

Value declarative_base(Interpreter& in, const Args& args) {
  MetaDataObject* metadata = object_of<MetaDataObject>(args[0]);
  if (args[0].is_unknown() || args[1].is_unknown())
    return in.poison(args[0].is_unknown() ? args[0] : args[1]);
  std::vector<py::Class*> bases;
  if (py::Class* const cls = args[1].as<py::Class>())
    bases.push_back(cls);
  for (py::Class* const cls : bases)
    if (!metadata)
      metadata = object_of<MetaDataObject>(cls->find("metadata"));
  const std::string name = args[2].is_none() ? "Base" : text_of(args[2]);
  return new_base(in, name, metadata, args[3], std::move(bases));
}

// A mixin's column belongs to each class that uses it: every one gets its own.
ColumnObject* copy_of(Interpreter& in, const ColumnObject& column) {
  ColumnObject* const copy = in.make<ColumnObject>();
  copy->column = column.column;
  copy->type = column.type;
  copy->at = column.at;
  return copy;
}

bool is_mapped(const py::Class& cls) { return static_cast<bool>(cls.attributes.find(kTable)); }

// Reads one class body into the table that is being made.
class Mapper {
public:
  Mapper(Interpreter& in, py::Class& cls, DeclarativeBase& base)
      : in_(in), cls_(cls), base_(base) {}

  bool run() {
    const Value given = cls_.attributes.find(kTable);
    if (given.is_unknown())
      return true;
    if (auto* const table = object_of<TableObject>(given))
      return map_table(in_, cls_, *table, base_);
    Value name = option("__tablename__");
    if (!name || name.is_unknown() || name.is_none()) {
      if (TableObject* const parent = inherited())  // one table for a family of classes
        return add_columns(*parent), !in_.unwinding();
      if (!in_.unwinding() && name && name.is_unknown())
        set(kTable, in_.poison(name));
      return !in_.unwinding();
    }
    TableObject* const table = in_.make<TableObject>();
    table->table.name = identifier_of(in_.plain(name));
    table->table.schema = base_.metadata->schema;
    set(kTable, table);
    add_columns(*table);
    if (in_.unwinding() || !take_arguments(*table))
      return false;
    base_.metadata->tables.push_back(table);
    return true;
  }

private:
  void set(std::string_view name, Value value) {
    in_.touch(&cls_);
    cls_.attributes.set(name, value);
  }

  // `__tablename__` and its kin, which may be functions of the class.
  Value option(std::string_view name) {
    for (const py::Class* const cls : cls_.mro) {
      if (cls != &cls_ && is_mapped(*cls))
        continue;
      const Value value = cls->attributes.find(name);
      if (value)
        return computed(value);
    }
    return {};
  }

  Value computed(Value value) {
    if (value.is(py::Type::lazy))
      value = in_.resolve(value);
    const auto* const declared = object_of<PropertyObject>(value);
    if (declared && declared->kind == PropertyObject::Kind::declared && declared->argument) {
      Value function = declared->argument;
      if (const auto* const method = function.as<py::Descriptor>())
        function = method->function;
      return in_.call(function, {Value(&cls_)});
    }
    if (const auto* const method = value.as<py::Descriptor>();
        method && method->kind == py::Descriptor::Kind::class_method)
      return in_.call(method->function, {Value(&cls_)});
    return value;
  }

  TableObject* inherited() const {
    for (const py::Class* const cls : cls_.mro)
      if (cls != &cls_)
        if (auto* const table = object_of<TableObject>(cls->attributes.find(kTable)))
          return table;
    return nullptr;
  }

  std::string_view annotation(const py::Class& cls, std::string_view name) const {
    for (const auto& [own, text] : cls.annotations)
      if (own == name)
        return text;
    return {};
  }

  void add_columns(TableObject& table) {
    for (py::Class* const cls : std::vector<py::Class*>(cls_.mro)) {
      if (cls != &cls_ && is_mapped(*cls))
        continue;
      std::vector<std::pair<std::string_view, Value>> found;
      for (const auto& [name, text] : cls->annotations)
        if (!cls->attributes.find(name) && text.find("Mapped[") != text.npos)
          found.emplace_back(name, Value());
      for (const auto& [name, value] : cls->attributes)
        if (!name.starts_with("__"))
          found.emplace_back(name, value);
      // In the order of the body, annotations without a value among the others.
      const auto position = [&](std::string_view name) {
        for (size_t i = 0; i < cls->annotations.size(); ++i)
          if (cls->annotations[i].first == name)
            return i;
        return cls->annotations.size();
      };
      if (!cls->annotations.empty())
        std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
          return position(a.first) < position(b.first);
        });
      for (const auto& [name, value] : found) {
        add_attribute(table, *cls, name, value);
        if (in_.unwinding())
          return;
      }
    }
  }

  void add_attribute(TableObject& table, py::Class& from, std::string_view name, Value value) {
    if (&from != &cls_ && cls_.attributes.find(name))
      return;  // the class has its own
    const std::string_view annotated = annotation(from, name);
    if (value && (value = computed(value)).is_unknown()) {
      // It may be a column.
      if (&from != &cls_)
        set(name, value);
      if (!table.unclear)
        table.unclear = value;
      return;
    }
    if (in_.unwinding())
      return;
    auto* column = value ? object_of<ColumnObject>(value) : nullptr;
    if (!value && is_scalar(annotated))
      column = in_.make<ColumnObject>();
    if (!column) {
      if (value && object_of<PropertyObject>(value))
        set(name, value);
      return;
    }
    if (column->table == &table)
      return;
    if (&from != &cls_)
      column = copy_of(in_, *column);
    if (column->column.name.empty())
      column->column.name = Identifier(std::string(name));
    Value problem;
    if (!annotated.empty())
      take_annotation(in_, *column, annotated, base_, problem);
    if (problem) {
      set(name, problem);
      table.unclear = problem;
      return;
    }
    set(name, column);
    (void)add_to_table(in_, table, column);
  }

  // Without a value, `Mapped[List["Item"]]` is a relationship's.
  static bool is_scalar(std::string_view annotated) {
    const size_t inner = annotated.find("Mapped[");
    if (inner == annotated.npos)
      return false;
    const std::string_view type = annotated.substr(inner + 7);
    for (const std::string_view collection : {"List[", "list[", "Set[", "set[", "WriteOnly"})
      if (type.starts_with(collection))
        return false;
    return true;
  }

  bool take_arguments(TableObject& table) {
    const Value given = option("__table_args__");
    if (!given || given.is_none())
      return !in_.unwinding();
    if (const Value unclear = unknown_in(given)) {
      table.unclear = unclear;
      return true;
    }
    std::vector<Value> items;
    if (const py::Tuple* const tuple = given.as<py::Tuple>())
      items = tuple->items;
    else
      items = {given};
    for (const Value item : items) {
      Answer<> taken = Nothing();
      if (const py::Dict* const options = item.as<py::Dict>()) {
        for (const py::Table::Entry& entry : options->table.entries())
          if (taken && entry.alive)
            taken = take_table_keyword(in_, table, text_of(entry.key), entry.value);
      } else {
        taken = add_to_table(in_, table, item);
      }
      if (!taken) {
        in_.raise("TypeError", "__table_args__: " + taken.error().message);
        return false;
      }
    }
    table.made = nullptr;
    return true;
  }

  Interpreter& in_;
  py::Class& cls_;
  DeclarativeBase& base_;
};

// The `__init__` that Declarative offers: keyword arguments are attributes.
Value init(Interpreter& in, const Args& args) {
  const Value self = args[0];
  py::Instance* const instance = self.as<py::Instance>();
  if (!instance)
    return Value::none();
  const std::optional<Mapping> mapping = mapping_of(self);
  for (const py::Table::Entry& entry : args[1].as<py::Dict>()->table.entries()) {
    if (!entry.alive)
      continue;
    const std::string_view name = in.heap().intern(entry.key.as<py::Str>()->text);
    if (!instance->cls->find(name)) {
      // A backref of another class may be meant.
      if (mapping)
        return in.unknown(Cause::Kind::unsupported,
                          fmt::format("`{}` is no attribute of `{}` that is known here", name,
                                      instance->cls->name));
    }
    Value value = entry.value;
    for (const py::Class* const cls : instance->cls->mro)
      for (const auto& [own, attribute] : cls->attributes)
        if (const auto* const check = object_of<PropertyObject>(attribute);
            check && check->kind == PropertyObject::Kind::validator && check->argument &&
            std::find(check->names.begin(), check->names.end(), name) != check->names.end()) {
          value = in.call(check->argument, {self, in.text(name), value});
          if (!value)
            return {};
        }
    if (!in.set_attribute(self, name, value))
      return {};
  }
  return Value::none();
}
constexpr py::NativeRow kInit = {"__init__", "self, **kw", init};

struct Registry : py::Foreign {
  MetaDataObject* metadata = nullptr;
  Value types;
  Value base;  // of classes that it maps without a base of their own

  std::string_view type_name() const override { return "registry"; }
  Value get(Interpreter& in, std::string_view name) override;
};

DeclarativeBase& base_of(Interpreter& in, Registry& registry) {
  if (!registry.base)
    registry.base = new_base(in, "Base", registry.metadata, registry.types);
  return *static_cast<DeclarativeBase*>(registry.base.as<py::Class>()->foreign.object());
}

Registry& registry_of(const Args& args) { return *static_cast<Registry*>(args.self.object()); }

Value map_imperatively(Interpreter& in, DeclarativeBase& base, Value cls, Value table) {
  for (const Value value : {cls, table})
    if (value.is_unknown())
      return in.poison(value);
  if (cls.as<py::Class>() && object_of<TableObject>(table))
    map_table(in, *cls.as<py::Class>(), *object_of<TableObject>(table), base);
  return Value::none();
}

constexpr py::NativeRow kRegistryMethods[] = {
    {"generate_base", "**kw",
     [](Interpreter& in, const Args& args) {
       return new_base(in, "Base", registry_of(args).metadata, registry_of(args).types);
     }},
    {"mapped", "cls",
     [](Interpreter& in, const Args& args) -> Value {
       py::Class* const cls = args[0].as<py::Class>();
       if (!cls)
         return args[0];
       DeclarativeBase& base = base_of(in, registry_of(args));
       in.touch(cls);
       cls->foreign = &base;
       return base.defined(in, *cls) ? args[0] : Value();
     }},
    {"map_imperatively", "class_, local_table=None, *args, **kw",
     [](Interpreter& in, const Args& args) {
       return map_imperatively(in, base_of(in, registry_of(args)), args[0], args[1]);
     }},
    {"configure", "*args, **kw", [](Interpreter&, const Args&) { return Value::none(); }},
    {"dispose", "*args, **kw", [](Interpreter&, const Args&) { return Value::none(); }},
};

Value Registry::get(Interpreter& in, std::string_view name) {
  if (const Value found = method(in, kRegistryMethods, name, this))
    return found;
  if (name == "metadata")
    return metadata;
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of a registry is not interpreted", name));
}

Value make_registry(Interpreter& in, const Args& args) {
  if (const Value unclear = args[0].is_unknown() ? args[0] : Value())
    return in.poison(unclear);
  Registry* const made = in.make<Registry>();
  made->metadata = object_of<MetaDataObject>(args[0]);
  if (!made->metadata)
    made->metadata = in.make<MetaDataObject>();
  made->types = args[1];
  return made;
}

Value mapper(Interpreter& in, const Args& args) {
  DeclarativeBase* const base = in.make<DeclarativeBase>();
  base->metadata = in.make<MetaDataObject>();
  return map_imperatively(in, *base, args[0], args[1]);
}

constexpr py::NativeRow kConstructors[] = {
    {"declarative_base", "metadata=None, cls=None, name=None, type_annotation_map=None, **kw",
     declarative_base},
    {"registry", "metadata=None, type_annotation_map=None, **kw", make_registry},
    {"mapper", "class_, local_table=None, *args, **kw", mapper},
};

}  // namespace

bool DeclarativeBase::defined(Interpreter& in, py::Class& cls) {
  const auto truth = [&](std::string_view name) {
    const Value value = cls.attributes.find(name);
    return value && in.truth(value) == py::Truth::yes;
  };
  if (!metadata) {  // `class Base(DeclarativeBase)`
    DeclarativeBase* const own = in.make<DeclarativeBase>();
    own->metadata = object_of<MetaDataObject>(cls.find("metadata"));
    if (auto* const registry = object_of<Registry>(cls.find("registry")); registry) {
      own->types = registry->types;
      if (!own->metadata)
        own->metadata = registry->metadata;
    }
    if (!own->metadata)
      own->metadata = in.make<MetaDataObject>();
    if (const Value map = cls.find("type_annotation_map"))
      own->types = map;
    cls.foreign = own;
    cls.attributes.set("metadata", own->metadata);
    return true;
  }
  if (truth("__abstract__"))
    return true;
  classes[std::string(cls.name)] = &cls;
  return Mapper(in, cls, *this).run();
}

Value DeclarativeBase::get(Interpreter& in, std::string_view name) {
  if (name == "__init__")
    return in.native(kInit);
  if (name.starts_with("__"))
    return {};
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of a model is not known here", name));
}

Value DeclarativeBase::instantiate(Interpreter& in, py::Class& cls, const Args& args) {
  const std::optional<Mapping> mapping = mapping_of(&cls);
  if (!mapping)
    return in.unknown(Cause::Kind::unsupported,
                      fmt::format("`{}` stands for no table that is known here", cls.name));
  if (mapping->table->unclear)
    return in.poison(mapping->table->unclear);
  py::Instance* const instance = in.make<py::Instance>();
  instance->cls = &cls;
  instance->at = args.at;
  // JSON columns tell what was not set from None.
  for (const auto& [attribute, column] : mapping->columns)
    if (const expr::Ptr node = column->expression();
        !node || !node->type || node->type->family != Family::json)
      instance->attributes.set(attribute, Value::none());
  Args all = args;
  all.positional.insert(all.positional.begin(), Value(instance));
  const Value own = cls.find("__init__");
  const Value done = in.call_with(own ? own : in.native(kInit), std::move(all));
  if (!done || done.is_unknown())
    return done;
  return instance;
}

ColumnObject* Mapping::column(std::string_view attribute) const {
  for (const auto& [name, column] : columns)
    if (name == attribute)
      return column;
  return nullptr;
}

std::string_view Mapping::attribute(const ColumnObject* wanted) const {
  for (const auto& [name, column] : columns)
    if (column == wanted)
      return name;
  return {};
}

std::optional<Mapping> mapping_of(Value value) {
  Mapping mapping;
  if (const py::Instance* const instance = value.as<py::Instance>())
    mapping.cls = instance->cls;
  else
    mapping.cls = value.as<py::Class>();
  if (!mapping.cls)
    return {};
  mapping.base = object_of<DeclarativeBase>(mapping.cls->foreign);
  mapping.table = object_of<TableObject>(mapping.cls->find(kTable));
  if (!mapping.base || !mapping.table)
    return {};
  for (ColumnObject* const column : mapping.table->columns)
    for (const py::Class* const cls : mapping.cls->mro)
      for (const auto& [name, attribute] : cls->attributes)
        if (attribute.object() == column && mapping.attribute(column).empty())
          mapping.columns.emplace_back(name, column);
  return mapping;
}

py::Class* related_class(Interpreter& in, const Mapping& mapping,
                         const PropertyObject& relationship) {
  Value target = relationship.argument;
  if (!target)
    return nullptr;
  if (target.is(py::Type::function))
    target = in.call(target);
  if (!target)
    return nullptr;
  if (py::Class* const cls = target.as<py::Class>())
    return cls;
  const std::string name = text_of(in.plain(target));
  const auto known = mapping.base->classes.find(name.substr(name.rfind('.') + 1));
  return known == mapping.base->classes.end() ? nullptr : known->second;
}

bool map_table(Interpreter& in, py::Class& cls, TableObject& table, DeclarativeBase& base) {
  in.touch(&cls);
  cls.foreign = &base;
  cls.attributes.set(kTable, &table);
  for (ColumnObject* const column : table.columns) {
    bool placed = false;
    for (const auto& [name, value] : cls.attributes)
      placed |= value.object() == column;
    if (!placed)
      cls.attributes.set(in.heap().intern(column->column.lookup_key()), column);
  }
  base.classes[std::string(cls.name)] = &cls;
  return true;
}

Value orm_constant(Interpreter& in, std::string_view name) {
  if (name == "DeclarativeBase" || name == "DeclarativeBaseNoMeta")
    return in.make<DeclarativeBase>();
  if (name == "Session")
    return session_class(in);
  if (const py::NativeRow* const row = py::find_row(kConstructors, name))
    return in.native(*row);
  return {};
}

}  // namespace retort::sa
