#include "common/sha256.h"

#include <sha2.h>

namespace retort {

std::string sha256(std::string_view bytes) {
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::string digest(SHA256_DIGEST_STRING_LENGTH, '\0');
  SHA256End(&context, digest.data());
  digest.pop_back();  // the terminating zero
  return digest;
}

}  // namespace retort
