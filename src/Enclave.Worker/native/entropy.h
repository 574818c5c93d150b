// Random bytes for scripts: crypto.getRandomValues. The start of the process takes them here as well.
#pragma once
#include <cstddef>
#include <cstdint>

struct RunState;

namespace entropy {

// Random bytes of the kernel; ends the process if the kernel gives none.
void Machine(uint8_t* to, size_t length);

// Random bytes of a repeatable run, from its secret: the same at each repetition. Each call takes whole blocks.
void Repeatable(RunState* run, uint8_t* to, size_t length);

}  // namespace entropy
