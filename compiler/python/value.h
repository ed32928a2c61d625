// Python values. A Value is a small handle; what does not fit into it lives on the Heap of the
// interpreter and stays there until the interpreter goes.
#pragma once

#include "common/source.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::py {

enum class Type : uint8_t {
  nothing,  // no value: an exception or a limit is on its way up
  none,
  boolean,
  integer,
  floating,
  string,
  bytes,
  list,
  tuple,
  set,
  dict,
  range,
  slice,
  symbol,  // `...` and NotImplemented
  function,
  method,
  native,
  native_type,
  class_,
  instance,
  descriptor,
  module,
  iterator,
  foreign,
  lazy,
  scope,
  unknown,
};

// Why a value cannot be known. The first cause is kept through everything that it poisons.
struct Cause {
  enum class Kind : uint8_t {
    import,       // a package outside of the project
    clock,        // now()
    random,       // uuid4()
    environment,  // os.environ, paths of this machine
    outside,      // files, processes, the network
    data,         // rows of a database
    row,          // rows that a session watches: assigning to them changes the database
    cosmetic,     // loggers and progress bars: calls do nothing that matters
    branch,       // depends on a question that is itself unknown
    number,       // an integer beyond 64 bits
    unsupported,  // Python that is not interpreted
  };
  Kind kind = Kind::unsupported;
  std::string text;  // "`now()` asks the clock"
  Loc at;
  std::string path = {};  // what was asked for: `[values]` of the configuration may name it
  std::string cure = {};  // what to set instead, when it is not that
};

struct Object;

class Value {
public:
  constexpr Value() = default;
  Value(Object* object) : tag_(Tag::object), object_(object) {}
  static Value none() { return Value(Tag::none, 0); }
  static Value of(bool value) { return Value(Tag::boolean, value ? 1 : 0); }
  static Value of(int64_t value) { return Value(Tag::integer, value); }
  static Value of(double value) {
    Value result;
    result.tag_ = Tag::floating;
    result.floating_ = value;
    return result;
  }
  static Value of_size(size_t size) { return of(static_cast<int64_t>(size)); }

  explicit operator bool() const { return tag_ != Tag::nothing; }
  Type type() const;
  bool is(Type type_asked) const { return type() == type_asked; }
  bool is_none() const { return tag_ == Tag::none; }
  bool is_unknown() const { return type() == Type::unknown; }
  bool is_number() const { return is_integral() || tag_ == Tag::floating; }
  bool is_integral() const { return tag_ == Tag::boolean || tag_ == Tag::integer; }

  int64_t integer() const { return integer_; }  // of a boolean too
  double floating() const {
    return tag_ == Tag::floating ? floating_ : static_cast<double>(integer_);
  }
  Object* object() const { return tag_ == Tag::object ? object_ : nullptr; }
  template <class T>
  T* as() const {
    return type() == T::kType ? static_cast<T*>(object_) : nullptr;
  }
  // Python's `is`, for all that can be compared so.
  bool identical(const Value& other) const {
    return tag_ == other.tag_ && (tag_ == Tag::object     ? object_ == other.object_
                                  : tag_ == Tag::floating ? floating_ == other.floating_
                                                          : integer_ == other.integer_);
  }

private:
  enum class Tag : uint8_t { nothing, none, boolean, integer, floating, object };
  Value(Tag tag, int64_t integer) : tag_(tag), integer_(integer) {}

  Tag tag_ = Tag::nothing;
  union {
    int64_t integer_ = 0;
    double floating_;
    Object* object_;
  };
};
static_assert(sizeof(Value) == 16);

// Anything on the heap. An object whose contents were lost turns into an unknown in place, so that
// every reference to it sees that.
struct Object {
  Type type;
  uint32_t trial = 0;  // the trial that can restore it, see trials.h
  const Cause* cause = nullptr;

  explicit Object(Type own) : type(own) {}
  Object(const Object&) = default;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;

  // A copy of what can change, and the way back; immutable objects have none.
  virtual std::unique_ptr<Object> save() const { return nullptr; }
  virtual void restore(Object& /*saved*/) {}
};

inline Type Value::type() const {
  switch (tag_) {
  case Tag::nothing: return Type::nothing;
  case Tag::none: return Type::none;
  case Tag::boolean: return Type::boolean;
  case Tag::integer: return Type::integer;
  case Tag::floating: return Type::floating;
  case Tag::object: return object_->type;
  }
  return Type::nothing;
}

// What kind() an object has from birth, and how it is saved: by copy.
template <class T, Type kOwn, bool kMutable = false>
struct ObjectOf : Object {
  static constexpr Type kType = kOwn;
  ObjectOf() : Object(kOwn) {}
  std::unique_ptr<Object> save() const override {
    if constexpr (kMutable)
      return std::make_unique<T>(static_cast<const T&>(*this));
    else
      return nullptr;
  }
  void restore(Object& saved) override {
    if constexpr (kMutable) {
      type = saved.type;
      cause = saved.cause;
      static_cast<T*>(this)->swap_state(static_cast<T&>(saved));
    }
  }
};

