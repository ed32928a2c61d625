// str and bytes.
#include "common/text.h"
#include "common/utf8.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

const Str& self_of(const Args& args) { return *args.self.as<Str>(); }

Value beyond_ascii(Interpreter& in) {
  return in.unknown(Cause::Kind::unsupported,
                    "this question to text beyond ASCII is not interpreted");
}

Value slice(Interpreter& in, const Str& string, size_t begin, size_t end) {
  return substring(in, string, begin, end);
}

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

// --- letters ----------------------------------------------------------------------------------

// Same bytes elsewhere: each piece stays, but as a whole.
template <class Change>
Value mapped(Interpreter& in, const Args& args, const Change& change) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  std::string text = self.text;
  char before = ' ';
  for (char& c : text) {
    const char old = c;
    c = change(c, before);
    before = old;
  }
  if (text == self.text)
    return args.self;
  Text out;
  out.at = self.at;
  out.append(text, self.at);
  return in.text(std::move(out));
}

Value str_upper(Interpreter& in, const Args& args) {
  return mapped(in, args, [](char c, char) { return to_upper(c); });
}
Value str_lower(Interpreter& in, const Args& args) {
  return mapped(in, args, [](char c, char) { return to_lower(c); });
}
Value str_swapcase(Interpreter& in, const Args& args) {
  return mapped(in, args, [](char c, char) { return is_lower(c) ? to_upper(c) : to_lower(c); });
}
Value str_title(Interpreter& in, const Args& args) {
  return mapped(in, args,
                [](char c, char before) { return is_alpha(before) ? to_lower(c) : to_upper(c); });
}
Value str_capitalize(Interpreter& in, const Args& args) {
  bool first = true;
  return mapped(in, args, [&](char c, char) {
    return std::exchange(first, false) ? to_upper(c) : to_lower(c);
  });
}

