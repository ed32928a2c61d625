#include "versions/given.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kTables[] = {"values", "environment", "arguments", "x", "operations"};
constexpr std::vector<GivenValue> Given::*kMembers[] = {
    &Given::values, &Given::environment, &Given::arguments, &Given::x, &Given::operations};

// What the words of a table may be.
enum class Holds : uint8_t { anything, text };
constexpr Holds kHolds[] = {Holds::anything, Holds::text, Holds::anything, Holds::text,
                            Holds::text};

bool has(const std::vector<GivenValue>& values, std::string_view name) {
  return std::any_of(values.begin(), values.end(),
                     [&](const GivenValue& known) { return known.name == name; });
}

// `app.settings.load().SCHEMA`, `decouple.config('SCHEMA')`: what may stand in parentheses is any.
bool is_dotted(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.back() == '.')
    return false;
  int depth = 0;
  bool dot = false;
  for (const char c : name) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth < 0 || (dot && c == '.' && depth == 0))
      return false;
    dot = c == '.' && depth == 0;
  }
  return depth == 0;
}

class Reader {
public:
  Reader(Diagnostics& diagnostics, std::vector<GivenValue>& all, std::string_view table,
         Holds holds)
      : diagnostics_(diagnostics), all_(all), table_(table), holds_(holds) {}

  // A table that is not in braces is a part of the name, so that quotes may be left out.
  void read(const Toml& table, const std::string& prefix) {
    for (const TomlEntry& entry : table.entries) {
      const std::string name = prefix + entry.key;
      const bool part =
          table_ == "values" && entry.value.kind == Toml::Kind::table && !entry.value.compact;
      if (part)
        read(entry.value, name + ".");
      else if (table_ == "values" && !is_dotted(name))
        diagnostics_.report(Level::error, "config/value", "name", entry.key_at,
                            fmt::format("`{}` is no dotted name", name));
      else if (holds_ == Holds::text && entry.value.kind != Toml::Kind::string)
        diagnostics_.report(
            Level::error, "config/type", "", entry.value.at,
            fmt::format("`{}` must be a string, not {}", name, to_string(entry.value.kind)));
      else if (!has(all_, name))
        all_.push_back({name, entry.key_at, entry.value});
    }
  }

private:
  Diagnostics& diagnostics_;
  std::vector<GivenValue>& all_;
  std::string_view table_;
  Holds holds_;
};

}  // namespace

std::span<const std::string_view> given_tables() { return kTables; }

Result<Given> read_given(Diagnostics& diagnostics, std::span<const Toml* const> files) {
  Given given;
  Diagnostics found;
  for (const Toml* const file : files)
    for (size_t i = 0; i < std::size(kTables); ++i) {
      const TomlEntry* const entry = file->find(kTables[i]);
      if (!entry)
        continue;
      if (entry->value.kind != Toml::Kind::table)
        found.report(
            Level::error, "config/type", "", entry->value.at,
            fmt::format("`{}` must be a table, not {}", kTables[i], to_string(entry->value.kind)));
      else
        Reader(found, given.*kMembers[i], kTables[i], kHolds[i]).read(entry->value, "");
    }
  const bool wrong = found.has_errors();
  diagnostics.append(std::move(found));
  if (wrong)
    return diagnostics.failed();
  return given;
}

void set_given(std::vector<GivenValue>& values, std::string_view assignment) {
  const size_t equals = std::min(assignment.find('='), assignment.size());
  GivenValue given;
  given.name = assignment.substr(0, equals);
  given.value.kind = Toml::Kind::string;
  given.value.text = assignment.substr(std::min(equals + 1, assignment.size()));
  std::erase_if(values, [&](const GivenValue& known) { return known.name == given.name; });
  values.push_back(std::move(given));
}

}  // namespace retort
