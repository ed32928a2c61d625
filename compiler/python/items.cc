// Indexing, slicing and lengths.
#include "common/utf8.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {

Value substring(Interpreter& in, const Str& string, size_t begin_byte, size_t end_byte) {
  Text out;
  out.at = string.at;
  out.append(string, begin_byte, end_byte);
  return in.text(std::move(out));
}

bool slice_offsets(Interpreter& in, const Slice& slice, size_t size, std::vector<int64_t>& offsets,
                   Value& problem) {
  const auto count = static_cast<int64_t>(size);
  int64_t step = 1;
  if (!slice.step.is_none() && !in.index(slice.step, step, problem))
    return false;
  if (step == 0) {
    in.raise("ValueError", "slice step cannot be zero");
    return false;
  }
  step = std::clamp<int64_t>(step, -count - 1, count + 1);
  const auto bound = [&](Value value, int64_t fallback, int64_t& result) {
    result = fallback;
    if (value.is_none())
      return true;
    if (!in.index(value, result, problem))
      return false;
    if (result < 0)
      result = std::max<int64_t>(result < -count ? -1 : result + count, step < 0 ? -1 : 0);
    result = std::min(result, step < 0 ? count - 1 : count);
    return true;
  };
  int64_t start = 0;
  int64_t stop = 0;
  if (!bound(slice.start, step < 0 ? count - 1 : 0, start) ||
      !bound(slice.stop, step < 0 ? -1 : count, stop))
    return false;
  for (int64_t i = start; step < 0 ? i > stop : i < stop; i += step)
    offsets.push_back(i);
  return true;
}

bool Interpreter::index(Value value, int64_t& number, Value& problem) {
  const Value inner = plain(value);
  if (inner.is_integral()) {
    number = inner.integer();
    return true;
  }
  problem = {};
  if (inner.is_unknown())
    problem = poison(inner);
  else if (inner.is(Type::foreign) || special(inner, "__index__"))
    problem = unknown(Cause::Kind::unsupported, "`__index__` is not interpreted");
  else
    raise("TypeError",
          fmt::format("'{}' object cannot be interpreted as an integer", type_name(value)));
  return false;
}

Value Interpreter::get_item(Value object, Value key) {
  switch (object.type()) {
  case Type::unknown: {
    const Str* const name = plain(key).as<Str>();
    return name ? find_attribute(object, name->text) : poison(object);
  }
  case Type::foreign: {
    const Value result = object.as<Foreign>()->subscript(*this, key);
    if (result || unwinding())
      return result;
    break;
  }
  case Type::class_: {
    Class& cls = *object.as<Class>();
    if (cls.flavour == Class::Flavour::enumeration && !cls.foreign) {
      const Value name = plain(key);
      if (name.is_unknown())
        return poison(name);
      if (const Str* const text = name.as<Str>()) {
        const Value member = cls.attributes.find(text->text);
        if (const Instance* const found = member.as<Instance>(); found && found->cls == &cls)
          return member;
      }
      const Value shown = repr(key);
      if (!shown.is(Type::string))
        return shown;
      return raise("KeyError", key);
    }
    return object;  // Generic[T]
  }
  case Type::native_type: return object;  // list[int]
  case Type::native:                      // Column[int]
    if (names_class(*object.as<Native>()))
      return object;
    break;
  case Type::instance:
    if (const Value method = special(object, "__getitem__"))
      return call(method, {key});
    if (const Instance* const instance = object.as<Instance>();
        !instance->data && instance->cls->foreign)
      return undecided(instance->cls->foreign, instance->cls->foreign);
    break;
  default: break;
  }
  const Value inside = plain(object);
  if (inside.is_unknown())
    return poison(inside);
  if (const Dict* const dict = inside.as<Dict>()) {
    const Value found = dict_get(dict->table, key);
    if (found || unwinding())
      return found;
    if (dict->factory) {
      const Value made = call(dict->factory);
      return made && dict_set(*inside.as<Dict>(), key, made) ? made : Value();
    }
    if (dict->counter)
      return Value::of(int64_t{0});
    if (const Value missing = special(object, "__missing__"))
      return call(missing, {key});
    // An unknown key may be there under another name.
    return raise("KeyError", key);
  }
  if (key.is_unknown())
    return poison(key);
  const Str* const string = inside.as<Str>();
  const Bytes* const raw = inside.as<Bytes>();
  const List* const list_ = inside.as<List>();
  const Tuple* const tuple_ = inside.as<Tuple>();
  const Range* const range = inside.as<Range>();
  if (!string && !raw && !list_ && !tuple_ && !range)
    return raise("TypeError", fmt::format("'{}' object is not subscriptable", type_name(object)));
  const size_t size = string   ? char_count(*string)
                      : raw    ? raw->bytes.size()
                      : list_  ? list_->items.size()
                      : tuple_ ? tuple_->items.size()
                               : range->size();
  Value problem;
  if (const Slice* const slice = key.as<Slice>())
    return get_slice(inside, *slice, size);
  if (!plain(key).is_integral() && !key.is(Type::instance) && !key.is(Type::foreign))
    return raise("TypeError",
                 string ? fmt::format("string indices must be integers, not '{}'", type_name(key))
                        : fmt::format("{} indices must be integers or slices, not {}",
                                      type_name(object), type_name(key)));
  int64_t at = 0;
  if (!index(key, at, problem))
    return problem;
  const auto count = static_cast<int64_t>(size);
  if (at < 0)
    at += count;
  if (at < 0 || at >= count)
    return raise("IndexError", fmt::format("{} index out of range", string  ? "string"
                                                                    : raw   ? "index"
                                                                    : range ? "range object"
                                                                            : type_name(inside)));
  const auto offset = static_cast<size_t>(at);
  if (string) {
    const size_t begin = byte_offset(*string, offset);
    return substring(*this, *string, begin, begin + utf8::decode(string->text, begin).size);
  }
  if (raw)
    return Value::of(int64_t{static_cast<unsigned char>(raw->bytes[offset])});
  if (range)
    return Value::of(range->start + at * range->step);
  return list_ ? list_->items[offset] : tuple_->items[offset];
}

