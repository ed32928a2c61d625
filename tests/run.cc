#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/rule_page.h"
#include "tests/transcripts.h"

#include <doctest/doctest.h>

int main(int argc, char** argv) {
  retort::tests::register_transcripts();
  retort::tests::register_rule_pages();
  return doctest::Context(argc, argv).run();
}
