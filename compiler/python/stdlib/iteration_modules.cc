// itertools, functools, operator and collections.
#include "compiler/python/stdlib/modules.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace retort::py {
namespace {

// --- itertools ----------------------------------------------------------------------------------

bool columns_of(Interpreter& in, Value sources, std::vector<std::vector<Value>>& columns,
                Value& problem) {
  for (const Value source : sources.as<Tuple>()->items) {
    columns.emplace_back();
    if (!in.collect(source, columns.back(), problem))
      return false;
  }
  return true;
}

Value chain(Interpreter& in, const Args& args) {
  const std::vector<Value> sources = args[0].as<Tuple>()->items;
  return in.lazy_iterator("itertools.chain", [&in, sources](const Visit& visit) {
    for (const Value source : sources) {
      bool stopped = false;
      const Truth done = in.iterate(source, [&](Value item) {
        stopped = !visit(item);
        return !stopped;
      });
      if (done != Truth::yes || stopped)
        return done;
    }
    return Truth::yes;
  });
}

Value chain_from_iterable(Interpreter& in, const Args& args) {
  std::vector<Value> sources;
  Value problem;
  if (!in.collect(args[0], sources, problem))
    return problem;
  Args inner;
  inner.slots = {in.tuple(std::move(sources))};
  return chain(in, inner);
}

struct Chain : Foreign {
  std::string_view type_name() const override { return "type"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    Args inner;
    inner.slots = {in.tuple(args.positional)};
    return chain(in, inner);
  }
  Value get(Interpreter& in, std::string_view name) override {
    static constexpr NativeRow kFrom = {"from_iterable", "iterable", chain_from_iterable};
    return name == "from_iterable" ? in.native(kFrom) : Value();
  }
};

Value product(Interpreter& in, const Args& args) {
  std::vector<std::vector<Value>> columns;
  Value problem;
  int64_t repeat = 1;
  if (!columns_of(in, args[0], columns, problem) || !in.index(args[1], repeat, problem))
    return problem;
  const std::vector<std::vector<Value>> once = columns;
  if (repeat > 20)
    return in.unknown(Cause::Kind::unsupported, "this product is too large");
  if (repeat <= 0)
    columns.clear();
  for (int64_t i = 1; i < repeat; ++i)
    columns.insert(columns.end(), once.begin(), once.end());
  size_t count = 1;
  for (const auto& column : columns) {
    if (!column.empty() && count > in.limits().items / column.size()) {
      in.charge_items(in.limits().items + 1);
      return {};
    }
    count *= column.size();
  }
  std::vector<Value> rows;
  for (size_t i = 0; i < count; ++i) {
    std::vector<Value> row(columns.size());
    size_t rest = i;
    for (size_t c = columns.size(); c > 0; --c) {
      row[c - 1] = columns[c - 1][rest % columns[c - 1].size()];
      rest /= columns[c - 1].size();
    }
    rows.push_back(in.tuple(std::move(row)));
    if (!in.step())
      return {};
  }
  return in.iterator("itertools.product", std::move(rows));
}

// Index tuples in Python's order: `ordered` picks combinations, else permutations.
Value picked(Interpreter& in, const Args& args, bool ordered) {
  std::vector<Value> pool;
  Value problem;
  if (!in.collect(args[0], pool, problem))
    return problem;
  auto wanted = static_cast<int64_t>(pool.size());
  if (!args[1].is_none() && !in.index(args[1], wanted, problem))
    return problem;
  if (wanted < 0)
    return in.raise("ValueError", "r must be non-negative");
  std::vector<Value> rows;
  std::vector<size_t> chosen;
  const auto size = static_cast<size_t>(wanted);
  const auto next_free = [&](size_t from) {
    while (from < pool.size() && !ordered &&
           std::find(chosen.begin(), chosen.end(), from) != chosen.end())
      ++from;
    return from;
  };
  if (size > pool.size())
    return in.iterator("itertools.combinations", {});
  size_t candidate = 0;
  while (true) {
    if (!in.step() || rows.size() > in.limits().items)
      return in.charge_items(rows.size()) ? Value::none() : Value();
    if (chosen.size() == size) {
      std::vector<Value> row;
      for (const size_t i : chosen)
        row.push_back(pool[i]);
      rows.push_back(in.tuple(std::move(row)));
      candidate = pool.size();
    } else {
      candidate = next_free(candidate);
    }
    if (chosen.size() < size && candidate < pool.size()) {
      chosen.push_back(candidate);
      candidate = ordered ? candidate + 1 : 0;
      continue;
    }
    if (chosen.empty())
      break;
    candidate = chosen.back() + 1;
    chosen.pop_back();
  }
  return in.iterator("itertools.combinations", std::move(rows));
}
Value combinations(Interpreter& in, const Args& args) { return picked(in, args, true); }
Value permutations(Interpreter& in, const Args& args) { return picked(in, args, false); }

Value islice(Interpreter& in, const Args& args) {
  int64_t bounds[3] = {0, INT64_MAX, 1};
  Value problem;
  const std::vector<Value>& given = args[1].as<Tuple>()->items;
  for (size_t i = 0; i < given.size() && i < 3; ++i)
    if (!given[i].is_none() && !in.index(given[i], bounds[given.size() == 1 ? 1 : i], problem))
      return problem;
  if (bounds[0] < 0 || bounds[1] < 0 || bounds[2] < 1)
    return in.raise("ValueError", "Indices for islice() must be None or an integer: "
                                  "0 <= x <= sys.maxsize.");
  std::vector<Value> items;
  Iterator* const iterator = args[0].as<Iterator>();
  if (iterator && bounds[1] > 0) {
    // No more than it needs: the rest is for whoever comes next.
    Value item;
    for (int64_t at = 0; at < bounds[1] && in.step(); ++at) {
      const Truth more = in.advance(*iterator, item);
      if (more == Truth::unknown)
        return item;
      if (more != Truth::yes)
        break;
      if (at >= bounds[0] && (at - bounds[0]) % bounds[2] == 0)
        items.push_back(item);
    }
    if (in.unwinding())
      return {};
  } else if (bounds[1] > 0) {
    int64_t at = 0;
    const Truth done = in.iterate(args[0], [&](Value item) {
      if (at >= bounds[0] && (at - bounds[0]) % bounds[2] == 0)
        items.push_back(item);
      return ++at < bounds[1];
    });
    if (done != Truth::yes)
      return done == Truth::failed ? Value() : in.poison(in.last_unknown());
  }
  return in.iterator("itertools.islice", std::move(items));
}

Value count(Interpreter& in, const Args& args) {
  const Value start = args[0];
  const Value step = args[1];
  if (start.is_unknown() || step.is_unknown())
    return in.undecided(start, step);
  return in.counted_iterator("itertools.count", [&in, start, step](size_t index) {
    if (index == 0)
      return start;
    const Value distance = in.binary("*", step, Value::of_size(index));
    return distance ? in.binary("+", start, distance) : distance;
  });
}

Value repeat(Interpreter& in, const Args& args) {
  int64_t times = INT64_MAX;
  Value problem;
  if (!args[1].is_none() && !in.index(args[1], times, problem))
    return problem;
  const Value item = args[0];
  return in.counted_iterator("itertools.repeat", [item, times](size_t index) {
    return static_cast<int64_t>(index) < times ? item : Value();
  });
}

Value cycle(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[0], items, problem))
    return problem;
  const Value all = in.tuple(std::move(items));
  return in.counted_iterator("itertools.cycle", [all](size_t index) {
    const std::vector<Value>& kept = all.as<Tuple>()->items;
    return kept.empty() ? Value() : kept[index % kept.size()];
  });
}

