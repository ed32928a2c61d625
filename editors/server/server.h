// The language server: `retort lsp`.
#pragma once

#include <string>

namespace retort::lsp {

struct ServerOptions {
  std::string log_file;  // "-": standard error; empty: none
  unsigned threads = 1;
};

// Speaks over two file descriptors until the client says that it is done, or is gone. The exit
// code.
int serve(int input, int output, const ServerOptions& options);

}  // namespace retort::lsp
