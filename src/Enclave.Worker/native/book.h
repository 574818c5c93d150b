// Memory that a reset does not touch: frames in transit, compiled code, and the bookkeeping of the reset itself. It never holds objects of a script.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernel.h"

namespace book {

// Reserves the address range once, before the checkpoint. Pages use memory only once they are touched.
void Open(size_t bytes);

// Allocates a zeroed piece in whole pages. Ends the process when the range is used up: all sizes are fixed at the start.
void* Take(size_t bytes);

template <typename T>
T* Take() {
  // Its first value is all zeros, because no constructor runs. No part of it may lie in memory that a reset restores.
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kPage);
  return static_cast<T*>(Take(sizeof(T)));
}

// Clears the first `touched` bytes of a piece: the first `kept` bytes are zeroed and stay, pages behind them are given back.
void Wipe(void* piece, size_t touched, size_t kept);

uintptr_t begin();
uintptr_t end();

}  // namespace book
