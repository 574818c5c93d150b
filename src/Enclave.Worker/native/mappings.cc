// The calls of the C library that change mappings, for V8 and all other code of the process: changes of memory are noted for the reset.
#include <errno.h>
#include <sys/mman.h>

#include <cstdarg>

#include "exported.h"
#include "kernel.h"
#include "memory_changes.h"

namespace {

uintptr_t Begin(const void* at) { return reinterpret_cast<uintptr_t>(at); }
uintptr_t End(const void* at, size_t length) { return Begin(at) + (length + kPage - 1) / kPage * kPage; }

// V8 asks for each part of its heap at a random address, far from the others: each then needs up to 12 KB of page tables, in every worker that is forked.
// Here the first random address stands for all, and what comes later lies behind it:
//
//   V8's wishes   ....A...........................B...............C....
//   mapped        ....AABBCC...........................................
//                           ^ beside: where the next part goes; 0 until there is one, and after something was in the way
//
// Larger requests are those for code, whose address V8 chooses for speed.
constexpr uintptr_t kAlignment = 256 << 10;
constexpr size_t kLargestBeside = 64 << 20;
uintptr_t beside;

bool IsForHeap(const void* hint, size_t length, int flags) {
  return hint != nullptr && length <= kLargestBeside && (flags & MAP_ANONYMOUS) && !(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE));
}

long MapBeside(uintptr_t hint, size_t length, int protection, int flags) {
  uintptr_t at = ((beside != 0 ? beside : hint) + kAlignment - 1) & ~(kAlignment - 1);
  long result = kernel::Call(SYS_mmap, long(at), long(length), protection, flags, -1, 0);
  // Something lies there already: the next random address is taken instead.
  beside = uintptr_t(result) == at ? End(reinterpret_cast<void*>(at), length) : 0;
  return result;
}

long Answer(long result) {
  if (!kernel::Failed(result)) return result;
  errno = int(-result);
  return -1;
}

}  // namespace

EXPORTED void* mmap(void* at, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  bool tracked = memory_changes::AreTracked();
  // Replacing memory of the checkpoint is a change of it.
  if (tracked && (flags & MAP_FIXED)) memory_changes::OnChange(Begin(at), End(at, length), protection);
  long result = IsForHeap(at, length, flags) ? MapBeside(Begin(at), length, protection, flags)
                                             : kernel::Call(SYS_mmap, long(at), long(length), protection, flags, descriptor, offset);
  if (tracked && !kernel::Failed(result)) memory_changes::OnMapped(uintptr_t(result), End(reinterpret_cast<void*>(result), length), protection);
  return reinterpret_cast<void*>(Answer(result));
}

EXPORTED void* mmap64(void* at, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  return mmap(at, length, protection, flags, descriptor, offset);
}

EXPORTED int munmap(void* at, size_t length) noexcept {
  // V8 asks for more than it needs, and gives back what lies before and behind an aligned part.
  if (End(at, length) == beside) beside = Begin(at);
  if (!memory_changes::AreTracked()) return int(Answer(kernel::Call(SYS_munmap, long(at), long(length))));
  memory_changes::Unmap(Begin(at), End(at, length));
  return 0;
}

EXPORTED int mprotect(void* at, size_t length, int protection) noexcept {
  if (memory_changes::AreTracked()) memory_changes::OnChange(Begin(at), End(at, length), protection);
  return int(Answer(kernel::Call(SYS_mprotect, long(at), long(length), protection)));
}

EXPORTED int pkey_mprotect(void* at, size_t length, int protection, int key) noexcept {
  if (memory_changes::AreTracked()) memory_changes::OnChange(Begin(at), End(at, length), protection);
  return int(Answer(kernel::Call(SYS_pkey_mprotect, long(at), long(length), protection, key)));
}

EXPORTED int madvise(void* at, size_t length, int advice) noexcept {
  // V8 excludes its heap from forked processes. But cells are forked and need the heap.
  if (advice == MADV_DONTFORK) return 0;
  // These two may discard content; all others only say how memory will be used.
  if (memory_changes::AreTracked() && (advice == MADV_DONTNEED || advice == MADV_FREE))
    memory_changes::OnChange(Begin(at), End(at, length), memory_changes::kContent);
  return int(Answer(kernel::Call(SYS_madvise, long(at), long(length), advice)));
}
