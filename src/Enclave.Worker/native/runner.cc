#include "runner.h"

#include <algorithm>
#include <cstring>

#include "book.h"
#include "check.h"
#include "checkpoint.h"
#include "clock.h"
#include "entropy.h"
#include "frame_pipe.h"
#include "isolates.h"
#include "job.h"
#include "kernel.h"
#include "lock.h"
#include "messagepack.h"
#include "outbox.h"
#include "parking.h"
#include "platform.h"
#include "run_clock.h"

namespace {

// The run: its id and limits are copies, since the frame they came in is gone once the next is read. Counts the effects of the script against its limits and
// passes them on. The host counts too: this side only ends the run sooner.
struct State {
  uint64_t job_id;
  Limits limits;
  bool repeatable, has_left;
  int64_t tool_calls, pending_calls, time_calls, console_calls, console_bytes;
};

// The part of a run that lies in no memory that a reset restores.
struct Saved {
  State run;
  int64_t cpu_used;
};
static_assert(sizeof(Saved) % 8 == 0);

State* state;

// The longest prefix of the text, up to this many bytes, that ends with a whole character.
size_t Prefix(Slice text, int64_t most) {
  if (int64_t(text.length) <= most) return text.length;
  size_t end = most > 0 ? size_t(most) : 0;
  while (end > 0 && (text.data[end] & 0xc0) == 0x80) end--;
  return end;
}

uint64_t Seed() {
  uint64_t seed;
  entropy::Machine(reinterpret_cast<uint8_t*>(&seed), sizeof seed);
  return seed;
}

Outcome Stopped(StopReason reason) {
  Outcome outcome{};
  outcome.status = RunStatus::kStopped;
  outcome.reason = reason;
  return outcome;
}

// True for the answer to a call for the time of timers. They are called afterwards, if they are due.
bool TakeTime(Isolate* isolate, const ToolResult& result) {
  if (std::erase(isolate->time_calls, result.call_id) == 0) return false;
  if (result.has_time) isolate->now = std::max(isolate->now, double(result.now));
  if (result.call_id != isolate->time_call) return true;
  isolate->time_call = 0;
  isolate->now = std::max(isolate->now, isolate->time_due);
  return true;
}

// Asks the host to answer when the first timer is due. So the order of timers and answers of tools is the order of answers, which can be repeated.
StopReason AskForTime(Isolate* isolate) {
  if (isolate->wake == INFINITY) return StopReason::kNone;
  double due = std::max(StepAt(isolate->wake), isolate->now);
  if (isolate->time_call != 0 && isolate->time_due <= due) return StopReason::kNone;
  if (state->time_calls >= kMaxTimeCalls) return StopReason::kToolCalls;
  if (isolate->time_calls.size() >= kMaxPendingTimeCalls) return StopReason::kPendingToolCalls;
  state->time_calls++;
  isolate->time_call = isolate->next_call_id++;
  isolate->time_due = due;
  isolate->time_calls.push_back(isolate->time_call);
  Buffer args;
  args.Reset(64);
  PackWriter<Buffer> out(args);
  out.MapHeader(1);
  out.String("duration");
  out.Integer(int64_t(due - isolate->now));
  outbox::AddToolCall(isolate->time_call, {reinterpret_cast<const uint8_t*>(runner::kTimerCall), sizeof runner::kTimerCall - 1}, args.Bytes());
  return StopReason::kNone;
}

Outcome Fire(Isolate* isolate) {
  run_clock::Watch watch(isolate);
  return job::Fire(isolate);
}

Outcome Settle(Isolate* isolate, const ToolResult& result) {
  if (result.job_id != state->job_id) BreaksProtocol("a tool result for another job");
  isolate->ticked = true;
  if (TakeTime(isolate, result)) return Outcome{};
  state->pending_calls--;
  run_clock::Watch watch(isolate);
  return job::Settle(isolate, result);
}

// The script only waits: suspends it. The script continues if it has made calls that the host does not know yet.
Outcome StandsStill(const Suspend& suspend) {
  bool applies = suspend.job_id == state->job_id && suspend.calls == state->tool_calls + state->time_calls;
  return applies ? Stopped(StopReason::kSuspended) : Outcome{};
}

// A run that waits for longer, in microseconds, gives memory back. To take it again costs a page fault for each of some 70 pages.
constexpr int64_t kPatience = 100'000;

frame_pipe::Wait Await(int64_t until, Frame* frame) {
  int64_t patient = Now() + kPatience;
  if (until <= patient) return frame_pipe::Read(until, frame);
  frame_pipe::Wait wait = frame_pipe::Read(patient, frame);
  if (wait != frame_pipe::Wait::kTimedOut) return wait;
  checkpoint::GiveBackUnused();
  return frame_pipe::Read(until, frame);
}

// True if the run waits for a timer of this worker. In a repeatable run the host has them.
bool HasTimer(const Isolate* isolate) { return !state->repeatable && isolate->wake < INFINITY; }

size_t Save(uint8_t* room, size_t capacity) {
  Saved saved{*state, run_clock::CpuUsed()};
  if (capacity < sizeof saved) return 0;
  memcpy(room, &saved, sizeof saved);
  size_t length = parking::Save(room + sizeof saved, capacity - sizeof saved);
  return length == 0 ? 0 : sizeof saved + length;
}

// No code of V8 is on the stack: all that the run needs lies in memory that a reset restores, and in the state above.
Outcome Leave(const Isolate* isolate) {
  int64_t due = HasTimer(isolate) ? std::max<int64_t>(1, MicrosecondsUntil(isolate->wake)) : 0;
  state->has_left = outbox::SendParked(due, frame_pipe::RoomForState(), Save);
  return Outcome{};
}

// Waits for the next frame of this job, or for its first timer, and continues the script with it.
Outcome Answer(Isolate* isolate) {
  Frame frame;
  int64_t until = run_clock::WallDeadline();
  bool has_timer = HasTimer(isolate);
  if (has_timer) until = std::min(until, Now() + MicrosecondsUntil(isolate->wake));
  switch (Await(until, &frame)) {
    case frame_pipe::Wait::kTimedOut: return has_timer && Now() < run_clock::WallDeadline() ? Fire(isolate) : Stopped(StopReason::kDeadline);
    case frame_pipe::Wait::kEnd: kernel::Exit(EE_EXIT_ORPHAN);
    case frame_pipe::Wait::kFrame: break;
  }
  switch (frame.type) {
    case FrameType::kToolResult: return Settle(isolate, ReadToolResult(frame.body));
    case FrameType::kCancel: return ReadCancel(frame.body) == state->job_id ? Stopped(StopReason::kCancelled) : Outcome{};
    case FrameType::kSuspend: return StandsStill(ReadSuspend(frame.body));
    case FrameType::kPark: return ReadPark(frame.body) == state->job_id ? Leave(isolate) : Outcome{};
    case FrameType::kDeadline: return run_clock::UpdateDeadline(ReadDeadline(frame.body)), Outcome{};
    default: BreaksProtocol("a frame that has no place while a job runs");
  }
}

Outcome Start(Isolate* isolate, const ExecuteMessage& message) {
  uint64_t seed = message.repeatable ? message.seed : Seed();
  run_clock::Watch watch(isolate);
  return job::Start(isolate, message, seed);
}

// Continues the run until it ends or leaves this worker. False if the process must not be used again.
bool Continue(Isolate* isolate, Outcome outcome) {
  while (outcome.status == RunStatus::kPending && !state->has_left) {
    if (state->repeatable) {
      if (isolate->ticked && isolate->wake <= ShownOf(isolate->now)) {
        outcome = Fire(isolate);
        continue;
      }
      if (StopReason reason = AskForTime(isolate); reason != StopReason::kNone) {
        outcome = Stopped(reason);
        break;
      }
    }
    // A resumed run has its answers ahead. Its output is sent in pieces meanwhile, and at the latest when it waits.
    if (!state->repeatable || !frame_pipe::HasFrame()) outbox::Flush();
    outcome = run_clock::CpuIsSpent() ? Stopped(StopReason::kCpu) : Answer(isolate);
  }
  if (state->has_left) return true;
  isolate->heap.Measure();
  bool ready = outcome.status != RunStatus::kStopped || outcome.reason == StopReason::kCancelled || outcome.reason == StopReason::kSuspended;
  // This allocates, which may map memory. So CanReset is called after it, the last step of V8.
  if (ready) checkpoint::NoteLastWritten(isolate->heap.YoungEnd());
  ready = ready && checkpoint::CanReset();
  outbox::Finish(outcome, {run_clock::CpuUsed(), state->tool_calls, outcome.iterations, isolate->heap.peak(), ready});
  return ready;
}

void Expect() { frame_pipe::Expect(state->repeatable ? uint32_t(state->limits.max_tool_calls) + kMaxTimeCalls : 0); }

}  // namespace

