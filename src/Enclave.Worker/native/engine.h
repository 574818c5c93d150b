// Definitions shared by the parts of the worker. Strings are UTF-8 with a length, values are MessagePack (docs/values.md), memory belongs to its allocator.
// One thread does everything.
#pragma once
#include <cstddef>
#include <cstdint>

#include "protocol.g.h"

#define EE_EXPORT extern "C" __attribute__((visibility("default")))

struct ee_isolate;

// The result of a step into a script.
struct Outcome {
  int32_t status = EE_PENDING;     // RunStatus
  int32_t reason = EE_STOP_NONE;   // StopReason
  const uint8_t* body = nullptr;   // with EE_VALUE the value, with EE_ERROR [kind, name, message, stack or nil]
  size_t body_length = 0;
  uint64_t iterations = 0;         // counted so far, once the run has ended by itself or at their limit
  uint64_t where = 0;              // with EE_STOP_ITERATIONS: what the text gave as the loop's place
};

// Effects of a running script (runner.cc). Each returns a StopReason: anything but EE_STOP_NONE ends the run, and the script cannot catch it.
int32_t OnToolCall(uint32_t call_id, const uint8_t* name, size_t name_length, const uint8_t* args, size_t args_length);
int32_t OnConsole(int32_t level, const uint8_t* text, size_t text_length, uint64_t whole_length);
