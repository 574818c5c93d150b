#include "outbox.h"

#include <signal.h>

#include <atomic>
#include <cstring>

#include "book.h"
#include "check.h"
#include "exit.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "messagepack.h"

namespace {

constexpr size_t kFlushBytes = 16 << 10, kHeadRoom = 4096, kOutboxKept = 64 << 10;
static_assert(kOutboxKept % kPage == 0, "behind it whole pages are given back");

// Bytes in the book. Frames are bounded by the limits of values, lines and names, which the host keeps below the frame's.
struct Bytes {
  uint8_t* data;
  size_t size, capacity, touched;

  uint8_t* Extend(size_t n) {
    if (n > capacity - size) ExitProcess(EE_EXIT_FATAL, "a frame above its limit");
    uint8_t* at = data + size;
    size += n;
    if (size > touched) touched = size;
    return at;
  }
  void Append(const void* bytes, size_t n) {
    // Nothing may have no address, which memcpy does not allow.
    if (n > 0) memcpy(Extend(n), bytes, n);
  }
  void Clear() {
    book::Wipe(data, touched, kOutboxKept);
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

// While it exists, the clock's signal does not touch the outbox. The fences order the stores for the compiler: the stores between them stay between them.
class Busy {
 public:
  Busy() {
    DCHECK(!state->busy && !check::InSignal::Is());
    state->busy = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Busy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    state->busy = 0;
  }
};

using Packer = PackWriter<Bytes>;

// One frame with an array of fields, from its header to its end.
class OpenFrame {
 public:
  OpenFrame(FrameType type, size_t fields) : at_(state->frames.size), out_(state->frames) {
    DCHECK(state->busy || check::InSignal::Is());
    uint8_t header[kHeaderBytes] = {kMagic0, kMagic1, kVersion, uint8_t(type)};
    state->frames.Append(header, sizeof header);
    out_.ArrayHeader(fields);
  }
  ~OpenFrame() {
    size_t length = state->frames.size - at_ - kHeaderBytes;
    for (int i = 0; i < 4; i++) state->frames.data[at_ + 4 + i] = uint8_t(length >> (8 * (3 - i)));
  }
  Packer* operator->() { return &out_; }

 private:
  size_t at_;
  Packer out_;
};

void AppendPayload(OpenFrame& frame, const Outcome& outcome) {
  if (outcome.status != RunStatus::kStopped) return state->frames.Append(outcome.body.data, outcome.body.length);
  frame->ArrayHeader(2);
  frame->Unsigned(uint64_t(outcome.reason));
  frame->Unsigned(outcome.where < INT32_MAX ? outcome.where : INT32_MAX);
}

void CloseConsole() {
  if (state->line_count == 0) return;
  {
    OpenFrame frame(FrameType::kConsole, 2);
    frame->Unsigned(state->job_id);
    frame->ArrayHeader(state->line_count);
    state->frames.Append(state->lines.data, state->lines.size);
  }
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
  // All waiting lines and one more frame.
  state->frames = Room(2 * (max_frame_bytes + kFlushBytes + kHeadRoom));
}

void outbox::Set(Voice voice) { state->voice = voice; }

void outbox::Begin(uint64_t job_id) { state->job_id = job_id; }

void outbox::AddConsole(int32_t level, Slice text) {
  Busy busy;
  Packer out(state->lines);
  out.ArrayHeader(2);
  out.Integer(level);
  out.String(text.data, text.length);
  state->line_count++;
  if (state->lines.size >= kFlushBytes) FlushNow();
}

void outbox::AddToolCall(uint32_t call_id, Slice name, Slice args) {
  Busy busy;
  CloseConsole();
  {
    OpenFrame frame(FrameType::kToolCall, 4);
    frame->Unsigned(state->job_id);
    frame->Unsigned(call_id);
    frame->String(name.data, name.length);
    state->frames.Append(args.data, args.length);
  }
  if (state->frames.size >= kFlushBytes) FlushNow();
}

void outbox::Finish(const Outcome& outcome, const Usage& usage) {
  Busy busy;
  CloseConsole();
  {
    OpenFrame frame(FrameType::kResult, 4);
    frame->Unsigned(state->job_id);
    frame->Unsigned(uint64_t(outcome.status));
    AppendPayload(frame, outcome);
    frame->ArrayHeader(5);
    frame->Unsigned(uint64_t(usage.cpu));
    frame->Unsigned(uint64_t(usage.tool_calls));
    frame->Unsigned(usage.iterations < INT64_MAX ? usage.iterations : INT64_MAX);
    frame->Unsigned(usage.ready ? 1 : 0);
    frame->Unsigned(usage.peak_memory);
  }
  FlushNow();
}

bool outbox::SendParked(int64_t due, size_t most, SaveState save) {
  Busy busy;
  CloseConsole();
  Bytes& frames = state->frames;
  size_t length;
  {
    OpenFrame frame(FrameType::kParked, 3);
    frame->Unsigned(state->job_id);
    frame->Unsigned(uint64_t(due));
    // bin 32, whose length is known afterwards.
    uint8_t* head = frames.Extend(5);
    length = save(frames.Extend(most), most);
    DCHECK(length <= most);
    frames.size -= most - length;
    head[0] = 0xc6;
    for (int i = 0; i < 4; i++) head[1 + i] = uint8_t(length >> (8 * (3 - i)));
  }
  FlushNow();
  return length > 0;
}

void outbox::SendReady(Slice nonce, const char* engine, const char* runtime, const char* const* claims, size_t count) {
  Busy busy;
  {
    OpenFrame frame(FrameType::kReady, 4);
    frame->Binary(nonce.data, nonce.length);
    frame->String(engine);
    frame->String(runtime);
    frame->ArrayHeader(count);
    for (size_t i = 0; i < count; i++) frame->String(claims[i]);
  }
  FlushNow();
}

void outbox::SendLibraryFault(size_t index, const Outcome& outcome) {
  Busy busy;
  {
    OpenFrame frame(FrameType::kLibraryFault, 3);
    frame->Unsigned(index);
    frame->Unsigned(uint64_t(outcome.status));
    AppendPayload(frame, outcome);
  }
  FlushNow();
}

void outbox::SendEnded(int64_t process, int64_t code, int64_t peak) {
  Busy busy;
  {
    OpenFrame frame(FrameType::kEnded, 3);
    frame->Unsigned(uint64_t(process));
    frame->Unsigned(uint64_t(code));
    frame->Unsigned(uint64_t(peak));
  }
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
