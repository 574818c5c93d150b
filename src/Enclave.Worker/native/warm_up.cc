#include "warm_up.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "code_cache.h"
#include "exit.h"
#include "frame_pipe.h"
#include "isolates.h"
#include "kernel.h"
#include "messagepack.h"
#include "outbox.h"
#include "restore.h"
#include "runner.h"
#include "written_pages.h"

namespace {

// A short ordinary program with two tool calls. The second one fails.
constexpr char kOrdinary[] = R"(
  console.log('warm', { a: 1 });
  const r = await callTool('warm', { a: [1, 'x', { b: 2.5 }] });
  const s = JSON.parse(JSON.stringify(r));
  try { await callTool('warm'); } catch (e) { console.log(e.message); }
  const rows = [...s, args].map((x, i) => ({ x, i, at: new Date(0).toISOString(), name: `n${i}` })).filter((row) => row.i >= 0 && Math.random() >= 0);
  rows.sort((a, b) => b.i - a.i);
  const groups = s.filter((row) => row.active && row.id >= 0).reduce((sums, row) => {
    sums[row.group] = Math.round(((sums[row.group] || 0) + row.price) * 100) / 100;
    const one = { [`n${row.id}`]: row.id };
    for (const tag of row.tags) sums[tag] = (sums[tag] || 0) + one[`n${row.id}`];
    return sums;
  }, {});
  return { rows: rows.slice(0, 12), groups, text: /w(.)/.exec('warm')?.[1], keys: [...new Map(Object.entries({ k: 1 })).keys()] };
)";

// The same program without the first line feed. With the same text V8 would reuse the compiled code in the checkpoint, instead of compiling as in a job.
constexpr const char* kRehearsed = kOrdinary + 1;

constexpr const char* kEndings[] = {"return 1", "return () => 1", "}", "throw new Error('warm')", "null.x"};

// V8 and ICU make tables on first use, and keep them. ICU looks through all of its locales for the first number, the first date and the first comparison of
// texts: 13 ms in each job, were it not done here. A name that the level removed is undefined. snapshot.cc has the parts that need no worker.
constexpr char kFirstUses[] = R"(
  const at = new Date(0), { URL, TextDecoder, Blob, setTimeout, clearTimeout } = globalThis;
  const texts = [(1234.5).toLocaleString('de', { style: 'currency', currency: 'EUR' }), at.toLocaleDateString(), at.toLocaleTimeString()];
  texts.push('ä'.localeCompare('b'), 'é'.normalize('NFD'), 'é'.toLocaleUpperCase(), at.toLocaleString('en', { timeZone: 'Europe/Berlin', dateStyle: 'full' }));
  if (URL) new URL('../b?c=d#e', 'https://user@a.example:8080/x/').searchParams.append('f', 'g');
  if (TextDecoder) new TextDecoder().decode(new Uint8Array([0xc3, 0xa4, 0x61]));
  if (Blob) await new Blob(['wärm']).text();
  if (setTimeout) clearTimeout(setTimeout(() => 0, 1));
  return texts;
)";

// V8 prepares for this use in each isolate.
constexpr char kClone[] = R"(
  const { structuredClone } = globalThis;
  if (structuredClone) structuredClone({ a: [1, 'x', new Date(0), /x/g, new Error('x')], b: new Map([[1, new Set([2])]]), c: new Uint8Array(1) });
)";

constexpr size_t kFrameRoom = 32 << 10;

// The rows of a typical job. Pages that stay writable are learned only before the first job, so the warm-up writes what such a job writes.
constexpr size_t kTypicalRows = 200;

// A slow disk may make the first run long. The host's own limit is that of the start.
constexpr int64_t kWarmTime = 60000000;

Limits WarmLimits(const Isolate* isolate) { return {kWarmTime, kWarmTime, int64_t(isolate->memory_limit), 2, 2, 1000, 10, 1024, 20, 100, 4096}; }

// {"args": [1]}
constexpr uint8_t kGlobals[] = {0x81, 0xa4, 'a', 'r', 'g', 's', 0x91, 1};

constexpr uint8_t kKey[kKeyBytes] = {};

void RunOne(Isolate* isolate, const char* program, Slice key) {
  ExecuteMessage job{};
  job.key = key;
  job.source = {reinterpret_cast<const uint8_t*>(program), strlen(program)};
  job.source_name = {reinterpret_cast<const uint8_t*>("warm-up"), 7};
  job.globals = {kGlobals, sizeof kGlobals};
  job.limits = WarmLimits(isolate);
  runner::Run(isolate, job);
}

// On the stack, so that the heap stays as a job finds it.
struct WarmFrame {
  uint8_t data[kFrameRoom];
  size_t size = 0;

  void Append(const void* bytes, size_t length) {
    if (length > kFrameRoom - size) ExitProcess(EE_EXIT_START, "no room for a frame of the warm-up");
    memcpy(data + size, bytes, length);
    size += length;
  }
};

