// The calls of the C library that give random bytes, for V8 and all other code of the process. From glibc 2.41 on, with Linux 6.11 or newer, the C library
// makes them itself, and keeps their state in pages that the kernel wipes at each fork. A checkpoint would then differ in every process that is forked.
#include <errno.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "entropy.h"
#include "exported.h"
#include "kernel.h"

// The limit of getentropy(3).
constexpr size_t kMostEntropy = 256;

EXPORTED ssize_t getrandom(void* to, size_t length, unsigned flags) {
  long result = kernel::Call(SYS_getrandom, long(to), long(length), long(flags));
  if (!kernel::Failed(result)) return result;
  errno = int(-result);
  return -1;
}

EXPORTED int getentropy(void* to, size_t length) {
  if (length > kMostEntropy) {
    errno = EIO;
    return -1;
  }
  entropy::Machine(static_cast<uint8_t*>(to), length);
  return 0;
}

// For libstdc++'s std::random_device.
EXPORTED uint32_t arc4random() noexcept {
  uint32_t number;
  entropy::Machine(reinterpret_cast<uint8_t*>(&number), sizeof number);
  return number;
}
