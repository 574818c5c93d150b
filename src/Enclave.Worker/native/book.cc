#include "book.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "check.h"
#include "exit.h"
#include "kernel.h"

namespace {

uintptr_t first, next, last;

size_t Pages(size_t bytes) { return (bytes + kPage - 1) / kPage * kPage; }

}  // namespace

void book::Open(size_t bytes) {
  void* memory = mmap(nullptr, Pages(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) ExitProcess(EE_EXIT_START, "no address space for the frames");
  first = next = reinterpret_cast<uintptr_t>(memory);
  last = first + Pages(bytes);
}

void* book::Take(size_t bytes) {
  DCHECK(first != 0);
  if (Pages(bytes) > last - next) ExitProcess(EE_EXIT_START, "the book is too small");
  void* piece = reinterpret_cast<void*>(next);
  next += Pages(bytes);
  return piece;
}

void book::Wipe(void* piece, size_t touched, size_t kept) {
  DCHECK(reinterpret_cast<uintptr_t>(piece) >= first && reinterpret_cast<uintptr_t>(piece) + touched <= next && kept % kPage == 0);
  memset(piece, 0, std::min(touched, kept));
  // Not a byte beyond its own pages: the next piece begins there.
  if (touched > kept) kernel::Advise(reinterpret_cast<uintptr_t>(piece) + kept, Pages(touched) - kept, MADV_DONTNEED);
}

uintptr_t book::begin() { return first; }

uintptr_t book::end() { return last; }