// The answers to its two calls.
void InjectAnswers(size_t rows) {
  for (int call = 1; call <= 2; call++) {
    WarmFrame frame;
    const uint8_t header[kHeaderBytes] = {kMagic0, kMagic1, kVersion, uint8_t(FrameType::kToolResult)};
    frame.Append(header, sizeof header);
    PackWriter<WarmFrame> out(frame);
    out.ArrayHeader(4);
    out.Unsigned(0);
    out.Unsigned(unsigned(call));
    out.Unsigned(call == 2);
    if (call == 1) {
      out.ArrayHeader(rows);
      for (size_t i = 0; i < rows; i++) {
        out.MapHeader(6);
        out.String("id");
        out.Integer(int64_t(i));
        out.String("name");
        out.String("warm warm warm");
        out.String("price");
        out.Number(double(i) + 0.5);
        out.String("group");
        out.String("north");
        out.String("active");
        out.Bool(true);
        out.String("tags");
        out.ArrayHeader(2);
        out.String("bulk");
        out.String("heavy");
      }
    } else {
      out.ArrayHeader(3);
      out.String("Error");
      out.String("warm");
      out.Nil();
    }
    size_t length = frame.size - kHeaderBytes;
    frame.data[6] = uint8_t(length >> 8);
    frame.data[7] = uint8_t(length);
    frame_pipe::Inject(frame.data, frame.size);
  }
}

void TakeNewContext(Isolate* isolate) {
  v8::Isolate::Scope entered(isolate->isolate);
  NewContext(isolate);
}

void RunAside(Isolate* isolate, const char* program) {
  RunOne(isolate, program, {});
  isolate->Renew();
}

void RunAndReset(Isolate* isolate, const char* program, Slice key, size_t rows) {
  outbox::Set(outbox::Voice::kSilent);
  InjectAnswers(rows);
  RunOne(isolate, program, key);
  frame_pipe::DropInjected();
  Restore(isolate);
  outbox::Set(outbox::Voice::kHeard);
}

void LearnOne(Isolate* isolate, const char* program, size_t rows) {
  // The first run keeps its compiled code, and the second run uses it.
  for (int i = 0; i < 2; i++) RunAndReset(isolate, program, {kKey, sizeof kKey}, rows);
  code_cache::Clear();
}

// The warm-up leaves holes in the allocator's memory, and each hole that a job used would be another page to restore. They stay taken for good, so that a job's
// memory lies together, behind all of them.
void FillHoles() {
  // The allocator keeps a freed piece of up to kCached for the next job, so it is not freed. A larger one joins the free memory behind. A tiny job writes kTiny
  // there.
  constexpr size_t kLargest = 128 << 10, kCached = 1032, kSmallest = 24, kTiny = 12 * kPage;
  uintptr_t top = uintptr_t(sbrk(0)) - mallinfo2().keepcost;
  // In steps as fine as the allocator's own lists.
  for (size_t size = kLargest; size >= kSmallest; size -= size > 4096 ? 512 : size > kCached ? 64 : 16) {
    void* memory;
    do memory = malloc(size);
    while (uintptr_t(memory) < top);
    if (size > kCached) free(memory);
  }
  // The loop wrote to the free memory at the end: each job would restore those pages, even if it does not use them.
  auto end = uintptr_t(sbrk(0)), from = (end - mallinfo2().keepcost) / kPage * kPage + kTiny;
  if (from < end) madvise(reinterpret_cast<void*>(from), end - from, MADV_DONTNEED);
}

}  // namespace

void warm_up::MakeTables(Isolate* isolate) {
  outbox::Set(outbox::Voice::kSilent);
  RunAside(isolate, kFirstUses);
  outbox::Set(outbox::Voice::kHeard);
  isolate->context.Reset();
  isolate->guard.Reset();
  isolate->isolate->Dispose();
  delete isolate;
}

void warm_up::Run(Isolate* isolate) {
  outbox::Set(outbox::Voice::kSilent);
  v8::Global<v8::Context> context = std::move(isolate->context);
  v8::Global<v8::Array> guard = std::move(isolate->guard);
  for (int i = 0; i < 2; i++) {
    TakeNewContext(isolate);
    if (i == 0) RunAside(isolate, kClone);
    InjectAnswers(1);
    RunAside(isolate, kOrdinary);
    // A run that met a limit did not read all its answers. A cell would take the rest for its hello.
    frame_pipe::DropInjected();
    for (const char* program : kEndings) RunAside(isolate, program);
  }
  isolate->context = std::move(context);
  isolate->guard = std::move(guard);
  // V8 makes the list that it wakes here when it is first asked to stop. The clock's signal must not interrupt that.
  isolate->isolate->TerminateExecution();
  isolate->isolate->CancelTerminateExecution();
  FillHoles();
  outbox::Set(outbox::Voice::kHeard);
}

void warm_up::Learn(Isolate* isolate) {
  for (size_t rows : {kTypicalRows, size_t(1)}) LearnOne(isolate, kRehearsed, rows);
  LearnOne(isolate, kEndings[0], 0);
}

void warm_up::Rehearse(Isolate* isolate) {
  written_pages::OwnHot();
  RunAndReset(isolate, kRehearsed, {}, 1);
}
