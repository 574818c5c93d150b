// The allocator of the whole process. At the memory bound it ends the process with a message, like operator new (memory_limits.cc), instead of
// returning null: ICU and others write through that null, which would end in SIGSEGV, as if V8 had been attacked.
#include <malloc.h>

#include "exit.h"
#include "memory_limits.h"

extern "C" {

// The functions of glibc itself, whatever overrides them.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);

__attribute__((visibility("default"))) void* malloc(size_t size) noexcept {
  void* memory = __libc_malloc(size);
  if (memory == nullptr && size > 0) ExitProcess(EE_EXIT_NATIVE_MEMORY, "malloc");
  return memory;
}

__attribute__((visibility("default"))) void* calloc(size_t count, size_t size) noexcept {
  void* memory = __libc_calloc(count, size);
  if (memory == nullptr && count > 0 && size > 0) ExitProcess(EE_EXIT_NATIVE_MEMORY, "calloc");
  return memory;
}

__attribute__((visibility("default"))) void* realloc(void* old, size_t size) noexcept {
  void* memory = __libc_realloc(old, size);
  if (memory == nullptr && size > 0) ExitProcess(EE_EXIT_NATIVE_MEMORY, "realloc");
  return memory;
}

}  // extern "C"

void* TryAllocate(size_t length) { return __libc_calloc(length, 1); }
