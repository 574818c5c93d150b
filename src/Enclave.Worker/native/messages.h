// The bodies of frames (docs/protocol.md, "Messages"). They are not trusted although the
// host sends them: every read is bounded, every error ends the process.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "messagepack.h"
#include "protocol.g.h"
#include "slice.h"

// With its name.
constexpr size_t kLibraryBytes = kMaxLibrarySource + 1024;

struct LockPlan {
  int64_t layers = 0, uid = 0, data_bytes = 0, cpu_seconds = 0;
  std::vector<uint8_t> filter;
};

// The libraries after the hello: their number, and the limits of their evaluation.
struct LibraryPlan {
  int64_t count = 0, cpu = 0, held = 0;
};

struct Hello {
  uint8_t nonce[kNonceBytes];
  int64_t max_frame_bytes, heap_limit, largest_limit, clock_step;
  std::vector<std::string> removed_globals;
  LockPlan lock;
  bool rehearses;
  LibraryPlan libraries;
};

struct LibraryMessage {
  Slice name, source;
};

// Times in microseconds, sizes in bytes.
struct Limits {
  int64_t timeout, cpu, memory, max_tool_calls, max_pending_calls, max_iterations, max_console_calls, max_console_bytes;
  int64_t max_value_depth, max_value_members, max_value_bytes;
};

struct ExecuteMessage {
  uint64_t job_id;
  Slice source, source_name, globals, key;
  Limits limits;
  bool repeatable;
  uint64_t seed, secret[4];
  int64_t now;
};

struct ToolResult {
  uint64_t job_id;
  uint32_t call_id;
  bool failed, has_time;
  Slice payload;
  int64_t now;
};

struct Deadline {
  uint64_t job_id;
  int64_t remaining;
};

struct Suspend {
  uint64_t job_id;
  int64_t calls;
};

struct Unpark {
  uint64_t job_id;
  int64_t remaining;
  Slice saved;
};

// Ends the process with EE_EXIT_PROTOCOL because a body breaks the protocol; the reason is in the log.
[[noreturn]] void BreaksProtocol(const char* what);

Hello ReadHello(Slice body);
LibraryMessage ReadLibrary(Slice body);
ExecuteMessage ReadExecute(Slice body);
ToolResult ReadToolResult(Slice body);
Deadline ReadDeadline(Slice body);
uint64_t ReadCancel(Slice body);
Suspend ReadSuspend(Slice body);
uint64_t ReadPark(Slice body);
Unpark ReadUnpark(Slice body);
void ReadShutdown(Slice body);
