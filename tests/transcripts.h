// Registers every section with a transcript, in every Markdown file of the repository that may
// hold one, as a test case named `file: heading`.
#pragma once

namespace retort::tests {

void register_transcripts();

}  // namespace retort::tests
