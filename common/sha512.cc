#include "common/sha512.h"

#include <sha2.h>

namespace retort {

std::string sha512(std::string_view bytes) {
  SHA2_CTX context;
  SHA512Init(&context);
  SHA512Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::string digest(SHA512_DIGEST_STRING_LENGTH, '\0');
  SHA512End(&context, digest.data());
  digest.pop_back();  // the terminating zero
  return digest;
}

}  // namespace retort
