// Built-in functions and types.
#include "common/text.h"
#include "common/utf8.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

Value do_print(Interpreter& in, const Args& args) {
  if (!in.print)
    return Value::none();
  const auto words = [&](Value value, std::string_view fallback) -> std::string {
    if (!value || value.is_none())
      return std::string(fallback);
    const Value shown = in.str(value);
    if (const Str* const text = shown.as<Str>())
      return text->text;
    return shown.is_unknown() ? "<unknown: " + shown.object()->cause->text + ">" : "";
  };
  std::string line;
  const std::string separator = words(args[1], " ");
  const std::vector<Value>& items = args[0].as<Tuple>()->items;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0)
      line += separator;
    line += words(items[i], "None");
    if (in.unwinding() || !in.charge(line.size()))
      return {};
  }
  in.write(line + words(args[2], "\n"));
  return Value::none();
}

Value do_len(Interpreter& in, const Args& args) { return in.length(args[0]); }
Value do_repr(Interpreter& in, const Args& args) { return in.repr(args[0]); }
Value do_ascii(Interpreter& in, const Args& args) {
  const Value shown = in.repr(args[0]);
  if (const Str* const text = shown.as<Str>(); text && !text->ascii())
    return in.unknown(Cause::Kind::unsupported, "ascii() of such text is not interpreted");
  return shown;
}
Value do_format(Interpreter& in, const Args& args) {
  const Str* spec = nullptr;
  Value problem;
  if (!text_of(in, args[1], spec, problem))
    return problem;
  return in.format(args[0], spec->text);
}

Value do_abs(Interpreter& in, const Args& args) {
  KNOWN(value, in.plain(args[0]));
  if (value.is_integral())
    return value.integer() < 0 ? in.unary("-", value) : Value::of(value.integer());
  if (value.is(Type::floating))
    return Value::of(std::fabs(value.floating()));
  if (Foreign* const foreign = value.as<Foreign>())
    if (const Value result = foreign->unary(in, "abs"); result || in.unwinding())
      return result;
  return in.raise("TypeError",
                  fmt::format("bad operand type for abs(): '{}'", in.type_name(value)));
}

Value do_round(Interpreter& in, const Args& args) {
  KNOWN(value, in.plain(args[0]));
  if (!value.is_number())
    return value.is(Type::foreign)
               ? in.unknown(Cause::Kind::unsupported, "round() of this is not interpreted")
               : in.raise("TypeError", fmt::format("type {} doesn't define __round__ method",
                                                   in.type_name(value)));
  if (args[1].is_none()) {
    if (value.is_integral())
      return Value::of(value.integer());
    const double rounded = std::nearbyint(value.floating());
    if (!(std::fabs(rounded) < 0x1p63))
      return in.unknown(Cause::Kind::number, "this integer is beyond 64 bits");
    return Value::of(static_cast<int64_t>(rounded));
  }
  int64_t digits = 0;
  Value problem;
  if (!in.index(args[1], digits, problem))
    return problem;
  if (value.is_integral()) {
    if (digits >= 0)
      return Value::of(value.integer());
    return in.unknown(Cause::Kind::unsupported, "round() to tens is not interpreted");
  }
  if (digits < 0 || digits > 100 || !std::isfinite(value.floating()))
    return in.unknown(Cause::Kind::unsupported, "this round() is not interpreted");
  // Exact decimal digits of the double, as CPython takes them.
  const std::optional<double> rounded =
      parse_float(fmt::format("{:.{}f}", value.floating(), static_cast<int>(digits)));
  return Value::of(*rounded);
}

Value do_pow(Interpreter& in, const Args& args) {
  if (!args[2].is_none())
    return in.unknown(Cause::Kind::unsupported, "pow() with three arguments is not interpreted");
  return in.binary("**", args[0], args[1]);
}

Value do_divmod(Interpreter& in, const Args& args) {
  const Value quotient = in.binary("//", args[0], args[1]);
  if (!quotient)
    return quotient;
  const Value rest = in.binary("%", args[0], args[1]);
  return rest ? in.tuple({quotient, rest}) : rest;
}

