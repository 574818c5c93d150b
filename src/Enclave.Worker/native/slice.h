#pragma once
#include <cstddef>
#include <cstdint>

// Bytes that belong to something else: a part of a frame's body, a text, a value. Valid as long as that is.
struct Slice {
  const uint8_t* data = nullptr;
  size_t length = 0;
};