Value Interpreter::get_slice(Value inside, const Slice& slice, size_t size) {
  if (const Range* const range = inside.as<Range>(); range && !charge_items(size))
    return {};
  std::vector<int64_t> offsets;
  Value problem;
  if (!slice_offsets(*this, slice, size, offsets, problem))
    return problem;
  const auto pick = [&](const std::vector<Value>& items) {
    std::vector<Value> picked;
    for (const int64_t i : offsets)
      picked.push_back(items[static_cast<size_t>(i)]);
    return picked;
  };
  if (const List* const list_ = inside.as<List>())
    return list(pick(list_->items));
  if (const Tuple* const tuple_ = inside.as<Tuple>())
    return tuple(pick(tuple_->items));
  if (const Bytes* const raw = inside.as<Bytes>()) {
    std::string result;
    for (const int64_t i : offsets)
      result += raw->bytes[static_cast<size_t>(i)];
    return bytes(std::move(result));
  }
  if (const Str* const string = inside.as<Str>()) {
    if (offsets.empty())
      return text("");
    std::vector<size_t> starts;
    if (!string->ascii())
      for (size_t at = 0; at < string->text.size(); at += utf8::decode(string->text, at).size)
        starts.push_back(at);
    const auto start_of = [&](int64_t character) {
      return string->ascii() ? static_cast<size_t>(character)
                             : starts[static_cast<size_t>(character)];
    };
    Text out;
    out.at = string->at;
    const bool straight = offsets.size() == 1 || offsets[1] == offsets[0] + 1;
    const auto end_of = [&](int64_t character) {
      const size_t begin = start_of(character);
      return begin + utf8::decode(string->text, begin).size;
    };
    if (straight) {
      out.append(*string, start_of(offsets.front()), end_of(offsets.back()));
      return text(std::move(out));
    }
    std::string picked;
    for (const int64_t i : offsets)
      picked += std::string_view(string->text).substr(start_of(i), end_of(i) - start_of(i));
    return text(picked);
  }
  const Range& range = *inside.as<Range>();
  std::vector<Value> numbers;
  Range* const result = make<Range>();
  if (!offsets.empty()) {
    const int64_t stride = offsets.size() > 1 ? offsets[1] - offsets[0] : 1;
    result->start = range.start + offsets[0] * range.step;
    result->step = stride * range.step;
    result->stop = result->start + static_cast<int64_t>(offsets.size()) * result->step;
  }
  return result;
}

