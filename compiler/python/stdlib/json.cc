// json.dumps and json.loads, with Python's exact text.
#include "common/utf8.h"
#include "compiler/python/stdlib/modules.h"

#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

constexpr int kMaxDepth = 200;

class Writer {
public:
  Writer(Interpreter& in, const Args& args) : in_(in), fallback_(args[7]) {}

  bool configure(const Args& args, Value& problem) {
    if (!in_.decide(args[1], skip_keys_, problem) || !in_.decide(args[2], ascii_, problem) ||
        !in_.decide(args[8], sort_, problem))
      return false;
    if (args[5].is_unknown() || args[6].is_unknown()) {
      problem = in_.poison(args[5].is_unknown() ? args[5] : args[6]);
      return false;
    }
    if (args[5].is_integral()) {
      if (args[5].integer() > 64) {
        problem = in_.unknown(Cause::Kind::unsupported, "this indentation is not interpreted");
        return false;
      }
      pretty_ = true;
      indent_.assign(static_cast<size_t>(std::max<int64_t>(args[5].integer(), 0)), ' ');
    } else if (const Str* const text = args[5].as<Str>()) {
      pretty_ = true;
      indent_ = text->text;
    }
    item_ = pretty_ ? "," : ", ";
    if (!args[6].is_none()) {
      std::vector<Value> pair;
      if (!in_.collect(args[6], pair, problem))
        return false;
      if (pair.size() != 2 || !pair[0].is(Type::string) || !pair[1].is(Type::string)) {
        problem = in_.unknown(Cause::Kind::unsupported, "these separators are not interpreted");
        return false;
      }
      item_ = pair[0].as<Str>()->text;
      key_ = pair[1].as<Str>()->text;
    }
    return true;
  }

  bool write(Value value, int depth, Value& problem) {
    problem = {};
    if (depth > kMaxDepth)
      return fail(problem, in_.unknown(Cause::Kind::unsupported, "JSON nested this deeply"));
    if (!in_.step() || (out.size() > in_.limits().text && !in_.charge(out.size())))
      return false;
    const Value inner = in_.plain(value);
    switch (inner.type()) {
    case Type::unknown: return fail(problem, in_.poison(inner));
    case Type::none: out += "null"; return true;
    case Type::boolean: out += inner.integer() ? "true" : "false"; return true;
    case Type::integer: out += fmt::format("{}", inner.integer()); return true;
    case Type::floating: out += number(inner.floating()); return true;
    case Type::string: quote(inner.as<Str>()->text); return true;
    case Type::list:
    case Type::tuple: {
      const std::vector<Value> items =
          inner.is(Type::list) ? inner.as<List>()->items : inner.as<Tuple>()->items;
      out += '[';
      for (size_t i = 0; i < items.size(); ++i) {
        separate(i, depth + 1);
        if (!write(items[i], depth + 1, problem))
          return false;
      }
      close(']', items.empty(), depth);
      return true;
    }
    case Type::dict: return object(*inner.as<Dict>(), depth, problem);
    default: break;
    }
    if (!fallback_.is_none()) {
      const Value made = in_.call(fallback_, {value});
      return made && write(made, depth + 1, problem);
    }
    in_.raise("TypeError",
              fmt::format("Object of type {} is not JSON serializable", in_.type_name(value)));
    return false;
  }

  std::string out;

private:
  static bool fail(Value& problem, Value why) {
    problem = why;
    return false;
  }
  static std::string number(double value) {
    return std::isnan(value)   ? "NaN"
           : std::isinf(value) ? (value < 0 ? "-Infinity" : "Infinity")
                               : float_repr(value);
  }

  void separate(size_t index, int depth) {
    if (index > 0)
      out += item_;
    if (pretty_)
      new_line(depth);
  }
  void close(char bracket, bool empty, int depth) {
    if (pretty_ && !empty)
      new_line(depth);
    out += bracket;
  }
  void new_line(int depth) {
    out += '\n';
    for (int i = 0; i < depth; ++i)
      out += indent_;
  }

