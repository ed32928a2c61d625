// What the files of the interpreter share among themselves; nobody else includes this.
#pragma once

#include "compiler/python/interpreter.h"

namespace retort::py {

// A call, or a module that is being run.
struct Interpreter::Frame {
  Function* function = nullptr;
  Module* module = nullptr;
  Class* class_ = nullptr;  // whose body is running
  Value self;               // first argument, for super()
};

// A call whose body runs at this moment.
struct Interpreter::Running {
  const Function* function = nullptr;
  Running* outer = nullptr;
  size_t undecided = 0;  // branches that may not happen, around the call
  size_t effects = 0;    // what operations had done when it began
  bool endless = false;  // how often it calls itself is not known
};

// Runs in another scope until the end of the block.
struct Interpreter::Guard {
  Guard(Interpreter& in, Scope* scope, Frame* frame = nullptr)
      : in_(in), scope_(in.scope_), frame_(in.frame_) {
    in.scope_ = scope;
    if (frame)
      in.frame_ = frame;
  }
  ~Guard() {
    in_.scope_ = scope_;
    in_.frame_ = frame_;
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

private:
  Interpreter& in_;
  Scope* scope_;
  Frame* frame_;
};

// Sets a value for the length of a block.
template <class T>
struct Restore {
  explicit Restore(T& place) : place_(place), old_(place) {}
  Restore(T& place, T value) : place_(place), old_(std::exchange(place, std::move(value))) {}
  ~Restore() { place_ = std::move(old_); }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

private:
  T& place_;
  T old_;
};

// What can be changed back: the objects that a trial changed, as they were before.
struct Interpreter::Trial {
  struct Saved {
    Object* object;
    std::unique_ptr<Object> before;
    uint32_t trial_before;
  };
  uint32_t id = 0;
  uint32_t outer = 0;
  std::vector<Saved> saved;
  size_t effects = 0;
  std::string written;
};

// How a branch ended, with its changes taken back.
struct Interpreter::Outcome {
  Flow flow = Flow::next;
  Value value;      // returned
  Value exception;  // raised
  bool explicit_raise = false;
  Loc raised_at;
  std::vector<std::pair<Object*, std::unique_ptr<Object>>> after;
  std::unique_ptr<Effects::Batch> effects;
  std::string written;
};

// A branch that left a loop or function, while the other one went on and is running now.
struct Interpreter::Fork {
  Outcome left;
  const Cause* cause = nullptr;
  Loc at;
  Value condition;
};

// Static strings for diagnostics.
inline constexpr std::string_view kUnknown = "compile/unknown";
inline constexpr std::string_view kRaises = "compile/raises";
inline constexpr std::string_view kLimit = "compile/limit";
inline constexpr std::string_view kUnsupported = "compile/unsupported";

}  // namespace retort::py
