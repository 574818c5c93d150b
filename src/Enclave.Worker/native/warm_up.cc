#include "warm_up.h"

#include <string>

#include "buffer.h"
#include "checkpoint.h"
#include "code_cache.h"
#include "engine.h"
#include "frame_pipe.h"
#include "isolates.h"
#include "messagepack.h"
#include "outbox.h"
#include "runner.h"

namespace {

// A short ordinary program with two tool calls. The second one fails.
constexpr char kOrdinary[] = R"(
  console.log('warm', { a: 1 });
  const r = await callTool('warm', { a: [1, 'x', { b: 2.5 }] });
  const s = JSON.parse(JSON.stringify(r));
  try { await callTool('warm'); } catch (e) { console.log(e.message); }
  const rows = [s, args].map((x, i) => ({ x, i, at: new Date(0).toISOString(), name: `n${i}` })).filter((row) => row.i >= 0 && Math.random() >= 0);
  rows.sort((a, b) => a.i - b.i);
  return { rows, text: /w(.)/.exec('warm')?.[1], keys: [...new Map(Object.entries({ k: 1 })).keys()] };
)";

// Another text, without the first line feed: V8 would take the code of the first one, which the checkpoint has, instead of compiling it as a job.
constexpr const char* kRehearsed = kOrdinary + 1;

constexpr const char* kEndings[] = {"return 1", "return () => 1", "}", "throw new Error('warm')", "null.x"};

constexpr size_t kFrameRoom = 4096;

// A slow disk may make the first run long. The host's own limit is that of the start.
constexpr int64_t kWarmTime = 60000000;

Limits WarmLimits(const ee_isolate* isolate) {
  return {kWarmTime, kWarmTime, int64_t(isolate->memory_limit), 2, 2, 1000, 10, 1024, 20, 100, 4096};
}

// {"args": [1]}
constexpr uint8_t kGlobals[] = {0x81, 0xa4, 'a', 'r', 'g', 's', 0x91, 1};

constexpr uint8_t kKey[code_cache::kKeyBytes] = {};

void RunOne(ee_isolate* isolate, const char* program, Slice key) {
  ExecuteMessage job{};
  job.key = key;
  job.source = {reinterpret_cast<const uint8_t*>(program), strlen(program)};
  job.source_name = {reinterpret_cast<const uint8_t*>("warm-up"), 7};
  job.globals = {kGlobals, sizeof kGlobals};
  job.limits = WarmLimits(isolate);
  runner::Run(isolate, job);
}

void EndFrame(Buffer& frame) {
  auto* bytes = const_cast<uint8_t*>(frame.data());
  size_t length = frame.size() - kHeaderBytes;
  bytes[6] = uint8_t(length >> 8);
  bytes[7] = uint8_t(length);
}

// The answers to its two calls.
void InjectAnswers() {
  for (int call = 1; call <= 2; call++) {
    Buffer frame;
    frame.Reset(kFrameRoom);
    const uint8_t header[kHeaderBytes] = {0xec, 0x1a, kVersion, uint8_t(FrameType::kToolResult)};
    frame.Append(header, sizeof header);
    PackWriter<Buffer> out(frame);
    out.ArrayHeader(4);
    out.Unsigned(0);
    out.Unsigned(unsigned(call));
    out.Unsigned(call == 2);
    if (call == 1) {
      out.MapHeader(2);
      out.String("id");
      out.Integer(1);
      out.String("name");
      out.String("warm");
    } else {
      out.ArrayHeader(3);
      out.String("Error");
      out.String("warm");
      out.Nil();
    }
    EndFrame(frame);
    frame_pipe::Inject(frame.data(), frame.size());
  }
}

// In the state before its first run.
void Renew(ee_isolate* isolate) {
  isolate->source_name.clear();
  isolate->main.Reset();
  isolate->counter.Reset();
  isolate->pending.clear();
  isolate->rejected.clear();
  isolate->next_call_id = 1;
  isolate->stop = EE_STOP_NONE;
  isolate->iterations = isolate->loop = 0;
  isolate->has_references = false;
}

void RunAside(ee_isolate* isolate, const char* program) {
  {
    v8::Isolate::Scope entered(isolate->isolate);
    NewContext(isolate);
  }
  RunOne(isolate, program, {});
  Renew(isolate);
}

}  // namespace

void warm_up::Run(ee_isolate* isolate) {
  outbox::Set(outbox::Voice::kSilent);
  v8::Global<v8::Context> context = std::move(isolate->context);
  v8::Global<v8::Array> guard = std::move(isolate->guard);
  for (int i = 0; i < 2; i++) {
    InjectAnswers();
    RunAside(isolate, kOrdinary);
    // A run that met a limit left its answers. A cell would take them for its hello.
    frame_pipe::DropInjected();
    for (const char* program : kEndings) RunAside(isolate, program);
  }
  isolate->context = std::move(context);
  isolate->guard = std::move(guard);
  // V8 makes the list that it wakes here when it is first asked to stop. The clock's signal must not interrupt that.
  isolate->isolate->TerminateExecution();
  isolate->isolate->CancelTerminateExecution();
  outbox::Set(outbox::Voice::kHeard);
}

void warm_up::Learn(ee_isolate* isolate) {
  constexpr int kRounds = 3;
  for (int i = 0; i < kRounds; i++) Rehearse(isolate);
}

void warm_up::Rehearse(ee_isolate* isolate) {
  outbox::Set(outbox::Voice::kSilent);
  // After the first run the code is kept, and the second run takes it.
  for (int i = 0; i < 2; i++) {
    InjectAnswers();
    RunOne(isolate, kRehearsed, {kKey, sizeof kKey});
    frame_pipe::DropInjected();
    checkpoint::Reset();
    if (!code_cache::HasNoted()) continue;
    ee_keep_code(isolate);
    checkpoint::Reset();
  }
  code_cache::Clear();
  outbox::Set(outbox::Voice::kHeard);
}
