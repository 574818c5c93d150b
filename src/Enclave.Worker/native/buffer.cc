#include "buffer.h"

#include "limits.h"
#include "engine.h"

void Buffer::Grow(size_t wanted) {
  size_t next = allocated_ ? allocated_ * 2 : 4096;
  if (next < wanted) next = wanted;
  if (next > cap_) next = cap_;
  auto* grown = static_cast<uint8_t*>(realloc(data_, next));
  if (grown == nullptr) ExitProcess(EE_EXIT_NATIVE_MEMORY, "output buffer");
  data_ = grown;
  allocated_ = next;
}
