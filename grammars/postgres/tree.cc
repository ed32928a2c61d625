#include "grammars/postgres/tree.h"

#include "common/check.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <rapidjson/reader.h>

namespace retort::pg {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// Takes the reader's events. Texts are decoded in place and stay where they are.
class Builder {
public:
  using Ch = char;
  explicit Builder(std::vector<Value>& values) : values_(values) {}

  bool Null() { return add(Value::Kind::null, nullptr, 0); }
  bool Bool(bool yes) { return add(Value::Kind::boolean, yes ? "true" : "", yes ? 4 : 0); }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return add(Value::Kind::number, text, size);
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return add(Value::Kind::text, text, size);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_ = text;
    key_size_ = size;
    return true;
  }
  bool StartObject() { return open(Value::Kind::object); }
  bool StartArray() { return open(Value::Kind::list); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool EndObject(rapidjson::SizeType count) {
    // {"DropStmt": {…}}: one node, with its type as text.
    Value& value = values_[open_.back().index];
    if (count == 1) {
      const Value& only = values_[value.first];
      if (only.kind == Value::Kind::object && is_upper(only.key[0])) {
        value.text = only.key;
        value.text_size = only.key_size;
        value.first = only.first;
      }
    }
    return close();
  }

private:
  struct Level {
    uint32_t index;
    uint32_t last = 0;
  };

  bool add(Value::Kind kind, const char* text, uint32_t size) {
    const uint32_t index = static_cast<uint32_t>(values_.size());
    Value& value = values_.emplace_back();
    value.kind = kind;
    value.text = text;
    value.text_size = size;
    value.key = key_;
    value.key_size = key_size_;
    key_ = nullptr;
    key_size_ = 0;
    if (!open_.empty()) {
      Level& level = open_.back();
      (level.last == 0 ? values_[level.index].first : values_[level.last].next) = index;
      level.last = index;
    }
    return true;
  }
  bool open(Value::Kind kind) {
    add(kind, nullptr, 0);
    open_.push_back({static_cast<uint32_t>(values_.size() - 1)});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Value>& values_;
  std::vector<Level> open_;
  const char* key_ = nullptr;
  uint32_t key_size_ = 0;
};

int64_t to_number(std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string_view Node::key() const {
  return values_ && value().key ? std::string_view(value().key, value().key_size) : "";
}

std::string_view Node::own_text() const {
  return values_ && value().text ? std::string_view(value().text, value().text_size) : "";
}

Node Node::field(std::string_view name) const {
  if (!is(Value::Kind::object))
    return {};
  for (uint32_t i = value().first; i != 0; i = values_[i].next)
    if (std::string_view(values_[i].key, values_[i].key_size) == name)
      return {values_, i};
  return {};
}

bool Node::flag(std::string_view name) const { return text(name) == "true"; }

int64_t Node::number(std::string_view name, int64_t absent) const {
  const Node found = field(name);
  return found ? to_number(found.own_text()) : absent;
}

uint32_t Node::first() const {
  if (!values_)
    return 0;
  if (value().kind == Value::Kind::object && type() == "List")
    return field("items").first();
  return value().first;
}

Node::Iterator Node::begin() const { return {values_, first()}; }
Node::Iterator Node::end() const { return {values_, 0}; }

size_t Node::size() const {
  size_t count = 0;
  for (uint32_t i = first(); i != 0; i = values_[i].next)
    ++count;
  return count;
}

Node Node::operator[](size_t index) const {
  uint32_t i = first();
  for (; i != 0 && index > 0; --index)
    i = values_[i].next;
  return i == 0 ? Node{} : Node{values_, i};
}

Node Node::last() const {
  const size_t count = size();
  return count == 0 ? Node{} : (*this)[count - 1];
}

void Tree::Free::operator()(char* json) const { std::free(json); }

Tree::Tree(std::string text, char* json)
    : text_(std::make_unique<std::string>(std::move(text))), json_(json) {
  const size_t size = std::strlen(json);
  values_.reserve(size / 20);
  Builder builder(values_);
  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream(json);
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  // Recursion is quicker, and a short text is not deep.
  constexpr size_t kShort = size_t{64} << 10;
  const rapidjson::ParseResult result =
      size < kShort ? reader.Parse<kFlags>(stream, builder)
                    : reader.Parse<kFlags | rapidjson::kParseIterativeFlag>(stream, builder);
  ENSURE(!result.IsError(), "libpg_query wrote a tree that is no JSON");
  const Node all(values_.data(), 0);
  root_ = all.field("stmts")[0].field("stmt");
}

int64_t Tree::integer(Node node, uint32_t from) const {
  if (node.is("A_Const")) {
    from = static_cast<uint32_t>(node.number("location", from));
    node = node.field("ival") ? node.field("ival") : node.field("fval");
  }
  const Node value = node.field("ival") ? node.field("ival") : node.field("fval");
  if (value)
    return to_number(value.own_text());
  Lexer lexer(text(), {from, static_cast<uint32_t>(text().size())});
  Token previous;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind == TokenKind::number) {
      const bool negative = previous.kind == TokenKind::operation && lexer.text(previous) == "-";
      const int64_t number = to_number(lexer.text(token));
      return negative ? -number : number;
    }
    previous = token;
  }
  return 0;
}

}  // namespace retort::pg
