#include "cli/config_show.h"

#include "common/json.h"
#include "common/path.h"
#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : utf8::replaced(text)) {
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else
      result += c;
  }
  return result + "\"";
}

std::string to_toml(bool value) { return value ? "true" : "false"; }
std::string to_toml(int value) { return std::to_string(value); }
std::string to_toml(const std::string& value) { return toml_string(value); }
template <class T>
std::string to_toml(const std::vector<T>& values) {
  Strings items;
  for (const T& value : values)
    items.push_back(to_toml(value));
  return "[" + join(items, ", ") + "]";
}
std::string to_toml(const Templates& templates) {
  Strings items;
  for (const auto& [key, text] : templates)
    items.push_back(key + " = " + toml_string(text));
  return items.empty() ? "{}" : "{ " + join(items, ", ") + " }";
}

// Folders as a user would type them here.
std::string shown(const std::string& folder) { return folder.empty() ? "" : shown_path(folder); }
Strings shown(Strings folders) {
  for (std::string& folder : folders)
    folder = shown_path(folder);
  return folders;
}
template <class T>
T shown(T value) {
  return value;
}

template <class Use>
void with_setting(const SettingInfo& info, const Config& config, Use use) {
  std::visit(
      [&](auto member) {
        const auto& setting = config.*member;
        if (info.holds == SettingInfo::Holds::folders)
          use(shown(setting.value), setting.origin);
        else
          use(setting.value, setting.origin);
      },
      info.member);
}

std::string to_text(const Origin& origin, const Sources& sources) {
  switch (origin.kind) {
  case Origin::Kind::default_value: return "default";
  case Origin::Kind::command_line: return "command line";
  case Origin::Kind::file:
  case Origin::Kind::env_py: break;
  }
  return fmt::format("{}:{}", sources.path(origin.at.file),
                     sources.position(origin.at.file, origin.at.span.begin).line);
}

void write(JsonWriter& json, bool value) { json.boolean(value); }
void write(JsonWriter& json, int value) { json.number(value); }
void write(JsonWriter& json, const std::string& value) { json.text(value); }
template <class T>
void write(JsonWriter& json, const std::vector<T>& values) {
  json.begin_array();
  for (const T& value : values)
    write(json, value);
  json.end_array();
}
void write(JsonWriter& json, const Templates& templates) {
  json.begin_object();
  for (const auto& [key, text] : templates)
    json.text(key, text);
  json.end_object();
}

void write(JsonWriter& json, const Origin& origin, const Sources& sources) {
  constexpr std::string_view kKinds[] = {"default", "command line", "file", "env.py"};
  json.text("origin", kKinds[static_cast<size_t>(origin.kind)]);
  if (origin.at.file == FileId::none)
    return;
  const Position at = sources.position(origin.at.file, origin.at.span.begin);
  json.text("file", sources.path(origin.at.file))
      .number("line", at.line)
      .number("column", at.column);
}

}  // namespace

std::string config_text(const Config& config, const Sources& sources, bool origin) {
  struct Line {
    std::string text, origin;
    SettingInfo::Home home;
  };
  size_t names = 0;
  for (const SettingInfo& info : settings())
    names = std::max(names, info.name.size());
  std::vector<Line> lines;
  size_t widest = 0;
  for (const SettingInfo& info : settings())
    with_setting(info, config, [&](const auto& value, const Origin& from) {
      lines.push_back({fmt::format("{:{}} = {}", info.name, names, to_toml(value)),
                       to_text(from, sources), info.home});
      widest = std::max(widest, utf8::count(lines.back().text));
    });
  // A few long lists do not push every comment off the screen.
  constexpr size_t kWidest = 64;
  widest = std::min(widest, kWidest);

  std::string text;
  for (const auto home : {SettingInfo::Home::top, SettingInfo::Home::chain}) {
    if (home == SettingInfo::Home::chain)
      text += "\n[chain]\n";
    for (const Line& line : lines) {
      if (line.home != home)
        continue;
      text += line.text;
      if (origin) {
        const size_t width = utf8::count(line.text);
        text.append(width < widest ? widest - width : 0, ' ');
        text += "  # " + line.origin;
      }
      text += '\n';
    }
  }
  return text;
}

std::string config_json(const Config& config, const Sources& sources) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.config/1");
  json.key("files").begin_array();
  for (const FileId file : config.files)
    json.text(sources.path(file));
  json.end_array();
  json.key("settings").begin_object();
  for (const SettingInfo& info : settings())
    with_setting(info, config, [&](const auto& value, const Origin& from) {
      json.key(info.name).begin_object().key("value");
      write(json, value);
      write(json, from, sources);
      json.end_object();
    });
  json.end_object().end_object();
  return json.take();
}

std::string settings_markdown() {
  const Config defaults;
  std::string text = "| setting | default | in alembic.ini | meaning |\n|---|---|---|---|\n";
  for (const SettingInfo& info : settings())
    with_setting(info, defaults, [&](const auto& value, const Origin&) {
      text += fmt::format("| `{}{}` | `{}` | {} | {} |\n",
                          info.home == SettingInfo::Home::chain ? "chain." : "", info.name,
                          to_toml(value), info.alembic == SettingInfo::Alembic::yes ? "yes" : "",
                          info.description);
    });
  return text;
}

}  // namespace retort
