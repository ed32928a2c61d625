#include "linter/report/text.h"
namespace retort {
std::string to_text(std::span<const Diagnostic>, const Sources&, TextStyle) { return {}; }
}