template <class Holds>
Value all_are(Interpreter& in, const Args& args, const Holds& holds) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  return Value::of(!self.text.empty() && std::all_of(self.text.begin(), self.text.end(), holds));
}
Value str_isalpha(Interpreter& in, const Args& args) { return all_are(in, args, is_alpha); }
Value str_isdigit(Interpreter& in, const Args& args) { return all_are(in, args, is_digit); }
Value str_isalnum(Interpreter& in, const Args& args) {
  return all_are(in, args, [](char c) { return is_alpha(c) || is_digit(c); });
}
Value str_isspace(Interpreter& in, const Args& args) {
  return all_are(in, args, [](char c) { return is_space(static_cast<unsigned char>(c)); });
}
Value str_isidentifier(Interpreter& in, const Args& args) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  return Value::of(!self.text.empty() && !is_digit(self.text[0]) &&
                   std::all_of(self.text.begin(), self.text.end(),
                               [](char c) { return is_alpha(c) || is_digit(c) || c == '_'; }));
}
Value cased(Interpreter& in, const Args& args, bool upper) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  bool any = false;
  for (const char c : self.text) {
    if (upper ? is_lower(c) : is_upper(c))
      return Value::of(false);
    any |= is_alpha(c);
  }
  return Value::of(any);
}
Value str_isupper(Interpreter& in, const Args& args) { return cased(in, args, true); }
Value str_islower(Interpreter& in, const Args& args) { return cased(in, args, false); }
Value str_istitle(Interpreter& in, const Args& args) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  bool any = false;
  char before = ' ';
  for (const char c : self.text) {
    if (is_alpha(before) ? is_upper(c) : is_lower(c))
      return Value::of(false);
    any |= is_alpha(c);
    before = c;
  }
  return Value::of(any);
}
Value str_isprintable(Interpreter& in, const Args& args) {
  const Str& self = self_of(args);
  if (!self.ascii())
    return beyond_ascii(in);
  return Value::of(
      std::all_of(self.text.begin(), self.text.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
}
Value str_isascii(Interpreter&, const Args& args) { return Value::of(self_of(args).ascii()); }

// --- ends -------------------------------------------------------------------------------------

Value strip(Interpreter& in, const Args& args, bool left, bool right) {
  const Str& self = self_of(args);
  const Str* set = nullptr;
  Value problem;
  if (!args[0].is_none() && !text_of(in, args[0], set, problem))
    return problem;
  const auto drop = [&](const utf8::Char& c, size_t at) {
    if (!set)
      return is_space(c.code);
    return set->text.find(self.text.substr(at, c.size)) != std::string::npos;
  };
  size_t begin = 0;
  size_t end = self.text.size();
  while (left && begin < end) {
    const utf8::Char c = utf8::decode(self.text, begin);
    if (!drop(c, begin))
      break;
    begin += c.size;
  }
  while (right && end > begin) {
    size_t at = end - 1;
    while (at > begin && (static_cast<unsigned char>(self.text[at]) & 0xC0) == 0x80)
      --at;
    if (!drop(utf8::decode(self.text, at), at))
      break;
    end = at;
  }
  return slice(in, self, begin, end);
}
Value str_strip(Interpreter& in, const Args& args) { return strip(in, args, true, true); }
Value str_lstrip(Interpreter& in, const Args& args) { return strip(in, args, true, false); }
Value str_rstrip(Interpreter& in, const Args& args) { return strip(in, args, false, true); }

Value affix(Interpreter& in, const Args& args, bool suffix) {
  const Str& self = self_of(args);
  const Value wanted = in.plain(args[0]);
  std::vector<Value> candidates = {wanted};
  if (const Tuple* const several = wanted.as<Tuple>())
    candidates = several->items;
  int64_t start = 0;
  int64_t end = INT64_MAX;
  Value problem;
  if ((!args[1].is_none() && !in.index(args[1], start, problem)) ||
      (!args[2].is_none() && !in.index(args[2], end, problem)))
    return problem;
  if (start < 0 || end < 0)
    return in.unknown(Cause::Kind::unsupported, "negative offsets are not interpreted here");
  const size_t from = byte_offset(self, static_cast<size_t>(start));
  const size_t to =
      end == INT64_MAX ? self.text.size() : byte_offset(self, static_cast<size_t>(end));
  const std::string_view part = std::string_view(self.text).substr(from, to > from ? to - from : 0);
  bool any = false;
  for (const Value candidate : candidates) {
    const Str* text = nullptr;
    if (!text_of(in, candidate, text, problem))
      return problem;
    any |= suffix ? part.ends_with(text->text) : part.starts_with(text->text);
  }
  return Value::of(any);
}
Value str_startswith(Interpreter& in, const Args& args) { return affix(in, args, false); }
Value str_endswith(Interpreter& in, const Args& args) { return affix(in, args, true); }

Value str_removeprefix(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  const Str& self = self_of(args);
  return self.text.starts_with(text->text) ? slice(in, self, text->text.size(), self.text.size())
                                           : args.self;
}
Value str_removesuffix(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  const Str& self = self_of(args);
  return self.text.ends_with(text->text) ? slice(in, self, 0, self.text.size() - text->text.size())
                                         : args.self;
}

Value pad(Interpreter& in, const Args& args, char align) {
  int64_t width = 0;
  const Str* fill = nullptr;
  Value problem;
  if (!in.index(args[0], width, problem) || !text_of(in, args[1], fill, problem))
    return problem;
  if (char_count(*fill) != 1)
    return in.raise("TypeError", "The fill character must be exactly one character long");
  const Str& self = self_of(args);
  const auto size = static_cast<int64_t>(char_count(self));
  if (width <= size)
    return args.self;
  if (!in.charge(static_cast<size_t>(width) * fill->text.size()))
    return {};
  const int64_t missing = width - size;
  int64_t before = align == '<' ? 0 : missing;
  if (align == '^')  // as CPython rounds
    before = missing / 2 + (missing & width & 1);
  Text out;
  out.at = self.at;
  const auto add = [&](int64_t count) {
    std::string text;
    for (int64_t i = 0; i < count; ++i)
      text += fill->text;
    out.append(text, self.at);
  };
  add(before);
  out.append(self);
  add(missing - before);
  return in.text(std::move(out));
}
Value str_ljust(Interpreter& in, const Args& args) { return pad(in, args, '<'); }
Value str_rjust(Interpreter& in, const Args& args) { return pad(in, args, '>'); }
Value str_center(Interpreter& in, const Args& args) { return pad(in, args, '^'); }

Value str_zfill(Interpreter& in, const Args& args) {
  int64_t width = 0;
  Value problem;
  if (!in.index(args[0], width, problem))
    return problem;
  const Str& self = self_of(args);
  const auto size = static_cast<int64_t>(char_count(self));
  if (width <= size)
    return args.self;
  if (!in.charge(static_cast<size_t>(width)))
    return {};
  const bool sign = self.text.starts_with('-') || self.text.starts_with('+');
  return in.text(self.text.substr(0, sign ? 1 : 0) +
                 std::string(static_cast<size_t>(width - size), '0') +
                 self.text.substr(sign ? 1 : 0));
}

// --- search -----------------------------------------------------------------------------------

// The bytes between two optional character offsets.
bool window(Interpreter& in, const Str& self, Value start, Value end, size_t& from, size_t& to,
            Value& problem) {
  const auto count = static_cast<int64_t>(char_count(self));
  int64_t first = 0;
  int64_t last = count;
  if ((!start.is_none() && !in.index(start, first, problem)) ||
      (!end.is_none() && !in.index(end, last, problem)))
    return false;
  const auto clip = [&](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + count : at, 0, count);
  };
  const bool beyond = first > count;
  from = byte_offset(self, static_cast<size_t>(clip(first)));
  to = byte_offset(self, static_cast<size_t>(clip(last)));
  if (beyond || to < from) {
    from = 1;
    to = 0;  // nothing, not even the empty text, is found
  }
  return true;
}

Value find(Interpreter& in, const Args& args, bool last, bool must) {
  const Str& self = self_of(args);
  const Str* wanted = nullptr;
  Value problem;
  size_t from = 0;
  size_t to = 0;
  if (!text_of(in, args[0], wanted, problem) ||
      !window(in, self, args[1], args[2], from, to, problem))
    return problem;
  size_t found = std::string::npos;
  if (from <= to) {
    const std::string_view part = std::string_view(self.text).substr(from, to - from);
    found = last ? part.rfind(wanted->text) : part.find(wanted->text);
  }
  if (found != std::string::npos)
    return Value::of_size(char_offset(self, from + found));
  return must ? in.raise("ValueError", "substring not found") : Value::of(int64_t{-1});
}
Value str_find(Interpreter& in, const Args& args) { return find(in, args, false, false); }
Value str_rfind(Interpreter& in, const Args& args) { return find(in, args, true, false); }
Value str_index(Interpreter& in, const Args& args) { return find(in, args, false, true); }
Value str_rindex(Interpreter& in, const Args& args) { return find(in, args, true, true); }

Value str_count(Interpreter& in, const Args& args) {
  const Str& self = self_of(args);
  const Str* wanted = nullptr;
  Value problem;
  size_t from = 0;
  size_t to = 0;
  if (!text_of(in, args[0], wanted, problem) ||
      !window(in, self, args[1], args[2], from, to, problem))
    return problem;
  if (from > to)
    return Value::of(int64_t{0});
  const std::string_view part = std::string_view(self.text).substr(from, to - from);
  if (wanted->text.empty())
    return Value::of_size(utf8::count(part) + 1);
  int64_t count = 0;
  for (size_t at = part.find(wanted->text); at != part.npos;
       at = part.find(wanted->text, at + wanted->text.size()))
    ++count;
  return Value::of(count);
}

Value str_replace(Interpreter& in, const Args& args) {
  const Str& self = self_of(args);
  const Str* old = nullptr;
  const Str* by = nullptr;
  int64_t count = -1;
  Value problem;
  if (!text_of(in, args[0], old, problem) || !text_of(in, args[1], by, problem) ||
      !in.index(args[2], count, problem))
    return problem;
  Text out;
  out.at = self.at;
  size_t at = 0;
  const auto put = [&] {
    if (by->pieces.empty() || by->at.file != self.at.file)
      out.append(by->text, by->at);
    else
      out.append(*by);
    return in.step() && (out.text.size() <= in.limits().text || in.charge(out.text.size()));
  };
  while (count != 0) {
    size_t found = at;
    if (old->text.empty()) {
      if (!put())
        return {};
      --count;
      if (at >= self.text.size())
        break;
      const size_t size = utf8::decode(self.text, at).size;
      out.append(self, at, at + size);
      at += size;
      continue;
    }
    found = self.text.find(old->text, at);
    if (found == std::string::npos)
      break;
    out.append(self, at, found);
    if (!put())
      return {};
    at = found + old->text.size();
    --count;
  }
  if (at < self.text.size())
    out.append(self, at);
  return in.text(std::move(out));
}

// --- parts ------------------------------------------------------------------------------------

Value split(Interpreter& in, const Args& args, bool from_right) {
  const Str& self = self_of(args);
  const Str* separator = nullptr;
  int64_t most = -1;
  Value problem;
  if ((!args[0].is_none() && !text_of(in, args[0], separator, problem)) ||
      !in.index(args[1], most, problem))
    return problem;
  if (separator && separator->text.empty())
    return in.raise("ValueError", "empty separator");
  // Cuts: pairs of where a part ends and where the next one begins.
  std::vector<std::pair<size_t, size_t>> cuts;
  const std::string& text = self.text;
  if (separator) {
    const size_t size = separator->text.size();
    if (from_right) {
      for (size_t at = text.rfind(separator->text); at != text.npos && most != 0; --most) {
        cuts.emplace_back(at, at + size);
        if (at < size)
          break;
        at = text.rfind(separator->text, at - size);
      }
      std::reverse(cuts.begin(), cuts.end());
    } else {
      for (size_t at = text.find(separator->text); at != text.npos && most != 0;
           at = text.find(separator->text, at + size), --most)
        cuts.emplace_back(at, at + size);
    }
    std::vector<Value> parts;
    size_t from = 0;
    for (const auto& [end, next] : cuts) {
      parts.push_back(slice(in, self, from, end));
      from = next;
    }
    parts.push_back(slice(in, self, from, text.size()));
    return in.list(std::move(parts));
  }
  // Runs of white space.
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t at = 0; at < text.size();) {
    const utf8::Char c = utf8::decode(text, at);
    const bool space = is_space(c.code);
    if (!space) {
      if (!words.empty() && words.back().second == at)
        words.back().second = at + c.size;
      else
        words.emplace_back(at, at + c.size);
    }
    at += c.size;
  }
  if (most >= 0 && words.size() > static_cast<size_t>(most)) {
    const auto keep = static_cast<size_t>(most);
    if (from_right) {
      // What is left over keeps the white space inside, not that at its ends.
      const size_t first = words.size() - keep;
      const std::pair<size_t, size_t> rest = {0, words[first - 1].second};
      words.erase(words.begin(), words.begin() + static_cast<ptrdiff_t>(first));
      words.insert(words.begin(), rest);
    } else {
      words.resize(keep + 1);
      words.back().second = text.size();
    }
  }
  std::vector<Value> parts;
  for (const auto& [begin, end] : words)
    parts.push_back(slice(in, self, begin, end));
  return in.list(std::move(parts));
}
Value str_split(Interpreter& in, const Args& args) { return split(in, args, false); }
Value str_rsplit(Interpreter& in, const Args& args) { return split(in, args, true); }

