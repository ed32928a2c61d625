// uuid.UUID on literals.
#include "compiler/python/stdlib/uuid.h"

#include "common/md5.h"
#include "common/sha1.h"
#include "common/sha256.h"
#include "compiler/python/stdlib/modules.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

Uuid* uuid_of(Value value) {
  Foreign* const foreign = value.as<Foreign>();
  return foreign ? dynamic_cast<Uuid*>(foreign) : nullptr;
}

Value make_uuid(Interpreter& in, const Args& args) {
  if (!args[0] || !args[1].as<Dict>() || args[1].as<Dict>()->table.size() != 0)
    return in.unknown(Cause::Kind::unsupported, "this way to make a UUID is not interpreted");
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  std::string digits = text->text;
  for (const std::string_view prefix : {"urn:", "uuid:"})
    for (size_t at = digits.find(prefix); at != digits.npos; at = digits.find(prefix))
      digits.erase(at, prefix.size());
  while (!digits.empty() && (digits.front() == '{' || digits.front() == '}'))
    digits.erase(0, 1);
  while (!digits.empty() && (digits.back() == '{' || digits.back() == '}'))
    digits.pop_back();
  std::erase(digits, '-');
  const bool good =
      digits.size() == 32 && digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos;
  if (!good)
    return in.raise("ValueError", "badly formed hexadecimal UUID string");
  Uuid* const uuid = in.make<Uuid>();
  for (size_t i = 0; i < 16; ++i)
    uuid->bytes[i] = static_cast<uint8_t>(
        parse_integer(in, std::string_view(digits).substr(2 * i, 2), 16, true).integer());
  return uuid;
}

Value random_uuid(Interpreter& in, const Args&) {
  if (!in.stand_ins)
    return in.unknown(Cause::Kind::random, "`uuid4()` is random");
  in.notice("random", in.here(), "`uuid4()` is random: an id made from the revision stands for it");
  const std::string digits = sha256(fmt::format("{} {}", in.stand_ins->seed, in.stand_ins->made++));
  Uuid* const uuid = in.make<Uuid>();
  for (size_t i = 0; i < 16; ++i)
    uuid->bytes[i] = static_cast<uint8_t>(
        parse_integer(in, std::string_view(digits).substr(2 * i, 2), 16, true).integer());
  uuid->bytes[6] = static_cast<uint8_t>((uuid->bytes[6] & 0x0f) | 0x40);  // version 4
  uuid->bytes[8] = static_cast<uint8_t>((uuid->bytes[8] & 0x3f) | 0x80);
  return uuid;
}
Uuid* from_digits(Interpreter& in, std::string_view digits) {
  Uuid* const uuid = in.make<Uuid>();
  for (size_t i = 0; i < 16; ++i)
    uuid->bytes[i] =
        static_cast<uint8_t>(std::stoi(std::string(digits.substr(2 * i, 2)), nullptr, 16));
  return uuid;
}

// From a name space and a name.
Value hashed_uuid(Interpreter& in, const Args& args, uint8_t version) {
  if (args[0].is_unknown())
    return in.poison(args[0]);
  const Uuid* const space = uuid_of(args[0]);
  const Str* name = nullptr;
  Value problem;
  if (!space)
    return in.raise("AttributeError", "a name space is a UUID");
  if (!text_of(in, args[1], name, problem))
    return problem;
  const std::string all = std::string(space->bytes.begin(), space->bytes.end()) + name->text;
  Uuid* const uuid = from_digits(in, version == 3 ? md5(all) : sha1(all));
  uuid->bytes[6] = static_cast<uint8_t>((uuid->bytes[6] & 0x0f) | version << 4);
  uuid->bytes[8] = static_cast<uint8_t>((uuid->bytes[8] & 0x3f) | 0x80);
  return uuid;
}
Value uuid3(Interpreter& in, const Args& args) { return hashed_uuid(in, args, 3); }
Value uuid5(Interpreter& in, const Args& args) { return hashed_uuid(in, args, 5); }

// The name spaces of RFC 4122 differ in one digit.
template <char kDigit>
Value name_space(Interpreter& in) {
  std::string digits = "6ba7b8109dad11d180b400c04fd430c8";
  digits[7] = kDigit;
  return from_digits(in, digits);
}

const NativeTypeInfo kUuidType = {"UUID",
                                  [](Value value) { return uuid_of(value) != nullptr; },
                                  {"UUID", "hex=?, **parts", make_uuid},
                                  {},
                                  {}};
constexpr NativeRow kFunctions[] = {
    {"uuid4", "", random_uuid},
    {"uuid1", "*args", random_uuid},
    {"uuid3", "namespace, name", uuid3},
    {"uuid5", "namespace, name", uuid5},
};
constexpr TypeRow kTypes[] = {{"UUID", &kUuidType}};
constexpr ConstantRow kConstants[] = {
    {"NAMESPACE_DNS", name_space<'0'>},
    {"NAMESPACE_URL", name_space<'1'>},
    {"NAMESPACE_OID", name_space<'2'>},
    {"NAMESPACE_X500", name_space<'4'>},
};

}  // namespace

std::string Uuid::canonical() const {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i)
    text += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
  return text;
}
const NativeTypeInfo* Uuid::type_info() const { return &kUuidType; }
Value Uuid::get(Interpreter& in, std::string_view name) {
  if (name == "hex") {
    std::string text = canonical();
    std::erase(text, '-');
    return in.text(text);
  }
  if (name == "bytes")
    return in.bytes(std::string(bytes.begin(), bytes.end()));
  if (name == "version")
    return Value::of(int64_t{bytes[6] >> 4});
  return {};
}
Value Uuid::binary(Interpreter& in, std::string_view op, Value other, bool reflected) {
  const Uuid* const uuid = uuid_of(other);
  if (!uuid || (op != "<" && op != ">" && op != "<=" && op != ">="))
    return {};
  const Value own = in.bytes(std::string(bytes.begin(), bytes.end()));
  const Value theirs = in.bytes(std::string(uuid->bytes.begin(), uuid->bytes.end()));
  return in.compare(op, reflected ? theirs : own, reflected ? own : theirs);
}
Truth Uuid::equals(Interpreter&, Value other) {
  const Uuid* const uuid = uuid_of(other);
  return truth_of(uuid && uuid->bytes == bytes);
}
std::optional<size_t> Uuid::hash() const { return std::hash<std::string>{}(canonical()); }
Value Uuid::repr(Interpreter& in) { return in.text(fmt::format("UUID('{}')", canonical())); }
Value Uuid::str(Interpreter& in) { return in.text(canonical()); }

const TableModule::Content kUuidModule = {"uuid", kFunctions, kTypes, kConstants};

}  // namespace retort::py
