// random and secrets: with stand-ins the values are made from the revision, so that it compiles to
// the same text each time; without them they are unknown.
#include "common/sha256.h"
#include "compiler/python/stdlib/codecs.h"
#include "compiler/python/stdlib/modules.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

Value unknown_value(Interpreter& in, std::string_view what) {
  return in.unknown(Cause::Kind::random, fmt::format("`{}()` is random", what));
}

// One of the values that follow from the revision.
class Chance {
public:
  Chance(Interpreter& in, std::string_view what) : in_(in), what_(what) {
    if (in.stand_ins && !in.stand_ins->seeded)
      in.notice("random", in.here(),
                fmt::format("`{}()` is random: a value made from the revision stands for it", what));
  }
  // A generator that the author seeded gives what Python's own one gives.
  bool known() const { return in_.stand_ins && !in_.stand_ins->seeded; }
  Value unknown() const {
    if (in_.stand_ins)
      return in_.unknown(Cause::Kind::unsupported,
                         fmt::format("`{}()` after `seed()` is not interpreted", what_));
    return unknown_value(in_, what_);
  }
  uint64_t bits() const {
    const std::string digits =
        sha256(fmt::format("{} random {}", in_.stand_ins->seed, in_.stand_ins->made++));
    return std::stoull(digits.substr(0, 16), nullptr, 16);
  }
  size_t below(size_t count) const { return static_cast<size_t>(bits() % count); }
  double fraction() const { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  std::string bytes(size_t count) const {
    std::string out;
    while (out.size() < count) {
      const uint64_t more = bits();
      for (size_t i = 0; i < 8 && out.size() < count; ++i)
        out += static_cast<char>((more >> (8 * i)) & 0xff);
    }
    return out;
  }

private:
  Interpreter& in_;
  std::string_view what_;
};

Value fraction(Interpreter& in, const Args&) {
  const Chance chance(in, "random");
  return chance.known() ? Value::of(chance.fraction()) : chance.unknown();
}

Value uniform(Interpreter& in, const Args& args) {
  const Chance chance(in, "uniform");
  if (!chance.known())
    return chance.unknown();
  if (!args[0].is_number() || !args[1].is_number())
    return in.undecided(args[0], args[1]);
  const double from = args[0].floating();
  return Value::of(from + (args[1].floating() - from) * chance.fraction());
}

Value between(Interpreter& in, const Chance& chance, int64_t first, int64_t last) {
  if (!chance.known())
    return chance.unknown();
  if (first > last)
    return in.raise("ValueError", "empty range for randrange()");
  const uint64_t count = static_cast<uint64_t>(last) - static_cast<uint64_t>(first) + 1;
  return Value::of(static_cast<int64_t>(
      static_cast<uint64_t>(first) + (count == 0 ? chance.bits() : chance.bits() % count)));
}

Value randint(Interpreter& in, const Args& args) {
  int64_t first = 0;
  int64_t last = 0;
  Value problem;
  if (!in.index(args[0], first, problem) || !in.index(args[1], last, problem))
    return problem;
  return between(in, Chance(in, "randint"), first, last);
}

Value randrange(Interpreter& in, const Args& args) {
  int64_t start = 0;
  int64_t stop = 0;
  Value problem;
  if (args[2])
    return in.unknown(Cause::Kind::unsupported, "randrange() with a step is not interpreted");
  if (!in.index(args[0], start, problem) || (args[1] && !in.index(args[1], stop, problem)))
    return problem;
  if (!args[1])
    std::swap(start, stop);
  if (start >= stop)
    return in.raise("ValueError", "empty range for randrange()");
  return between(in, Chance(in, "randrange"), start, stop - 1);
}

Value randbelow(Interpreter& in, const Args& args) {
  int64_t stop = 0;
  Value problem;
  if (!in.index(args[0], stop, problem))
    return problem;
  if (stop <= 0)
    return in.raise("ValueError", "Upper bound must be positive.");
  return between(in, Chance(in, "randbelow"), 0, stop - 1);
}

Value randbits(Interpreter& in, const Args& args) {
  int64_t count = 0;
  Value problem;
  if (!in.index(args[0], count, problem))
    return problem;
  const Chance chance(in, "getrandbits");
  if (count < 0 || count > 62)
    return in.unknown(Cause::Kind::number, "this integer is beyond 64 bits");
  return between(in, chance, 0, (int64_t{1} << count) - 1);
}

Value choice(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  if (!in.collect(args[0], items, problem))
    return problem;
  if (items.empty())
    return in.raise("IndexError", "Cannot choose from an empty sequence");
  const Chance chance(in, "choice");
  return chance.known() ? items[chance.below(items.size())] : chance.unknown();
}

Value choices(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  int64_t count = 0;
  Value problem;
  if (!in.collect(args[0], items, problem) || !in.index(args[3], count, problem))
    return problem;
  if (!args[1].is_none() || !args[2].is_none())
    return in.unknown(Cause::Kind::unsupported, "choices() with weights is not interpreted");
  if (items.empty())
    return in.raise("IndexError", "list index out of range");
  const Chance chance(in, "choices");
  if (!chance.known())
    return chance.unknown();
  std::vector<Value> chosen;
  for (int64_t i = 0; i < count && in.step(); ++i)
    chosen.push_back(items[chance.below(items.size())]);
  return in.list(std::move(chosen));
}

void mix(const Chance& chance, std::vector<Value>& items) {
  for (size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[chance.below(i)]);
}

Value sample(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  int64_t count = 0;
  Value problem;
  if (!in.collect(args[0], items, problem) || !in.index(args[1], count, problem))
    return problem;
  if (count < 0 || static_cast<size_t>(count) > items.size())
    return in.raise("ValueError", "Sample larger than population or is negative");
  const Chance chance(in, "sample");
  if (!chance.known())
    return chance.unknown();
  mix(chance, items);
  items.resize(static_cast<size_t>(count));
  return in.list(std::move(items));
}

// shuffle(x) changes its argument.
Value shuffle(Interpreter& in, const Args& args) {
  const Chance chance(in, "shuffle");
  List* const list = in.plain(args[0]).as<List>();
  if (!chance.known() || !list) {
    if (Object* const object = args[0].object())
      in.lose(object, (chance.known() ? unknown_value(in, "shuffle") : chance.unknown())
                          .object()
                          ->cause);
    return Value::none();
  }
  in.touch(list);
  mix(chance, list->items);
  return Value::none();
}

Value seed(Interpreter& in, const Args& args) {
  if (in.stand_ins)
    in.stand_ins->seeded = !args[0].is_none();
  return Value::none();
}

Value unsupported(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::random, "this value is random");
}

