// Modules that reach for the machine: everything they know stays unknown, with its cause.
#include "compiler/python/stdlib/modules.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

// --- os -----------------------------------------------------------------------------------------

Value variable(Interpreter& in, Value name) {
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, name, text, problem))
    return problem;
  if (const Value given = in.given("os.environ." + text->text))
    return given;
  const Value value = in.unknown(
      Cause::Kind::environment, fmt::format("environment variable `{}`", text->text),
      fmt::format("set `{}` below `[environment]` in retort.toml, or give `--env {}=VALUE`",
                  text->text, text->text));
  // It may name the function that runs.
  static_cast<Unknown*>(value.object())->foreign = true;
  return value;
}

Value getenv(Interpreter& in, const Args& args) { return variable(in, args[0]); }

struct Environment : Foreign {
  std::string_view type_name() const override { return "environ"; }
  Value get(Interpreter& in, std::string_view name) override {
    static constexpr NativeRow kGet = {"get", "key, default=None", getenv};
    if (name == "get")
      return in.native(kGet);
    return in.unknown(Cause::Kind::environment, "the environment is not read");
  }
  Value subscript(Interpreter& in, Value key) override { return variable(in, key); }
  bool set_item(Interpreter&, Value, Value) override { return true; }
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override {
    if (op != "in" || !reflected)
      return {};
    const Value known = variable(in, other);
    return known && !known.is_unknown() ? Value::of(true) : known;
  }
  Truth truth(Interpreter&) override { return Truth::yes; }
};

Value outside(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::outside, "the machine is not asked");
}

constexpr NativeRow kOsFunctions[] = {
    {"getenv", "key, default=None", getenv},
    {"getcwd", "", outside},
    {"listdir", "*args", outside},
    {"walk", "*args", outside},
    {"system", "*args", outside},
    {"popen", "*args", outside},
    {"urandom", "size",
     [](Interpreter& in, const Args&) -> Value {
       return in.unknown(Cause::Kind::random, "`os.urandom()` is random");
     }},
};
constexpr ConstantRow kOsConstants[] = {
    {"environ", [](Interpreter& in) -> Value { return in.make<Environment>(); }},
    {"sep", [](Interpreter& in) { return in.text("/"); }},
    {"linesep", [](Interpreter& in) { return in.text("\n"); }},
    {"path", [](Interpreter& in) { return in.import("os.path", in.here()); }},
};

// --- os.path, on known text ---------------------------------------------------------------------

bool path_of(Interpreter& in, Value value, std::string& path, Value& problem) {
  const Str* text = nullptr;
  if (!text_of(in, value, text, problem))
    return false;
  path = text->text;
  return true;
}

Value join(Interpreter& in, const Args& args) {
  std::string path;
  Value problem;
  bool first = true;
  for (const Value part : args[0].as<Tuple>()->items) {
    std::string next;
    if (!path_of(in, part, next, problem))
      return problem;
    if (std::exchange(first, false) || next.starts_with('/'))
      path = next;
    else
      path += (path.empty() || path.ends_with('/') ? "" : "/") + next;
  }
  return in.text(path);
}

std::pair<std::string, std::string> split_path(const std::string& path) {
  const size_t slash = path.rfind('/') + 1;
  std::string head = path.substr(0, slash);
  if (head.find_first_not_of('/') != head.npos)
    head.resize(head.find_last_not_of('/') + 1);
  return {head, path.substr(slash)};
}

Value split(Interpreter& in, const Args& args) {
  std::string path;
  Value problem;
  if (!path_of(in, args[0], path, problem))
    return problem;
  const auto [head, tail] = split_path(path);
  return in.tuple({in.text(head), in.text(tail)});
}
Value basename(Interpreter& in, const Args& args) {
  std::string path;
  Value problem;
  return path_of(in, args[0], path, problem) ? in.text(split_path(path).second) : problem;
}
Value dirname(Interpreter& in, const Args& args) {
  std::string path;
  Value problem;
  return path_of(in, args[0], path, problem) ? in.text(split_path(path).first) : problem;
}
Value splitext(Interpreter& in, const Args& args) {
  std::string path;
  Value problem;
  if (!path_of(in, args[0], path, problem))
    return problem;
  const size_t start = path.rfind('/') + 1;
  const size_t name = std::min(path.find_first_not_of('.', start), path.size());
  const size_t dot = path.rfind('.');
  const size_t cut = dot == path.npos || dot < name ? path.size() : dot;
  return in.tuple({in.text(path.substr(0, cut)), in.text(path.substr(cut))});
}

constexpr NativeRow kPathFunctions[] = {
    {"join", "*parts", join},      {"split", "path", split},        {"basename", "path", basename},
    {"dirname", "path", dirname},  {"splitext", "path", splitext},  {"exists", "path", outside},
    {"isfile", "path", outside},   {"isdir", "path", outside},      {"abspath", "path", outside},
    {"realpath", "path", outside}, {"expanduser", "path", outside},
};
constexpr ConstantRow kPathConstants[] = {
    {"sep", [](Interpreter& in) { return in.text("/"); }},
};

// --- time, sys, pathlib -----------------------------------------------------------------

Value clock(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::clock, "the clock is not asked");
}
Value seconds(Interpreter& in, const Args& args) {
  if (!in.stand_ins)
    return clock(in, args);
  in.notice("clock", in.here(),
            "`time()` asks the clock: the time when the revision was created stands for it");
  return Value::of(static_cast<double>(in.stand_ins->now) / 1e6);
}
Value nothing(Interpreter&, const Args&) { return Value::none(); }
constexpr NativeRow kTimeFunctions[] = {
    {"time", "", seconds},         {"monotonic", "", clock},      {"perf_counter", "", clock},
    {"time_ns", "", clock},        {"sleep", "seconds", nothing}, {"strftime", "*args", clock},
    {"localtime", "*args", clock}, {"gmtime", "*args", clock},
};
Value silent(Interpreter& in) {
  return in.unknown(Cause::Kind::cosmetic, "output streams are not interpreted");
}
constexpr ConstantRow kSysConstants[] = {
    {"stdout", silent},
    {"stderr", silent},
    {"maxsize", [](Interpreter&) { return Value::of(INT64_MAX); }},
};
constexpr NativeRow kSysFunctions[] = {
    {"exit", "code=None",
     [](Interpreter& in, const Args& args) -> Value { return in.raise("SystemExit", args[0]); }},
};
constexpr NativeRow kPathlibFunctions[] = {
    {"Path", "*parts", outside},
    {"PurePath", "*parts", outside},
    {"PosixPath", "*parts", outside},
};

}  // namespace

const TableModule::Content kOsModule = {"os", kOsFunctions, {}, kOsConstants};
const TableModule::Content kOsPathModule = {"os.path", kPathFunctions, {}, kPathConstants};
const TableModule::Content kTimeModule = {"time", kTimeFunctions, {}, {}};
const TableModule::Content kSysModule = {"sys", kSysFunctions, {}, kSysConstants};
const TableModule::Content kPathlibModule = {"pathlib", kPathlibFunctions, {}, {}};

}  // namespace retort::py