Value do_sum(Interpreter& in, const Args& args) {
  Value total = args[1];
  Value problem;
  std::vector<Value> items;
  if (!in.collect(args[0], items, problem))
    return problem;
  if (total.is(Type::string))
    return in.raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  if (std::any_of(items.begin(), items.end(), [](Value item) { return item.is(Type::floating); }) &&
      items.size() > 2)
    return in.unknown(Cause::Kind::unsupported,
                      "the sum of floats depends on the version of Python");
  for (const Value item : items) {
    total = in.binary("+", total, item);
    if (!total)
      return total;
  }
  return total;
}

// Compared as they come: a generator may show how far it got.
Value extreme(Interpreter& in, const Args& args, bool largest) {
  const std::vector<Value>& several = args[0].as<Tuple>()->items;
  if (several.empty())
    return in.raise("TypeError",
                    fmt::format("{} expected at least 1 argument, got 0", largest ? "max" : "min"));
  Value best;
  Value best_key;
  Value problem;
  bool stuck = false;
  const auto better = [&](Value item) {
    const Value key = args[1].is_none() ? item : in.call(args[1], {item});
    bool replaces = !best;
    if (key && best) {
      const Value answer = in.compare(largest ? ">" : "<", key, best_key);
      stuck = !answer || !in.decide(answer, replaces, problem);
    }
    stuck |= !key;
    if (!stuck && replaces) {
      best = item;
      best_key = key;
    }
    return !stuck;
  };
  const Truth done = in.iterate(several.size() == 1 ? several[0] : args[0], better);
  if (stuck || done == Truth::failed)
    return problem;
  if (done == Truth::unknown)
    return in.poison(in.undecided(several[0].is_unknown() ? several[0] : in.last_unknown()));
  if (best && best.is_unknown())
    return in.poison(best);
  if (best)
    return best;
  return args[2] ? args[2]
                 : in.raise("ValueError",
                            fmt::format("{}() arg is an empty sequence", largest ? "max" : "min"));
}
Value do_min(Interpreter& in, const Args& args) { return extreme(in, args, false); }
Value do_max(Interpreter& in, const Args& args) { return extreme(in, args, true); }

// any() and all(): an unknown item matters unless another one decides.
Value quantified(Interpreter& in, const Args& args, bool wanted) {
  bool found = false;
  bool failed = false;
  Value doubt;
  const Truth done = in.iterate(args[0], [&](Value item) {
    const Truth answer = in.truth(item);
    if (answer == Truth::unknown)
      doubt = item;
    failed = answer == Truth::failed;
    found = answer == truth_of(wanted);
    return !failed && !found;
  });
  if (failed || done == Truth::failed)
    return {};
  if (found)
    return Value::of(wanted);
  if (doubt || done == Truth::unknown)
    return in.poison(in.undecided(doubt ? doubt : in.last_unknown()));
  return Value::of(!wanted);
}
Value do_any(Interpreter& in, const Args& args) { return quantified(in, args, true); }
Value do_all(Interpreter& in, const Args& args) { return quantified(in, args, false); }

Value do_sorted(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  bool reverse = false;
  if (!in.collect(args[0], items, problem) || !in.decide(args[2], reverse, problem) ||
      !in.sort(items, args[1], reverse, problem))
    return problem;
  return in.list(std::move(items));
}

Value do_reversed(Interpreter& in, const Args& args) {
  if (const Value method =
          in.is_plain_instance(args[0]) ? in.find_attribute(args[0], "__reversed__") : Value())
    return in.call(method);
  std::vector<Value> items;
  Value problem;
  if (in.plain(args[0]).is(Type::set) || args[0].is(Type::iterator))
    return in.raise("TypeError",
                    fmt::format("'{}' object is not reversible", in.type_name(args[0])));
  if (!in.collect(args[0], items, problem))
    return problem;
  std::reverse(items.begin(), items.end());
  return in.iterator("reversed", std::move(items));
}

// Items come one by one, from a source that may be a generator.
Value do_enumerate(Interpreter& in, const Args& args) {
  int64_t start = 0;
  Value problem;
  if (!in.index(args[1], start, problem))
    return problem;
  const Value source = args[0];
  if (source.is_unknown())
    return in.poison(source);
  return in.lazy_iterator("enumerate", [&in, source, start](const Visit& visit) {
    int64_t number = start;
    return in.iterate(source, [&](Value item) {
      return visit(in.tuple({Value::of(number++), item}));
    });
  });
}

