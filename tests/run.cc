#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/transcripts.h"

#include <doctest/doctest.h>

int main(int argc, char** argv) {
  retort::tests::register_transcripts();
  return doctest::Context(argc, argv).run();
}
