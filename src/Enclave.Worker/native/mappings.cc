// The calls of the C library that change mappings, for V8 and all other code of the process: the checkpoint learns of changes to its memory.
#include <errno.h>
#include <sys/mman.h>

#include <cstdarg>

#include "checkpoint.h"
#include "engine.h"
#include "kernel.h"

namespace {

constexpr uintptr_t kPage = 4096;

uintptr_t Begin(const void* at) { return reinterpret_cast<uintptr_t>(at); }
uintptr_t End(const void* at, size_t length) { return Begin(at) + (length + kPage - 1) / kPage * kPage; }

long Answer(long result) {
  if (!kernel::Failed(result)) return result;
  errno = int(-result);
  return -1;
}

}  // namespace

EE_EXPORT void* mmap(void* at, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  bool taken = checkpoint::IsTaken();
  // Replacing memory of the checkpoint is a change of it.
  if (taken && (flags & MAP_FIXED)) checkpoint::OnChange(Begin(at), End(at, length));
  long result = kernel::Call(SYS_mmap, long(at), long(length), protection, flags, descriptor, offset);
  if (taken && !kernel::Failed(result)) checkpoint::OnMapped(uintptr_t(result), End(reinterpret_cast<void*>(result), length));
  return reinterpret_cast<void*>(Answer(result));
}

EE_EXPORT void* mmap64(void* at, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  return mmap(at, length, protection, flags, descriptor, offset);
}

EE_EXPORT int munmap(void* at, size_t length) noexcept {
  if (!checkpoint::IsTaken()) return int(Answer(kernel::Call(SYS_munmap, long(at), long(length))));
  checkpoint::Unmap(Begin(at), End(at, length));
  return 0;
}

EE_EXPORT int mprotect(void* at, size_t length, int protection) noexcept {
  if (checkpoint::IsTaken()) checkpoint::OnChange(Begin(at), End(at, length));
  return int(Answer(kernel::Call(SYS_mprotect, long(at), long(length), protection)));
}

EE_EXPORT int pkey_mprotect(void* at, size_t length, int protection, int key) noexcept {
  if (checkpoint::IsTaken()) checkpoint::OnChange(Begin(at), End(at, length));
  return int(Answer(kernel::Call(SYS_pkey_mprotect, long(at), long(length), protection, key)));
}

EE_EXPORT int madvise(void* at, size_t length, int advice) noexcept {
  // V8 excludes its heap from forked processes. But cells are forked and need the heap.
  if (advice == MADV_DONTFORK) return 0;
  // These two may discard content; all others only say how memory will be used.
  if (checkpoint::IsTaken() && (advice == MADV_DONTNEED || advice == MADV_FREE)) checkpoint::OnChange(Begin(at), End(at, length));
  return int(Answer(kernel::Call(SYS_madvise, long(at), long(length), advice)));
}