// An iterator over what can be iterated; nothing with an unknown or after an exception.
Iterator* iterator_over(Interpreter& in, Value source, Value& problem) {
  if (Iterator* const iterator = source.as<Iterator>())
    return iterator;
  std::vector<Value> items;
  if (!in.collect(source, items, problem))
    return nullptr;
  return in.iterator("iterator", std::move(items)).as<Iterator>();
}

// Row by row: the same iterator may be given twice, and some have no end.
Value do_zip(Interpreter& in, const Args& args) {
  std::vector<Iterator*> columns;
  bool strict = false;
  Value problem;
  if (!in.decide(args[1], strict, problem))
    return problem;
  for (const Value source : args[0].as<Tuple>()->items) {
    columns.push_back(iterator_over(in, source, problem));
    if (!columns.back())
      return problem;
  }
  std::vector<Value> rows;
  for (bool more = !columns.empty(); more;) {
    std::vector<Value> row;
    for (Iterator* const column : columns) {
      Value item;
      const Truth next = in.step() ? in.advance(*column, item) : Truth::failed;
      if (next == Truth::unknown || next == Truth::failed)
        return next == Truth::failed ? Value() : item;
      more = next == Truth::yes;
      if (!more)
        break;
      row.push_back(item);
    }
    if (more && (rows.size() <= in.limits().items || in.charge_items(rows.size())))
      rows.push_back(in.tuple(std::move(row)));
    else if (strict && !in.unwinding()) {
      bool uneven = !row.empty();
      for (Iterator* const column : columns) {
        Value item;
        if (row.empty() && column != columns.front())
          uneven |= in.advance(*column, item) == Truth::yes;
      }
      if (uneven)
        return in.raise("ValueError", "zip() argument 2 is shorter than argument 1");
    }
    if (in.unwinding())
      return {};
  }
  return in.iterator("zip", std::move(rows));
}

Value do_map(Interpreter& in, const Args& args) {
  const Value function = args[0];
  const std::vector<Value> sources = args[1].as<Tuple>()->items;
  if (sources.size() == 1) {
    const Value source = sources[0];
    return in.lazy_iterator("map", [&in, function, source](const Visit& visit) {
      bool failed = false;
      const Truth done = in.iterate(source, [&](Value item) {
        const Value result = in.call(function, std::vector<Value>{item});
        failed = !result;
        return !failed && visit(result);
      });
      return failed ? Truth::failed : done;
    });
  }
  Args zipped;
  zipped.slots = {args[1], Value::of(false)};
  const Value rows = do_zip(in, zipped);
  if (!rows || rows.is_unknown())
    return rows;
  return in.lazy_iterator("map", [&in, function, rows](const Visit& visit) {
    bool failed = false;
    const Truth done = in.iterate(rows, [&](Value row) {
      const Value result = in.call(function, row.as<Tuple>()->items);
      failed = !result;
      return !failed && visit(result);
    });
    return failed ? Truth::failed : done;
  });
}

Value do_filter(Interpreter& in, const Args& args) {
  const Value function = args[0];
  const Value source = args[1];
  return in.lazy_iterator("filter", [&in, function, source](const Visit& visit) {
    Truth bad = Truth::yes;
    const Truth done = in.iterate(source, [&](Value item) {
      const Value answer = function.is_none() ? item : in.call(function, std::vector<Value>{item});
      const Truth keep = answer ? in.truth(answer) : Truth::failed;
      if (keep == Truth::unknown || keep == Truth::failed) {
        bad = keep;
        if (keep == Truth::unknown)
          in.iteration_unknown(in.undecided(answer).object()->cause);
        return false;
      }
      return keep == Truth::no || visit(item);
    });
    return bad == Truth::yes ? done : bad;
  });
}