  void quote(std::string_view text) {
    out += '"';
    for (size_t i = 0; i < text.size();) {
      const utf8::Char c = utf8::decode(text, i);
      const auto code = static_cast<uint32_t>(c.code);
      switch (code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\f': out += "\\f"; break;
      case '\b': out += "\\b"; break;
      default:
        if (code < 0x20 || (ascii_ && code >= 0x7f && code < 0x10000))
          out += fmt::format("\\u{:04x}", code);
        else if (ascii_ && code >= 0x10000)
          out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code - 0x10000) >> 10),
                             0xDC00 + ((code - 0x10000) & 0x3FF));
        else
          out += text.substr(i, c.size);
      }
      i += c.size;
    }
    out += '"';
  }

  bool object(const Dict& dict, int depth, Value& problem) {
    std::vector<Value> keys;
    std::vector<Table::Entry> entries;
    for (const Table::Entry& entry : dict.table.entries())
      if (entry.alive)
        entries.push_back(entry);
    if (sort_) {
      for (const Table::Entry& entry : entries)
        keys.push_back(entry.key);
      if (!in_.sort(keys, Value::none(), false, problem))
        return false;
      for (size_t i = 0; i < keys.size(); ++i)
        entries[i] = {keys[i], in_.dict_get(dict.table, keys[i])};
    }
    out += '{';
    size_t written = 0;
    for (const Table::Entry& entry : entries) {
      const Value key = in_.plain(entry.key);
      std::string name;
      switch (key.type()) {
      case Type::string: name = key.as<Str>()->text; break;
      case Type::none: name = "null"; break;
      case Type::boolean: name = key.integer() ? "true" : "false"; break;
      case Type::integer: name = fmt::format("{}", key.integer()); break;
      case Type::floating: name = number(key.floating()); break;
      default:
        if (skip_keys_)
          continue;
        in_.raise("TypeError", fmt::format("keys must be str, int, float, bool or None, not {}",
                                           in_.type_name(entry.key)));
        return false;
      }
      separate(written++, depth + 1);
      quote(name);
      out += key_;
      if (!write(entry.value, depth + 1, problem))
        return false;
    }
    close('}', written == 0, depth);
    return true;
  }

  Interpreter& in_;
  Value fallback_;
  bool skip_keys_ = false;
  bool ascii_ = true;
  bool sort_ = false;
  bool pretty_ = false;
  std::string indent_;
  std::string item_ = ", ";
  std::string key_ = ": ";
};

Value dumps(Interpreter& in, const Args& args) {
  Writer writer(in, args);
  Value problem;
  if (!writer.configure(args, problem) || !writer.write(args[0], 0, problem))
    return problem;
  return in.text(writer.out);
}

class Reader {
public:
  Reader(Interpreter& in, std::string_view text) : in_(in), text_(text) {}

