#include "buffer.h"

#include "exit.h"

void Buffer::Grow(size_t wanted) {
  DCHECK(wanted <= cap_ && !check::InSignal::Is());
  size_t next = allocated_ ? allocated_ * 2 : 4096;
  if (next < wanted) next = wanted;
  if (next > cap_) next = cap_;
  auto* grown = static_cast<uint8_t*>(realloc(data_, next));
  if (grown == nullptr) ExitProcess(EE_EXIT_NATIVE_MEMORY, "output buffer");
  data_ = grown;
  allocated_ = next;
}
