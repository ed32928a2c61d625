// urllib.parse on known text.
#include "compiler/python/stdlib/modules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::py {
namespace {

constexpr std::string_view kParts[] = {"scheme", "netloc", "path", "params", "query", "fragment"};

Value unsupported(Interpreter& in) {
  return in.unknown(Cause::Kind::unsupported, "this address is not interpreted");
}

// What urlparse() and urlsplit() make of an address; `params` is only in the first.
struct Url : Foreign {
  std::array<std::string, 6> parts;
  bool split = false;

  std::string_view type_name() const override { return split ? "SplitResult" : "ParseResult"; }
  std::vector<size_t> shown() const {
    return split ? std::vector<size_t>{0, 1, 2, 4, 5} : std::vector<size_t>{0, 1, 2, 3, 4, 5};
  }
  std::string whole() const {
    std::string text = parts[2] + (parts[3].empty() ? "" : ";" + parts[3]);
    if (!parts[1].empty())
      text = "//" + parts[1] + (text.empty() || text.starts_with('/') ? "" : "/") + text;
    if (!parts[0].empty())
      text = parts[0] + ":" + text;
    if (!parts[4].empty())
      text += "?" + parts[4];
    if (!parts[5].empty())
      text += "#" + parts[5];
    return text;
  }
  Value get(Interpreter& in, std::string_view name) override;
  Value subscript(Interpreter& in, Value key) override {
    std::vector<Value> items;
    for (const size_t part : shown())
      items.push_back(in.text(parts[part]));
    return in.get_item(in.tuple(std::move(items)), key);
  }
  Value length(Interpreter&) override { return Value::of_size(shown().size()); }
  bool iterable() const override { return true; }
  Truth iterate(Interpreter& in, const Visit& visit) override {
    for (const size_t part : shown())
      if (!visit(in.text(parts[part])))
        break;
    return in.unwinding() ? Truth::failed : Truth::yes;
  }
  Truth equals(Interpreter&, Value other) override {
    const Foreign* const foreign = other.as<Foreign>();
    const Url* const url = foreign ? dynamic_cast<const Url*>(foreign) : nullptr;
    if (!url)
      return other.is(Type::tuple) ? Truth::unknown : Truth::no;
    return truth_of(url->parts == parts && url->split == split);
  }
  std::optional<size_t> hash() const override { return std::nullopt; }
  Value repr(Interpreter& in) override {
    std::string text(type_name());
    char before = '(';
    for (const size_t part : shown()) {
      const Value one = in.repr(in.text(parts[part]));
      if (!one.is(Type::string))
        return one;
      text += fmt::format("{}{}={}", before == '(' ? "(" : ", ", kParts[part], one.as<Str>()->text);
      before = ',';
    }
    return in.text(text + ")");
  }
};

Value Url::get(Interpreter& in, std::string_view name) {
  for (const size_t part : shown())
    if (kParts[part] == name)
      return in.text(parts[part]);
  const std::string& netloc = parts[1];
  const size_t at = netloc.rfind('@');
  const std::string user = at == netloc.npos ? "" : netloc.substr(0, at);
  const std::string host = at == netloc.npos ? netloc : netloc.substr(at + 1);
  const size_t colon = user.find(':');
  if (name == "username")
    return at == netloc.npos ? Value::none() : in.text(user.substr(0, colon));
  if (name == "password")
    return colon == user.npos ? Value::none() : in.text(user.substr(colon + 1));
  if (name == "hostname" || name == "port") {
    if (host.find('[') != host.npos)
      return unsupported(in);
    const size_t mark = host.find(':');
    if (name == "port") {
      const std::string digits = mark == host.npos ? "" : host.substr(mark + 1);
      if (digits.empty())
        return Value::none();
      if (digits.find_first_not_of("0123456789") != digits.npos || digits.size() > 5)
        return in.poison(unsupported(in));
      const int port = std::stoi(digits);
      return port > 65535 ? in.raise("ValueError", "Port out of range 0-65535")
                          : Value::of(int64_t{port});
    }
    const Value known = in.text(host.substr(0, mark));
    return host.substr(0, mark).empty() ? Value::none() : in.call_method(known, "lower");
  }
  if (name == "geturl") {
    static constexpr NativeRow kRow = {"geturl", "",
                                       [](Interpreter& inner, const Args& args) -> Value {
                                         return inner.text(static_cast<Url*>(
                                             args.self.as<Foreign>())->whole());
                                       }};
    return in.native(kRow, this);
  }
  if (name == "_replace") {
    static constexpr NativeRow kRow = {
        "_replace", "**changes", [](Interpreter& inner, const Args& args) -> Value {
          const Url& old = *static_cast<Url*>(args.self.as<Foreign>());
          Url* const made = inner.make<Url>();
          made->parts = old.parts;
          made->split = old.split;
          for (const Table::Entry& entry : args[0].as<Dict>()->table.entries()) {
            const auto part =
                std::find(std::begin(kParts), std::end(kParts), entry.key.as<Str>()->text);
            const Str* text = nullptr;
            Value problem;
            if (part == std::end(kParts))
              return inner.raise("ValueError", "Got unexpected field names");
            if (!text_of(inner, entry.value, text, problem))
              return problem;
            made->parts[static_cast<size_t>(part - std::begin(kParts))] = text->text;
          }
          return made;
        }};
    return in.native(kRow, this);
  }
  return in.unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", name));
}

Value parsed(Interpreter& in, const Args& args, bool split) {
  const Str* given = nullptr;
  const Str* scheme = nullptr;
  Value problem;
  if (!text_of(in, args[0], given, problem) || !text_of(in, args[1], scheme, problem))
    return problem;
  std::string_view text = given->text;
  // What Python strips, refuses or folds there is not followed.
  if (!given->ascii() || text.find_first_of("[]") != text.npos ||
      std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == 0x7f; }))
    return in.poison(unsupported(in));
  Url* const made = in.make<Url>();
  made->split = split;
  made->parts[0] = scheme->text;
  const size_t colon = text.find(':');
  if (colon != text.npos && colon > 0) {
    const std::string_view name = text.substr(0, colon);
    const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    if (letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
          return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        })) {
      made->parts[0].clear();
      for (const char c : name)
        made->parts[0] += letter(c) ? static_cast<char>(c | 0x20) : c;
      text.remove_prefix(colon + 1);
    }
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t end = std::min(text.find_first_of("/?#"), text.size());
    made->parts[1] = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (const size_t hash = text.find('#'); hash != text.npos) {
    made->parts[5] = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != text.npos) {
    made->parts[4] = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (!split && text.find(';') != text.npos)
    return unsupported(in);
  made->parts[2] = text;
  return made;
}
Value urlparse(Interpreter& in, const Args& args) { return parsed(in, args, false); }
Value urlsplit(Interpreter& in, const Args& args) { return parsed(in, args, true); }