Value do_iter(Interpreter& in, const Args& args) {
  const Value source = args[0];
  if (args[1])
    return in.unknown(Cause::Kind::unsupported, "iter() with a sentinel is not interpreted");
  if (source.is(Type::iterator) || source.is_unknown())
    return source.is_unknown() ? in.poison(source) : source;
  const bool is_iterable = in.plain(source).is(Type::list) || in.plain(source).is(Type::tuple) ||
                           in.plain(source).is(Type::dict) || in.plain(source).is(Type::set) ||
                           in.plain(source).is(Type::string) || source.is(Type::range) ||
                           source.is(Type::foreign) || source.is(Type::class_) ||
                           source.is(Type::instance);
  if (!is_iterable)
    return in.raise("TypeError", fmt::format("'{}' object is not iterable", in.type_name(source)));
  if (List* const list = source.as<List>())
    return in.counted_iterator("list_iterator", [&in, list](size_t index) -> Value {
      if (list->type == Type::unknown)
        return in.poison(list);
      return index < list->items.size() ? list->items[index] : Value();
    });
  if (source.is(Type::tuple) || source.is(Type::string) || source.is(Type::range)) {
    std::vector<Value> items;
    Value problem;
    return in.collect(source, items, problem)
               ? in.iterator(in.type_name(source) + "_iterator", std::move(items))
               : problem;
  }
  return in.lazy_iterator("iterator",
                          [&in, source](const Visit& visit) { return in.iterate(source, visit); });
}

Value do_next(Interpreter& in, const Args& args) {
  if (args[0].is_unknown())
    return in.poison(args[0]);
  Iterator* const iterator = args[0].as<Iterator>();
  if (!iterator) {
    if (const Value method =
            args[0].is(Type::instance) ? in.find_attribute(args[0], "__next__") : Value())
      return in.call(method);
    if (args[0].is(Type::foreign))
      return in.unknown(Cause::Kind::unsupported, "next() of this is not interpreted");
    return in.raise("TypeError",
                    fmt::format("'{}' object is not an iterator", in.type_name(args[0])));
  }
  Value item;
  switch (in.advance(*iterator, item)) {
  case Truth::yes:
  case Truth::unknown: return item;
  case Truth::failed: return {};
  case Truth::no: break;
  }
  return args[1] ? args[1] : in.raise("StopIteration", "");
}

Value do_isinstance(Interpreter& in, const Args& args) {
  bool answer = false;
  Value problem;
  if (!in.decide(in.is_instance(args[0], args[1]),
                 args[0].is_unknown() ? args[0] : in.last_unknown(), answer, problem))
    return problem;
  return Value::of(answer);
}

Value do_issubclass(Interpreter& in, const Args& args) {
  const Class* const cls = args[0].as<Class>();
  std::vector<Value> candidates = {args[1]};
  if (const Tuple* const several = args[1].as<Tuple>())
    candidates = several->items;
  for (const Value candidate : candidates) {
    const Class* const other = candidate.as<Class>();
    if (cls && other && cls->derives_from(other))
      return Value::of(true);
    if (!cls || !other || cls->foreign)
      return in.unknown(Cause::Kind::unsupported, "this issubclass() is not interpreted");
  }
  return Value::of(false);
}

Value do_callable(Interpreter& in, const Args& args) {
  return args[0].is_unknown() ? in.poison(args[0]) : Value::of(in.callable(args[0]));
}

Value do_getattr(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[1], name, problem))
    return problem;
  if (!args[2])
    return in.get_attribute(args[0], name->text);
  const Value found = in.find_attribute(args[0], name->text);
  return found || in.unwinding() ? found : args[2];
}

Value do_hasattr(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[1], name, problem))
    return problem;
  if (args[0].is_unknown())
    return in.poison(args[0]);
  const Value found = in.find_attribute(args[0], name->text);
  if (in.unwinding())
    return {};
  if (!found && name->text.starts_with("__"))
    return in.unknown(Cause::Kind::unsupported, "this hasattr() is not interpreted");
  return Value::of(static_cast<bool>(found));
}

Value do_setattr(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[1], name, problem))
    return problem;
  return in.set_attribute(args[0], name->text, args[2]) ? Value::none() : Value();
}

Value do_type(Interpreter& in, const Args& args) {
  if (args[1])
    return in.unknown(Cause::Kind::unsupported, "type() with three arguments is not interpreted");
  return in.type_of(args[0]);
}

Value do_id(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::random, "`id()` is an address of memory");
}

Value do_hash(Interpreter& in, const Args& args) {
  const Value value = in.plain(args[0]);
  if (value.is_integral() && value.integer() >= 0 && value.integer() < (int64_t{1} << 60))
    return Value::of(value.integer());
  return in.unknown(Cause::Kind::random, "`hash()` differs from run to run");
}