Value str_splitlines(Interpreter& in, const Args& args) {
  bool keep = false;
  Value problem;
  if (!in.decide(args[0], keep, problem))
    return problem;
  const Str& self = self_of(args);
  std::vector<Value> lines;
  size_t from = 0;
  for (size_t at = 0; at < self.text.size();) {
    const utf8::Char c = utf8::decode(self.text, at);
    size_t size = c.size;
    const bool ends = (c.code >= 10 && c.code <= 13) || (c.code >= 0x1c && c.code <= 0x1e) ||
                      c.code == 0x85 || c.code == 0x2028 || c.code == 0x2029;
    if (c.code == '\r' && at + 1 < self.text.size() && self.text[at + 1] == '\n')
      size = 2;
    if (ends) {
      lines.push_back(slice(in, self, from, keep ? at + size : at));
      from = at + size;
    }
    at += size;
  }
  if (from < self.text.size())
    lines.push_back(slice(in, self, from, self.text.size()));
  return in.list(std::move(lines));
}

Value partition(Interpreter& in, const Args& args, bool last) {
  const Str& self = self_of(args);
  const Str* separator = nullptr;
  Value problem;
  if (!text_of(in, args[0], separator, problem))
    return problem;
  if (separator->text.empty())
    return in.raise("ValueError", "empty separator");
  const size_t at = last ? self.text.rfind(separator->text) : self.text.find(separator->text);
  const Value empty = in.text("");
  if (at == std::string::npos)
    return last ? in.tuple({empty, empty, args.self}) : in.tuple({args.self, empty, empty});
  const size_t next = at + separator->text.size();
  return in.tuple(
      {slice(in, self, 0, at), slice(in, self, at, next), slice(in, self, next, self.text.size())});
}
Value str_partition(Interpreter& in, const Args& args) { return partition(in, args, false); }
Value str_rpartition(Interpreter& in, const Args& args) { return partition(in, args, true); }

