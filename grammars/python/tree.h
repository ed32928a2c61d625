// Python source as a small tree of our own. tree-sitter is the parser of record; nobody outside
// this folder sees its types.
#pragma once

#include "common/source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::py {

// `token` is punctuation or a keyword that its parent gives a role (an operator); `error` is text
// that fits no rule; `other` is a node that nobody here asks about.
enum class Kind : uint8_t {
  other,
  error,
  token,
#define KIND(name) name,
#define FIELD(name)
#include "grammars/python/kinds.def"
};

enum class Field : uint8_t {
  none,
#define KIND(name)
#define FIELD(name) name,
#include "grammars/python/kinds.def"
};

class Node;
class Children;

class Tree {
public:
  Node root() const;
  std::string_view source() const { return source_; }
  // Where the source is no Python, in order; a missing token is an empty span.
  const std::vector<Span>& errors() const { return errors_; }

private:
  friend class Node;
  friend class PlainCursor;
  friend Tree parse_by_grammar(std::string_view source);

  struct Row {
    Span span;
    uint32_t first_child = 0;  // 0 for none: the root is nobody's child
    uint32_t next = 0;
    Kind kind = Kind::other;
    Field field = Field::none;
  };
  std::string_view source_;
  std::vector<Row> rows_;
  std::vector<Span> errors_;
};

// A node of a tree, or no node: every question to no node has an empty answer.
class Node {
public:
  Node() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  Kind kind() const { return tree_ ? row().kind : Kind::other; }
  Field field() const { return tree_ ? row().field : Field::none; }
  Span span() const { return tree_ ? row().span : Span{}; }
  std::string_view text() const {
    return tree_ ? tree_->source().substr(span().begin, span().size()) : std::string_view{};
  }

  // Comments are left out everywhere.
  Node first_child() const { return tree_ ? at(row().first_child) : Node{}; }
  Node next() const { return tree_ ? at(row().next) : Node{}; }
  Node child(Field field) const;

  Children children() const;

private:
  friend class Tree;
  friend class Children;
  Node(const Tree* tree, uint32_t index) : tree_(tree), index_(index) {}
  Node at(uint32_t index) const { return index == 0 ? Node{} : Node(tree_, index); }
  const Tree::Row& row() const { return tree_->rows_[index_]; }

  const Tree* tree_ = nullptr;
  uint32_t index_ = 0;
};

inline Node Tree::root() const { return Node(this, 0); }
class Children {
public:
  class Iterator {
  public:
    explicit Iterator(Node node) : node_(node) {}
    Node operator*() const { return node_; }
    Iterator& operator++() {
      node_ = node_.next();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return node_.index_ != other.node_.index_; }

  private:
    Node node_;
  };
  explicit Children(Node first) : first_(first) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(Node{}); }

private:
  Node first_;
};

inline Children Node::children() const { return Children(first_child()); }

// The tree views `source`, which must outlive it.
Tree parse(std::string_view source);

// The same tree, always by the parser of record; parse() spares it plain files (plain.h).
Tree parse_by_grammar(std::string_view source);

// One node a line, indented, for `debug --print python`.
std::string to_text(const Tree& tree);

}  // namespace retort::py