  Value document() {
    const Value value = read(0);
    blanks();
    return value && at_ != text_.size() ? fail("Extra data") : value;
  }

private:
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }
  Value fail(std::string_view what) {
    size_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at_ && i < text_.size(); ++i)
      if (text_[i] == '\n') {
        ++line;
        start = i + 1;
      }
    return in_.raise("JSONDecodeError",
                     fmt::format("{}: line {} column {} (char {})", what, line,
                                 utf8::count(text_.substr(start, at_ - start)) + 1,
                                 utf8::count(text_.substr(0, at_))));
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  Value read(int depth) {
    if (!in_.step())
      return {};
    if (depth > kMaxDepth)
      return in_.unknown(Cause::Kind::unsupported, "JSON nested this deeply");
    blanks();
    if (take("null"))
      return Value::none();
    if (take("true"))
      return Value::of(true);
    if (take("false"))
      return Value::of(false);
    if (take("NaN") || take("Infinity") || take("-Infinity"))
      return in_.unknown(Cause::Kind::unsupported, "infinite numbers in JSON");
    if (at_ < text_.size() && text_[at_] == '"') {
      std::string text;
      if (!string(text))
        return {};
      return in_.text(text);
    }
    if (take("[")) {
      std::vector<Value> items;
      blanks();
      if (take("]"))
        return in_.list({});
      while (true) {
        items.push_back(read(depth + 1));
        if (!items.back())
          return {};
        blanks();
        if (take("]"))
          return in_.list(std::move(items));
        if (!take(","))
          return fail("Expecting ',' delimiter");
      }
    }
    if (take("{")) {
      Dict* const dict = in_.new_dict();
      blanks();
      if (take("}"))
        return dict;
      while (true) {
        blanks();
        std::string key;
        if (at_ >= text_.size() || text_[at_] != '"')
          return fail("Expecting property name enclosed in double quotes");
        if (!string(key))
          return {};
        blanks();
        if (!take(":"))
          return fail("Expecting ':' delimiter");
        const Value value = read(depth + 1);
        if (!value || !in_.dict_set(*dict, in_.text(key), value))
          return {};
        blanks();
        if (take("}"))
          return dict;
        if (!take(","))
          return fail("Expecting ',' delimiter");
      }
    }
    return number();
  }

  Value number() {
    const size_t from = at_;
    size_t end = at_;
    const auto digits = [&] {
      const size_t first = end;
      while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9')
        ++end;
      return end > first;
    };
    if (end < text_.size() && text_[end] == '-')
      ++end;
    if (end < text_.size() && text_[end] == '0')
      ++end;
    else if (!digits())
      return fail("Expecting value");
    bool whole = true;
    const size_t integer_end = end;
    if (end < text_.size() && text_[end] == '.') {
      ++end;
      if (digits())
        whole = false;
      else
        end = integer_end;
    }
    const size_t fraction_end = end;
    if (end < text_.size() && (text_[end] | 0x20) == 'e') {
      ++end;
      if (end < text_.size() && (text_[end] == '+' || text_[end] == '-'))
        ++end;
      if (digits())
        whole = false;
      else
        end = fraction_end;
    }
    at_ = end;
    const std::string_view text = text_.substr(from, end - from);
    return whole ? parse_integer(in_, text, 10, false) : Value::of(*parse_float(text));
  }

  bool hex4(uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i) {
      const Value digit =
          parse_integer(in_, text_.substr(std::min(at_, text_.size()), 1), 16, true);
      if (!digit || !digit.is(Type::integer)) {
        fail("Invalid \\uXXXX escape");
        return false;
      }
      code = code * 16 + static_cast<uint32_t>(digit.integer());
      ++at_;
    }
    return true;
  }

  bool string(std::string& out) {
    const size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) {
        fail("Invalid control character at");
        return false;
      }
      if (c != '\\') {
        out += c;
        ++at_;
        continue;
      }
      ++at_;
      const char escape = at_ < text_.size() ? text_[at_] : ' ';
      constexpr std::string_view kFrom = "\"\\/bfnrt";
      constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
      if (const size_t known = kFrom.find(escape); known != kFrom.npos) {
        out += kTo[known];
        ++at_;
      } else if (escape == 'u') {
        ++at_;
        uint32_t code = 0;
        if (!hex4(code))
          return false;
        if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
          at_ += 2;
          uint32_t low = 0;
          if (!hex4(low))
            return false;
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        if (code == 0 || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) {
          in_.stop("compile/unsupported", "expression", "this escape in JSON is not interpreted");
          return false;
        }
        utf8::append(out, static_cast<char32_t>(code));
      } else {
        fail("Invalid \\escape");
        return false;
      }
    }
    if (at_ >= text_.size()) {
      at_ = start;
      fail("Unterminated string starting at");
      return false;
    }
    ++at_;
    return true;
  }

  Interpreter& in_;
  std::string_view text_;
  size_t at_ = 0;
};

Value loads(Interpreter& in, const Args& args) {
  if (!args[1].as<Dict>() || args[1].as<Dict>()->table.size() != 0)
    return in.unknown(Cause::Kind::unsupported, "hooks of json.loads are not interpreted");
  const Value source = in.plain(args[0]);
  if (const Bytes* const bytes = source.as<Bytes>())
    return Reader(in, bytes->bytes).document();
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, source, text, problem))
    return problem;
  return Reader(in, text->text).document();
}

Value file_access(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::outside, "files are not read");
}

constexpr NativeRow kFunctions[] = {
    {"dumps",
     "obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, indent=None, "
     "separators=None, default=None, sort_keys=False, cls=None",
     [](Interpreter& in, const Args& args) -> Value {
       if (!args[9].is_none())
         return in.unknown(Cause::Kind::unsupported, "JSON encoder classes are not interpreted");
       return dumps(in, args);
     }},
    {"loads", "s, **options", loads},
    {"load", "fp, **options", file_access},
    {"dump", "obj, fp, **options", file_access},
};
constexpr ConstantRow kConstants[] = {
    {"JSONDecodeError",
     [](Interpreter& in) -> Value { return in.exception_class("JSONDecodeError"); }},
};

}  // namespace

const TableModule::Content kJsonModule = {"json", kFunctions, {}, kConstants};

}  // namespace retort::py