Value str_join(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[0], items, problem))
    return problem;
  const Str& self = self_of(args);
  Text out;
  out.at = in.here();
  for (size_t i = 0; i < items.size(); ++i) {
    const Value item = in.plain(items[i]);
    const Str* const text = item.as<Str>();
    if (!text && !item.is_unknown())
      return in.raise("TypeError", fmt::format("sequence item {}: expected str instance, {} found",
                                               i, in.type_name(items[i])));
    if (i > 0)
      out.append(self);
    if (text)
      out.append(*text);
    else
      out.append_unknown(item);
    if (out.text.size() > in.limits().text && !in.charge(out.text.size()))
      return {};
  }
  return in.text(std::move(out));
}

Value str_expandtabs(Interpreter& in, const Args& args) {
  int64_t size = 8;
  Value problem;
  if (!in.index(args[0], size, problem))
    return problem;
  if (size > 1000)
    return in.unknown(Cause::Kind::unsupported, "tabs this wide are not interpreted");
  std::string out;
  int64_t column = 0;
  const Str& self = self_of(args);
  for (size_t at = 0; at < self.text.size();) {
    const size_t width = utf8::decode(self.text, at).size;
    if (self.text[at] == '\t') {
      const int64_t blanks = size > 0 ? size - column % size : 0;
      out.append(static_cast<size_t>(blanks), ' ');
      column += blanks;
    } else {
      out += self.text.substr(at, width);
      column = self.text[at] == '\n' || self.text[at] == '\r' ? 0 : column + 1;
    }
    at += width;
  }
  return in.text(out);
}

