// Sessions: what is added to them waits until they flush.
#include "compiler/sqlalchemy/orm/session.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

SessionObject& self_of(const Args& args) {
  return *static_cast<SessionObject*>(args.self.object());
}

// `with session.begin():` commits at its end.
struct SessionBlock : py::Foreign {
  Value session;
  bool flushes = true;
  std::string_view type_name() const override { return "SessionTransaction"; }
  Value enter(Interpreter&) override { return session; }
  bool leave(Interpreter& in, Value exception) override {
    if (!exception && flushes)
      (void)flush_session(in, session);
    return false;
  }
  Value get(Interpreter& in, std::string_view name) override {
    return in.get_attribute(session, name);
  }
};

Value block(Interpreter& in, Value session, bool flushes) {
  SessionBlock* const made = in.make<SessionBlock>();
  made->session = session;
  made->flushes = flushes;
  return made;
}

Value flush(Interpreter& in, const Args& args) {
  return flush_session(in, args.self) ? Value::none() : Value();
}
Value nothing(Interpreter&, const Args&) { return Value::none(); }

Value run(Interpreter& in, const Args& args, std::string_view reader) {
  if (!flush_session(in, args.self))
    return {};
  const Value result =
      self_of(args).executor_->execute(in, args[0], args[1].is_none() ? Value() : args[1]);
  if (!result)
    return {};
  if (result.is_unknown())
    return statement_of(args[0]) ? row_unknown(in) : result;
  return reader.empty() ? result : in.call_method(result, reader);
}
Value execute(Interpreter& in, const Args& args) { return run(in, args, ""); }
Value scalar(Interpreter& in, const Args& args) { return run(in, args, "scalar"); }
Value scalars(Interpreter& in, const Args& args) { return run(in, args, "scalars"); }

Value query(Interpreter& in, const Args& args) {
  return make_query(in, self_of(args).executor_, args.self, args[0].as<py::Tuple>()->items);
}

Value get_row(Interpreter& in, const Args& args) {
  return flush_session(in, args.self) ? row_unknown(in) : Value();
}

// One object is added; false when it cannot be.
void add_one(Interpreter& in, SessionObject& session, Value object) {
  if (object.is_unknown()) {
    // A row that was read belongs to the session already.
    if (object.object()->cause->kind != Cause::Kind::row)
      in.unknown_hole("statement", in.here(), "what is added to this session cannot be known",
                      object);
    return;
  }
  if (!mapping_of(object)) {
    in.hole("compile/unsupported", "session", in.here(),
            "what is added to this session belongs to no table that is known here");
    return;
  }
  session.executor_->mark(in, fmt::format("add {}", in.type_name(object)));
  if (session.pending->type == py::Type::unknown)
    return;
  in.touch(session.pending);
  auto& items = session.pending->items;
  if (std::none_of(items.begin(), items.end(),
                   [&](Value known) { return known.identical(object); }))
    items.push_back(object);
}

Value add(Interpreter& in, const Args& args) {
  add_one(in, self_of(args), args[0]);
  return Value::none();
}

// Every item, or a hole.
bool each(Interpreter& in, Value list, const std::function<bool(Value)>& visit) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(list, items, problem)) {
    if (problem)
      in.unknown_hole("statement", in.here(), "what is given to this session cannot be known",
                      problem);
    return !in.unwinding();
  }
  for (const Value item : items)
    if (!visit(item) || in.unwinding())
      return false;
  return true;
}

Value add_all(Interpreter& in, const Args& args) {
  const bool done = each(in, args[0], [&](Value object) {
    add_one(in, self_of(args), object);
    return true;
  });
  return done ? Value::none() : Value();
}

Value bulk_save(Interpreter& in, const Args& args) {
  if (!add_all(in, args))
    return {};
  return flush(in, args);
}

Value bulk_mappings(Interpreter& in, const Args& args, bool insert) {
  SessionObject& session = self_of(args);
  const std::optional<Mapping> mapping = mapping_of(args[0]);
  if (!mapping) {
    in.hole("compile/unsupported", "session", args.at,
            "rows of a model that is not known here are not compiled");
    return Value::none();
  }
  const bool done = each(in, args[1], [&](Value row) {
    return insert ? insert_row(in, session, *mapping, row) : update_row(in, session, *mapping, row);
  });
  return done ? Value::none() : Value();
}
Value bulk_insert(Interpreter& in, const Args& args) { return bulk_mappings(in, args, true); }
Value bulk_update(Interpreter& in, const Args& args) { return bulk_mappings(in, args, false); }

Value merge(Interpreter& in, const Args& args) {
  in.hole("compile/unknown", "row", args.at,
          "whether this row is there already, and is updated or inserted, is data of the database")
      .note("write it as INSERT … ON CONFLICT DO UPDATE");
  return row_unknown(in);
}

