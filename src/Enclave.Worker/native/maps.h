// The mappings of this process, as the kernel lists them.
#pragma once
#include <cstddef>
#include <cstdint>

struct Mapping {
  uintptr_t begin, end;
  int protection;
  bool has_file;
};

constexpr uint32_t kMaxMappings = 4096;
// The size of the buffer for the list as text: about 100 bytes a line.
constexpr size_t kMapsBytes = 512 << 10;

// Reads the private mappings from an open /proc/self/maps into a buffer of kMapsBytes. False when the list is longer or does not follow proc(5).
bool ReadMappings(int descriptor, char* text, Mapping* mappings, uint32_t* count);