Value token(Interpreter& in, const Args& args, std::string_view what, std::string& bytes) {
  int64_t size = 32;
  Value problem;
  if (!args[0].is_none() && !in.index(args[0], size, problem))
    return problem;
  if (size < 0 || size > 10'000)
    return in.unknown(Cause::Kind::unsupported, "a token of this length is not interpreted");
  const Chance chance(in, what);
  if (!chance.known())
    return chance.unknown();
  bytes = chance.bytes(static_cast<size_t>(size));
  return Value::none();
}
Value token_bytes(Interpreter& in, const Args& args) {
  std::string bytes;
  const Value made = token(in, args, "token_bytes", bytes);
  return made.is_none() ? in.bytes(std::move(bytes)) : made;
}
Value token_hex(Interpreter& in, const Args& args) {
  std::string bytes;
  const Value made = token(in, args, "token_hex", bytes);
  return made.is_none() ? in.text(hexadecimal(bytes)) : made;
}
Value token_urlsafe(Interpreter& in, const Args& args) {
  std::string bytes;
  const Value made = token(in, args, "token_urlsafe", bytes);
  if (!made.is_none())
    return made;
  std::string text = base64(bytes, true);
  while (text.ends_with('='))
    text.pop_back();
  return in.text(text);
}

constexpr NativeRow kRandom[] = {
    {"random", "", fraction},
    {"uniform", "a, b", uniform},
    {"randint", "a, b", randint},
    {"randrange", "start, stop=?, step=?", randrange},
    {"getrandbits", "k", randbits},
    {"choice", "seq", choice},
    {"choices", "population, weights=None, *, cum_weights=None, k=1", choices},
    {"sample", "population, k, *, counts=None", sample},
    {"shuffle", "x", shuffle},
    {"seed", "a=None, version=2", seed},
    {"gauss", "*args, **options", unsupported},
    {"normalvariate", "*args, **options", unsupported},
    {"triangular", "*args, **options", unsupported},
    {"betavariate", "*args, **options", unsupported},
    {"expovariate", "*args, **options", unsupported},
    {"randbytes", "n", token_bytes},
};

// Random() and SystemRandom().
struct Generator : Foreign {
  std::string_view type_name() const override { return "Random"; }
  Value get(Interpreter& in, std::string_view name) override {
    const NativeRow* const row = find_row(kRandom, name);
    return row ? in.native(*row) : Value();
  }
};
Value generator(Interpreter& in, const Args& args) {
  if (!args[0].is_none())
    return in.unknown(Cause::Kind::unsupported, "a seeded generator is not interpreted");
  return in.make<Generator>();
}

constexpr ConstantRow kRandomConstants[] = {
    {"SystemRandom",
     [](Interpreter& in) {
       static constexpr NativeRow kRow = {"SystemRandom", "x=None", generator};
       return in.native(kRow);
     }},
    {"Random",
     [](Interpreter& in) {
       static constexpr NativeRow kRow = {"Random", "x=None", generator};
       return in.native(kRow);
     }},
};
constexpr NativeRow kSecrets[] = {
    {"token_bytes", "nbytes=None", token_bytes},
    {"token_hex", "nbytes=None", token_hex},
    {"token_urlsafe", "nbytes=None", token_urlsafe},
    {"choice", "seq", choice},
    {"randbelow", "n", randbelow},
    {"randbits", "k", randbits},
};

}  // namespace

const TableModule::Content kRandomModule = {"random", kRandom, {}, kRandomConstants};
const TableModule::Content kSecretsModule = {"secrets", kSecrets, {}, {}};

}  // namespace retort::py
