// What is nearly always missing, in the room of one pointer: a statement has many parts that it
// could say, and says few of them.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace retort::forms {

// Reads as a T that is as it was made.
template <class T>
class Rare {
public:
  Rare() = default;
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  const T& get() const {
    static const T kNone{};
    return value_ ? *value_ : kNone;
  }
  operator const T&() const { return get(); }
  explicit operator bool() const requires std::is_constructible_v<bool, const T&> {
    return value_ && static_cast<bool>(*value_);
  }
  const T& operator*() const { return get(); }
  const T* operator->() const { return &get(); }
  bool operator==(const Rare& other) const requires std::equality_comparable<T> {
    return get() == other.get();
  }
  T& edit() {
    if (!value_)
      value_ = std::make_unique<T>();
    return *value_;
  }

private:
  std::unique_ptr<T> value_;
};

// Reads as a vector.
template <class T>
class Few : public Rare<std::vector<T>> {
public:
  using Base = Rare<std::vector<T>>;
  using Base::Base;

  auto begin() const { return this->get().begin(); }
  auto end() const { return this->get().end(); }
  size_t size() const { return this->get().size(); }
  bool empty() const { return this->get().empty(); }
  const T& front() const { return this->get().front(); }
  const T& back() const { return this->get().back(); }
  const T& operator[](size_t i) const { return this->get()[i]; }

  bool operator==(const Few& other) const { return this->get() == other.get(); }

  void clear() { *this = {}; }
  void push_back(T value) { this->edit().push_back(std::move(value)); }
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    return this->edit().emplace_back(std::forward<Arguments>(arguments)...);
  }
};

}  // namespace retort::forms