// What `each` makes of the items, one by one: a function may show that it was called. It answers
// whether to go on.
Value lazily(Interpreter& in, std::string_view name, Value source,
             std::function<Truth(Value item, const Visit& visit)> each) {
  return in.lazy_iterator(name, [&in, source, each = std::move(each)](const Visit& visit) {
    Truth answer = Truth::yes;
    const Truth done = in.iterate(source, [&](Value item) {
      answer = each(item, visit);
      return answer == Truth::yes;
    });
    return answer == Truth::unknown || answer == Truth::failed ? answer : done;
  });
}

Truth asked(Interpreter& in, Value function, Value item) {
  const Value answer = function.is_none() ? item : in.call(function, {item});
  const Truth truth = answer ? in.truth(answer) : Truth::failed;
  if (truth == Truth::unknown)
    in.iteration_unknown(in.undecided(answer).object()->cause);
  return truth;
}

Value takewhile(Interpreter& in, const Args& args) {
  const Value function = args[0];
  return lazily(in, "itertools.takewhile", args[1],
                [&in, function](Value item, const Visit& visit) {
                  const Truth holds = asked(in, function, item);
                  return holds == Truth::yes ? truth_of(visit(item)) : holds;
                });
}

Value dropwhile(Interpreter& in, const Args& args) {
  const Value function = args[0];
  const auto dropping = std::make_shared<bool>(true);
  return lazily(in, "itertools.dropwhile", args[1],
                [&in, function, dropping](Value item, const Visit& visit) {
                  if (*dropping) {
                    const Truth holds = asked(in, function, item);
                    if (holds != Truth::no)
                      return holds;
                    *dropping = false;
                  }
                  return truth_of(visit(item));
                });
}

