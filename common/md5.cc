#include "common/md5.h"

#include <md5.h>

namespace retort {

std::string md5(std::string_view bytes) {
  MD5_CTX context;
  MD5Init(&context);
  MD5Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::string digest(MD5_DIGEST_STRING_LENGTH, '\0');
  MD5End(&context, digest.data());
  digest.pop_back();  // the terminating zero
  return digest;
}

}  // namespace retort
