// Memory that a reset leaves alone: frames on their way, what was compiled, and the reset's own bookkeeping. A script's objects never lie here.
#pragma once
#include <cstddef>
#include <cstdint>

namespace book {

// Reserves room once, before the checkpoint. Pages cost memory only when they are touched.
void Open(size_t bytes);

// A piece of it, zeroed, in whole pages. Ends the process when the room is used up: sizes are fixed at the start.
void* Take(size_t bytes);

template <typename T>
T* Take() {
  return static_cast<T*>(Take(sizeof(T)));
}

// Takes away what lay in a piece from its begin to this length: the first bytes are zeroed and stay, pages behind them are given back.
void Wipe(void* piece, size_t touched, size_t kept);

uintptr_t begin();
uintptr_t end();

}  // namespace book
