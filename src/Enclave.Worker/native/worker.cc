#include "worker.h"

#include <unistd.h>
#include <v8.h>

#include <cstring>

#include "book.h"
#include "check.h"
#include "code_cache.h"
#include "code_pages.h"
#include "frame_pipe.h"
#include "isolates.h"
#include "kernel.h"
#include "libraries.h"
#include "lock.h"
#include "nursery.h"
#include "outbox.h"
#include "platform.h"
#include "restore.h"
#include "run_clock.h"
#include "runner.h"
#include "warm_up.h"
#include "written_pages.h"

namespace {

void OpenBook(const Hello& hello, checkpoint::Form form) {
  size_t frame = size_t(hello.max_frame_bytes);
  book::Open(frame_pipe::BookBytes(frame) + outbox::BookBytes(frame) + checkpoint::BookBytes() + code_cache::BookBytes() + (1 << 20));
  frame_pipe::Open(frame);
  outbox::Open(frame);
  code_cache::Open();
  run_clock::Open();
  runner::Open();
  checkpoint::Prepare(form);
}

void SendReady(const uint8_t* nonce, uint32_t held, checkpoint::Form form) {
  char landlock[32], book[48], code[48];
  const char* claims[9];
  size_t count = 0;
  snprintf(book, sizeof book, "book=%lx-%lx", book::begin(), book::end());
  claims[count++] = book;
  if (code_pages::end() != 0) {
    snprintf(code, sizeof code, "code=%lx-%lx", code_pages::begin(), code_pages::end());
    claims[count++] = code;
  }
  if (checkpoint::IsSealed()) claims[count++] = "sealed";
  claims[count++] = form == checkpoint::Form::kTracked ? "reset=tracked" : "reset=copied";
  if (held & EE_LAYER_LIMITS) claims[count++] = "limits";
  if (held & EE_LAYER_USER) claims[count++] = "user";
  if (held & EE_LAYER_SECCOMP) claims[count++] = "seccomp";
  if (held & EE_LAYER_NO_EXEC) claims[count++] = "noexec";
  if (LandlockVersion() > 0) {
    snprintf(landlock, sizeof landlock, "landlock=%d", LandlockVersion());
    claims[count++] = landlock;
  }
  outbox::SendReady({nonce, kNonceBytes}, v8::V8::GetVersion(), "native", claims, count);
}

// Restores everything that the last job has written, memory and frames.
void Renew(Isolate* isolate) {
  Restore(isolate);
  frame_pipe::Clear();
  outbox::Clear();
}

// Waits after a run that cannot be reset. The host knows that from the result and kills the process; no other code runs here.
[[noreturn]] void WaitForTheEnd() {
  Frame frame;
  while (frame_pipe::Read(0, &frame) == frame_pipe::Wait::kFrame) {
    if (frame.type == FrameType::kShutdown) kernel::Exit(0);
  }
  kernel::Exit(EE_EXIT_ORPHAN);
}

// Apart from the loop: nothing of a job may stay in the frames that wait for the next one.
__attribute__((noinline)) void TakeFrame(Isolate* isolate) {
  Frame frame;
  if (frame_pipe::Read(0, &frame) != frame_pipe::Wait::kFrame) kernel::Exit(EE_EXIT_ORPHAN);
  switch (frame.type) {
    case FrameType::kExecute:
      DCHECK(checkpoint::IsUnchanged());
      if (!runner::Run(isolate, ReadExecute(frame.body))) WaitForTheEnd();
      Renew(isolate);
      break;
    case FrameType::kUnpark:
      DCHECK(checkpoint::IsUnchanged());
      if (!runner::GoOn(isolate, ReadUnpark(frame.body))) WaitForTheEnd();
      Renew(isolate);
      break;
    // The frames may cross with the result.
    case FrameType::kCancel:
    case FrameType::kSuspend:
    case FrameType::kPark:
    case FrameType::kToolResult:
    case FrameType::kDeadline: break;
    case FrameType::kShutdown: ReadShutdown(frame.body); kernel::Exit(0);
    default: BreaksProtocol("a frame that has no place between jobs");
  }
}

[[noreturn]] void TakeJobs(Isolate* isolate) {
  for (;;) {
    frame_pipe::Rest();
    TakeFrame(isolate);
  }
}

// hello: in memory that the first reset restores.
[[noreturn]] void LiveAsCell(Isolate* isolate, const Hello& hello, pid_t nursery, uint32_t held, checkpoint::Form form) {
  uint8_t nonce[kNonceBytes];
  memcpy(nonce, hello.nonce, sizeof nonce);
  held = LockCell(hello.lock, nursery, held);
  held |= FilterCalls(hello.lock);
  // Writes the pages that every job writes, so that the first job does not wait for them. Not if a job waits for this worker: it then writes only the pages
  // that it needs.
  if (hello.rehearses) warm_up::Rehearse(isolate);
  else written_pages::Spare();
  Renew(isolate);
  written_pages::EndLearning();
  SendReady(nonce, held, form);
  outbox::Clear();
  TakeJobs(isolate);
}

}  // namespace

void LiveAsWorker(checkpoint::Form form, nursery::Cells cells) {
  // Never destroyed: the process exits without running destructors.
  static const Hello& hello = *new Hello(ReadHello(frame_pipe::ReadHello().body));
  bool has_control = nursery::HasControl();
  if (!has_control) close(kControl);
  libraries::Receive(hello.libraries);
  OpenBook(hello, form);
  SetClockStep(int(hello.clock_step));
  RemoveFromContexts(&hello.removed_globals);
  code_pages::KeepRoom();
  auto make = [&] { return MakeIsolate(uint64_t(hello.heap_limit), uint64_t(hello.libraries.held + hello.largest_limit)); };
  warm_up::MakeTables(make());
  Isolate* isolate = make();
  libraries::Load(isolate, hello.libraries);
  warm_up::Run(isolate);
  uint32_t held = LockNursery(hello.lock);
  if (has_control) nursery::Prepare(cells);
  // The state in which each job starts. The filter is installed afterwards: it refuses calls that making the copy needs.
  if (!checkpoint::Take(isolate->heap.YoungEnd())) kernel::Exit(EE_EXIT_START);
  uint32_t filtered = has_control ? FilterCalls(hello.lock) : 0;
  warm_up::Learn(isolate);
  if (!has_control) LiveAsCell(isolate, hello, 0, held, form);
  SendReady(hello.nonce, held | filtered, form);
  outbox::Clear();
  pid_t nursery = nursery::Serve();
  LiveAsCell(isolate, *new Hello(ReadHello(frame_pipe::ReadCellHello().body)), nursery, held, form);
}