Value based(Interpreter& in, const Args& args, std::string_view spec) {
  KNOWN(value, in.plain(args[0]));
  if (!value.is_integral())
    return in.raise("TypeError", fmt::format("'{}' object cannot be interpreted as an integer",
                                             in.type_name(value)));
  return format_value(in, Value::of(value.integer()), spec);
}
Value do_bin(Interpreter& in, const Args& args) { return based(in, args, "#b"); }
Value do_oct(Interpreter& in, const Args& args) { return based(in, args, "#o"); }
Value do_hex(Interpreter& in, const Args& args) { return based(in, args, "#x"); }

Value do_chr(Interpreter& in, const Args& args) {
  int64_t code = 0;
  Value problem;
  if (!in.index(args[0], code, problem))
    return problem;
  if (code < 0 || code > 0x10FFFF)
    return in.raise("ValueError", "chr() arg not in range(0x110000)");
  if (code >= 0xD800 && code <= 0xDFFF)
    return in.unknown(Cause::Kind::unsupported, "surrogates are not interpreted");
  std::string text;
  utf8::append(text, static_cast<char32_t>(code));
  return in.text(text);
}

Value do_ord(Interpreter& in, const Args& args) {
  const Str* string = nullptr;
  Value problem;
  if (!text_of(in, args[0], string, problem))
    return problem;
  if (char_count(*string) != 1)
    return in.raise("TypeError", fmt::format("ord() expected a character, but string of length {} "
                                             "found",
                                             char_count(*string)));
  return Value::of(static_cast<int64_t>(utf8::decode(string->text, 0).code));
}

Value outside(Interpreter& in, std::string_view what) {
  return in.unknown(Cause::Kind::outside,
                    fmt::format("`{}` reaches outside of the revision", what));
}
Value do_open(Interpreter& in, const Args&) { return outside(in, "open()"); }
Value do_input(Interpreter& in, const Args&) { return outside(in, "input()"); }
Value do_exec(Interpreter& in, const Args&) {
  return in.stop(kUnsupported, "expression", "code made at run time is not interpreted");
}

Value make_object(Interpreter& in, const Args&) {
  static constexpr std::string_view kName = "object";
  Class* const cls = in.make_class(kName, {});
  Instance* const instance = in.make<Instance>();
  instance->cls = cls;
  return instance;
}

template <Descriptor::Kind kKind>
Value make_descriptor(Interpreter& in, const Args& args) {
  Descriptor* const made = in.make<Descriptor>();
  made->kind = kKind;
  made->function = args[0];
  return made;
}

constexpr NativeRow kFunctions[] = {
    {"print", "*values, sep=None, end=None, file=None, flush=False", do_print},
    {"len", "obj, /", do_len},
    {"repr", "obj, /", do_repr},
    {"ascii", "obj, /", do_ascii},
    {"format", "value, format_spec='', /", do_format},
    {"abs", "x, /", do_abs},
    {"round", "number, ndigits=None", do_round},
    {"pow", "base, exp, mod=None", do_pow},
    {"divmod", "x, y, /", do_divmod},
    {"sum", "iterable, start=0", do_sum},
    {"min", "*args, key=None, default=?", do_min},
    {"max", "*args, key=None, default=?", do_max},
    {"any", "iterable, /", do_any},
    {"all", "iterable, /", do_all},
    {"sorted", "iterable, *, key=None, reverse=False", do_sorted},
    {"reversed", "sequence, /", do_reversed},
    {"enumerate", "iterable, start=0", do_enumerate},
    {"zip", "*iterables, strict=False", do_zip},
    {"map", "func, *iterables", do_map},
    {"filter", "function, iterable, /", do_filter},
    {"iter", "object, sentinel=?, /", do_iter},
    {"next", "iterator, default=?, /", do_next},
    {"isinstance", "obj, class_or_tuple, /", do_isinstance},
    {"issubclass", "cls, class_or_tuple, /", do_issubclass},
    {"callable", "obj, /", do_callable},
    {"getattr", "object, name, default=?, /", do_getattr},
    {"hasattr", "object, name, /", do_hasattr},
    {"setattr", "object, name, value, /", do_setattr},
    {"id", "obj, /", do_id},
    {"hash", "obj, /", do_hash},
    {"bin", "number, /", do_bin},
    {"oct", "number, /", do_oct},
    {"hex", "number, /", do_hex},
    {"chr", "i, /", do_chr},
    {"ord", "c, /", do_ord},
    {"globals", "", scope_globals},
    {"locals", "", scope_locals},
    {"vars", "object=?", scope_locals},
    {"open", "*args, **kwargs", do_open},
    {"input", "*args", do_input},
    {"exec", "*args, **kwargs", do_exec},
    {"eval", "*args, **kwargs", do_exec},
    {"compile", "*args, **kwargs", do_exec},
    {"__import__", "*args, **kwargs", do_exec},
};

