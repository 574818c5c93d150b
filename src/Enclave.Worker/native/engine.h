// The flat interface between the C# worker and V8. Everything that needs V8's C++ API is behind it; everything else (protocol, budgets,
// deadlines, hardening) is C#. Strings are UTF-8 with a length, values are MessagePack (docs/values.md), memory belongs to whoever made it.
//
// Threads: one isolate is used by one thread at a time. Only ee_terminate may be called from any thread, and only between ee_take and ee_drop.
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
};

// What a call into a script came to.
enum ee_status {
  EE_PENDING = 0,  // waits for tool results
  EE_VALUE = 1,    // body is the program's value
  EE_ERROR = 2,    // body is an error: [kind, name, message, stack or nil]
  EE_STOPPED = 3,  // ended by ee_terminate or a limit; reason says which
};

// Why a run was stopped. The first cause wins.
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

// The layers that a worker puts around itself, as bits.
enum ee_layer {
  EE_LAYER_LIMITS = 1,    // resource limits
  EE_LAYER_USER = 2,      // a user without groups and capabilities
  EE_LAYER_SECCOMP = 4,   // the system call filter
  EE_LAYER_NOEXEC = 8,    // no memory becomes executable any more
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

// Called on the thread that runs the script. The answer is an ee_stop: anything but EE_STOP_NONE ends the run, and the script cannot catch it.
typedef int32_t (*ee_tool_callback)(uint32_t call_id, const uint8_t* name, size_t name_length, const uint8_t* args, size_t args_length);
typedef int32_t (*ee_console_callback)(int32_t level, const uint8_t* text, size_t text_length, uint64_t whole_length);

typedef struct {
  ee_tool_callback on_tool_call;
  ee_console_callback on_console;
  const char* removed_globals;  // names separated by newlines, deleted from every context
  uint64_t heap_limit;          // of the isolates made ahead
  int32_t prewarm;              // how many isolates are kept ready, 0 to 16
  int32_t clock_step;           // of the clocks that scripts read, in milliseconds, from 1
} ee_config;

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
  int32_t repeatable;             // whether randomness and time are the next two
  uint64_t seed;                  // of Math.random
  double now;                     // what Date shows, in milliseconds since 1970, until ee_set_time
} ee_job;

typedef struct {
  uint32_t layers;         // which of ee_layer to put on
  uint32_t uid;            // with EE_LAYER_USER
  uint64_t data_bytes;     // with EE_LAYER_LIMITS: writable memory beyond what is mapped
  uint64_t cpu_seconds;    // with EE_LAYER_LIMITS: of the whole process
  const uint8_t* filter;   // with EE_LAYER_SECCOMP: a BPF program, eight bytes an instruction
  size_t filter_length;
  int32_t learning;        // the filter traps: name what it refuses
} ee_lock_plan;

// Waits until V8 is up (it starts beside the runtime) and makes the first isolates. 0, or an ee_exit.
EE_EXPORT int32_t ee_start(const ee_config* config);
EE_EXPORT const char* ee_v8_version(void);

// Gives up what jobs do not need, after all of it has been used once. The layers that hold now, as bits of ee_layer; what failed is on the log.
EE_EXPORT uint32_t ee_lock(const ee_lock_plan* plan);
// The Landlock ABI in force; 0 for none.
EE_EXPORT int32_t ee_landlock(void);

// An isolate that never ran anything, with this heap limit; made on the spot when none is ready.
EE_EXPORT ee_isolate* ee_take(uint64_t memory_limit);
EE_EXPORT void ee_drop(ee_isolate* isolate);
EE_EXPORT int32_t ee_ready(void);

EE_EXPORT void ee_run(ee_isolate* isolate, const ee_job* job, ee_outcome* outcome);
// Moves the time of a repeatable run; any other keeps the machine's.
EE_EXPORT void ee_set_time(ee_isolate* isolate, double milliseconds);
// A tool's answer: a value, or an error [name, message, code or nil].
EE_EXPORT void ee_resolve(ee_isolate* isolate, uint32_t call_id, const uint8_t* value, size_t length, ee_outcome* outcome);
EE_EXPORT void ee_reject(ee_isolate* isolate, uint32_t call_id, const uint8_t* error, size_t length, ee_outcome* outcome);
EE_EXPORT void ee_terminate(ee_isolate* isolate, int32_t reason);