Value remove(Interpreter& in, const Args& args) {
  SessionObject& session = self_of(args);
  const Value object = args[0];
  if (object.is_unknown()) {
    in.row_changed(object);
    return Value::none();
  }
  if (session.pending->type != py::Type::unknown) {
    in.touch(session.pending);
    if (std::erase_if(session.pending->items,
                      [&](Value known) { return known.identical(object); }) > 0)
      return Value::none();
  }
  session.executor_->mark(in, "delete");
  in.touch(session.deleted);
  if (session.deleted->type != py::Type::unknown)
    session.deleted->items.push_back(object);
  return Value::none();
}

Value expunge(Interpreter& in, const Args& args) {
  SessionObject& session = self_of(args);
  in.touch(session.pending);
  if (session.pending->type != py::Type::unknown)
    std::erase_if(session.pending->items,
                  [&](Value known) { return args.slots.empty() || known.identical(args[0]); });
  return Value::none();
}

Value begin(Interpreter& in, const Args& args) { return block(in, args.self, true); }
Value get_bind(Interpreter&, const Args& args) { return self_of(args).bind; }
Value connection(Interpreter& in, const Args& args) {
  if (!flush_session(in, args.self))
    return {};
  return self_of(args).bind;
}
Value rollback(Interpreter& in, const Args&) {
  in.hole("compile/unsupported", "rollback", in.here(),
          "what is rolled back here depends on the run: a script cannot say it");
  return Value::none();
}
Value in_transaction(Interpreter&, const Args&) { return Value::of(true); }

constexpr std::string_view kExecute = "statement, params=None, **kw";
constexpr py::NativeRow kMethods[] = {
    {"execute", kExecute, execute},
    {"scalar", kExecute, scalar},
    {"scalars", kExecute, scalars},
    {"query", "*entities, **kw", query},
    {"get", "entity, ident, **kw", get_row},
    {"get_one", "entity, ident, **kw", get_row},
    {"add", "instance, _warn=True", add},
    {"add_all", "instances", add_all},
    {"bulk_save_objects", "objects, **kw", bulk_save},
    {"bulk_insert_mappings", "mapper, mappings, **kw", bulk_insert},
    {"bulk_update_mappings", "mapper, mappings", bulk_update},
    {"merge", "instance, **kw", merge},
    {"delete", "instance", remove},
    {"expunge", "instance", expunge},
    {"expunge_all", "", expunge},
    {"commit", "", flush},
    {"flush", "objects=None", flush},
    {"close", "", nothing},
    {"expire_all", "", nothing},
    {"expire", "instance, attribute_names=None", nothing},
    {"refresh", "instance, **kw", nothing},
    {"remove", "", nothing},
    {"configure", "**kw", nothing},
    {"begin", "*args, **kw", begin},
    {"begin_nested", "*args, **kw", begin},
    {"get_bind", "*args, **kw", get_bind},
    {"connection", "*args, **kw", connection},
    {"rollback", "", rollback},
    {"in_transaction", "", in_transaction},
    {"in_nested_transaction", "", in_transaction},
};

// Session, and what sessionmaker() makes: called, it opens a session.
struct SessionFactory : py::Foreign {
  Value bind;
  bool scoped = false;
  Value current;  // of a scoped one

  std::string_view type_name() const override { return "sessionmaker"; }
  bool callable() const override { return true; }
  Value open(Interpreter& in, Value given);
  Value call(Interpreter& in, const Args& args) override {
    if (scoped && current)
      return current;
    Value given = args.positional.empty() ? Value() : args.positional[0];
    for (const py::Keyword& keyword : args.keywords)
      if (keyword.name == "bind")
        given = keyword.value;
    const Value made = open(in, given && !given.is_none() ? given : bind);
    if (scoped)
      current = made;
    return made;
  }
  Value get(Interpreter& in, std::string_view name) override;
  Value subscript(Interpreter&, Value) override { return this; }
};

Value SessionFactory::open(Interpreter& in, Value given) {
  Executor* const executor = given ? executor_of(given) : nullptr;
  if (!executor) {
    const Value unknown =
        given && given.is_unknown()
            ? in.poison(given)
            : in.unknown(Cause::Kind::unsupported, "a session on something else than the "
                                                   "connection of the revision");
    static_cast<py::Unknown*>(unknown.object())->foreign = true;
    return unknown;
  }
  return make_session(in, *executor, given);
}

Value configure(Interpreter& in, const Args& args) {
  auto& factory = *static_cast<SessionFactory*>(args.self.object());
  for (const py::Table::Entry& entry : args[0].as<py::Dict>()->table.entries())
    if (entry.alive && text_of(entry.key) == "bind")
      factory.bind = entry.value;
  (void)in;
  return Value::none();
}
constexpr py::NativeRow kConfigure = {"configure", "**kw", configure};
constexpr py::NativeRow kBegin = {"begin", "", [](Interpreter& in, const Args& args) {
                                    const Value session = in.call(args.self);
                                    return object_of<SessionObject>(session)
                                               ? block(in, session, true)
                                               : session;
                                  }};