bool holds_nothing(Value) { return false; }

const NativeTypeInfo* const kTypes[] = {
    &kObjectType, &kTypeType,  &kBoolType,     &kIntType,          &kFloatType,      &kStrType,
    &kBytesType,  &kListType,  &kTupleType,    &kSetType,          &kFrozenSetType,  &kDictType,
    &kRangeType,  &kSliceType, &kPropertyType, &kStaticMethodType, &kClassMethodType};

Value make_slice(Interpreter& in, const Args& args) {
  Slice* const slice = in.make<Slice>();
  slice->start = args[1] ? args[0] : Value::none();
  slice->stop = args[1] ? args[1] : args[0];
  slice->step = args[2] ? args[2] : Value::none();
  return slice;
}

}  // namespace

const NativeTypeInfo kObjectType = {
    "object", [](Value) { return true; }, {"object", "", make_object}, {}, {}};
const NativeTypeInfo kTypeType = {
    "type",
    [](Value value) { return value.is(Type::class_) || value.is(Type::native_type); },
    {"type", "object, bases=?, dict=?, /", do_type},
    {},
    {}};
const NativeTypeInfo kSliceType = {"slice",
                                   [](Value value) { return value.is(Type::slice); },
                                   {"slice", "start, stop=?, step=?, /", make_slice},
                                   {},
                                   {}};
const NativeTypeInfo kPropertyType = {
    "property",
    holds_nothing,
    {"property", "fget", make_descriptor<Descriptor::Kind::property>},
    {},
    {}};
const NativeTypeInfo kStaticMethodType = {
    "staticmethod",
    holds_nothing,
    {"staticmethod", "function, /", make_descriptor<Descriptor::Kind::static_method>},
    {},
    {}};
const NativeTypeInfo kClassMethodType = {
    "classmethod",
    holds_nothing,
    {"classmethod", "function, /", make_descriptor<Descriptor::Kind::class_method>},
    {},
    {}};

const NativeTypeInfo* type_info(Value value) {
  switch (value.type()) {
  case Type::boolean: return &kBoolType;
  case Type::integer: return &kIntType;
  case Type::floating: return &kFloatType;
  case Type::string: return &kStrType;
  case Type::bytes: return &kBytesType;
  case Type::list: return &kListType;
  case Type::tuple: return &kTupleType;
  case Type::dict: return &kDictType;
  case Type::set: return value.as<Set>()->frozen ? &kFrozenSetType : &kSetType;
  case Type::range: return &kRangeType;
  case Type::slice: return &kSliceType;
  case Type::class_:
  case Type::native_type: return &kTypeType;
  default: return nullptr;
  }
}

Value Interpreter::builtin(std::string_view name) {
  if (const auto known = builtins_.find(name); known != builtins_.end())
    return known->second;
  Value value;
  if (const NativeRow* const row = find_row(kFunctions, name)) {
    value = native(*row);
    name = row->name;
  } else if (name == "Ellipsis" || name == "NotImplemented") {
    Symbol* const symbol = make<Symbol>();
    symbol->name = name = name == "Ellipsis" ? "Ellipsis" : "NotImplemented";
    value = symbol;
  } else {
    for (const NativeTypeInfo* const info : kTypes)
      if (info->name == name) {
        value = native_type(*info);
        name = info->name;
      }
    if (!value && name != "Enum" && name != "IntEnum" && name != "StrEnum" && name != "Flag" &&
        name != "IntFlag" && name != "ReprEnum" && name != "NamedTuple" &&
        name != "JSONDecodeError")
      if (Class* const cls = exception_class(name)) {
        value = cls;
        name = cls->name;
      }
  }
  if (value) {
    value.object()->trial = 0;
    builtins_[name] = value;
  }
  return value;
}

}  // namespace retort::py
