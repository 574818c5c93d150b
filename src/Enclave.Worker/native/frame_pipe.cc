#include "frame_pipe.h"

#include <poll.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "book.h"
#include "check.h"
#include "clock.h"
#include "exit.h"
#include "kernel.h"

namespace {

constexpr uint8_t kMagic[] = {kMagic0, kMagic1, kVersion};
// This value replaces the type of a frame that was read ahead. The frame is skipped when its turn comes. Only the clock's signal writes it, into a buffer
// whose frames stay where they are:
//
//   |result|deadline|result|..........   read ahead: the deadline is applied, and marked
//   ^ start                ^ scanned
//   |result|handled |result|..........   read in order: two results
constexpr uint8_t kHandled = 0;
static_assert(kHandled < uint8_t(FrameType::kHello));
// Frames read ahead while a script runs: results of its pending calls, of which a host allows 10,000 at most, a cancel and deadlines. A resumed run gets the
// results of its earlier calls as well. A host that sends more breaks the protocol.
constexpr uint32_t kMaxAhead = 10500;
static_assert(kMaxAhead > kMaxPendingCalls);
constexpr size_t kSpare = 1 << 20, kFramesKept = 256 << 10;
static_assert(kFramesKept % kPage == 0, "behind it whole pages are given back");
// Waking two sleeping cores takes about 40 µs. If the last answer came within this time, the next one is awaited by polling.
constexpr int64_t kBrief = 60;

struct State {
  uint8_t* data;
  size_t capacity, max_body;
  size_t start, end, scanned;  // the next frame, the end of what was read, and how far it was read ahead
  size_t touched;              // how far the buffer was ever used since the last Clear
  uint32_t ahead, max_ahead;
  bool brief, cores;
};

State* pipe_state;

// Whether code may set its thread pointer by an instruction (HWCAP2_FSGSBASE of asm/hwcap2.h). Elsewhere nothing between two jobs can change it.
bool sets_thread_pointer;

// read(2) for a worker without a job. The host sees the registers of the call, and compares the stack above with what it was before the first job. It does
// not see the registers that a call preserves, the thread pointer, the flags and the modes of the floating-point unit: hostile code could hide in them.
// So they are restored from that stack, or are set to the values of a new process.
__attribute__((naked, noinline)) long ReadAtRest(long /*descriptor*/, void* /*to*/, size_t /*length*/, bool /*sets_thread_pointer*/) {
  asm(R"(
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    pushq %fs:0
    movzbl %cl, %ecx
    push %rcx
    xor %r10d, %r10d
    xor %r8d, %r8d
    xor %r9d, %r9d
    xor %eax, %eax
    syscall
    pushq $0x202
    popfq
    pushq $0x1f80
    ldmxcsr (%rsp)
    pop %rcx
    fninit
    pop %rcx
    pop %rdx
    test %ecx, %ecx
    jz 1f
    wrfsbase %rdx
  1:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
  )");
}

// The length of the frame at this place with its header, or 0 when not all of the header is there.
size_t FrameLength(const uint8_t* at, size_t there, size_t max_body, bool* handled) {
  if (there < kHeaderBytes) return 0;
  size_t length = size_t(at[4]) << 24 | size_t(at[5]) << 16 | size_t(at[6]) << 8 | at[7];
  *handled = at[3] == kHandled;
  bool known = at[3] <= uint8_t(FrameType::kLibraryFault) ||
               (at[3] >= uint8_t(FrameType::kSuspend) && at[3] <= uint8_t(FrameType::kUnpark) && at[3] != uint8_t(FrameType::kParked));
  if (memcmp(at, kMagic, sizeof kMagic) != 0 || !known) BreaksProtocol("a frame with a wrong header");
  if (length > max_body) BreaksProtocol("a frame above its limit");
  return kHeaderBytes + length;
}

// Every step relies on this order, and preserves it.
bool IsInOrder(const State& s) { return s.start <= s.scanned && s.scanned <= s.end && s.end <= s.touched && s.end <= s.capacity; }

void CheckSentType(uint8_t type) {
  if (type == kHandled) BreaksProtocol("a frame with a wrong header");
}

bool Take(State& s, Frame* frame) {
  DCHECK(IsInOrder(s));
  for (;;) {
    bool handled = false;
    size_t there = s.end - s.start, length = FrameLength(s.data + s.start, there, s.max_body, &handled);
    if (length == 0 || length > there) return false;
    const uint8_t* at = s.data + s.start;
    bool ahead = s.start < s.scanned;
    s.start += length;
    DCHECK(!ahead || s.ahead > 0);
    if (ahead) s.ahead -= s.ahead > 0;
    else s.scanned = s.start;
    if (handled && ahead) continue;
    CheckSentType(at[3]);
    *frame = {FrameType(at[3]), {at + kHeaderBytes, length - kHeaderBytes}};
    return true;
  }
}

void Grow(State& s, size_t length) {
  DCHECK(length <= s.capacity - s.end);
  s.end += length;
  s.touched = std::max(s.touched, s.end);
}

// Reads more. False at the end of the pipe.
bool Fill(State& s) {
  // This moves the read bytes, so it must not run while a step of the script may still use them.
  DCHECK(IsInOrder(s) && !check::InSignal::Is());
  if (s.start == s.end) s.start = s.end = s.scanned = 0;
  if (s.capacity - s.end < kSpare / 2 && s.start > 0) {
    memmove(s.data, s.data + s.start, s.end - s.start);
    s.end -= s.start;
    s.scanned -= s.start;
    s.start = 0;
  }
  long n;
  do n = kernel::Read(kIn, s.data + s.end, s.capacity - s.end);
  while (n == -EINTR);
  if (n <= 0) return false;
  Grow(s, size_t(n));
  return true;
}

bool IsReadable(int milliseconds) {
  pollfd in{kIn, POLLIN, 0};
  return kernel::Call(SYS_poll, long(&in), 1, milliseconds) > 0;
}

bool WaitReadable(int64_t deadline) {
  for (;;) {
    int64_t left = deadline - Now();
    // A frame that has arrived is read also after the deadline, so that timers that are always due do not block frames.
    if (IsReadable(left <= 0 ? 0 : int(left / 1000 >= INT32_MAX ? INT32_MAX : (left + 999) / 1000))) return true;
    if (left <= 0) return false;
  }
}

// Polls without sleeping.
bool ComesBy(int64_t time) {
  do {
    if (IsReadable(0)) return true;
  } while (Now() < time);
  return false;
}

bool WaitForAnswer(State& s, int64_t deadline) {
  int64_t from = Now();
  bool came = (s.brief && ComesBy(from + kBrief)) || WaitReadable(deadline);
  s.brief = s.cores && Now() - from < kBrief;
  return came;
}

}  // namespace

