// System calls by instruction, without the C library, which writes errno: between the end of a
// reset and the next job, memory that a reset restores must not be written.
#pragma once
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>

// The size of a page of memory on x86-64.
constexpr size_t kPage = 4096;

static_assert(sizeof(long) == sizeof(void*), "arguments of system calls are passed as long");

namespace kernel {

// The result of the kernel, or an error number below zero.
inline long Call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

inline bool Failed(long result) { return result < 0 && result > -4096; }

inline long Read(int descriptor, void* to, size_t length) { return Call(SYS_read, descriptor, long(to), long(length)); }
inline long Write(int descriptor, const void* from, size_t length) { return Call(SYS_write, descriptor, long(from), long(length)); }
// New memory that is used only once it is touched: its address, or an error number below zero.
inline long Map(size_t length) { return Call(SYS_mmap, 0, long(length), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0); }
inline long Protect(uintptr_t begin, size_t length, int protection) { return Call(SYS_mprotect, long(begin), long(length), protection); }
inline long Advise(uintptr_t begin, size_t length, int advice) { return Call(SYS_madvise, long(begin), long(length), advice); }
inline long Unmap(uintptr_t begin, size_t length) { return Call(SYS_munmap, long(begin), long(length)); }
[[noreturn]] inline void Exit(int code) {
  for (;;) Call(SYS_exit_group, code);
}

}  // namespace kernel