Value filterfalse(Interpreter& in, const Args& args) {
  const Value function = args[0];
  return lazily(in, "itertools.filterfalse", args[1],
                [&in, function](Value item, const Visit& visit) {
                  const Truth holds = asked(in, function, item);
                  return holds == Truth::no ? truth_of(visit(item)) : holds;
                });
}

Value starmap(Interpreter& in, const Args& args) {
  const Value function = args[0];
  return lazily(in, "itertools.starmap", args[1], [&in, function](Value row, const Visit& visit) {
    std::vector<Value> arguments;
    Value problem;
    if (!in.collect(row, arguments, problem))
      return problem ? Truth::unknown : Truth::failed;
    const Value result = in.call(function, std::move(arguments));
    return result ? truth_of(visit(result)) : Truth::failed;
  });
}

Value compress(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  std::vector<Value> selectors;
  std::vector<Value> kept;
  Value problem;
  if (!in.collect(args[0], items, problem) || !in.collect(args[1], selectors, problem))
    return problem;
  for (size_t i = 0; i < items.size() && i < selectors.size(); ++i) {
    bool holds = false;
    if (!in.decide(selectors[i], holds, problem))
      return problem;
    if (holds)
      kept.push_back(items[i]);
  }
  return in.iterator("itertools.compress", std::move(kept));
}

Value pairwise(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  std::vector<Value> rows;
  Value problem;
  if (!in.collect(args[0], items, problem))
    return problem;
  for (size_t i = 1; i < items.size(); ++i)
    rows.push_back(in.tuple({items[i - 1], items[i]}));
  return in.iterator("itertools.pairwise", std::move(rows));
}

Value combinations_with_replacement(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  int64_t size = 0;
  Value problem;
  if (!in.collect(args[0], items, problem) || !in.index(args[1], size, problem))
    return problem;
  if (size < 0)
    return in.raise("ValueError", "r must be non-negative");
  std::vector<Value> rows;
  if (size > 100)
    return in.unknown(Cause::Kind::unsupported, "combinations this long are not interpreted");
  std::vector<size_t> chosen(static_cast<size_t>(size), 0);
  for (bool more = size == 0 || !items.empty(); more && in.step();) {
    std::vector<Value> row;
    for (const size_t index : chosen)
      row.push_back(items[index]);
    rows.push_back(in.tuple(std::move(row)));
    size_t at = chosen.size();
    while (at > 0 && chosen[at - 1] + 1 == items.size())
      --at;
    more = at > 0;
    if (more)
      std::fill(chosen.begin() + static_cast<ptrdiff_t>(at) - 1, chosen.end(), chosen[at - 1] + 1);
  }
  return in.iterator("itertools.combinations_with_replacement", std::move(rows));
}

Value tee(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  int64_t count = 2;
  Value problem;
  if (!in.collect(args[0], items, problem) || !in.index(args[1], count, problem))
    return problem;
  std::vector<Value> copies;
  for (int64_t i = 0; i < count && in.step(); ++i)
    copies.push_back(in.iterator("itertools._tee", items));
  return in.tuple(std::move(copies));
}

