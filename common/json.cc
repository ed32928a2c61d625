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

JsonWriter& JsonWriter::raw(std::string_view json) {
  state_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
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

static const rapidjson::Value* member(const rapidjson::Value& object, std::string_view key) {
  if (!object.IsObject())
    return nullptr;
  const auto found =
      object.FindMember(rapidjson::Value(key.data(), static_cast<rapidjson::SizeType>(key.size())));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

static const rapidjson::Value& value_of(const void* value) {
  static const rapidjson::Value kNothing;
  return value ? *static_cast<const rapidjson::Value*>(value) : kNothing;
}

static const void* unless_null(const rapidjson::Value* value) {
  return value && !value->IsNull() ? value : nullptr;
}

bool JsonValue::is_object() const { return value_of(value_).IsObject(); }
bool JsonValue::is_array() const { return value_of(value_).IsArray(); }
bool JsonValue::is_text() const { return value_of(value_).IsString(); }
bool JsonValue::is_number() const { return value_of(value_).IsNumber(); }

JsonValue JsonValue::operator[](std::string_view key) const {
  return JsonValue(unless_null(member(value_of(value_), key)));
}

JsonValue JsonValue::operator[](size_t element) const {
  return element < size()
             ? JsonValue(unless_null(&value_of(value_)[static_cast<rapidjson::SizeType>(element)]))
             : JsonValue();
}

size_t JsonValue::size() const { return is_array() ? value_of(value_).Size() : 0; }

std::string_view JsonValue::text() const {
  const rapidjson::Value& value = value_of(value_);
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength())
                          : std::string_view();
}

int64_t JsonValue::number(int64_t otherwise) const {
  const rapidjson::Value& value = value_of(value_);
  if (value.IsInt64())
    return value.GetInt64();
  // Whole numbers beyond that, and fractions, mean nothing where one is asked for.
  return otherwise;
}

bool JsonValue::boolean(bool otherwise) const {
  const rapidjson::Value& value = value_of(value_);
  return value.IsBool() ? value.GetBool() : otherwise;
}

std::string JsonValue::json() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value_of(value_).Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::State {
  rapidjson::Document document;
};

// Without recursion: a nested text must not end us.
JsonDocument::JsonDocument(std::string_view text) : state_(std::make_unique<State>()) {
  state_->document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&& other) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&& other) noexcept = default;

bool JsonDocument::valid() const { return !state_->document.HasParseError(); }
JsonValue JsonDocument::root() const {
  return JsonValue(valid() ? unless_null(&state_->document) : nullptr);
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
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError())
    return {};
  const rapidjson::Value* value = &document;
  for (const std::string_view key : keys)
    if (value = member(*value, key); !value)
      return {};
  std::vector<std::string> texts;
  if (value->IsArray())
    for (const rapidjson::Value& each : value->GetArray())
      texts.push_back(scalar(each));
  else
    texts.push_back(scalar(*value));
  return texts;
}

}  // namespace retort