// --- quoting ------------------------------------------------------------------------------------

bool plain_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '.' || c == '-' || c == '~';
}
std::string quoted(std::string_view text, std::string_view safe, bool plus) {
  std::string out;
  for (const char c : text)
    if (plain_char(c) || safe.find(c) != safe.npos)
      out += c;
    else if (plus && c == ' ')
      out += '+';
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}
bool bytes_or_text(Interpreter& in, Value value, std::string& text, Value& problem) {
  if (const Bytes* const bytes = in.plain(value).as<Bytes>()) {
    text = bytes->bytes;
    return true;
  }
  const Str* string = nullptr;
  if (!text_of(in, value, string, problem))
    return false;
  text = string->text;
  return true;
}

template <bool kPlus>
Value quote(Interpreter& in, const Args& args) {
  std::string text;
  const Str* safe = nullptr;
  Value problem;
  if (!bytes_or_text(in, args[0], text, problem) || !text_of(in, args[1], safe, problem))
    return problem;
  return safe->ascii() ? in.text(quoted(text, safe->text, kPlus)) : unsupported(in);
}

// Nothing for what is no UTF-8 afterwards.
std::optional<std::string> unquoted(std::string_view text, bool plus) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() + 0 && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      const int code = digit(text[i + 1]) * 16 + digit(text[i + 2]);
      if (code >= 0x80)
        return std::nullopt;
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}
template <bool kPlus>
Value unquote(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  const std::optional<std::string> out = unquoted(text->text, kPlus);
  return out ? in.text(*out) : unsupported(in);
}

