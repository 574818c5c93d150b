// Written by eng/generate.sh from protocol.txt.
#pragma once
#include <cstddef>
#include <cstdint>

// The types of frames.
enum class FrameType : uint8_t {
  // Host to worker, first: nonce, limits and lock.
  kHello = 1,
  // Worker to host, in answer to Hello.
  kReady = 2,
  // Host to worker: one job.
  kExecute = 3,
  // Worker to host: lines of the console.
  kConsole = 4,
  // Worker to host: the script calls a tool.
  kToolCall = 5,
  // Host to worker: the answer of a tool.
  kToolResult = 6,
  // Worker to host: the last frame of a job.
  kResult = 7,
  // Host to worker: the job shall end.
  kCancel = 8,
  // Host to worker, which has no job: it ends.
  kShutdown = 11,
  // Host to worker: the job's time changes.
  kDeadline = 12,
  // Host to worker, after Hello: one library.
  kLibrary = 13,
  // Worker to host, in place of Ready: a library failed.
  kLibraryFault = 14,
  // Nursery to host: a worker has ended.
  kEnded = 15,
  // Host to worker: the job ends if it only waits and the host knows all of its calls.
  kSuspend = 16,
  // Host to worker: the job leaves the worker while it waits.
  kPark = 17,
  // Worker to host, in answer to Park: the state of the job, if it has left.
  kParked = 18,
  // Host to worker, which has no job: a job that left another worker continues.
  kUnpark = 19,
};

// How a run ended, as the worker reports it.
enum class RunStatus : int32_t {
  // The script waits for tool results.
  kPending = 0,
  // The payload is the program's value.
  kValue = 1,
  // The payload is an error: [kind, name, message, stack or nil].
  kError = 2,
  // A limit or a cancel ended it; the payload is a StopReason.
  kStopped = 3,
};

// Why a run was stopped.
enum class StopReason : int32_t {
  // Not stopped.
  kNone = 0,
  // The wall time was over.
  kDeadline = 1,
  // The CPU time was over.
  kCpu = 2,
  // The heap passed its limit.
  kMemory = 3,
  // Too many tool calls.
  kToolCalls = 4,
  // Too many tool calls waited at one time.
  kPendingToolCalls = 5,
  // Too many calls of the console.
  kConsoleCalls = 6,
  // Too much console output.
  kConsoleBytes = 7,
  // The host cancelled it.
  kCancelled = 8,
  // Too many iterations.
  kIterations = 9,
  // The host suspended the run, which only waited.
  kSuspended = 10,
};

// The kinds of errors that end a script.
enum class ScriptErrorKind : int32_t {
  // The script threw it.
  kThrown = 0,
  // The engine did not accept the program; nothing ran.
  kSyntax = 1,
  // A tool failed, and the script did not catch it.
  kTool = 2,
  // A value was too large, too deep, or of a kind that cannot be sent.
  kValue = 3,
  // The result was larger than allowed.
  kOutput = 4,
  // The script waits for something that never happens.
  kStalled = 5,
};

// The restrictions that a worker applies to itself.
enum LockLayers : int32_t {
  // No layer.
  EE_LAYER_NONE = 0,
  // Resource limits.
  EE_LAYER_LIMITS = 1,
  // A user without groups and capabilities.
  EE_LAYER_USER = 2,
  // The system call filter.
  EE_LAYER_SECCOMP = 4,
  // No further memory can become executable.
  EE_LAYER_NO_EXEC = 8,
  // Instead of refusing, the filter traps and the worker reports the system call: for learning which calls it needs.
  EE_LAYER_LEARNING = 16,
  // Every layer.
  EE_LAYER_ALL = 31,
};

// The exit codes of a worker.
enum WorkerExit : int32_t {
  // The host ordered it to end.
  EE_EXIT_SHUTDOWN = 0,
  // Its arguments are wrong.
  EE_EXIT_USAGE = 64,
  // V8 reports out of memory.
  EE_EXIT_HEAP = 70,
  // The heap passed its limit, and the one headroom after it.
  EE_EXIT_HEAP_LIMIT = 71,
  // V8, or the worker's own runtime, met a fatal error.
  EE_EXIT_FATAL = 72,
  // An allocation outside of V8's heap failed.
  EE_EXIT_NATIVE_MEMORY = 73,
  // The engine could not start.
  EE_EXIT_START = 74,
  // The host broke the protocol.
  EE_EXIT_PROTOCOL = 75,
  // The host is gone.
  EE_EXIT_ORPHAN = 76,
  // A step of the lock failed that no level goes without.
  EE_EXIT_LOCK = 77,
  // A library could not be evaluated; the host has a report.
  EE_EXIT_LIBRARY = 78,
};

