// All text of a run: files as read, and derived buffers (SQL made by an op, SQL inside a Python
// string) that map each byte back to the file that the user wrote.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

enum class FileId : uint32_t { none = UINT32_MAX };

// Byte offsets, end exclusive.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool operator==(const Span&) const = default;
};
static_assert(sizeof(Span) == 8);

struct Loc {
  FileId file = FileId::none;
  Span span;

  bool operator==(const Loc&) const = default;
};
static_assert(sizeof(Loc) == 12);

// Lines and columns count from 1, columns in characters.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;

  bool operator==(const Position&) const = default;
};

// A run of bytes in a derived buffer and where it was written. A verbatim piece has one byte of
// origin per byte; any other (an escape, a substituted value) stands as a whole for its origin.
struct Piece {
  uint32_t begin = 0;  // in the derived buffer; a piece ends where the next one begins
  Span origin;
  bool verbatim = true;
};

class Sources {
public:
  Sources() = default;
  Sources(Sources&& other) noexcept
      : blocks_(std::move(other.blocks_)), count_(std::exchange(other.count_, 0)) {}
  Sources& operator=(Sources&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    count_ = std::exchange(other.count_, 0);
    return *this;
  }

  // A file to be read: name it now, set its text later. Several threads may declare, and set the
  // texts of different ids. Where every line ends in CRLF that is how the file was checked out, and
  // no part of what it says: the text has line feeds.
  FileId declare(std::string path);
  void set_text(FileId id, std::string text);
  FileId add(std::string path, std::string text);
  // Text of the command line, called by what it is ("range"): shown, but no file to open.
  FileId add_argument(std::string name, std::string text);

  // A buffer made from `parent`; its pieces are sorted by `begin` and refer to that parent.
  FileId derive(FileId parent, std::string text, std::vector<Piece> pieces);

  // For who reads the same file again and again: the derived buffers that were added since there
  // were `count` go, from the last one down to the first file among them.
  uint32_t count() const { return count_; }
  void drop_derived(uint32_t count);

  std::string_view path(FileId id) const { return at(id).path; }
  std::string_view text(FileId id) const { return at(id).text; }
  std::string_view text(Loc loc) const;
  // What to write to disk for it, with the line ends that the file had.
  std::string as_on_disk(FileId id, std::string text) const;
  bool is_derived(FileId id) const { return at(id).parent != FileId::none; }
  bool is_argument(FileId id) const { return at(id).is_argument; }
  bool has_text(FileId id) const { return id != FileId::none && at(id).has_text; }

  // The place in a file that a place in a derived buffer came from; a file's place is itself.
  Loc origin(Loc loc) const;

  Position position(FileId id, uint32_t offset) const;
  Span line_span(FileId id, uint32_t line) const;  // without its line end

private:
  struct Buffer {
    std::string path;
    std::string text;
    bool has_text = false;
    bool crlf = false;  // on disk
    bool is_argument = false;
    FileId parent = FileId::none;
    std::vector<Piece> pieces;
    mutable std::vector<uint32_t> line_starts;  // filled at the first question
  };
  // Buffers stand in blocks that double in size and never move, so that who holds an id reads its
  // buffer while others are added.
  static constexpr unsigned kFirstBlock = 6;  // log2 of its size
  const Buffer& at(FileId id) const {
    const uint32_t place = static_cast<uint32_t>(id) + (1U << kFirstBlock);
    const auto block = static_cast<unsigned>(std::bit_width(place)) - 1;
    return blocks_[block - kFirstBlock][place - (1U << block)];
  }
  Buffer& at(FileId id) { return const_cast<Buffer&>(std::as_const(*this).at(id)); }
  const std::vector<uint32_t>& line_starts(FileId id) const;

  std::array<std::unique_ptr<Buffer[]>, 32 - kFirstBlock> blocks_;
  uint32_t count_ = 0;
  std::mutex adding_;
};

}  // namespace retort
