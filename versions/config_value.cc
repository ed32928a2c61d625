#include "versions/config_value.h"

#include "common/text.h"
#include "versions/config_paths.h"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <optional>

namespace retort {
namespace {

std::optional<int> to_int(std::string_view text) {
  int number = 0;
  text = trim(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

class FromToml {
public:
  explicit FromToml(const ValueContext& context) : context_(context) {}

  Result<bool> get(const Toml& value, bool) {
    if (value.kind != Toml::Kind::boolean)
      return wrong_type(value, "a boolean");
    return value.number != 0;
  }
  Result<int> get(const Toml& value, int) {
    // Alembic hands what stands here to Python's int().
    if (value.kind == Toml::Kind::string && !context_.source.is_own())
      if (const std::optional<int> number = to_int(value.text))
        return *number;
    if (value.kind != Toml::Kind::integer)
      return wrong_type(value, "an integer");
    if (value.number < INT32_MIN || value.number > INT32_MAX)
      return context_.diagnostics.fail("config/value", "", value.at, "number is out of range");
    return static_cast<int>(value.number);
  }
  Result<std::string> get(const Toml& value, const std::string&) {
    if (value.kind != Toml::Kind::string)
      return wrong_type(value, "a string");
    const bool folder = context_.info.holds == SettingInfo::Holds::folders;
    std::string text = value.text;
    if (!context_.source.is_own())
      text = TRY(formatted(value));
    else if (folder)
      text = TRY(with_here(value));
    if (folder && !text.empty() && !is_in_package(text))
      text = resolve_folder(context_.disk, text, context_.source.bases);
    return text;
  }
  template <class T>
  Result<std::vector<T>> get(const Toml& value, const std::vector<T>&) {
    constexpr bool kNumbers = std::is_same_v<T, int>;
    constexpr auto kItem = kNumbers ? Toml::Kind::integer : Toml::Kind::string;
    constexpr std::string_view kWanted = kNumbers ? "an array of integers" : "an array of strings";
    if (value.kind != Toml::Kind::array)
      return wrong_type(value, kWanted);
    std::vector<T> items;
    for (const Toml& item : value.items) {
      if (item.kind != kItem)
        return wrong_type(item, kWanted);
      items.push_back(TRY(get(item, T{})));
    }
    return items;
  }
  Result<Templates> get(const Toml& value, const Templates&) {
    if (value.kind != Toml::Kind::table)
      return wrong_type(value, "a table");
    Templates templates;
    for (const TomlEntry& entry : value.entries)
      templates[entry.key] = TRY(get(entry.value, std::string{}));
    return templates;
  }

private:
  Unexpected<Failed> wrong_type(const Toml& value, std::string_view wanted) {
    return context_.diagnostics.fail("config/type", "", value.at,
                                     fmt::format("`{}` must be {}; this is {}", context_.info.name,
                                                 wanted, to_string(value.kind)));
  }

  Unexpected<Failed> refuse(const Toml& value, std::string_view name) {
    Diagnostic failure{"config/value", "substitution", Level::error, value.at, {}, {}, {}};
    failure.message = fmt::format("value of `{}`: `{}` is not known, only `%(here)s` is",
                                  context_.info.name, name);
    failure.note("environment variables are not read: write the value out");
    return context_.diagnostics.fail(std::move(failure));
  }

  // [tool.alembic]: Python's % operator with `here` as the only name.
  Result<std::string> formatted(const Toml& value) {
    std::string result;
    std::string_view rest = value.text;
    while (!rest.empty()) {
      const size_t percent = std::min(rest.find('%'), rest.size());
      result += rest.substr(0, percent);
      rest.remove_prefix(percent);
      if (rest.starts_with("%%")) {
        result += '%';
        rest.remove_prefix(2);
      } else if (rest.starts_with("%(here)s")) {
        result += context_.source.folder;
        rest.remove_prefix(8);
      } else if (!rest.empty()) {
        if (rest.starts_with("%(") && rest.find(')') != std::string_view::npos)
          return refuse(value, rest.substr(0, std::min(rest.size(), rest.find(')') + 2)));
        return context_.diagnostics.fail(
            "config/value", "substitution", value.at,
            fmt::format("value of `{}`: a percent sign stands alone: write `%%`",
                        context_.info.name));
      }
    }
    return result;
  }

  // retort's own files: `%(here)s` in folders, and nothing that looks like a variable.
  Result<std::string> with_here(const Toml& value) {
    std::string text = value.text;
    for (size_t at = 0; (at = text.find("%(here)s", at)) != std::string::npos;
         at += context_.source.folder.size())
      text.replace(at, 8, context_.source.folder);
    for (const auto& [open, close] : {std::pair{"%(", ')'}, std::pair{"${", '}'}}) {
      const std::string_view left = value.text;
      for (size_t at = left.find(open); at != std::string_view::npos;
           at = left.find(open, at + 1)) {
        const size_t end = left.find(close, at);
        if (end != std::string_view::npos && left.substr(at, 8) != "%(here)s")
          return refuse(value, left.substr(at, end - at + (close == ')' ? 2 : 1)));
      }
    }
    return text;
  }

  const ValueContext& context_;
};

class FromIni {
public:
  explicit FromIni(const ValueContext& context) : context_(context) {}

  // Alembic compares with `true`, but for revision_environment, where it knows more words.
  Result<bool> get(const IniValue& value, bool) {
    const std::string word = lower(trim(value.text));
    const bool like_true = is_one_of(word, {"true", "yes", "on", "y", "t", "1"});
    if (context_.info.name == "revision_environment") {
      if (like_true || is_one_of(word, {"false", "no", "off", "n", "f", "0"}))
        return like_true;
      return wrong(value, "is neither true nor false");
    }
    if (like_true && value.text != "true")
      context_.diagnostics.report(
          Level::warning, "config/value", "boolean", value.at,
          fmt::format("`{}` counts as false here, as in Alembic: only `true` is true", value.text));
    return value.text == "true";
  }
  Result<int> get(const IniValue& value, int) {
    if (const std::optional<int> number = to_int(value.text))
      return *number;
    return wrong(value, "is no number");
  }
  Result<std::string> get(const IniValue& value, const std::string&) {
    const bool folder = context_.info.holds == SettingInfo::Holds::folders;
    if (!folder || value.text.empty() || is_in_package(value.text))
      return value.text;
    return resolve_folder(context_.disk, value.text, context_.source.bases);
  }
  Result<Strings> get(const IniValue& value, const Strings&) {
    const bool versions = context_.info.name == "version_locations";
    const std::string separator = TRY(path_separator(versions));
    if (separator.empty() && trim(value.text).find('\n') != std::string_view::npos)
      context_.diagnostics.report(
          Level::warning, "config/value", "separator", value.at,
          fmt::format("`{}` spans lines but `path_separator` is not set: Alembic takes the lines "
                      "for one path",
                      context_.info.name));
    Strings folders = split_paths(value.text, separator, versions ? ", " : ", :");
    for (std::string& folder : folders)
      if (!is_in_package(folder))
        folder = resolve_folder(context_.disk, folder, context_.source.bases);
    return folders;
  }
  template <class T>
  Result<T> get(const IniValue& value, const T&) {
    return wrong(value, "cannot be set in an ini file");
  }

private:
  Unexpected<Failed> wrong(const IniValue& value, std::string_view what) {
    return context_.diagnostics.fail(
        "config/value", "", value.at,
        fmt::format("value of `{}`: `{}` {}", context_.info.name, value.text, what));
  }

  // The old name serves version_locations only, and only where the new one is absent.
  Result<std::string> path_separator(bool versions) {
    const auto& setting = context_.config.path_separator;
    if (!setting.is_default() || !versions)
      return setting.value;
    const auto old = TRY(context_.source.ini.get(context_.diagnostics, context_.config.section,
                                                 "version_path_separator"));
    if (!old)
      return std::string{};
    if (!is_one_of(old->text, {"os", ":", ";", "space", "newline"}))
      return context_.diagnostics.fail(
          "config/value", "", old->at,
          fmt::format("`{}` is no separator: `os`, `:`, `;`, `space` and `newline` are",
                      old->text));
    return old->text;
  }

  const ValueContext& context_;
};

template <class Reader, class Value>
Result<> set_from(const ValueContext& context, const Value& value, Config& config) {
  const auto set = [&](auto member) -> Result<> {
    auto& setting = config.*member;
    setting.value = TRY(Reader(context).get(value, setting.value));
    setting.origin = {Origin::Kind::file, value.at};
    return Nothing{};
  };
  TRY(std::visit(set, context.info.member));
  if (std::string problem = problem_of(context.info, config); !problem.empty())
    return context.diagnostics.fail("config/value", "", value.at, std::move(problem));
  return Nothing{};
}

}  // namespace

Result<> set_from_toml(const ValueContext& context, const Toml& value, Config& config) {
  return set_from<FromToml>(context, value, config);
}

Result<> set_from_ini(const ValueContext& context, const IniValue& value, Config& config) {
  return set_from<FromIni>(context, value, config);
}

}  // namespace retort
