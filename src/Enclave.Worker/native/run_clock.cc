#include "run_clock.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

#include <algorithm>

#include "book.h"
#include "bridge.h"
#include "check.h"
#include "clock.h"
#include "exit.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "outbox.h"

namespace {

// The delay of the first check of a running script, and the interval of the later ones.
constexpr int64_t kFirstCheck = 2000, kInterval = 20000;

// A run that is to end gets a signal at this interval until the signal finds compiled code, and at most this many signals: V8's own code seldom runs longer
// without checking whether it should stop.
constexpr int64_t kAgain = 100;
constexpr int kLooks = 100;

struct State {
  uint64_t job_id;
  int64_t deadline, cpu_limit, cpu_at_begin;
  Isolate* running;
  int looks_left;
  // Whether V8 was asked to call OnClock.
  bool asked;
};

State* state;

// Fires once after this number of microseconds; 0 for never.
void SetTimer(int64_t microseconds) {
  itimerval value{{0, 0}, {microseconds / 1000000, microseconds % 1000000}};
  kernel::Call(SYS_setitimer, ITIMER_REAL, long(&value), 0);
}

void OnFrameAhead(const Frame& frame) {
  if (frame.type == FrameType::kDeadline) run_clock::UpdateDeadline(ReadDeadline(frame.body));
  if (frame.type == FrameType::kCancel && ReadCancel(frame.body) == state->job_id) state->running->Want(StopReason::kCancelled);
}

// V8 may be about to take or release the lock that a termination takes: waiting for it here would never end. Compiled code holds no lock, so the
// termination waits for a signal that interrupts such code.
void Terminate(const ucontext_t* interrupted) {
  bool compiled = state->running->IsCompiledCode(uintptr_t(interrupted->uc_mcontext.gregs[REG_RIP]));
  if (!compiled && state->looks_left-- > 0) return SetTimer(kAgain);
  DCHECK(state->looks_left < 0 || compiled);
  // V8's next look for interrupts tells where the script is. A script that comes to none by the next signal is ended without its place.
  if (compiled && !state->asked) {
    state->asked = true;
    state->running->isolate->RequestInterrupt(OnClock, nullptr);
  } else {
    state->running->Terminate();
  }
  SetTimer(kInterval);
}

void OnTimer(int, siginfo_t*, void* context) {
  check::InSignal in_signal;
  if (state->running == nullptr) return;
  // Before reading the clock: a deadline may have moved.
  frame_pipe::ReadAhead(OnFrameAhead);
  int64_t wall_left = state->deadline - Now();
  int64_t cpu_left = state->cpu_limit - run_clock::CpuUsed();
  if (wall_left <= 0) state->running->Want(StopReason::kDeadline);
  else if (cpu_left <= 0) state->running->Want(StopReason::kCpu);
  outbox::FlushFromSignal();
  if (state->running->Stopped()) Terminate(static_cast<const ucontext_t*>(context));
  else SetTimer(std::min({kInterval, wall_left, cpu_left}));
}

}  // namespace

void run_clock::Open() {
  state = book::Take<State>();
  struct sigaction action {};
  action.sa_sigaction = OnTimer;
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  if (sigaction(SIGALRM, &action, nullptr) != 0) ExitProcess(EE_EXIT_START, "no handler for the clock");
}

void run_clock::Begin(uint64_t job_id, int64_t deadline, int64_t cpu_limit, int64_t cpu_used) {
  *state = {job_id, deadline, cpu_limit, Microseconds(CLOCK_THREAD_CPUTIME_ID) - cpu_used, nullptr, kLooks, false};
}

void run_clock::UpdateDeadline(const Deadline& deadline) {
  if (deadline.job_id == state->job_id) state->deadline = Now() + deadline.remaining;
}

int64_t run_clock::WallDeadline() { return state->deadline; }

int64_t run_clock::CpuUsed() { return Microseconds(CLOCK_THREAD_CPUTIME_ID) - state->cpu_at_begin; }

bool run_clock::CpuIsSpent() { return CpuUsed() >= state->cpu_limit; }

run_clock::Watch::Watch(Isolate* running) {
  DCHECK(state->running == nullptr);
  state->running = running;
  SetTimer(std::clamp<int64_t>(state->deadline - Now(), 1, kFirstCheck));
}

run_clock::Watch::~Watch() {
  // The timer may have fired already: without a running script the handler does nothing.
  state->running = nullptr;
  SetTimer(0);
}
