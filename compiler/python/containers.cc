// list, tuple, dict, set, frozenset and range.
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

// --- list and tuple ---------------------------------------------------------------------------

List& list_of(const Args& args) { return *args.self.as<List>(); }

Value make_list(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (args[0] && !in.collect(args[0], items, problem))
    return problem;
  return in.list(std::move(items));
}

Value make_tuple(Interpreter& in, const Args& args) {
  if (args[0].is(Type::tuple))
    return args[0];
  std::vector<Value> items;
  Value problem;
  if (args[0] && !in.collect(args[0], items, problem))
    return problem;
  return in.tuple(std::move(items));
}

Value list_append(Interpreter& in, const Args& args) {
  List& self = list_of(args);
  in.touch(&self);
  self.items.push_back(args[0]);
  if (self.items.size() > in.limits().items || self.items.size() % 1024 == 0)
    return in.charge_items(self.items.size()) ? Value::none() : Value();
  in.heap().count(sizeof(Value));
  return Value::none();
}

Value list_extend(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[0], items, problem)) {
    if (problem)
      in.lose(args.self.object(), problem.object()->cause);
    return problem ? Value::none() : problem;
  }
  List& self = list_of(args);
  if (!in.charge_items(self.items.size() + items.size()))
    return {};
  in.touch(&self);
  self.items.insert(self.items.end(), items.begin(), items.end());
  return Value::none();
}

// An operation whose place in the list is unknown makes the list unknown.
Value list_lost(Interpreter& in, const Args& args, Value problem) {
  if (problem)
    in.lose(args.self.object(), problem.object()->cause);
  return problem;
}

Value list_insert(Interpreter& in, const Args& args) {
  int64_t at = 0;
  Value problem;
  if (!in.index(args[0], at, problem))
    return list_lost(in, args, problem);
  List& self = list_of(args);
  const auto count = static_cast<int64_t>(self.items.size());
  at = std::clamp<int64_t>(at < 0 ? at + count : at, 0, count);
  in.touch(&self);
  self.items.insert(self.items.begin() + static_cast<ptrdiff_t>(at), args[1]);
  return in.charge_items(self.items.size()) ? Value::none() : Value();
}

Value list_pop(Interpreter& in, const Args& args) {
  int64_t at = -1;
  Value problem;
  if (!in.index(args[0], at, problem))
    return list_lost(in, args, problem);
  List& self = list_of(args);
  const auto count = static_cast<int64_t>(self.items.size());
  if (count == 0)
    return in.raise("IndexError", "pop from empty list");
  if (at < 0)
    at += count;
  if (at < 0 || at >= count)
    return in.raise("IndexError", "pop index out of range");
  in.touch(&self);
  const Value item = self.items[static_cast<size_t>(at)];
  self.items.erase(self.items.begin() + static_cast<ptrdiff_t>(at));
  return item;
}

// The offset of an item; -1 when there is none, -2 with `problem`.
int64_t position(Interpreter& in, const std::vector<Value>& items, Value wanted, Value& problem) {
  for (size_t i = 0; i < items.size(); ++i) {
    bool same = items[i].identical(wanted) && !wanted.is_unknown();
    if (!same && !in.decide(in.equal(items[i], wanted), items[i].is_unknown() ? items[i] : wanted,
                            same, problem))
      return -2;
    if (same)
      return static_cast<int64_t>(i);
  }
  return -1;
}

Value list_remove(Interpreter& in, const Args& args) {
  Value problem;
  List& self = list_of(args);
  const int64_t at = position(in, self.items, args[0], problem);
  if (at == -2)
    return list_lost(in, args, problem);
  if (at == -1)
    return in.raise("ValueError", "list.remove(x): x not in list");
  in.touch(&self);
  self.items.erase(self.items.begin() + static_cast<ptrdiff_t>(at));
  return Value::none();
}

