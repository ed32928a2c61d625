// Comma-separated values as PostgreSQL's COPY and spreadsheets write them (RFC 4180).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct CsvRow {
  uint32_t offset = 0;  // where it begins in the text
  std::vector<std::string> fields;
  bool closed = true;  // false: the text ends inside of its quotes, or before its line does
};

class CsvReader {
public:
  explicit CsvReader(std::string_view text);

  // The next row that is not empty, in `row`, whose memory is used again; false at the end.
  bool next(CsvRow& row);

private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace retort