Value zip_longest(Interpreter& in, const Args& args) {
  std::vector<std::vector<Value>> columns;
  Value problem;
  if (!columns_of(in, args[0], columns, problem))
    return problem;
  size_t longest = 0;
  for (const auto& column : columns)
    longest = std::max(longest, column.size());
  std::vector<Value> rows;
  for (size_t i = 0; i < longest; ++i) {
    std::vector<Value> row;
    for (const auto& column : columns)
      row.push_back(i < column.size() ? column[i] : args[1]);
    rows.push_back(in.tuple(std::move(row)));
  }
  return in.iterator("itertools.zip_longest", std::move(rows));
}

Value accumulate(Interpreter& in, const Args& args) {
  const Value function = args[1];
  const Value initial = args[2].is_none() ? Value() : args[2];
  const Value source = args[0];
  return in.lazy_iterator("itertools.accumulate",
                          [&in, source, function, initial](const Visit& visit) {
                            Value total = initial;
                            if (total && !visit(total))
                              return Truth::yes;
                            return in.iterate(source, [&](Value item) {
                              total = !total               ? item
                                      : function.is_none() ? in.binary("+", total, item)
                                                           : in.call(function, {total, item});
                              return total && visit(total);
                            });
                          });
}

Value groupby(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[0], items, problem))
    return problem;
  std::vector<Value> rows;
  std::vector<Value> group;
  Value last;
  const auto flush = [&] {
    if (last)
      rows.push_back(in.tuple({last, in.iterator("itertools._grouper", std::move(group))}));
    group.clear();
  };
  for (const Value item : items) {
    const Value key = args[1].is_none() ? item : in.call(args[1], {item});
    if (!key)
      return key;
    bool same = false;
    if (last && !in.decide(in.equal(last, key), key, same, problem))
      return problem;
    if (!same)
      flush();
    last = same ? last : key;
    group.push_back(item);
  }
  flush();
  return in.iterator("itertools.groupby", std::move(rows));
}

constexpr NativeRow kItertools[] = {
    {"product", "*iterables, repeat=1", product},
    {"combinations", "iterable, r", combinations},
    {"permutations", "iterable, r=None", permutations},
    {"islice", "iterable, *bounds", islice},
    {"count", "start=0, step=1", count},
    {"repeat", "object, times=None", repeat},
    {"cycle", "iterable, /", cycle},
    {"takewhile", "predicate, iterable, /", takewhile},
    {"dropwhile", "predicate, iterable, /", dropwhile},
    {"filterfalse", "function, iterable, /", filterfalse},
    {"starmap", "function, iterable, /", starmap},
    {"compress", "data, selectors", compress},
    {"pairwise", "iterable, /", pairwise},
    {"combinations_with_replacement", "iterable, r", combinations_with_replacement},
    {"tee", "iterable, n=2, /", tee},
    {"zip_longest", "*iterables, fillvalue=None", zip_longest},
    {"accumulate", "iterable, func=None, *, initial=None", accumulate},
    {"groupby", "iterable, key=None", groupby},
};
constexpr ConstantRow kItertoolsConstants[] = {
    {"chain", [](Interpreter& in) -> Value { return in.make<Chain>(); }},
};

// --- functools ----------------------------------------------------------------------------------

struct Partial : Foreign {
  Args given;
  Value function;
  std::string_view type_name() const override { return "functools.partial"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    Args all = given;
    all.at = args.at;
    all.positional.insert(all.positional.end(), args.positional.begin(), args.positional.end());
    for (const Keyword& keyword : args.keywords) {
      const auto same = std::find_if(all.keywords.begin(), all.keywords.end(),
                                     [&](const Keyword& k) { return k.name == keyword.name; });
      if (same != all.keywords.end())
        same->value = keyword.value;
      else
        all.keywords.push_back(keyword);
    }
    return in.call_with(function, std::move(all));
  }
};

