// The one unit that compiles toml++ itself; everybody else includes its declarations only.
//
// Its assertions are off in all builds: 3.3 asserts what it goes on to report as an error, that a
// table's name begins like a name (`[=]`), and lets clang assume it where NDEBUG is set.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