Frame frame_pipe::ReadEarly(FrameType type, uint8_t* room, size_t max_body) {
  size_t got = 0, wanted = kHeaderBytes;
  while (got < wanted) {
    ssize_t n = read(kIn, room + got, wanted - got);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(EE_EXIT_ORPHAN);
    got += size_t(n);
    bool handled;
    if (got == kHeaderBytes) wanted = FrameLength(room, got, max_body, &handled);
  }
  if (FrameType(room[3]) != type) BreaksProtocol("another frame in the place of the hello or of a library");
  return {type, {room + kHeaderBytes, got - kHeaderBytes}};
}

Frame frame_pipe::ReadHello() {
  static uint8_t bytes[kHeaderBytes + kHelloBytes];
  return ReadEarly(FrameType::kHello, bytes, kHelloBytes);
}

size_t frame_pipe::BookBytes(size_t max_frame_bytes) { return max_frame_bytes + kHeaderBytes + kSpare + sizeof(State) + 4 * kPage; }

void frame_pipe::Open(size_t max_frame_bytes) {
  pipe_state = book::Take<State>();
  State& s = *pipe_state;
  s.capacity = max_frame_bytes + kHeaderBytes + kSpare;
  s.data = static_cast<uint8_t*>(book::Take(s.capacity));
  s.max_body = max_frame_bytes;
  s.max_ahead = kMaxAhead;
  s.cores = sysconf(_SC_NPROCESSORS_ONLN) > 1;
  sets_thread_pointer = (getauxval(AT_HWCAP2) & 2) != 0;
}