Value SessionFactory::get(Interpreter& in, std::string_view name) {
  if (name == "configure")
    return in.native(kConfigure, this);
  if (name == "begin" && !scoped)
    return in.native(kBegin, this);
  if (scoped) {
    const Value session = in.call(this);
    return session ? in.get_attribute(session, name) : session;
  }
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of a class of sessions is not interpreted", name));
}

Value sessionmaker(Interpreter& in, const Args& args) {
  SessionFactory* const made = in.make<SessionFactory>();
  if (!args[0].is_none())
    made->bind = args[0];
  return made;
}
Value scoped_session(Interpreter& in, const Args& args) {
  SessionFactory* const made = in.make<SessionFactory>();
  made->scoped = true;
  if (const auto* const factory = object_of<SessionFactory>(args[0]))
    made->bind = factory->bind;
  else if (args[0].is_unknown())
    made->bind = args[0];
  return made;
}

// aliased(User) has the attributes of User and another name.
struct AliasedObject : FromObject {
  std::optional<Mapping> mapping;
  Value get(Interpreter& in, std::string_view name) override {
    const ColumnObject* const own = mapping ? mapping->column(name) : nullptr;
    const std::string key = own ? own->column.lookup_key() : std::string(name);
    if (const expr::ColumnInfo* const column = node->find(key))
      return wrap(in, expr::column_of(node, *column));
    return FromObject::get(in, name);
  }
};
Value aliased(Interpreter& in, const Args& args) {
  if (args[0].is_unknown())
    return in.poison(args[0]);
  Identifier name;
  Value problem;
  const expr::FromPtr from = from_of(in, args[0], problem);
  if (!from || !name_of(in, args[2], name, problem))
    return problem;
  AliasedObject* const made = in.make<AliasedObject>();
  made->node = alias_of(from, name);
  made->mapping = mapping_of(args[0]);
  return made;
}

Value flag_modified(Interpreter& in, const Args& args) {
  if (args[0].is_unknown() && args[0].object()->cause->kind == Cause::Kind::row)
    in.row_changed(args[0]);
  return Value::none();
}
Value loading_option(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::cosmetic, "how a query loads its rows does not matter here");
}

constexpr py::NativeRow kFunctions[] = {
    {"sessionmaker", "bind=None, *args, **kw", sessionmaker},
    {"scoped_session", "session_factory, scopefunc=None", scoped_session},
    {"aliased", "element, alias=None, name=None, flat=False, adapt_on_names=False", aliased},
    {"flag_modified", "instance, key", flag_modified},
    {"flag_dirty", "instance", flag_modified},
    {"joinedload", "*args, **kw", loading_option},
    {"selectinload", "*args, **kw", loading_option},
    {"subqueryload", "*args, **kw", loading_option},
    {"lazyload", "*args, **kw", loading_option},
    {"contains_eager", "*args, **kw", loading_option},
    {"load_only", "*args, **kw", loading_option},
    {"noload", "*args, **kw", loading_option},
    {"raiseload", "*args, **kw", loading_option},
    {"undefer", "*args, **kw", loading_option},
    {"defer", "*args, **kw", loading_option},
    {"configure_mappers", "", nothing},
    {"clear_mappers", "", nothing},
};

}  // namespace

Value SessionObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, "Session");
  if (name == "bind")
    return bind;
  if (name == "no_autoflush")
    return block(in, this, false);
  if (name == "is_active" || name == "autoflush")
    return Value::of(true);
  if (name == "info")
    return in.new_dict();
  const Value unknown = in.unknown(Cause::Kind::unsupported,
                                   fmt::format("`{}` of a session is not interpreted", name));
  static_cast<py::Unknown*>(unknown.object())->foreign = true;
  return unknown;
}

Value make_session(Interpreter& in, Executor& executor, Value bind) {
  SessionObject* const made = in.make<SessionObject>();
  made->executor_ = &executor;
  made->bind = bind;
  made->pending = in.list({}).as<py::List>();
  made->deleted = in.list({}).as<py::List>();
  made->kept = in.list({}).as<py::List>();
  made->opened = in.here();
  // SQLAlchemy forgets what was never flushed.
  executor.at_end([made](Interpreter& inner) {
    if (made->pending->type == py::Type::list && !made->pending->items.empty())
      inner.notice("session", made->opened,
                   "objects are added to this session but never flushed: they are not inserted");
  });
  return made;
}

std::span<const py::NativeRow> session_functions() { return kFunctions; }

Value session_class(Interpreter& in) { return in.make<SessionFactory>(); }

}  // namespace retort::sa
