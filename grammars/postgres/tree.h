// One statement as PostgreSQL's grammar reads it: libpg_query's JSON in an arena of our own.
//
//   ALTER TABLE t DROP COLUMN a     root().type() == "AlterTableStmt"
//                                   root().field("relation").text("relname") == "t"
//                                   root().each("cmds") yields nodes of the type "AlterTableCmd"
//
// Fields are found by name, so that the readers are the same for every major of the grammar. What
// is missing reads as null, empty, zero or false, as the grammar leaves out what has that value.
#pragma once

#include "common/result.h"
#include "grammars/postgres/parse.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::pg {

// A value of the JSON. Objects and lists chain their members; the text of an object is its node
// type, that of a number its digits.
struct Value {
  enum class Kind : uint8_t { null, boolean, number, text, list, object };
  const char* key = nullptr;
  const char* text = nullptr;
  uint32_t key_size = 0;
  uint32_t text_size = 0;
  uint32_t first = 0;  // 0: none, as the first value of a tree is its root
  uint32_t next = 0;
  Kind kind = Kind::null;
};

class Node {
public:
  Node() = default;
  Node(const Value* values, uint32_t index) : values_(values), index_(index) {}

  explicit operator bool() const { return values_ != nullptr; }
  std::string_view type() const { return is(Value::Kind::object) ? own_text() : ""; }
  bool is(std::string_view type) const { return values_ && this->type() == type; }
  std::string_view key() const;       // the name it has as a field
  std::string_view own_text() const;  // of a text or a number

  Node field(std::string_view name) const;
  std::string_view text(std::string_view name) const { return field(name).own_text(); }
  bool flag(std::string_view name) const;
  int64_t number(std::string_view name, int64_t absent = 0) const;

  // Elements of a list, of a `List` node, or the fields of an object.
  class Iterator;
  Iterator begin() const;
  Iterator end() const;
  Node each(std::string_view name) const { return field(name); }
  size_t size() const;
  bool empty() const { return size() == 0; }
  Node operator[](size_t index) const;
  Node last() const;

private:
  const Value& value() const { return values_[index_]; }
  bool is(Value::Kind kind) const { return values_ && value().kind == kind; }
  uint32_t first() const;

  const Value* values_ = nullptr;
  uint32_t index_ = 0;
  friend class Tree;
};

class Node::Iterator {
public:
  Iterator(const Value* values, uint32_t index) : values_(values), index_(index) {}
  Node operator*() const { return {values_, index_}; }
  Iterator& operator++() {
    index_ = values_[index_].next;
    return *this;
  }
  bool operator!=(const Iterator& other) const { return index_ != other.index_; }

private:
  const Value* values_;
  uint32_t index_;
};

class Tree {
public:
  Tree(Tree&&) noexcept = default;
  Tree& operator=(Tree&&) noexcept = default;

  Node root() const { return root_; }  // the statement's node; null for an empty text
  // What was parsed: the statement with its comments blanked and some words retold, so that offsets
  // are those of the statement.
  std::string_view text() const { return *text_; }
  const std::vector<Retold>& retold() const { return retold_; }

  // The value of an `Integer`, a `Float` or an `A_Const` with one. libpg_query 15 and 16 write
  // negative integers as nothing: then the first number with a sign at or behind `from` counts.
  int64_t integer(Node node, uint32_t from) const;

private:
  friend Expected<Tree, Reject> parse(std::string_view, const Limits&);
  struct Free {
    void operator()(char* json) const;
  };
  Tree(std::string text, char* json, std::vector<Retold> retold);

  std::unique_ptr<std::string> text_;
  std::unique_ptr<char, Free> json_;  // names and texts are views into it
  std::vector<Value> values_;
  std::vector<Retold> retold_;
  Node root_;
};

// Parses once: the tree, or why there is none. Call it on a large stack, as `check` demands.
Expected<Tree, Reject> parse(std::string_view statement, const Limits& limits = {});

}  // namespace retort::pg
