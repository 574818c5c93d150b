// Random bytes for scripts: crypto.getRandomValues. The start of the process takes them here as well.
#pragma once
#include <cstddef>
#include <cstdint>

struct RunState;

namespace entropy {

// The kernel's; ends the process if it gives none.
void Machine(uint8_t* to, size_t length);

// Those of a repeatable run, from its secret: the same at each repetition. Each call takes whole blocks.
void Repeatable(RunState* run, uint8_t* to, size_t length);

}  // namespace entropy
