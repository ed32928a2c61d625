#include "common/csv.h"

#include "common/utf8.h"

namespace retort {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with(utf8::kByteOrderMark))
    at_ = utf8::kByteOrderMark.size();
}

bool CsvReader::next(CsvRow& row) {
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
  if (at_ == text_.size())
    return false;
  row.offset = static_cast<uint32_t>(at_);
  row.closed = false;
  size_t used = 0;
  const auto begin_field = [&]() -> std::string& {
    if (used == row.fields.size())
      row.fields.emplace_back();
    std::string& field = row.fields[used++];
    field.clear();
    return field;
  };
  std::string* field = &begin_field();
  bool quoted = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (quoted) {
      if (c != '"')
        *field += c;
      else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"')
        *field += text_[++at_];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      field = &begin_field();
    } else if (c == '\n') {
      row.closed = true;
      ++at_;
      break;
    } else if (c != '\r') {
      *field += c;
    }
  }
  row.fields.resize(used);
  return true;
}

}  // namespace retort
