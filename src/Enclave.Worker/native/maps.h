// The process's own mappings, as the kernel lists them.
#pragma once
#include <cstddef>
#include <cstdint>

struct Mapping {
  uintptr_t begin, end;
  int protection;
  bool has_file;
};

constexpr uint32_t kMaxMappings = 4096;
// Room for the list as text: about 100 bytes a line.
constexpr size_t kMapsBytes = 512 << 10;

// Reads the private mappings from an open /proc/self/maps into a buffer of kMapsBytes. False when it is longer, or not of the form that proc(5) describes.
bool ReadMappings(int descriptor, char* text, Mapping* mappings, uint32_t* count);
