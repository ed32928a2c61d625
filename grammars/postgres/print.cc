// libpg_query writes its trees with a printf, one call for each field of each node, and that takes
// longer than the grammar. The linker gives its calls to this one (`--wrap` in CMakeLists.txt),
// which knows the few formats that trees are made of; anything else goes to the original's own
// routine.
#include <charconv>
#include <cstdarg>
#include <cstring>
#include <iterator>
#include <limits>

// As in PostgreSQL's lib/stringinfo.h.
struct StringInfoData {
  char* data;
  int len;
  int maxlen;
  int cursor;
};
extern "C" {
void enlargeStringInfo(StringInfoData* text, int needed);
int appendStringInfoVA(StringInfoData* text, const char* format, va_list arguments);
void __wrap_appendStringInfo(StringInfoData* text, const char* format, ...);  // NOLINT: its name
}

namespace {

void append(StringInfoData* text, const char* more, size_t size) {
  if (text->len + static_cast<int>(size) >= text->maxlen)
    enlargeStringInfo(text, static_cast<int>(size));
  std::memcpy(text->data + text->len, more, size);
  text->len += static_cast<int>(size);
}

// False where the format has something else than %s, %d, %c and plain text.
bool append_known(StringInfoData* text, const char* format, va_list arguments) {
  while (true) {
    const char* const mark = ::strchrnul(format, '%');
    append(text, format, static_cast<size_t>(mark - format));
    if (*mark == '\0') {
      text->data[text->len] = '\0';
      return true;
    }
    if (mark[1] == 's') {
      const char* const word = va_arg(arguments, const char*);
      append(text, word, std::strlen(word));
    } else if (mark[1] == 'd') {
      char digits[std::numeric_limits<int>::digits10 + 2];
      const auto end = std::to_chars(digits, std::end(digits), va_arg(arguments, int));
      append(text, digits, static_cast<size_t>(end.ptr - digits));
    } else if (mark[1] == 'c') {
      const char one = static_cast<char>(va_arg(arguments, int));
      append(text, &one, 1);
    } else {
      return false;
    }
    format = mark + 2;
  }
}

}  // namespace

void __wrap_appendStringInfo(StringInfoData* text, const char* format, ...) {
  const int before = text->len;
  va_list arguments;
  va_start(arguments, format);
  const bool known = append_known(text, format, arguments);
  va_end(arguments);
  if (known)
    return;
  text->len = before;
  while (true) {
    va_start(arguments, format);
    const int needed = appendStringInfoVA(text, format, arguments);
    va_end(arguments);
    if (needed == 0)
      return;
    enlargeStringInfo(text, needed);
  }
}
