// Definitions shared by the parts of the worker: exit codes, results of a step, reasons for a stop. Strings are UTF-8 with a
// length, values are MessagePack (docs/values.md), memory belongs to its allocator. One thread does everything.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define EE_EXPORT extern "C" __attribute__((visibility("default")))

// Exit codes of the process when V8 cannot go on. The host reads them (docs/protocol.md, "Exit codes").
enum ee_exit {
  EE_EXIT_USAGE = 64,
  EE_EXIT_HEAP = 70,        // V8 reports out of memory
  EE_EXIT_HEAP_LIMIT = 71,  // the heap passed its limit and the one headroom after it
  EE_EXIT_FATAL = 72,       // V8 met a fatal error of its own
  EE_EXIT_NEW = 73,         // operator new or malloc failed
  EE_EXIT_START = 74,       // the engine or the runtime could not start
  EE_EXIT_PROTOCOL = 75,    // the host broke the protocol
  EE_EXIT_ORPHAN = 76,      // the host is gone
  EE_EXIT_LOCK = 77,        // a step of the lock failed that no level goes without
  EE_EXIT_LIBRARY = 78,     // a library could not be evaluated; the host was told
};

// The result of a call into a script.
enum ee_status {
  EE_PENDING = 0,  // waits for tool results
  EE_VALUE = 1,    // body is the program's value
  EE_ERROR = 2,    // body is an error: [kind, name, message, stack or nil]
  EE_STOPPED = 3,  // ended by a limit or by the host; reason says which
};

// The reason for a stop. The first one wins.
enum ee_stop {
  EE_STOP_NONE = 0,
  EE_STOP_DEADLINE = 1,
  EE_STOP_CPU = 2,
  EE_STOP_MEMORY = 3,
  EE_STOP_TOOL_CALLS = 4,
  EE_STOP_PENDING_CALLS = 5,
  EE_STOP_CONSOLE_CALLS = 6,
  EE_STOP_CONSOLE_BYTES = 7,
  EE_STOP_CANCELLED = 8,
  EE_STOP_ITERATIONS = 9,
};

// The layers that a worker locks itself into, as bits.
enum ee_layer {
  EE_LAYER_LIMITS = 1,    // resource limits
  EE_LAYER_USER = 2,      // a user without groups and capabilities
  EE_LAYER_SECCOMP = 4,   // the system call filter
  EE_LAYER_NOEXEC = 8,    // no memory becomes executable any more
  EE_LAYER_TRAP = 16,     // the filter traps: name what it refuses
  EE_LAYER_ALL = 31,
};

// The kinds of error in an error body.
enum ee_error_kind {
  EE_ERROR_THROWN = 0,      // the script threw
  EE_ERROR_SYNTAX = 1,      // the script did not compile, nothing ran
  EE_ERROR_TOOL = 2,        // a tool's error that the script did not catch
  EE_ERROR_VALUE = 3,       // the value cannot cross as data
  EE_ERROR_OUTPUT = 4,      // the value is larger than its limits
  EE_ERROR_STALLED = 5,     // the script waits for a promise that nothing can settle
};

typedef struct ee_isolate ee_isolate;

typedef struct {
  int32_t status;  // ee_status
  int32_t reason;  // ee_stop
  const uint8_t* body;
  size_t body_length;
  uint64_t iterations;  // counted so far, once the run has ended by itself or at their limit
  uint64_t where;       // with EE_STOP_ITERATIONS: what the text gave as the loop's place
} ee_outcome;

typedef struct {
  const uint8_t* source;
  size_t source_length;
  const uint8_t* source_name;
  size_t source_name_length;
  const uint8_t* code_key;  // 16 bytes that name the source and its tenant, so that what is compiled of it may be kept; or null
  const uint8_t* globals;   // a MessagePack map, or empty
  size_t globals_length;
  uint64_t max_value_bytes;
  uint64_t max_console_bytes;
  uint32_t max_value_depth;
  uint32_t max_value_properties;
  uint64_t max_iterations;        // of one loop, each time it is entered
  uint64_t max_total_iterations;  // of all loops and counted callbacks
  uint64_t seed;                  // of Math.random
  int32_t repeatable;             // whether time is the next
  double now;                     // what Date shows, in milliseconds since 1970, until ee_set_time
} ee_job;

// Runs a program until it ends or waits for tools. Called once per job.
void ee_run(ee_isolate* isolate, const ee_job* job, ee_outcome* outcome);
// Compiles the text that the last run noted once more, and keeps the code for later runs. Called after a reset.
void ee_keep_code(ee_isolate* isolate);
// Sets the time of a repeatable run. Every other run reads the machine's clock.
void ee_set_time(ee_isolate* isolate, double milliseconds);
// Passes on a tool's answer: a value, or an error [name, message, code or nil].
void ee_resolve(ee_isolate* isolate, uint32_t call_id, const uint8_t* value, size_t length, ee_outcome* outcome);
void ee_reject(ee_isolate* isolate, uint32_t call_id, const uint8_t* error, size_t length, ee_outcome* outcome);

// Effects of a running script (runner.cc). Each returns an ee_stop: anything but EE_STOP_NONE ends the run, and the script cannot catch it.
int32_t OnToolCall(uint32_t call_id, const uint8_t* name, size_t name_length, const uint8_t* args, size_t args_length);
int32_t OnConsole(int32_t level, const uint8_t* text, size_t text_length, uint64_t whole_length);
