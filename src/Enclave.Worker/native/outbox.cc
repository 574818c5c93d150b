#include "outbox.h"

#include <signal.h>
#include <sys/mman.h>

#include <cstring>

#include "book.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "limits.h"
#include "messagepack.h"

namespace {

constexpr size_t kFlushBytes = 16 << 10, kHeadRoom = 4096, kKept = 64 << 10, kPage = 4096;
// The last arguments of a frame: a job id, a call id, headers.
constexpr size_t kFieldBytes = 128;

// Bytes in the book. Frames are bounded by the limits of values, lines and names, which the host keeps below the frame's.
struct Bytes {
  uint8_t* data;
  size_t size, capacity, touched;

  uint8_t* Extend(size_t n) {
    if (n > capacity - size) Leave(EE_EXIT_FATAL, "a frame above its limit");
    uint8_t* at = data + size;
    size += n;
    if (size > touched) touched = size;
    return at;
  }
  void Append(const void* bytes, size_t n) { memcpy(Extend(n), bytes, n); }
  void Clear() {
    size_t kept = touched < kKept ? touched : kKept;
    memset(data, 0, kept);
    if (touched > kKept) kernel::Advise(uintptr_t(data) + kKept, touched - kKept + kPage, MADV_DONTNEED);
    size = touched = 0;
  }
};

struct State {
  Bytes frames, lines;
  uint32_t line_count;
  uint64_t job_id;
  outbox::Voice voice;
  volatile sig_atomic_t busy;
};

State* state;

// While it lives, the clock's signal leaves the outbox alone.
class Busy {
 public:
  Busy() { state->busy = 1; }
  ~Busy() { state->busy = 0; }
};

using Packer = PackWriter<Bytes>;

size_t BeginFrame(FrameType type) {
  size_t at = state->frames.size;
  uint8_t header[kHeaderBytes] = {0xec, 0x1a, 1, uint8_t(type)};
  state->frames.Append(header, sizeof header);
  return at;
}

void EndFrame(size_t at) {
  size_t length = state->frames.size - at - kHeaderBytes;
  for (int i = 0; i < 4; i++) state->frames.data[at + 4 + i] = uint8_t(length >> (8 * (3 - i)));
}

void CloseConsole() {
  if (state->line_count == 0) return;
  size_t frame = BeginFrame(FrameType::kConsole);
  Packer out(state->frames);
  out.ArrayHeader(2);
  out.Unsigned(state->job_id);
  out.ArrayHeader(state->line_count);
  state->frames.Append(state->lines.data, state->lines.size);
  EndFrame(frame);
  state->lines.size = 0;
  state->line_count = 0;
}

void FlushNow() {
  CloseConsole();
  if (state->frames.size > 0 && state->voice == outbox::Voice::kHeard) frame_pipe::Write(state->frames.data, state->frames.size);
  state->frames.size = 0;
}

Bytes Room(size_t capacity) { return {static_cast<uint8_t*>(book::Take(capacity)), 0, capacity, 0}; }

}  // namespace

size_t outbox::BookBytes(size_t max_frame_bytes) { return 3 * (max_frame_bytes + kFlushBytes + kHeadRoom + kPage) + sizeof(State) + 2 * kPage; }

void outbox::Open(size_t max_frame_bytes) {
  state = book::Take<State>();
  state->lines = Room(max_frame_bytes + kFlushBytes + kHeadRoom);
  // All lines that wait and one frame more.
  state->frames = Room(2 * (max_frame_bytes + kFlushBytes + kHeadRoom));
}

void outbox::Set(Voice voice) { state->voice = voice; }

void outbox::Begin(uint64_t job_id) { state->job_id = job_id; }

void outbox::AddConsole(int32_t level, const uint8_t* text, size_t length) {
  Busy busy;
  Packer out(state->lines);
  out.ArrayHeader(2);
  out.Integer(level);
  out.String(text, length);
  state->line_count++;
  if (state->lines.size >= kFlushBytes) FlushNow();
}

void outbox::AddToolCall(uint32_t call_id, const uint8_t* name, size_t name_length, const uint8_t* args, size_t args_length) {
  Busy busy;
  CloseConsole();
  size_t frame = BeginFrame(FrameType::kToolCall);
  Packer out(state->frames);
  out.ArrayHeader(4);
  out.Unsigned(state->job_id);
  out.Unsigned(call_id);
  out.String(name, name_length);
  state->frames.Append(args, args_length);
  EndFrame(frame);
  if (state->frames.size >= kFlushBytes) FlushNow();
}

void outbox::Finish(const ee_outcome& outcome, const Usage& usage) {
  Busy busy;
  CloseConsole();
  size_t frame = BeginFrame(FrameType::kResult);
  Packer out(state->frames);
  out.ArrayHeader(4);
  out.Unsigned(state->job_id);
  out.Unsigned(uint64_t(outcome.status));
  if (outcome.status == EE_STOPPED) {
    out.ArrayHeader(2);
    out.Unsigned(uint64_t(outcome.reason));
    out.Unsigned(outcome.where < INT32_MAX ? outcome.where : INT32_MAX);
  } else {
    state->frames.Append(outcome.body, outcome.body_length);
  }
  out.ArrayHeader(4);
  out.Unsigned(uint64_t(usage.cpu));
  out.Unsigned(uint64_t(usage.tool_calls));
  out.Unsigned(usage.iterations < INT64_MAX ? usage.iterations : INT64_MAX);
  out.Unsigned(usage.ready ? 1 : 0);
  EndFrame(frame);
  FlushNow();
}

void outbox::SendReady(const uint8_t* nonce, size_t nonce_length, const char* engine, const char* runtime, const char* const* claims, size_t count) {
  Busy busy;
  size_t frame = BeginFrame(FrameType::kReady);
  Packer out(state->frames);
  out.ArrayHeader(4);
  out.Binary(nonce, nonce_length);
  out.String(engine);
  out.String(runtime);
  out.ArrayHeader(count);
  for (size_t i = 0; i < count; i++) out.String(claims[i]);
  EndFrame(frame);
  FlushNow();
}

void outbox::SendPong(uint64_t token) {
  Busy busy;
  size_t frame = BeginFrame(FrameType::kPong);
  Packer out(state->frames);
  out.ArrayHeader(1);
  out.Unsigned(token);
  EndFrame(frame);
  FlushNow();
}

void outbox::Flush() {
  Busy busy;
  FlushNow();
}

void outbox::FlushFromSignal() {
  if (!state->busy) FlushNow();
}

void outbox::Clear() {
  state->frames.Clear();
  state->lines.Clear();
}