const std::vector<Value>& sequence_of(const Args& args) {
  return args.self.is(Type::list) ? args.self.as<List>()->items : args.self.as<Tuple>()->items;
}

Value sequence_index(Interpreter& in, const Args& args) {
  Value problem;
  if (!args[1].is_none() || !args[2].is_none())
    return in.unknown(Cause::Kind::unsupported, "index() with bounds is not interpreted");
  const int64_t at = position(in, sequence_of(args), args[0], problem);
  if (at >= 0)
    return Value::of(at);
  if (at == -2)
    return problem;
  const Value shown = in.repr(args[0]);
  if (!shown.is(Type::string))
    return shown;
  return in.raise("ValueError", args.self.is(Type::tuple)
                                    ? std::string("tuple.index(x): x not in tuple")
                                    : shown.as<Str>()->text + " is not in list");
}

Value sequence_count(Interpreter& in, const Args& args) {
  int64_t count = 0;
  for (const Value item : sequence_of(args)) {
    bool same = false;
    Value problem;
    if (!in.decide(in.equal(item, args[0]), item.is_unknown() ? item : args[0], same, problem))
      return problem;
    count += same ? 1 : 0;
  }
  return Value::of(count);
}

Value list_reverse(Interpreter& in, const Args& args) {
  in.touch(args.self.object());
  std::reverse(list_of(args).items.begin(), list_of(args).items.end());
  return Value::none();
}

Value list_sort(Interpreter& in, const Args& args) {
  bool reverse = false;
  Value problem;
  if (!in.decide(args[1], reverse, problem))
    return list_lost(in, args, problem);
  std::vector<Value> items = list_of(args).items;
  if (!in.sort(items, args[0], reverse, problem)) {
    (void)list_lost(in, args, problem);
    return problem ? Value::none() : problem;
  }
  in.touch(args.self.object());
  list_of(args).items = std::move(items);
  return Value::none();
}

Value list_clear(Interpreter& in, const Args& args) {
  in.touch(args.self.object());
  list_of(args).items.clear();
  return Value::none();
}

Value list_copy(Interpreter& in, const Args& args) { return in.list(list_of(args).items); }

// --- dict -------------------------------------------------------------------------------------

Dict& dict_of(const Args& args) { return *args.self.as<Dict>(); }

// keys(), values() and items(): live views.
struct View : Foreign {
  enum class What : uint8_t { keys, values, items };
  Dict* dict = nullptr;
  What what = What::keys;

