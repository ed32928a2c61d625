#include "common/sha1.h"

#include <sha1.h>

namespace retort {

std::string sha1(std::string_view bytes) {
  SHA1_CTX context;
  SHA1Init(&context);
  SHA1Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::string digest(SHA1_DIGEST_STRING_LENGTH, '\0');
  SHA1End(&context, digest.data());
  digest.pop_back();  // the terminating zero
  return digest;
}

}  // namespace retort