Value partial(Interpreter& in, const Args& args) {
  Partial* const made = in.make<Partial>();
  made->function = args[0];
  made->given.positional = args[1].as<Tuple>()->items;
  for (const Table::Entry& entry : args[2].as<Dict>()->table.entries())
    made->given.keywords.push_back({entry.key.as<Str>()->text, entry.value});
  return made;
}

Value reduce(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[1], items, problem))
    return problem;
  Value total = args[2];
  if (!total && items.empty())
    return in.raise("TypeError", "reduce() of empty iterable with no initial value");
  for (const Value item : items) {
    total = total ? in.call(args[0], {total, item}) : item;
    if (!total)
      return total;
  }
  return total;
}

Value itself(Interpreter&, const Args& args) { return args[0]; }

// A decorator that keeps the function as it is: results are the same without a cache.
Value keeps(Interpreter& in, const Args& args) {
  static constexpr NativeRow kKeep = {"decorator", "function", itself};
  return args[0] && args[0].is(Type::function) ? args[0] : in.native(kKeep);
}

// `@wraps(f)`: the wrapper carries the name of the function.
struct Wraps : Foreign {
  Value wrapped;
  std::string_view type_name() const override { return "functools.wraps"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.size() != 1)
      return in.raise("TypeError", "wraps() takes one function");
    if (const Value name = in.find_attribute(wrapped, "__name__"))
      if (!in.set_attribute(args.positional[0], "__name__", name))
        return {};
    return args.positional[0];
  }
};
Value wraps(Interpreter& in, const Args& args) {
  Wraps* const made = in.make<Wraps>();
  made->wrapped = args[0];
  return made;
}

Value cached_property(Interpreter& in, const Args& args) {
  Descriptor* const made = in.make<Descriptor>();
  made->kind = Descriptor::Kind::cached_property;
  made->function = args[0];
  return made;
}

constexpr NativeRow kFunctools[] = {
    {"partial", "func, /, *args, **keywords", partial},
    {"reduce", "function, iterable, initial=?, /", reduce},
    {"lru_cache", "maxsize=?, typed=False", keeps},
    {"cache", "function", itself},
    {"wraps", "wrapped, *args, **kwargs", wraps},
    {"cached_property", "func", cached_property},
};

// --- operator -----------------------------------------------------------------------------------

struct Getter : Foreign {
  std::vector<Value> keys;
  bool items = true;
  std::string_view type_name() const override {
    return items ? "operator.itemgetter" : "operator.attrgetter";
  }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.size() != 1)
      return in.raise("TypeError", "expected 1 argument");
    std::vector<Value> found;
    for (const Value key : keys) {
      Value value = args.positional[0];
      if (items) {
        value = in.get_item(value, key);
      } else {
        std::string_view path = key.as<Str>()->text;
        while (value && !path.empty()) {
          const size_t dot = std::min(path.find('.'), path.size());
          value = in.get_attribute(value, path.substr(0, dot));
          path.remove_prefix(std::min(dot + 1, path.size()));
        }
      }
      if (!value)
        return value;
      found.push_back(value);
    }
    return found.size() == 1 ? found[0] : in.tuple(std::move(found));
  }
};

Value getter(Interpreter& in, const Args& args, bool items) {
  Getter* const made = in.make<Getter>();
  made->items = items;
  made->keys = args[0].as<Tuple>()->items;
  for (const Value key : made->keys)
    if (!items && !key.is(Type::string))
      return in.raise("TypeError", "attribute name must be a string");
  return made;
}
Value itemgetter(Interpreter& in, const Args& args) { return getter(in, args, true); }
Value attrgetter(Interpreter& in, const Args& args) { return getter(in, args, false); }

template <size_t kIndex>
Value applied(Interpreter& in, const Args& args) {
  constexpr std::string_view kOperators[] = {"+", "-",  "*",  "/", "//", "%", "&",
                                             "|", "==", "!=", "<", "<=", ">", ">="};
  constexpr std::string_view op = kOperators[kIndex];
  return kIndex < 8 ? in.binary(op, args[0], args[1]) : in.compare(op, args[0], args[1]);
}