Value urlencode(Interpreter& in, const Args& args) {
  bool several = false;
  Value problem;
  if (!in.decide(args[1], several, problem))
    return problem;
  if (several)
    return in.unknown(Cause::Kind::unsupported, "urlencode() of sequences is not interpreted");
  Value rows = in.plain(args[0]);
  if (rows.is(Type::dict))
    rows = in.call_method(rows, "items");
  std::vector<Value> pairs;
  if (!rows || !in.collect(rows, pairs, problem))
    return rows ? problem : rows;
  std::string out;
  for (const Value pair : pairs) {
    std::vector<Value> both;
    if (!in.collect(pair, both, problem))
      return problem;
    if (both.size() != 2)
      return in.raise("TypeError", "not a valid non-string sequence or mapping object");
    out += out.empty() ? "" : "&";
    for (size_t i = 0; i < 2; ++i) {
      std::string text;
      const Value shown = in.plain(both[i]).is(Type::bytes) ? both[i] : in.str(both[i]);
      if (!shown || !bytes_or_text(in, shown, text, problem))
        return shown ? problem : shown;
      out += quoted(text, "", true) + (i == 0 ? "=" : "");
    }
  }
  return in.text(out);
}

Value query_list(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  std::vector<Value> rows;
  std::string_view rest = text->text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t equals = pair.find('=');
    if (equals == pair.npos || equals + 1 == pair.size())
      continue;
    const std::optional<std::string> name = unquoted(pair.substr(0, equals), true);
    const std::optional<std::string> value = unquoted(pair.substr(equals + 1), true);
    if (!name || !value)
      return unsupported(in);
    rows.push_back(in.tuple({in.text(*name), in.text(*value)}));
  }
  return in.unwinding() ? Value() : in.list(std::move(rows));
}
Value query_dict(Interpreter& in, const Args& args) {
  const Value rows = query_list(in, args);
  if (!rows.is(Type::list))
    return rows;
  Dict* const dict = in.new_dict();
  for (const Value row : rows.as<List>()->items) {
    const std::vector<Value>& pair = row.as<Tuple>()->items;
    const Value known = in.dict_get(dict->table, pair[0]);
    if (known.is(Type::list))
      known.as<List>()->items.push_back(pair[1]);
    else if (in.unwinding() || !in.dict_set(*dict, pair[0], in.list({pair[1]})))
      return {};
  }
  return dict;
}

Value refused(Interpreter& in, const Args&) { return in.poison(unsupported(in)); }

constexpr NativeRow kUrl[] = {
    {"urlparse", "url, scheme='', allow_fragments=True", urlparse},
    {"urlsplit", "url, scheme='', allow_fragments=True", urlsplit},
    {"quote", "string, safe='/', encoding=None, errors=None", quote<false>},
    {"quote_plus", "string, safe='', encoding=None, errors=None", quote<true>},
    {"unquote", "string, encoding='utf-8', errors='replace'", unquote<false>},
    {"unquote_plus", "string, encoding='utf-8', errors='replace'", unquote<true>},
    {"urlencode", "query, doseq=False, safe='', encoding=None, errors=None", urlencode},
    {"parse_qsl", "qs", query_list},
    {"parse_qs", "qs", query_dict},
    {"urljoin", "*args, **options", refused},
    {"urlunparse", "*args, **options", refused},
    {"urlunsplit", "*args, **options", refused},
};

}  // namespace

const TableModule::Content kUrlModule = {"urllib.parse", kUrl, {}, {}};

}  // namespace retort::py
