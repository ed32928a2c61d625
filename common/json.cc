#include "common/json.h"

#include "common/utf8.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace retort {

struct JsonWriter::State {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  state_->writer.StartObject();
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  state_->writer.EndObject();
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  state_->writer.StartArray();
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  state_->writer.EndArray();
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  state_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
  const bool valid = utf8::first_invalid(value) == std::string_view::npos;
  const std::string repaired = valid ? std::string() : utf8::replaced(value);
  if (!valid)
    value = repaired;
  // RapidJSON wants a pointer even for no characters.
  state_->writer.String(value.empty() ? "" : value.data(),
                        static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}
JsonWriter& JsonWriter::number(int64_t value) {
  state_->writer.Int64(value);
  return *this;
}
JsonWriter& JsonWriter::boolean(bool value) {
  state_->writer.Bool(value);
  return *this;
}
JsonWriter& JsonWriter::null() {
  state_->writer.Null();
  return *this;
}

JsonWriter& JsonWriter::texts(std::string_view name, const std::vector<std::string>& values) {
  key(name).begin_array();
  for (const std::string& value : values)
    text(value);
  return end_array();
}

std::string JsonWriter::take() {
  std::string result(state_->buffer.GetString(), state_->buffer.GetSize());
  result += '\n';
  return result;
}

static std::string scalar(const rapidjson::Value& value) {
  if (value.IsString())
    return {value.GetString(), value.GetStringLength()};
  if (value.IsBool())
    return value.GetBool() ? "true" : "false";
  if (value.IsInt64())
    return std::to_string(value.GetInt64());
  return {};
}

std::vector<std::string> json_texts(std::string_view json,
                                    std::initializer_list<std::string_view> keys) {
  rapidjson::Document document;
  // Without recursion: a nested text must not end us.
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError())
    return {};
  const rapidjson::Value* value = &document;
  for (const std::string_view key : keys) {
    if (!value->IsObject())
      return {};
    const auto member = value->FindMember(
        rapidjson::Value(key.data(), static_cast<rapidjson::SizeType>(key.size())));
    if (member == value->MemberEnd())
      return {};
    value = &member->value;
  }
  std::vector<std::string> texts;
  if (value->IsArray())
    for (const rapidjson::Value& each : value->GetArray())
      texts.push_back(scalar(each));
  else
    texts.push_back(scalar(*value));
  return texts;
}

}  // namespace retort