constexpr NativeRow kOperator[] = {
    {"itemgetter", "*items", itemgetter}, {"attrgetter", "*attrs", attrgetter},
    {"add", "a, b", applied<0>},          {"sub", "a, b", applied<1>},
    {"mul", "a, b", applied<2>},          {"truediv", "a, b", applied<3>},
    {"floordiv", "a, b", applied<4>},     {"mod", "a, b", applied<5>},
    {"and_", "a, b", applied<6>},         {"or_", "a, b", applied<7>},
    {"eq", "a, b", applied<8>},           {"ne", "a, b", applied<9>},
    {"lt", "a, b", applied<10>},          {"le", "a, b", applied<11>},
    {"gt", "a, b", applied<12>},          {"ge", "a, b", applied<13>},
};

// --- collections --------------------------------------------------------------------------------

Value defaultdict(Interpreter& in, const Args& args) {
  std::vector<Value> rest;
  if (args[1])
    rest.push_back(args[1]);
  const Value dict = in.call(in.builtin("dict"), std::move(rest));
  if (!dict.is(Type::dict))
    return dict;
  dict.as<Dict>()->factory = args[0].is_none() ? Value() : args[0];
  return dict;
}

Value counter(Interpreter& in, const Args& args) {
  Dict* const dict = in.new_dict();
  dict->counter = true;
  std::vector<Value> items;
  Value problem;
  if (args[0].is(Type::dict))
    return in.unknown(Cause::Kind::unsupported, "Counter() of a mapping is not interpreted");
  if (args[0] && !in.collect(args[0], items, problem))
    return problem;
  for (const Value item : items) {
    const Value before = in.dict_get(dict->table, item);
    if (in.unwinding())
      return {};
    if (!in.dict_set(*dict, item, Value::of((before ? before.integer() : 0) + 1)))
      return {};
  }
  return dict;
}

Value namedtuple(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[0], name, problem))
    return problem;
  std::vector<Value> fields;
  if (const Str* const words = args[1].as<Str>()) {
    std::string spaced = words->text;
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    const Value parts = in.call_method(in.text(spaced), "split");
    if (!parts.is(Type::list))
      return parts;
    fields = parts.as<List>()->items;
  } else if (!in.collect(args[1], fields, problem)) {
    return problem;
  }
  std::vector<Value> defaults;
  if (!args[2].is_none() && !in.collect(args[2], defaults, problem))
    return problem;
  Class* const cls = in.make_class(name->text, {});
  cls->flavour = Class::Flavour::named_tuple;
  cls->data = &kTupleType;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Str* const field = fields[i].as<Str>();
    if (!field)
      return in.raise("TypeError", "Type names and field names must be strings");
    const size_t left = fields.size() - i;
    cls->fields.push_back(
        {field->text, left <= defaults.size() ? defaults[defaults.size() - left] : Value(), {}});
  }
  return cls;
}

constexpr NativeRow kCollections[] = {
    {"namedtuple", "typename, field_names, *, defaults=None, rename=False, module=None",
     namedtuple},
    {"defaultdict", "default_factory=None, mapping=?, /", defaultdict},
    {"Counter", "iterable=?", counter},
};
constexpr ConstantRow kCollectionsConstants[] = {
    // Equal to a dict in all but its repr, which is refused.
    {"OrderedDict",
     [](Interpreter& in) -> Value {
       static constexpr NativeRow kRow = {
           "OrderedDict", "mapping=?, /, **kwargs",
           [](Interpreter& inner, const Args& args) -> Value {
             Args rest;
             if (args[0])
               rest.positional.push_back(args[0]);
             for (const Table::Entry& entry : args[1].as<Dict>()->table.entries())
               rest.keywords.push_back({entry.key.as<Str>()->text, entry.value});
             return inner.call_with(inner.builtin("dict"), std::move(rest));
           }};
       return in.native(kRow);
     }},
};

}  // namespace

const TableModule::Content kItertoolsModule = {"itertools", kItertools, {}, kItertoolsConstants};
const TableModule::Content kFunctoolsModule = {"functools", kFunctools, {}, {}};
const TableModule::Content kOperatorModule = {"operator", kOperator, {}, {}};
const TableModule::Content kCollectionsModule = {
    "collections", kCollections, {}, kCollectionsConstants};

}  // namespace retort::py
