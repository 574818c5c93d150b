// The addresses of V8's machine code: one range for all isolates of the process, known before the first script, so that the filter of system calls can
// refuse to make any other memory executable.
#pragma once
#include <v8-platform.h>

#include <cstddef>
#include <cstdint>

namespace code_pages {

// The size that V8 takes in browsers. By default it would take the heap's limit, up to 512 MB.
constexpr size_t kMostOfIsolate = 128 << 20;

// Allocates pages like another allocator, and those for code within the range.
v8::PageAllocator* Around(v8::PageAllocator* inner);

// Keeps addresses for the code of one more isolate. Before the first isolate.
void KeepRoom();

// Both 0 if V8 compiles nothing.
uintptr_t begin();
uintptr_t end();

// The parts that V8 has taken for code so far: code may lie there, and nowhere else in the range.
struct Taken {
  uintptr_t begin, end;
};
// Null after more parts than are counted.
const Taken* taken(size_t* count);

}  // namespace code_pages
