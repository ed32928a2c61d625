// A rule's page as a test. Below a heading that begins with `Caught` or `Fine`, every fenced block
// is a revision on top of the one before:
//
//   ```sql                        SQL, with `-- retort: down` before its way back
//   CREATE INDEX ix ON t (a);
//   --                 ^ error: writes to t wait
//   ```
//   ```python                     statements of upgrade(), or a module with its functions
//   op.drop_table("t")
//   # <- warning[cascade]: …      a place that begins in the first two columns; as the first line
//   of
//                                 the block: in the revision's header
//   ```
//   ```sql base                   what the database holds before
//   ```toml retort.toml           settings
//   ```sql fixed                  what the last revision is after all fixes of the rule
//
// Only the page's own rule runs. What it finds must be marked, and what is marked must be found:
// the level, the variant, where it begins and, on one line, ends, and a part of its message.
//
// Where a finding has a fix, what it makes of the files must still be read and compile, and what
// had a fix must be found no more. Where it has steps, the first one takes the statement's place,
// each other one is a revision of its own, and no rule about locks or failures finds anything in
// those.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort::tests {

struct PageBlock {
  size_t line = 0;  // of its first line in the page, from 1
  std::string language;
  std::string attribute;  // `base`, `fixed`, a path, or nothing
  std::string text;
};

struct PageSection {
  std::string title;
  size_t line = 0;
  std::vector<PageBlock> blocks;

  bool is_example() const { return title.starts_with("Caught") || title.starts_with("Fine"); }
};

struct PageMismatch {
  size_t line = 0;
  std::string message;
};

std::vector<PageSection> parse_page(std::string_view text);
std::vector<PageMismatch> run_example(std::string_view rule, const PageSection& section);

// Registers each example of every page below rules/ as a test.
void register_rule_pages();

}  // namespace retort::tests