bool Interpreter::set_item(Value object, Value key, Value value) {
  if (object.is_unknown()) {
    // A mutable JSON column notices.
    if (const auto* const known = dynamic_cast<const Unknown*>(object.object());
        known && known->of_row)
      row_changed(object);
    return true;
  }
  if (const Value method = special(object, "__setitem__"))
    return static_cast<bool>(call(method, {key, value}));
  if (Foreign* const foreign = object.as<Foreign>();
      foreign && foreign->set_item(*this, key, value))
    return true;
  if (unwinding())
    return false;
  const Value inside = plain(object);
  if (Dict* const dict = inside.as<Dict>())
    return dict_set(*dict, key, value);
  List* const list_ = inside.as<List>();
  if (!list_) {
    if (inside.is_unknown())
      return true;
    raise("TypeError",
          fmt::format("'{}' object does not support item assignment", type_name(object)));
    return false;
  }
  if (const Slice* const slice = key.as<Slice>())
    return replace_slice(*list_, *slice, value);
  int64_t at = 0;
  Value problem;
  if (!index(key, at, problem)) {
    if (problem)
      lose(list_, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  const auto count = static_cast<int64_t>(list_->items.size());
  if (at < 0)
    at += count;
  if (at < 0 || at >= count) {
    raise("IndexError", "list assignment index out of range");
    return false;
  }
  touch(list_);
  list_->items[static_cast<size_t>(at)] = value;
  return true;
}

bool Interpreter::replace_slice(List& list, const Slice& slice, Value value) {
  std::vector<int64_t> offsets;
  Value problem;
  std::vector<Value> items;
  if (!slice_offsets(*this, slice, list.items.size(), offsets, problem) ||
      (value && !collect(value, items, problem))) {
    if (problem)
      lose(&list, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  touch(&list);
  const bool straight =
      slice.step.is_none() || (slice.step.is_integral() && slice.step.integer() == 1);
  if (!straight) {
    if (!value) {
      std::sort(offsets.rbegin(), offsets.rend());
      for (const int64_t i : offsets)
        list.items.erase(list.items.begin() + static_cast<ptrdiff_t>(i));
      return true;
    }
    if (items.size() != offsets.size()) {
      raise("ValueError",
            fmt::format("attempt to assign sequence of size {} to extended slice of size {}",
                        items.size(), offsets.size()));
      return false;
    }
    for (size_t i = 0; i < items.size(); ++i)
      list.items[static_cast<size_t>(offsets[i])] = items[i];
    return true;
  }
  ptrdiff_t begin = 0;
  if (!offsets.empty()) {
    begin = static_cast<ptrdiff_t>(offsets.front());
  } else if (!slice.start.is_none()) {
    const auto count = static_cast<int64_t>(list.items.size());
    int64_t start = 0;
    (void)index(slice.start, start, problem);
    begin =
        static_cast<ptrdiff_t>(std::clamp<int64_t>(start < 0 ? start + count : start, 0, count));
  }
  list.items.erase(list.items.begin() + begin,
                   list.items.begin() + begin + static_cast<ptrdiff_t>(offsets.size()));
  list.items.insert(list.items.begin() + begin, items.begin(), items.end());
  return charge_items(list.items.size());
}

bool Interpreter::delete_item(Value object, Value key) {
  if (object.is_unknown())
    return true;
  if (const Value method = special(object, "__delitem__"))
    return static_cast<bool>(call(method, {key}));
  const Value inside = plain(object);
  if (Dict* const dict = inside.as<Dict>()) {
    const std::optional<size_t> hashed = hash(key);
    if (!hashed) {
      const Value problem = hash_problem(key);
      if (problem)
        lose(dict, problem.object()->cause);
      return static_cast<bool>(problem);
    }
    const size_t found = dict->table.find(
        *hashed, [&](const Table::Entry& entry) { return equal(entry.key, key) == Truth::yes; });
    if (found == Table::npos) {
      raise("KeyError", key);
      return false;
    }
    touch(dict);
    dict->table.erase(found);
    return true;
  }
  List* const list_ = inside.as<List>();
  if (!list_) {
    raise("TypeError",
          fmt::format("'{}' object does not support item deletion", type_name(object)));
    return false;
  }
  if (const Slice* const slice = key.as<Slice>())
    return replace_slice(*list_, *slice, {});
  int64_t at = 0;
  Value problem;
  if (!index(key, at, problem)) {
    if (problem)
      lose(list_, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  const auto count = static_cast<int64_t>(list_->items.size());
  if (at < 0)
    at += count;
  if (at < 0 || at >= count) {
    raise("IndexError", "list assignment index out of range");
    return false;
  }
  touch(list_);
  list_->items.erase(list_->items.begin() + static_cast<ptrdiff_t>(at));
  return true;
}

Value Interpreter::length(Value value) {
  if (value.is_unknown())
    return poison(value);
  if (const Value method = special(value, "__len__"))
    return call(method);
  const Value inside = plain(value);
  switch (inside.type()) {
  case Type::string: return Value::of_size(char_count(*inside.as<Str>()));
  case Type::bytes: return Value::of_size(inside.as<Bytes>()->bytes.size());
  case Type::list: return Value::of_size(inside.as<List>()->items.size());
  case Type::tuple: return Value::of_size(inside.as<Tuple>()->items.size());
  case Type::dict: return Value::of_size(inside.as<Dict>()->table.size());
  case Type::set: return Value::of_size(inside.as<Set>()->table.size());
  case Type::range: return Value::of_size(inside.as<Range>()->size());
  case Type::unknown: return poison(inside);
  case Type::class_:
    if (inside.as<Class>()->flavour == Class::Flavour::enumeration && !inside.as<Class>()->foreign)
      return Value::of_size(inside.as<Class>()->members.size());
    break;
  case Type::foreign: {
    const Value result = inside.as<Foreign>()->length(*this);
    if (result || unwinding())
      return result;
    break;
  }
  default: break;
  }
  return raise("TypeError", fmt::format("object of type '{}' has no len()", type_name(value)));
}

}  // namespace retort::py