// Stands for a piece that is not known. PostgreSQL takes it for a letter, so that a name that it is
// a part of is one word with it.
inline constexpr std::string_view kGap = "\uFFFC";

struct Unknown : ObjectOf<Unknown, Type::unknown> {
  std::string path;      // dotted name of what was imported, or empty
  std::string sketch;    // of text and of a statement: what is known of it, with gaps
  Value shape;           // of an object: one that stands for what is known of it
  bool foreign = false;  // made by code outside of the project: calling it may do anything
  bool of_row = false;   // an attribute of a row that a session watches
};

std::string_view sketch_of(const Value& value);  // empty where nothing is known of it

// Text and where it was written: `pieces` map its bytes into `at.file`; without them all of it
// stands for `at`.
struct Str : ObjectOf<Str, Type::string> {
  std::string text;
  Loc at;
  std::vector<Piece> pieces;

  bool ascii() const;

private:
  mutable int8_t ascii_ = -1;
};

struct Bytes : ObjectOf<Bytes, Type::bytes> {
  std::string bytes;
};

struct List : ObjectOf<List, Type::list, true> {
  std::vector<Value> items;
  void swap_state(List& other) { items.swap(other.items); }
};

struct Tuple : ObjectOf<Tuple, Type::tuple> {
  std::vector<Value> items;
};

// Keys in the order of insertion, found by hash. The interpreter hashes and compares.
class Table {
public:
  struct Entry {
    Value key;
    Value value;
    size_t hash = 0;
    bool alive = true;
  };
  // Offset of the entry with this hash for which same(entry) holds, or npos.
  template <class Same>
  size_t find(size_t hash, const Same& same) const {
    if (entries_.size() <= kLinear) {
      for (size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].alive && entries_[i].hash == hash && same(entries_[i]))
          return i;
      return npos;
    }
    const size_t mask = buckets_.size() - 1;
    for (size_t b = hash & mask; buckets_[b] != 0; b = (b + 1) & mask) {
      const Entry& entry = entries_[buckets_[b] - 1];
      if (entry.alive && entry.hash == hash && same(entry))
        return buckets_[b] - 1;
    }
    return npos;
  }
  void add(Value key, Value value, size_t hash);
  void erase(size_t index);
  void clear();
  size_t size() const { return alive_; }
  // Entries may be dead: look at `alive`.
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  void swap(Table& other);

  static constexpr size_t npos = SIZE_MAX;

private:
  static constexpr size_t kLinear = 8;
  void rebuild();

  std::vector<Entry> entries_;
  std::vector<uint32_t> buckets_;  // offset + 1, 0 is free; only beyond kLinear entries
  size_t alive_ = 0;
};

struct Dict : ObjectOf<Dict, Type::dict, true> {
  Table table;
  Value factory;  // of a defaultdict
  bool counter = false;
  void swap_state(Dict& other) { table.swap(other.table); }
};

struct Set : ObjectOf<Set, Type::set, true> {
  Table table;
  bool frozen = false;
  void swap_state(Set& other) { table.swap(other.table); }
};

struct Range : ObjectOf<Range, Type::range> {
  int64_t start = 0;
  int64_t stop = 0;
  int64_t step = 1;
  size_t size() const;
};

struct Slice : ObjectOf<Slice, Type::slice> {
  Value start, stop, step;
};

struct Symbol : ObjectOf<Symbol, Type::symbol> {
  std::string_view name;
};

// Names and values in the order of definition.
class Attributes {
public:
  Value find(std::string_view name) const;  // nothing when absent
  void set(std::string_view name, Value value);
  bool erase(std::string_view name);
  size_t size() const { return rows_.size(); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  void swap(Attributes& other) { rows_.swap(other.rows_); }

private:
  std::vector<std::pair<std::string_view, Value>> rows_;
};

// Owns objects and names.
class Heap {
public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  template <class T, class... Args>
  T* make(Args&&... args) {
    auto object = std::make_unique<T>(std::forward<Args>(args)...);
    T* const result = object.get();
    result->trial = trial;
    objects_.push_back(std::move(object));
    used_ += sizeof(T) + sizeof(void*);
    return result;
  }
  std::string_view intern(std::string_view name);
  void count(size_t bytes) { used_ += bytes; }
  size_t used() const { return used_; }

  uint32_t trial = 0;  // what is made now belongs to this trial

private:
  std::vector<std::unique_ptr<Object>> objects_;
  std::vector<std::unique_ptr<std::string>> names_;
  size_t used_ = 0;
};

}  // namespace retort::py