bool is_utf8(const Str& name) {
  const std::string word = lower(name.text);
  return word == "utf-8" || word == "utf8" || word == "utf_8";
}
bool is_ascii(const Str& name) {
  const std::string word = lower(name.text);
  return word == "ascii" || word == "us-ascii";
}

Value str_encode(Interpreter& in, const Args& args) {
  const Str* encoding = nullptr;
  Value problem;
  if (!text_of(in, args[0], encoding, problem))
    return problem;
  const Str& self = self_of(args);
  if (is_utf8(*encoding) || (is_ascii(*encoding) && self.ascii()))
    return in.bytes(self.text);
  return in.unknown(Cause::Kind::unsupported, "this encoding is not interpreted");
}

Value bytes_decode(Interpreter& in, const Args& args) {
  const Str* encoding = nullptr;
  Value problem;
  if (!text_of(in, args[0], encoding, problem))
    return problem;
  const std::string& bytes = args.self.as<Bytes>()->bytes;
  if ((is_utf8(*encoding) || is_ascii(*encoding)) && utf8::first_invalid(bytes) == bytes.npos &&
      (is_utf8(*encoding) || utf8::count(bytes) == bytes.size()))
    return in.text(bytes);
  return in.unknown(Cause::Kind::unsupported, "decoding these bytes is not interpreted");
}

Value bytes_hex(Interpreter& in, const Args& args) {
  std::string text;
  for (const char c : args.self.as<Bytes>()->bytes)
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return in.text(text);
}