void frame_pipe::Rest() {
  State& s = *pipe_state;
  if (s.start != s.end) return;
  long n;
  do n = ReadAtRest(kIn, s.data, s.capacity, sets_thread_pointer);
  while (n == -EINTR);
  if (n <= 0) kernel::Exit(EE_EXIT_ORPHAN);
  s.start = s.end = s.scanned = 0;
  Grow(s, size_t(n));
}

frame_pipe::Wait frame_pipe::Read(int64_t deadline, Frame* frame) {
  State& s = *pipe_state;
  for (;;) {
    if (Take(s, frame)) return Wait::kFrame;
    if (deadline != 0 && !WaitForAnswer(s, deadline)) return Wait::kTimedOut;
    if (!Fill(s)) return Wait::kEnd;
  }
}

Frame frame_pipe::ReadCellHello() {
  State& s = *pipe_state;
  size_t later = std::exchange(s.max_body, kHelloBytes);
  Frame frame;
  if (Read(0, &frame) != Wait::kFrame) kernel::Exit(EE_EXIT_ORPHAN);
  if (frame.type != FrameType::kHello) BreaksProtocol("another frame before the hello");
  s.max_body = later;
  return frame;
}

void frame_pipe::Inject(const void* bytes, size_t length) {
  State& s = *pipe_state;
  if (length > s.capacity - s.end) ExitProcess(EE_EXIT_START, "no room for the answers of the warm-up");
  memcpy(s.data + s.end, bytes, length);
  Grow(s, length);
}

void frame_pipe::DropInjected() {
  State& s = *pipe_state;
  s.start = s.end = s.scanned = 0;
  s.ahead = 0;
}

void frame_pipe::ReadAhead(FrameHandler handle) {
  State& s = *pipe_state;
  // A full buffer waits until the script has used its content. The body that the current step of the script came from must not move.
  while (s.end < s.capacity && IsReadable(0)) {
    long n = kernel::Read(kIn, s.data + s.end, s.capacity - s.end);
    if (n == -EINTR) continue;
    if (n <= 0) kernel::Exit(EE_EXIT_ORPHAN);
    Grow(s, size_t(n));
  }
  for (;;) {
    bool handled;
    size_t there = s.end - s.scanned, length = FrameLength(s.data + s.scanned, there, s.max_body, &handled);
    if (length == 0 || length > there) return;
    uint8_t* at = s.data + s.scanned;
    CheckSentType(at[3]);
    if (++s.ahead > s.max_ahead) BreaksProtocol("too many frames while a script runs");
    s.scanned += length;
    DCHECK(IsInOrder(s));
    handle({FrameType(at[3]), {at + kHeaderBytes, length - kHeaderBytes}});
    // A deadline counts from its arrival: applied a second time, later, it would give the run more time than the host allowed.
    if (FrameType(at[3]) == FrameType::kDeadline) at[3] = kHandled;
  }
}

void frame_pipe::Expect(uint32_t earlier_calls) { pipe_state->max_ahead = kMaxAhead + earlier_calls; }

size_t frame_pipe::RoomForState() {
  // The bytes of the frame's other fields.
  constexpr size_t kHead = 64;
  return std::min(kMaxParked, pipe_state->max_body - kHead);
}

bool frame_pipe::HasFrame() {
  const State& s = *pipe_state;
  bool handled = false;
  size_t there = s.end - s.start, length = FrameLength(s.data + s.start, there, s.max_body, &handled);
  return length != 0 && length <= there && !handled;
}

void frame_pipe::Clear() {
  State& s = *pipe_state;
  // A frame that has already arrived stays in place and is cleared at the next call.
  if (s.start != s.end) return;
  book::Wipe(s.data, s.touched, kFramesKept);
  s.start = s.end = s.scanned = s.touched = 0;
}

void frame_pipe::Write(const void* bytes, size_t length) {
  auto* at = static_cast<const uint8_t*>(bytes);
  while (length > 0) {
    long n = kernel::Write(kOut, at, length);
    if (n == -EINTR) continue;
    if (n < 0) kernel::Exit(EE_EXIT_ORPHAN);
    at += n;
    length -= size_t(n);
  }
}