void runner::Open() { state = book::Take<State>(); }

bool runner::Run(Isolate* isolate, const ExecuteMessage& message) {
  // Each run is counted against limits from zero, and starts in an isolate without a trace of another.
  DCHECK(isolate->IsRenewed());
  *state = {message.job_id, message.limits, message.repeatable, false, 0, 0, 0, 0, 0};
  if (HasCoarseClock()) SeedClock(Seed());
  Expect();
  outbox::Begin(message.job_id);
  run_clock::Begin(message.job_id, Now() + message.limits.timeout, message.limits.cpu);
  BoundRun(uint64_t(message.limits.memory));
  isolate->heap.Limit(uint64_t(message.limits.memory));
  isolate->heap.BeginJob();
  return Continue(isolate, Start(isolate, message));
}

bool runner::GoOn(Isolate* isolate, const Unpark& unpark) {
  Saved saved;
  if (unpark.saved.length < sizeof saved) BreaksProtocol("a parked run that is cut");
  memcpy(&saved, unpark.saved.data, sizeof saved);
  // Read as a byte: a bool holds nothing but these two.
  uint8_t repeatable;
  memcpy(&repeatable, &saved.run.repeatable, 1);
  if (saved.run.job_id != unpark.job_id || repeatable > 1) BreaksProtocol("a parked run of another job");
  int64_t deadline = Now() + unpark.remaining;
  BoundRun(uint64_t(saved.run.limits.memory));
  parking::Load({unpark.saved.data + sizeof saved, unpark.saved.length - sizeof saved});
  *state = saved.run;
  state->has_left = false;
  Expect();
  outbox::Begin(unpark.job_id);
  run_clock::Begin(unpark.job_id, deadline, saved.run.limits.cpu, saved.cpu_used);
  return Continue(isolate, Outcome{});
}

StopReason runner::OnToolCall(uint32_t call_id, Slice name, Slice args) {
  if (state->tool_calls >= state->limits.max_tool_calls) return StopReason::kToolCalls;
  if (state->pending_calls >= state->limits.max_pending_calls) return StopReason::kPendingToolCalls;
  state->tool_calls++;
  state->pending_calls++;
  outbox::AddToolCall(call_id, name, args);
  return StopReason::kNone;
}

StopReason runner::OnConsole(int32_t level, Slice text, uint64_t whole_length) {
  if (++state->console_calls > state->limits.max_console_calls) return StopReason::kConsoleCalls;
  int64_t left = state->limits.max_console_bytes - state->console_bytes;
  if (int64_t(whole_length) > left || int64_t(text.length) > left) {
    // The part that fits is sent: it may explain the rest.
    outbox::AddConsole(level, {text.data, Prefix(text, left)});
    return StopReason::kConsoleBytes;
  }
  state->console_bytes += int64_t(text.length);
  outbox::AddConsole(level, text);
  return StopReason::kNone;
}