Value bytes_fromhex(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  std::string out;
  for (size_t i = 0; i < text->text.size();) {
    if (text->text[i] == ' ') {
      ++i;
      continue;
    }
    const Value byte = parse_integer(in, std::string_view(text->text).substr(i, 2), 16, true);
    if (!byte || i + 1 >= text->text.size())
      return in.raise("ValueError", "non-hexadecimal number found in fromhex() arg");
    out += static_cast<char>(byte.integer());
    i += 2;
  }
  return in.bytes(std::move(out));
}

// A dictionary from code points.
Value str_maketrans(Interpreter& in, const Args& args) {
  Dict* const table = in.new_dict();
  const auto code_of = [](const Str& text) {
    return Value::of(int64_t{utf8::decode(text.text, 0).code});
  };
  if (!args[1]) {
    const Value given = in.plain(args[0]);
    if (given.is_unknown())
      return in.poison(given);
    const Dict* const from = given.as<Dict>();
    if (!from)
      return in.raise("TypeError", "if you give only one argument to maketrans it must be a dict");
    for (const Table::Entry& entry : from->table.entries()) {
      const Str* const name = entry.key.as<Str>();
      if (!entry.alive)
        continue;
      if (name && char_count(*name) != 1)
        return in.raise("ValueError", "string keys in translate table must be of length 1");
      if (!in.dict_set(*table, name ? code_of(*name) : entry.key, entry.value))
        return {};
    }
    return table;
  }
  const Str* from = nullptr;
  const Str* to = nullptr;
  const Str* none = nullptr;
  Value problem;
  if (!text_of(in, args[0], from, problem) || !text_of(in, args[1], to, problem) ||
      (args[2] && !text_of(in, args[2], none, problem)))
    return problem;
  if (char_count(*from) != char_count(*to))
    return in.raise("ValueError", "the first two maketrans arguments must have equal length");
  size_t at = 0;
  for (size_t i = 0; i < from->text.size();) {
    const utf8::Char old = utf8::decode(from->text, i);
    const utf8::Char by = utf8::decode(to->text, at);
    if (!in.dict_set(*table, Value::of(int64_t{old.code}), Value::of(int64_t{by.code})))
      return {};
    i += old.size;
    at += by.size;
  }
  for (size_t i = 0; none && i < none->text.size();) {
    const utf8::Char gone = utf8::decode(none->text, i);
    if (!in.dict_set(*table, Value::of(int64_t{gone.code}), Value::none()))
      return {};
    i += gone.size;
  }
  return table;
}

Value str_translate(Interpreter& in, const Args& args) {
  const Value given = in.plain(args[0]);
  if (given.is_unknown())
    return in.poison(given);
  const Dict* const table = given.as<Dict>();
  if (!table || table->factory)
    return in.unknown(Cause::Kind::unsupported, "this translation is not interpreted");
  const Str& self = self_of(args);
  Text out;
  out.at = self.at;
  for (size_t at = 0; at < self.text.size();) {
    const utf8::Char c = utf8::decode(self.text, at);
    const Value by = in.dict_get(table->table, Value::of(int64_t{c.code}));
    if (in.unwinding() || !in.step())
      return {};
    if (by.is_unknown())
      return in.poison(by);
    if (!by) {
      out.append(self, at, at + c.size);
    } else if (const Str* const text = by.as<Str>()) {
      out.append(*text);
      if (out.text.size() > in.limits().text && !in.charge(out.text.size()))
        return {};
    } else if (by.is(Type::integer) && by.integer() >= 0 && by.integer() <= 0xd7ff) {
      std::string added;
      utf8::append(added, static_cast<char32_t>(by.integer()));
      out.append(added, self.at);
    } else if (!by.is_none()) {
      return in.unknown(Cause::Kind::unsupported, "this translation is not interpreted");
    }
    at += c.size;
  }
  return in.text(std::move(out));
}

Value make_str(Interpreter& in, const Args& args) {
  if (!args[0])
    return in.text("");
  if (args[1])
    return in.unknown(Cause::Kind::unsupported, "str() with an encoding is not interpreted");
  return in.str(args[0]);
}

