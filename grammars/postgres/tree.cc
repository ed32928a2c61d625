#include "grammars/postgres/tree.h"

#include "common/check.h"
#include "grammars/postgres/lexer.h"

#include <bit>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace retort::pg {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// Eight bytes at once: the highest bit of the first one that is `c`, and maybe of ones behind it.
constexpr uint64_t kOnes = 0x0101010101010101;
uint64_t marks(uint64_t bytes, char c) {
  const uint64_t other = bytes ^ (kOnes * static_cast<unsigned char>(c));
  return (other - kOnes) & ~other & (kOnes << 7);
}

uint32_t hex(const char* digits, size_t count) {
  uint32_t number = 0;
  ENSURE(std::from_chars(digits, digits + count, number, 16).ptr == digits + count,
         "libpg_query wrote an escape without four digits");
  return number;
}

// Reads what libpg_query writes, which is JSON without blanks: that is known, and much of the time
// of a whole run is spent here. Texts are decoded in place and stay where they are. No recursion,
// as trees may be deep.
class Builder {
public:
  // A NUL stands behind the text.
  Builder(std::vector<Value>& values, char* json, size_t size)
      : values_(values), at_(json), end_(json + size) {
    values_.reserve(size / 12);
    open_.reserve(32);
  }

  void run() {
    do {
      value();
      while (!open_.empty() && (*at_ == '}' || *at_ == ']'))
        close();
      if (open_.empty())
        break;
      ENSURE(*at_ == ',', kNoJson);
      ++at_;
      if (values_[open_.back().index].kind == Value::Kind::object)
        key();
    } while (true);
    ENSURE(*at_ == '\0', "libpg_query wrote more than one tree");
  }

private:
  struct Level {
    uint32_t index;
    bool node;
    uint32_t last = 0;
  };

  // One that has no members; an object and a list are opened.
  void value() {
    while (true) {
      switch (*at_) {
      case '{':
        ++at_;
        open_object();
        if (*at_ == '}')
          return;
        key();
        continue;
      case '[':
        ++at_;
        open(Value::Kind::list, {});
        if (*at_ == ']')
          return;
        continue;
      case '"': {
        const std::string_view text = string();
        add(Value::Kind::text, text);
        return;
      }
      case 't': word(Value::Kind::boolean, "true", "true"); return;
      case 'f': word(Value::Kind::boolean, "false", ""); return;
      case 'n': word(Value::Kind::null, "null", ""); return;
      default: number(); return;
      }
    }
  }

  void word(Value::Kind kind, std::string_view word, std::string_view text) {
    ENSURE(std::strncmp(at_, word.data(), word.size()) == 0, kNoJson);
    at_ += word.size();
    add(kind, text);
  }

  void number() {
    const char* const begin = at_;
    while (*at_ == '-' || *at_ == '+' || *at_ == '.' || *at_ == 'e' || *at_ == 'E' ||
           (*at_ >= '0' && *at_ <= '9'))
      ++at_;
    ENSURE(at_ != begin, kNoJson);
    add(Value::Kind::number, {begin, static_cast<size_t>(at_ - begin)});
  }

  void key() {
    key_ = string();
    ENSURE(*at_ == ':', kNoJson);
    ++at_;
  }

  std::string_view string() {
    ENSURE(*at_ == '"', kNoJson);
    char* const begin = at_ + 1;
    char* end = at_ = skip_plain(begin);
    if (*at_ != '"') [[unlikely]]
      end = decode(end);
    ++at_;
    return {begin, static_cast<size_t>(end - begin)};
  }

  char* decode(char* to) {
    while (*at_ != '"') {
      ENSURE(*at_ != '\0', kNoJson);
      if (*at_ == '\\')
        to = escape(to);
      else
        *to++ = *at_++;
    }
    return to;
  }

  // As far as every byte stands for itself.
  char* skip_plain(char* at) const {
    if constexpr (std::endian::native == std::endian::little) {
      for (; end_ - at >= 8; at += 8) {
        uint64_t bytes = 0;
        std::memcpy(&bytes, at, sizeof bytes);
        if (const uint64_t found = marks(bytes, '"') | marks(bytes, '\\'))
          return at + std::countr_zero(found) / 8;
      }
    }
    while (*at != '"' && *at != '\\' && *at != '\0')
      ++at;
    return at;
  }

  // Writes what stands for the escape, which is never shorter.
  char* escape(char* to) {
    const char kind = at_[1];
    at_ += 2;
    switch (kind) {
    case 'b': *to++ = '\b'; return to;
    case 'f': *to++ = '\f'; return to;
    case 'n': *to++ = '\n'; return to;
    case 'r': *to++ = '\r'; return to;
    case 't': *to++ = '\t'; return to;
    case 'u': {
      // Only bytes below 0x80 are written so.
      const uint32_t code = hex(at_, 4);
      ENSURE(code < 0x80, kNoJson);
      at_ += 4;
      *to++ = static_cast<char>(code);
      return to;
    }
    default:
      ENSURE(kind != '\0', kNoJson);
      *to++ = kind;
      return to;
    }
  }

  uint32_t add(Value::Kind kind, std::string_view text) {
    const uint32_t index = static_cast<uint32_t>(values_.size());
    values_.push_back({.key = key_.data(),
                       .text = text.data(),
                       .key_size = static_cast<uint32_t>(key_.size()),
                       .text_size = static_cast<uint32_t>(text.size()),
                       .kind = kind});
    key_ = {};
    if (!open_.empty()) {
      Level& level = open_.back();
      (level.last == 0 ? values_[level.index].first : values_[level.last].next) = index;
      level.last = index;
    }
    return index;
  }

  void open(Value::Kind kind, std::string_view type) {
    const uint32_t index = add(kind, type);
    open_.push_back({index, !type.empty()});
  }

  // {"DropStmt":{…}}: one node, with its type as text.
  void open_object() {
    if (at_[0] != '"' || !is_upper(at_[1]))
      return open(Value::Kind::object, {});
    const std::string_view type = string();
    ENSURE(at_[0] == ':' && at_[1] == '{', kNoJson);
    at_ += 2;
    open(Value::Kind::object, type);
  }

  void close() {
    if (open_.back().node) {
      ENSURE(at_[1] == '}', kNoJson);
      ++at_;
    }
    ++at_;
    open_.pop_back();
  }

  static constexpr const char* kNoJson = "libpg_query wrote a tree that is no JSON";
  std::vector<Value>& values_;
  char* at_;
  char* const end_;
  std::vector<Level> open_;
  std::string_view key_;
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
  if (!is(Value::Kind::object) || name.empty())
    return {};
  for (uint32_t i = value().first; i != 0; i = values_[i].next) {
    const Value& at = values_[i];
    // Nearly all others have another length, or end in another letter.
    if (at.key_size == name.size() && at.key[at.key_size - 1] == name.back() &&
        std::memcmp(at.key, name.data(), name.size()) == 0)
      return {values_, i};
  }
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

Tree::Tree(std::string text, char* json, std::vector<Retold> retold)
    : text_(std::make_unique<std::string>(std::move(text))), json_(json),
      retold_(std::move(retold)) {
  Builder(values_, json, std::strlen(json)).run();
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
