#include "check.h"

#ifdef ENCLAVE_CHECKED
#include <cstring>
#include <initializer_list>

#include "kernel.h"

volatile int check::InSignal::depth;

void check::Fail(const char* condition, const char* file, int line) {
  char digits[12];
  char* at = digits + sizeof digits;
  for (*--at = '\0'; line > 0; line /= 10) *--at = char('0' + line % 10);
  for (const char* part : {"enclave-engine: does not hold: ", condition, " at ", file, ":", static_cast<const char*>(at), "\n"}) {
    kernel::Write(2, part, strlen(part));
  }
  for (;;) __builtin_trap();
}
#endif
