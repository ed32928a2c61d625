#include "compiler/python/value.h"

#include <algorithm>

namespace retort::py {

bool Str::ascii() const {
  if (ascii_ < 0)
    ascii_ = std::all_of(text.begin(), text.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii_ == 1;
}

std::string_view sketch_of(const Value& value) {
  const Unknown* const unknown = dynamic_cast<const Unknown*>(value.object());
  return unknown ? std::string_view(unknown->sketch) : std::string_view();
}

void Table::add(Value key, Value value, size_t hash) {
  entries_.push_back({key, value, hash, true});
  ++alive_;
  if (entries_.size() <= kLinear)
    return;
  if (buckets_.size() < entries_.size() * 2) {
    rebuild();
    return;
  }
  const size_t mask = buckets_.size() - 1;
  size_t b = hash & mask;
  while (buckets_[b] != 0)
    b = (b + 1) & mask;
  buckets_[b] = static_cast<uint32_t>(entries_.size());
}

void Table::rebuild() {
  size_t wanted = 32;
  while (wanted < entries_.size() * 4)
    wanted *= 2;
  buckets_.assign(wanted, 0);
  for (size_t i = 0; i < entries_.size(); ++i) {
    size_t b = entries_[i].hash & (wanted - 1);
    while (buckets_[b] != 0)
      b = (b + 1) & (wanted - 1);
    buckets_[b] = static_cast<uint32_t>(i + 1);
  }
}

void Table::erase(size_t index) {
  entries_[index].alive = false;
  entries_[index].key = entries_[index].value = Value();
  if (--alive_ == 0)
    clear();
}

void Table::clear() {
  entries_.clear();
  buckets_.clear();
  alive_ = 0;
}

void Table::swap(Table& other) {
  entries_.swap(other.entries_);
  buckets_.swap(other.buckets_);
  std::swap(alive_, other.alive_);
}

size_t Range::size() const {
  if (step > 0 ? start >= stop : start <= stop)
    return 0;
  const uint64_t distance = step > 0 ? static_cast<uint64_t>(stop) - static_cast<uint64_t>(start)
                                     : static_cast<uint64_t>(start) - static_cast<uint64_t>(stop);
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : 0 - static_cast<uint64_t>(step);
  return static_cast<size_t>((distance - 1) / stride + 1);
}

Value Attributes::find(std::string_view name) const {
  for (const auto& [key, value] : rows_)
    if (key == name)
      return value;
  return {};
}

void Attributes::set(std::string_view name, Value value) {
  for (auto& [key, old] : rows_)
    if (key == name) {
      old = value;
      return;
    }
  rows_.emplace_back(name, value);
}

bool Attributes::erase(std::string_view name) {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const auto& row) { return row.first == name; });
  if (found == rows_.end())
    return false;
  rows_.erase(found);
  return true;
}

std::string_view Heap::intern(std::string_view name) {
  names_.push_back(std::make_unique<std::string>(name));
  used_ += name.size() + sizeof(std::string);
  return *names_.back();
}

}  // namespace retort::py
