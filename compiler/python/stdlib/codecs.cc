// hashlib, base64, binascii, html.
#include "compiler/python/stdlib/codecs.h"

#include "common/blake2b.h"
#include "common/md5.h"
#include "common/sha1.h"
#include "common/sha256.h"
#include "common/sha512.h"
#include "compiler/python/stdlib/modules.h"

#include <fmt/format.h>

namespace retort::py {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string base64(std::string_view bytes, bool safe) {
  const std::string_view letters =
      safe ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
           : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k)
      text += i + k <= bytes.size() ? letters[(three >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

namespace {

bool bytes_of(Interpreter& in, Value value, std::string_view& bytes, Value& problem) {
  const Value inner = in.plain(value);
  if (const Bytes* const found = inner.as<Bytes>()) {
    bytes = found->bytes;
    return true;
  }
  problem = inner.is_unknown() ? in.poison(inner)
                               : in.raise("TypeError", "a bytes-like object is required");
  return false;
}

// --- hashlib ------------------------------------------------------------------------------------

std::string blake2b_hash(std::string_view bytes) { return blake2b(bytes); }

struct Algorithm {
  std::string_view name;
  std::string (*hash)(std::string_view bytes);
  int64_t block;
};
constexpr Algorithm kAlgorithms[] = {{"md5", md5, 64},
                                     {"sha1", sha1, 64},
                                     {"sha256", sha256, 64},
                                     {"sha512", sha512, 128},
                                     {"blake2b", blake2b_hash, 128}};

std::string unhex(std::string_view digits) {
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return bytes;
}

// Keeps all bytes in a list of one, which branches that are not taken can take back.
struct Hash : Foreign {
  const Algorithm* algorithm = nullptr;
  size_t size = 0;  // of blake2b, in bytes
  List* content = nullptr;

  std::string_view type_name() const override { return "_hashlib.HASH"; }
  std::string digits(Interpreter&) const {
    const std::string& all = content->items[0].as<Bytes>()->bytes;
    return size != 0 ? blake2b(all, size) : algorithm->hash(all);
  }
  Value get(Interpreter& in, std::string_view name) override;
};

Hash& hash_of(const Args& args) { return static_cast<Hash&>(*args.self.as<Foreign>()); }

Value add_bytes(Interpreter& in, Hash& hash, Value value) {
  std::string_view bytes;
  Value problem;
  if (hash.content->type == Type::unknown)
    return in.poison(hash.content);
  if (!bytes_of(in, value, bytes, problem)) {
    if (problem)
      in.lose(hash.content, problem.object()->cause);
    return problem;
  }
  const Value all = in.bytes(hash.content->items[0].as<Bytes>()->bytes + std::string(bytes));
  if (!all)
    return all;
  in.touch(hash.content);
  hash.content->items[0] = all;
  return Value::none();
}

Value Hash::get(Interpreter& in, std::string_view name) {
  static constexpr NativeRow kUpdate = {
      "update", "data, /", [](Interpreter& inner, const Args& args) -> Value {
        const Value done = add_bytes(inner, hash_of(args), args[0]);
        return done.is_unknown() ? Value::none() : done;
      }};
  static constexpr NativeRow kHexDigest = {
      "hexdigest", "", [](Interpreter& inner, const Args& args) -> Value {
        const Hash& hash = hash_of(args);
        return hash.content->type == Type::unknown ? inner.poison(hash.content)
                                                   : inner.text(hash.digits(inner));
      }};
  static constexpr NativeRow kDigest = {
      "digest", "", [](Interpreter& inner, const Args& args) -> Value {
        const Hash& hash = hash_of(args);
        return hash.content->type == Type::unknown ? inner.poison(hash.content)
                                                   : inner.bytes(unhex(hash.digits(inner)));
      }};
  static constexpr NativeRow kCopy = {
      "copy", "", [](Interpreter& inner, const Args& args) -> Value {
        const Hash& hash = hash_of(args);
        if (hash.content->type == Type::unknown)
          return inner.poison(hash.content);
        Hash* const made = inner.make<Hash>();
        made->algorithm = hash.algorithm;
        made->size = hash.size;
        made->content = inner.list(hash.content->items).as<List>();
        return made->content ? Value(made) : Value();
      }};
  for (const NativeRow* const row : {&kUpdate, &kHexDigest, &kDigest, &kCopy})
    if (row->name == name)
      return in.native(*row, this);
  if (name == "name")
    return in.text(algorithm->name);
  if (name == "block_size")
    return Value::of(algorithm->block);
  if (name == "digest_size")
    return Value::of_size(size != 0 ? size : algorithm->hash("").size() / 2);
  return in.unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", name));
}

Value make_hash(Interpreter& in, const Algorithm& algorithm, Value data, size_t size) {
  Hash* const made = in.make<Hash>();
  made->algorithm = &algorithm;
  made->size = size;
  made->content = in.list({in.bytes("")}).as<List>();
  if (!made->content)
    return {};
  if (!data)
    return made;
  const Value done = add_bytes(in, *made, data);
  return !done || done.is_unknown() ? done : Value(made);
}

template <size_t kIndex>
Value hash(Interpreter& in, const Args& args) {
  return make_hash(in, kAlgorithms[kIndex], args[0], 0);
}
Value blake2b_of(Interpreter& in, const Args& args) {
  int64_t size = 64;
  Value problem;
  if (!in.index(args[1], size, problem))
    return problem;
  if (size < 1 || size > 64)
    return in.raise("ValueError", "digest_size must be between 1 and 64 bytes");
  return make_hash(in, kAlgorithms[4], args[0], static_cast<size_t>(size));
}
Value new_hash(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[0], name, problem))
    return problem;
  for (const Algorithm& algorithm : kAlgorithms)
    if (algorithm.name == name->text)
      return make_hash(in, algorithm, args[1], 0);
  return in.unknown(Cause::Kind::unsupported, "this hash is not interpreted");
}

constexpr NativeRow kHashlib[] = {
    {"md5", "string=?, *, usedforsecurity=True", hash<0>},
    {"sha1", "string=?, *, usedforsecurity=True", hash<1>},
    {"sha256", "string=?, *, usedforsecurity=True", hash<2>},
    {"sha512", "string=?, *, usedforsecurity=True", hash<3>},
    {"blake2b", "data=?, /, *, digest_size=64, usedforsecurity=True", blake2b_of},
    {"new", "name, data=?, *, usedforsecurity=True", new_hash},
};

// --- base64 and binascii ------------------------------------------------------------------------

template <bool kSafe>
Value b64encode(Interpreter& in, const Args& args) {
  std::string_view bytes;
  Value problem;
  return bytes_of(in, args[0], bytes, problem) ? in.bytes(base64(bytes, kSafe)) : problem;
}

template <bool kSafe>
Value b64decode(Interpreter& in, const Args& args) {
  std::string_view bytes;
  Value problem;
  if (const Str* const text = in.plain(args[0]).as<Str>())
    bytes = text->text;
  else if (!bytes_of(in, args[0], bytes, problem))
    return problem;
  const std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  uint32_t held = 0;
  size_t count = 0;
  size_t padding = 0;
  for (const char c : bytes) {
    size_t value = letters.find(c);
    if (value == letters.npos)
      value = c == (kSafe ? '-' : '+') ? 62 : c == (kSafe ? '_' : '/') ? 63 : 64;
    padding += c == '=' ? 1 : 0;
    if (c == '=')
      continue;
    // Python skips what is no letter, and is particular about where padding stands.
    if (value == 64 || padding > 0)
      return in.unknown(Cause::Kind::unsupported, "decoding this base64 is not interpreted");
    held = held << 6 | static_cast<uint32_t>(value);
    if (++count % 4 != 1)
      out += static_cast<char>((held >> (6 - 2 * ((count - 1) % 4))) & 0xff);
  }
  const size_t wanted = count % 4 == 0 ? 0 : 4 - count % 4;
  if (padding != wanted || wanted == 3)
    return in.unknown(Cause::Kind::unsupported, "decoding this base64 is not interpreted");
  return in.bytes(std::move(out));
}

Value hexlify(Interpreter& in, const Args& args) {
  std::string_view bytes;
  Value problem;
  return bytes_of(in, args[0], bytes, problem) ? in.bytes(hexadecimal(bytes)) : problem;
}
Value b16encode(Interpreter& in, const Args& args) {
  std::string_view bytes;
  Value problem;
  if (!bytes_of(in, args[0], bytes, problem))
    return problem;
  std::string text = hexadecimal(bytes);
  for (char& c : text)
    c = c >= 'a' ? static_cast<char>(c - 32) : c;
  return in.bytes(std::move(text));
}
Value unhexlify(Interpreter& in, const Args& args) {
  std::string_view digits;
  Value problem;
  if (const Str* const text = in.plain(args[0]).as<Str>())
    digits = text->text;
  else if (!bytes_of(in, args[0], digits, problem))
    return problem;
  if (digits.size() % 2 != 0 ||
      digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
    return in.raise("ValueError", "Non-hexadecimal digit found");
  return in.bytes(unhex(digits));
}
Value crc32(Interpreter& in, const Args& args) {
  std::string_view bytes;
  int64_t start = 0;
  Value problem;
  if (!bytes_of(in, args[0], bytes, problem) || !in.index(args[1], start, problem))
    return problem;
  uint32_t crc = ~static_cast<uint32_t>(start);
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
  }
  return Value::of(int64_t{static_cast<uint32_t>(~crc)});
}

constexpr NativeRow kBase64[] = {
    {"b64encode", "s", b64encode<false>},         {"b64decode", "s", b64decode<false>},
    {"standard_b64encode", "s", b64encode<false>}, {"standard_b64decode", "s", b64decode<false>},
    {"urlsafe_b64encode", "s", b64encode<true>},  {"urlsafe_b64decode", "s", b64decode<true>},
    {"b16encode", "s", b16encode},
};
constexpr NativeRow kBinascii[] = {
    {"hexlify", "data", hexlify},     {"b2a_hex", "data", hexlify},
    {"unhexlify", "data", unhexlify}, {"a2b_hex", "data", unhexlify},
    {"crc32", "data, crc=0, /", crc32},
};

// --- html ---------------------------------------------------------------------------------------

Value html_escape(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  bool quote = true;
  Value problem;
  if (!text_of(in, args[0], text, problem) || !in.decide(args[1], quote, problem))
    return problem;
  std::string out;
  for (const char c : text->text)
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"' && quote)
      out += "&quot;";
    else if (c == '\'' && quote)
      out += "&#x27;";
    else
      out += c;
  return in.text(out);
}
constexpr NativeRow kHtml[] = {{"escape", "s, quote=True", html_escape}};

}  // namespace

const TableModule::Content kHashlibModule = {"hashlib", kHashlib, {}, {}};
const TableModule::Content kBase64Module = {"base64", kBase64, {}, {}};
const TableModule::Content kBinasciiModule = {"binascii", kBinascii, {}, {}};
const TableModule::Content kZlibModule = {"zlib", std::span(kBinascii).subspan(4), {}, {}};
const TableModule::Content kHtmlModule = {"html", kHtml, {}, {}};

}  // namespace retort::py
