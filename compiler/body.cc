#include "compiler/body.h"

namespace retort {

std::string executed_text(const std::vector<BodyItem>& items, size_t& number) {
  std::string text = items[number].sql;
  while (items[number].followed) {
    ++number;
    text.append(items[number].joint).append(items[number].sql);
  }
  return text;
}

}  // namespace retort
