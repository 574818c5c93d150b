// Memory of a test, and the list of mappings that its checkpoint reads in place of the kernel's. The checkpoint covers this memory and the stack, and nothing
// else of the process: variables of a test outlive a reset, and only the test writes to the memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <random>

#include "checkpoint.h"
#include "kernel.h"

// For one child process. Its parts are added in the order of their addresses.
class ShownMemory {
 public:
  // Reserves this many pages of address space, which nothing may touch.
  explicit ShownMemory(size_t pages);

  uint8_t* page(size_t index) const { return begin_ + index * kPage; }
  uintptr_t address(size_t index) const { return reinterpret_cast<uintptr_t>(page(index)); }
  size_t pages() const { return pages_; }

  // Lists these pages as a mapping, and gives them this protection.
  void Add(size_t first, size_t count, int protection, bool has_file = false);
  // A line as in proc(5).
  void AddLine(const char* line);
  // The checkpoint asks the kernel which pages have content. From here on the kernel does not tell.
  void HidePagemap() { pagemap_ = false; }
  // Lists no stack.
  void HideStack() { stack_ = false; }

  // Opens the list for the checkpoint, and prepares it.
  void Open(checkpoint::Form form);
  // Opens it and takes the checkpoint. The young generation begins behind this page.
  void Take(checkpoint::Form form = checkpoint::Form::kTracked, size_t last_young = 0);

 private:
  uint8_t* begin_;
  size_t pages_, length_ = 0;
  bool pagemap_ = true, stack_ = true;
  char list_[64 << 10];
};

// Fills words of a page at random places.
void Scribble(std::mt19937_64& random, uint8_t* page);

// What the kernel says about one page of this process.
struct PageState {
  bool is_present, is_exclusive;
};
PageState StateOf(const void* page);

// The protection of the memory at this address, as the kernel has it; kUnmapped if there is none.
constexpr int kUnmapped = -1;
int ProtectionOf(const void* at);

// Bytes that count against RLIMIT_DATA now.
size_t DataBytes();

// The end of the heap, which the C library only remembers: a reset changes it.
uintptr_t ProgramBreak();
bool SetProgramBreak(uintptr_t end);

// Memory that this process and its later forks share, outside of every list.
void* SharedMemory(size_t bytes);