  std::string_view type_name() const override {
    return what == What::keys ? "dict_keys" : what == What::values ? "dict_values" : "dict_items";
  }
  Value item(Interpreter& in, const Table::Entry& entry) const {
    return what == What::keys     ? entry.key
           : what == What::values ? entry.value
                                  : in.tuple({entry.key, entry.value});
  }
  bool lost(Interpreter& in, Value& result) const {
    if (dict->type == Type::dict)
      return false;
    result = in.unknown(dict->cause);
    return true;
  }
  bool iterable() const override { return true; }
  Truth iterate(Interpreter& in, const Visit& visit) override {
    const size_t size = dict->table.size();
    for (size_t i = 0; dict->type == Type::dict && i < dict->table.entries().size(); ++i) {
      if (!dict->table.entries()[i].alive)
        continue;
      if (!visit(item(in, dict->table.entries()[i])))
        return in.unwinding() ? Truth::failed : Truth::yes;
      if (dict->type == Type::dict && dict->table.size() != size) {
        in.raise("RuntimeError", "dictionary changed size during iteration");
        return Truth::failed;
      }
    }
    if (dict->type == Type::dict)
      return Truth::yes;
    in.iteration_unknown(dict->cause);
    return Truth::unknown;
  }
  Value length(Interpreter& in) override {
    Value problem;
    return lost(in, problem) ? problem : Value::of_size(dict->table.size());
  }
  Truth truth(Interpreter&) override {
    return dict->type == Type::dict ? truth_of(dict->table.size() != 0) : Truth::unknown;
  }
  Value repr(Interpreter& in) override {
    Value problem;
    if (lost(in, problem))
      return problem;
    const Value shown = in.repr(all(in));
    if (!shown.is(Type::string))
      return shown;
    return in.text(fmt::format("{}({})", type_name(), shown.as<Str>()->text));
  }
  Value all(Interpreter& in) const {
    std::vector<Value> items;
    for (const Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        items.push_back(item(in, entry));
    return in.list(std::move(items));
  }
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override {
    Value problem;
    if (lost(in, problem))
      return problem;
    if (op == "in" && reflected) {
      const Truth there =
          what == What::keys ? in.table_has(dict->table, other) : in.contains(all(in), other);
      bool answer = false;
      return in.decide(there, other, answer, problem) ? Value::of(answer) : problem;
    }
    if (what == What::values || op == "in")
      return {};
    const Value own = in.call(in.builtin("set"), {all(in)});
    if (!own || own.is_unknown())
      return own;
    Value theirs = other;
    if (!other.is(Type::set)) {
      if (op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=")
        if (!other.as<View>())
          return {};
      theirs = in.call(in.builtin("set"), {other});
      if (!theirs || theirs.is_unknown())
        return theirs;
    }
    const Value left = reflected ? theirs : own;
    const Value right = reflected ? own : theirs;
    if (op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=")
      return in.compare(op, left, right);
    return in.binary(op, left, right);
  }
};

Value view(Interpreter& in, const Args& args, View::What what) {
  View* const result = in.make<View>();
  result->dict = &dict_of(args);
  result->what = what;
  return result;
}
Value dict_keys(Interpreter& in, const Args& args) { return view(in, args, View::What::keys); }
Value dict_values(Interpreter& in, const Args& args) { return view(in, args, View::What::values); }
Value dict_items(Interpreter& in, const Args& args) { return view(in, args, View::What::items); }

// Keys and values of a mapping or of pairs; an unknown source makes the dict unknown.
bool update(Interpreter& in, Dict& dict, Value source, Value& problem) {
  const Value inner = in.plain(source);
  if (inner.is_unknown()) {
    in.lose(&dict, inner.object()->cause);
    return true;
  }
  if (const Dict* const other = inner.as<Dict>()) {
    const std::vector<Table::Entry> entries = other->table.entries();
    return std::all_of(entries.begin(), entries.end(), [&](const Table::Entry& entry) {
      return !entry.alive || in.dict_set(dict, entry.key, entry.value);
    });
  }
  std::vector<Value> pairs;
  if (!in.collect(source, pairs, problem)) {
    if (problem)
      in.lose(&dict, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    std::vector<Value> pair;
    if (pairs[i].is_number() || pairs[i].is_none()) {
      in.raise(
          "TypeError",
          fmt::format("cannot convert dictionary update sequence element #{} to a sequence", i));
      return false;
    }
    if (!in.collect(pairs[i], pair, problem)) {
      if (problem)
        in.lose(&dict, problem.object()->cause);
      return static_cast<bool>(problem);
    }
    if (pair.size() != 2) {
      in.raise("ValueError",
               fmt::format("dictionary update sequence element #{} has length {}; 2 is required", i,
                           pair.size()));
      return false;
    }
    if (!in.dict_set(dict, pair[0], pair[1]))
      return false;
  }
  return true;
}

bool update_all(Interpreter& in, Dict& dict, Value source, Value named) {
  Value problem;
  if (source && !update(in, dict, source, problem))
    return false;
  return update(in, dict, named, problem);
}

Value make_dict(Interpreter& in, const Args& args) {
  Dict* const dict = in.new_dict();
  return update_all(in, *dict, args[0], args[1]) ? Value(dict) : Value();
}

Value dict_update(Interpreter& in, const Args& args) {
  return update_all(in, dict_of(args), args[0], args[1]) ? Value::none() : Value();
}

Value dict_get_method(Interpreter& in, const Args& args) {
  const Value found = in.dict_get(dict_of(args).table, args[0]);
  return found || in.unwinding() ? found : args[1];
}

Value dict_setdefault(Interpreter& in, const Args& args) {
  const Value found = in.dict_get(dict_of(args).table, args[0]);
  if (found || in.unwinding())
    return found;
  return in.dict_set(dict_of(args), args[0], args[1]) ? args[1] : Value();
}

Value dict_pop(Interpreter& in, const Args& args) {
  Dict& dict = dict_of(args);
  const Value found = in.dict_get(dict.table, args[0]);
  if (in.unwinding())
    return {};
  if (args[0].is_unknown()) {
    in.lose(&dict, args[0].object()->cause);
    return in.poison(args[0]);
  }
  if (found)
    return in.delete_item(&dict, args[0]) ? found : Value();
  return args[1] ? args[1] : in.raise("KeyError", args[0]);
}

Value dict_popitem(Interpreter& in, const Args& args) {
  Dict& dict = dict_of(args);
  for (size_t i = dict.table.entries().size(); i > 0; --i) {
    const Table::Entry entry = dict.table.entries()[i - 1];
    if (!entry.alive)
      continue;
    in.touch(&dict);
    dict.table.erase(i - 1);
    return in.tuple({entry.key, entry.value});
  }
  return in.raise("KeyError", "popitem(): dictionary is empty");
}

Value dict_clear(Interpreter& in, const Args& args) {
  in.touch(args.self.object());
  dict_of(args).table.clear();
  return Value::none();
}

Value dict_copy(Interpreter& in, const Args& args) {
  Dict* const copy = in.new_dict();
  copy->table = dict_of(args).table;
  copy->factory = dict_of(args).factory;
  copy->counter = dict_of(args).counter;
  return in.charge_items(copy->table.size()) ? Value(copy) : Value();
}

Value dict_fromkeys(Interpreter& in, const Args& args) {
  std::vector<Value> keys;
  Value problem;
  if (!in.collect(args[0], keys, problem))
    return problem;
  Dict* const dict = in.new_dict();
  for (const Value key : keys)
    if (!in.dict_set(*dict, key, args[1]))
      return {};
  return dict;
}

// --- set --------------------------------------------------------------------------------------

Set& set_of(const Args& args) { return *args.self.as<Set>(); }

Value new_set_of(Interpreter& in, Value source, bool frozen) {
  Set* const set = in.new_set(frozen);
  std::vector<Value> items;
  Value problem;
  if (source && !in.collect(source, items, problem))
    return problem;
  for (const Value item : items)
    if (!in.set_add(*set, item))
      return {};
  return set;
}
Value make_set(Interpreter& in, const Args& args) { return new_set_of(in, args[0], false); }
Value make_frozenset(Interpreter& in, const Args& args) { return new_set_of(in, args[0], true); }

Value set_add_method(Interpreter& in, const Args& args) {
  return in.set_add(set_of(args), args[0]) ? Value::none() : Value();
}

Value set_drop(Interpreter& in, const Args& args, bool must) {
  Set& set = set_of(args);
  const std::optional<size_t> hashed = in.hash(args[0]);
  if (!hashed) {
    const Value problem = in.hash_problem(args[0]);
    if (problem)
      in.lose(&set, problem.object()->cause);
    return problem;
  }
  const size_t found = set.table.find(*hashed, [&](const Table::Entry& entry) {
    return in.equal(entry.key, args[0]) == Truth::yes;
  });
  if (found == Table::npos)
    return must ? in.raise("KeyError", args[0]) : Value::none();
  in.touch(&set);
  set.table.erase(found);
  return Value::none();
}
Value set_remove(Interpreter& in, const Args& args) { return set_drop(in, args, true); }
Value set_discard(Interpreter& in, const Args& args) { return set_drop(in, args, false); }

Value combined(Interpreter& in, const Args& args, std::string_view op) {
  Value result = args.self;
  if (args[0].as<Tuple>()->items.empty())
    result = new_set_of(in, args.self, set_of(args).frozen);
  for (const Value other : args[0].as<Tuple>()->items) {
    const Value set = other.is(Type::set) ? other : new_set_of(in, other, false);
    if (!set || set.is_unknown())
      return set;
    result = in.set_operator(op, *result.as<Set>(), *set.as<Set>());
    if (!result.is(Type::set))
      return result;
  }
  return result;
}
Value set_union(Interpreter& in, const Args& args) { return combined(in, args, "|"); }
Value set_intersection(Interpreter& in, const Args& args) { return combined(in, args, "&"); }
Value set_difference(Interpreter& in, const Args& args) { return combined(in, args, "-"); }
Value set_symmetric(Interpreter& in, const Args& args) { return combined(in, args, "^"); }

Value set_update(Interpreter& in, const Args& args) {
  for (const Value other : args[0].as<Tuple>()->items) {
    std::vector<Value> items;
    Value problem;
    if (!in.collect(other, items, problem)) {
      if (problem)
        in.lose(args.self.object(), problem.object()->cause);
      return problem ? Value::none() : problem;
    }
    for (const Value item : items)
      if (!in.set_add(set_of(args), item))
        return {};
  }
  return Value::none();
}

Value related(Interpreter& in, const Args& args, std::string_view op) {
  const Value other = new_set_of(in, args[0], false);
  return other.is(Type::set) ? in.compare(op, args.self, other) : other;
}
Value set_issubset(Interpreter& in, const Args& args) { return related(in, args, "<="); }
Value set_issuperset(Interpreter& in, const Args& args) { return related(in, args, ">="); }
Value set_isdisjoint(Interpreter& in, const Args& args) {
  const Value other = new_set_of(in, args[0], false);
  if (!other.is(Type::set))
    return other;
  const Value common = in.set_operator("&", set_of(args), *other.as<Set>());
  return common.is(Type::set) ? Value::of(common.as<Set>()->table.size() == 0) : common;
}

Value set_pop(Interpreter& in, const Args& args) {
  Set& set = set_of(args);
  if (set.table.size() == 0)
    return in.raise("KeyError", "pop from an empty set");
  if (set.table.size() > 1) {
    const Value lost =
        in.unknown(Cause::Kind::random, "which member pop() takes from a set is random");
    in.lose(&set, lost.object()->cause);
    return lost;
  }
  for (size_t i = 0; i < set.table.entries().size(); ++i)
    if (set.table.entries()[i].alive) {
      const Value item = set.table.entries()[i].key;
      in.touch(&set);
      set.table.erase(i);
      return item;
    }
  return Value::none();
}

Value set_clear(Interpreter& in, const Args& args) {
  in.touch(args.self.object());
  set_of(args).table.clear();
  return Value::none();
}

Value set_copy(Interpreter& in, const Args& args) {
  return new_set_of(in, args.self, set_of(args).frozen);
}

Value make_range(Interpreter& in, const Args& args) {
  int64_t numbers[3] = {0, 0, 1};
  Value problem;
  for (size_t i = 0; i < 3; ++i)
    if (args[i] && !in.index(args[i], numbers[i], problem))
      return problem;
  Range* const range = in.make<Range>();
  range->start = args[1] ? numbers[0] : 0;
  range->stop = args[1] ? numbers[1] : numbers[0];
  range->step = numbers[2];
  if (range->step == 0)
    return in.raise("ValueError", "range() arg 3 must not be zero");
  return range;
}

constexpr NativeRow kListMethods[] = {
    {"append", "object, /", list_append},
    {"extend", "iterable, /", list_extend},
    {"insert", "index, object, /", list_insert},
    {"pop", "index=-1, /", list_pop},
    {"remove", "value, /", list_remove},
    {"index", "value, start=None, stop=None, /", sequence_index},
    {"count", "value, /", sequence_count},
    {"sort", "*, key=None, reverse=False", list_sort},
    {"reverse", "", list_reverse},
    {"clear", "", list_clear},
    {"copy", "", list_copy},
};
constexpr NativeRow kTupleMethods[] = {
    {"index", "value, start=None, stop=None, /", sequence_index},
    {"count", "value, /", sequence_count},
};
constexpr NativeRow kDictMethods[] = {
    {"get", "key, default=None, /", dict_get_method},
    {"items", "", dict_items},
    {"keys", "", dict_keys},
    {"values", "", dict_values},
    {"update", "other=?, /, **kwargs", dict_update},
    {"setdefault", "key, default=None, /", dict_setdefault},
    {"pop", "key, default=?, /", dict_pop},
    {"popitem", "", dict_popitem},
    {"clear", "", dict_clear},
    {"copy", "", dict_copy},
};
constexpr NativeRow kDictClassMethods[] = {{"fromkeys", "iterable, value=None, /", dict_fromkeys}};
constexpr NativeRow kFrozenSetMethods[] = {
    {"union", "*others", set_union},
    {"intersection", "*others", set_intersection},
    {"difference", "*others", set_difference},
    {"symmetric_difference", "*others", set_symmetric},
    {"issubset", "other, /", set_issubset},
    {"issuperset", "other, /", set_issuperset},
    {"isdisjoint", "other, /", set_isdisjoint},
    {"copy", "", set_copy},
};
constexpr NativeRow kSetMethods[] = {
    {"add", "item, /", set_add_method},
    {"remove", "item, /", set_remove},
    {"discard", "item, /", set_discard},
    {"update", "*others", set_update},
    {"pop", "", set_pop},
    {"clear", "", set_clear},
    {"union", "*others", set_union},
    {"intersection", "*others", set_intersection},
    {"difference", "*others", set_difference},
    {"symmetric_difference", "*others", set_symmetric},
    {"issubset", "other, /", set_issubset},
    {"issuperset", "other, /", set_issuperset},
    {"isdisjoint", "other, /", set_isdisjoint},
    {"copy", "", set_copy},
};

}  // namespace

void Interpreter::iteration_unknown(const Cause* cause) { last_unknown_ = unknown(cause); }

const NativeTypeInfo kListType = {"list",
                                  [](Value value) { return value.is(Type::list); },
                                  {"list", "iterable=?, /", make_list},
                                  kListMethods,
                                  {}};
const NativeTypeInfo kTupleType = {"tuple",
                                   [](Value value) { return value.is(Type::tuple); },
                                   {"tuple", "iterable=?, /", make_tuple},
                                   kTupleMethods,
                                   {}};
const NativeTypeInfo kDictType = {"dict",
                                  [](Value value) { return value.is(Type::dict); },
                                  {"dict", "mapping=?, /, **kwargs", make_dict},
                                  kDictMethods,
                                  kDictClassMethods};
const NativeTypeInfo kSetType = {
    "set",
    [](Value value) { return value.is(Type::set) && !value.as<Set>()->frozen; },
    {"set", "iterable=?, /", make_set},
    kSetMethods,
    {}};
const NativeTypeInfo kFrozenSetType = {
    "frozenset",
    [](Value value) { return value.is(Type::set) && value.as<Set>()->frozen; },
    {"frozenset", "iterable=?, /", make_frozenset},
    kFrozenSetMethods,
    {}};
const NativeTypeInfo kRangeType = {"range",
                                   [](Value value) { return value.is(Type::range); },
                                   {"range", "start, stop=?, step=?, /", make_range},
                                   {},
                                   {}};

}  // namespace retort::py
