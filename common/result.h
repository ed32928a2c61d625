// Values that may be missing, with the reason beside them. Shaped like std::expected, which
// libstdc++ 12 has only under C++23.
#pragma once

#include <utility>
#include <variant>

namespace retort {

template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

template <class T, class E>
class [[nodiscard]] Expected {
public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(Unexpected<E> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  E& error() { return std::get<1>(state_); }
  const E& error() const { return std::get<1>(state_); }

private:
  std::variant<T, E> state_;
};

class Diagnostics;

// Proof that a diagnostic was reported: only Diagnostics makes one.
class Failed {
  friend class Diagnostics;
  Failed() = default;
};

struct Nothing {};
template <class T = Nothing>
using Result = Expected<T, Failed>;

}  // namespace retort

// The value of a Result, or return its failure from the enclosing function.
#define TRY(expression)                                                                            \
  __extension__({                                                                                  \
    auto try_result = (expression);                                                                \
    if (!try_result)                                                                               \
      return ::retort::Unexpected{std::move(try_result.error())};                                  \
    *std::move(try_result);                                                                        \
  })
