// Writes JSON text. Keys and structure are the caller's; text that is not UTF-8 is made so.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class JsonWriter {
public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // a value that somebody has written already

  // The usual pairs in one call.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& number(std::string_view name, int64_t value) { return key(name).number(value); }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& texts(std::string_view name, const std::vector<std::string>& values);

  std::string take();  // what was written, with a final line feed

private:
  struct State;
  std::unique_ptr<State> state_;
};

// A value of a document that was read. What is not there, or is of another kind, reads as nothing:
// an empty text, 0, false, no elements.
class JsonValue {
public:
  JsonValue() = default;

  bool exists() const { return value_ != nullptr; }  // null does not
  bool is_object() const;
  bool is_array() const;
  bool is_text() const;
  bool is_number() const;
  JsonValue operator[](std::string_view key) const;
  JsonValue operator[](size_t element) const;
  size_t size() const;  // of an array
  std::string_view text() const;
  int64_t number(int64_t otherwise = 0) const;
  bool boolean(bool otherwise = false) const;
  std::string json() const;  // as text again

private:
  friend class JsonDocument;
  explicit JsonValue(const void* value) : value_(value) {}
  const void* value_ = nullptr;
};

class JsonDocument {
public:
  explicit JsonDocument(std::string_view text);
  ~JsonDocument();
  JsonDocument(JsonDocument&& other) noexcept;
  JsonDocument& operator=(JsonDocument&& other) noexcept;

  bool valid() const;  // it was JSON
  JsonValue root() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

// The texts, numbers and booleans at a place in a JSON text, as text: one, or those of an array.
// Nothing where the text is no JSON, or has no such place.
std::vector<std::string> json_texts(std::string_view json,
                                    std::initializer_list<std::string_view> keys);

}  // namespace retort