Value make_bytes(Interpreter& in, const Args& args) {
  if (!args[0])
    return in.bytes("");
  const Value value = in.plain(args[0]);
  if (value.is_unknown())
    return in.poison(value);
  if (value.is(Type::bytes))
    return value;
  if (value.is(Type::string) && args[1]) {
    Args rest;
    rest.self = value;
    rest.slots = {args[1], Value::none()};
    return str_encode(in, rest);
  }
  if (value.is_integral() || value.is(Type::string))
    return in.unknown(Cause::Kind::unsupported, "bytes() of this is not interpreted");
  std::vector<Value> items;
  Value problem;
  if (!in.collect(value, items, problem))
    return problem;
  std::string out;
  for (const Value item : items) {
    if (!item.is_integral() || item.integer() < 0 || item.integer() > 255)
      return in.unknown(Cause::Kind::unsupported, "bytes() of this is not interpreted");
    out += static_cast<char>(item.integer());
  }
  return in.bytes(std::move(out));
}

constexpr NativeRow kStrMethods[] = {
    {"format", "*args, **kwargs", format_method},
    {"join", "iterable, /", str_join},
    {"lower", "", str_lower},
    {"upper", "", str_upper},
    {"casefold", "", str_lower},
    {"title", "", str_title},
    {"capitalize", "", str_capitalize},
    {"swapcase", "", str_swapcase},
    {"replace", "old, new, count=-1, /", str_replace},
    {"split", "sep=None, maxsplit=-1", str_split},
    {"rsplit", "sep=None, maxsplit=-1", str_rsplit},
    {"splitlines", "keepends=False", str_splitlines},
    {"partition", "sep, /", str_partition},
    {"rpartition", "sep, /", str_rpartition},
    {"strip", "chars=None, /", str_strip},
    {"lstrip", "chars=None, /", str_lstrip},
    {"rstrip", "chars=None, /", str_rstrip},
    {"startswith", "prefix, start=None, end=None, /", str_startswith},
    {"endswith", "suffix, start=None, end=None, /", str_endswith},
    {"removeprefix", "prefix, /", str_removeprefix},
    {"removesuffix", "suffix, /", str_removesuffix},
    {"find", "sub, start=None, end=None, /", str_find},
    {"rfind", "sub, start=None, end=None, /", str_rfind},
    {"index", "sub, start=None, end=None, /", str_index},
    {"rindex", "sub, start=None, end=None, /", str_rindex},
    {"count", "sub, start=None, end=None, /", str_count},
    {"ljust", "width, fillchar=' ', /", str_ljust},
    {"rjust", "width, fillchar=' ', /", str_rjust},
    {"center", "width, fillchar=' ', /", str_center},
    {"translate", "table, /", str_translate},
    {"zfill", "width, /", str_zfill},
    {"expandtabs", "tabsize=8", str_expandtabs},
    {"encode", "encoding='utf-8', errors=None", str_encode},
    {"isalpha", "", str_isalpha},
    {"isdigit", "", str_isdigit},
    {"isdecimal", "", str_isdigit},
    {"isnumeric", "", str_isdigit},
    {"isalnum", "", str_isalnum},
    {"isspace", "", str_isspace},
    {"isupper", "", str_isupper},
    {"islower", "", str_islower},
    {"istitle", "", str_istitle},
    {"isprintable", "", str_isprintable},
    {"isascii", "", str_isascii},
    {"isidentifier", "", str_isidentifier},
};
constexpr NativeRow kStrClassMethods[] = {{"maketrans", "x, y=?, z=?, /", str_maketrans}};
constexpr NativeRow kBytesMethods[] = {
    {"decode", "encoding='utf-8', errors=None", bytes_decode},
    {"hex", "", bytes_hex},
};
constexpr NativeRow kBytesClassMethods[] = {{"fromhex", "text, /", bytes_fromhex}};

}  // namespace

const NativeTypeInfo kStrType = {"str",
                                 [](Value value) { return value.is(Type::string); },
                                 {"str", "object=?, encoding=?, errors=?", make_str},
                                 kStrMethods,
                                 kStrClassMethods};
const NativeTypeInfo kBytesType = {"bytes",
                                   [](Value value) { return value.is(Type::bytes); },
                                   {"bytes", "source=?, encoding=?, errors=?", make_bytes},
                                   kBytesMethods,
                                   kBytesClassMethods};

}  // namespace retort::py