// The hard limits of the protocol.
// The version of both ends, in each frame's header.
constexpr uint8_t kVersion = 2;
// The first byte of each frame.
constexpr uint8_t kMagic0 = 0xec;
// The second byte of each frame.
constexpr uint8_t kMagic1 = 0x1a;
// Size of the header of a frame.
constexpr size_t kHeaderBytes = 8;
// Longest body of a frame: 64 MiB.
constexpr size_t kMaxFrameBytes = 64 << 20;
// The least limit of a frame's body that a hello may set.
constexpr size_t kMinFrameBytes = 1024;
// Longest body of a hello.
constexpr size_t kHelloBytes = 64 << 10;
// Maximum nesting of arrays and maps in data from the other side.
constexpr size_t kMaxDepth = 128;
// Largest memory limit of an isolate: 64 GiB.
constexpr int64_t kMaxMemory = 64LL << 30;
// Maximum number of iterations of one loop: scripts count in 32 bits, and the count must be able to exceed the limit by one.
constexpr int64_t kMaxIterations = 1'000'000'000;
// Longest magnitude of a BigInt: 8 KiB, about 19,700 decimal digits.
constexpr size_t kMaxBigIntBytes = 8 << 10;
// Largest distance of a date from 1970-01-01 in milliseconds, in both directions: the range of a JavaScript Date (ECMA-262, 21.4.1.1).
constexpr int64_t kMaxDate = 8'640'000'000'000'000;
// Largest magnitude at which every integer has its own float64: JavaScript's Number.MAX_SAFE_INTEGER.
constexpr double kMaxSafeInteger = (1LL << 53) - 1;
// The factor of the line in a place: line and column of a text in one number.
constexpr int64_t kPlaceColumns = 1024;
// The coarsest clock of scripts, in milliseconds.
constexpr int64_t kMaxClockStep = 60'000;
// Globals that a hello removes.
constexpr int64_t kMaxRemovedGlobals = 64;
// The name of a removed global, in bytes of UTF-8.
constexpr size_t kMaxGlobalName = 100;
// The system call filter: as many instructions as the kernel takes (BPF_MAXINSNS of linux/bpf_common.h).
constexpr size_t kMaxFilterBytes = 4096 * 8;
// One instruction of the filter.
constexpr size_t kInstructionBytes = 8;
// The name of a tool, in units of UTF-16.
constexpr int64_t kMaxToolName = 256;
// Tool calls that wait at one time: a host allows no more.
constexpr int64_t kMaxPendingCalls = 10'000;
// Calls of a repeatable run for the time of its timers that wait at one time.
constexpr int64_t kMaxPendingTimeCalls = 1000;
// Such calls of one run.
constexpr int64_t kMaxTimeCalls = 1'000'000;
// Size of the id of a reference on the wire.
constexpr size_t kReferenceIdBytes = 16;
// The nonce of a hello; exactly this many.
constexpr size_t kNonceBytes = 16;
// The key of a program; exactly this many.
constexpr size_t kKeyBytes = 16;
// The name of a program's source, in bytes of UTF-8.
constexpr size_t kMaxSourceName = 1024;
// The most distant deadline: 30 days.
constexpr int64_t kMaxRemaining = 2'592'000'000'000;
// The state of a job that leaves its worker: 1 MiB.
constexpr size_t kMaxParked = 1 << 20;
// Libraries of a host.
constexpr int64_t kMaxLibraries = 16;
// The name of a library, in bytes of UTF-8.
constexpr size_t kMaxLibraryName = 64;
// Source text of one library, in bytes of UTF-8.
constexpr size_t kMaxLibrarySource = 2 << 20;

// Descriptors of a worker.
// Frames from the host.
constexpr int kIn = 3;
// Frames to the host.
constexpr int kOut = 4;
// The control socket of a nursery.
constexpr int kControl = 7;
// The host's /proc of the process, until it has read its own mappings: a jail has no /proc.
constexpr int kLentProc = 8;

// Resource limits of a worker with a job.
// Descriptors that it may open: none, since all below are taken.
constexpr int64_t kOpenFiles = 3;
// Signals with a value.
constexpr int64_t kPendingSignals = 64;

// The sizes of messages through the control socket of a nursery.
// An order: its number.
constexpr size_t kOrderBytes = 4;
// A reply: the order's number, and the process or an error number below zero.
constexpr size_t kReplyBytes = 8;

// The MessagePack extension types of values.
// A date: the specification's own type.
constexpr int8_t kExtTimestamp = -1;
// undefined: no data.
constexpr int8_t kExtUndefined = 1;
// A sign byte (1 = negative), then the magnitude, little endian, without trailing zero bytes.
constexpr int8_t kExtBigInt = 2;
// A string that is not well-formed, as UTF-16 code units, little endian.
constexpr int8_t kExtUtf16 = 3;
// A value that is kept in the host: its id of 16 bytes, and on the way to a script size, kind and preview.
constexpr int8_t kExtReference = 4;
