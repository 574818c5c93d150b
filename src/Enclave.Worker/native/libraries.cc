#include "libraries.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "clock.h"
#include "errors.h"
#include "exit.h"
#include "frame_pipe.h"
#include "kernel.h"
#include "outbox.h"
#include "platform.h"
#include "run_clock.h"

using v8::Local;

namespace {

// A CommonJS function without a node module. The variable named like the library, if the text declares one, is the value.
constexpr const char* kParameters[] = {"module", "exports", "require", "global", "self", "window"};
constexpr size_t kParameterCount = 6;
constexpr const char* kSourcePrefix = "library:";

// The index of each bridge in the array of the prelude (Bootstrap/random.js, libraries.js).
constexpr uint32_t kForgetNumbers = 3, kLibraries = 4;

// On a busy machine the process may get a small share of a core.
constexpr int64_t kWallForCpu = 3;

// The second collection gives back pages that the first one emptied. After six, V8 discards compiled functions that were not called.
constexpr int kCollections = 2;

// V8 reads the text in place: it is copied neither into the heap nor into the checkpoint.
class Ascii final : public v8::String::ExternalOneByteStringResource {
 public:
  Ascii(const void* data, size_t length) : data_(static_cast<const char*>(data)), length_(length) {}
  const char* data() const override { return data_; }
  size_t length() const override { return length_; }

 private:
  const char* data_;
  size_t length_;
};

class Utf16 final : public v8::String::ExternalStringResource {
 public:
  Utf16(const void* data, size_t length) : data_(static_cast<const uint16_t*>(data)), length_(length) {}
  const uint16_t* data() const override { return data_; }
  size_t length() const override { return length_; }

 private:
  const uint16_t* data_;
  size_t length_;
};

struct Library {
  std::string name;
  // In read-only memory of its own, as one unit per character or as UTF-16.
  const void* text;
  size_t length;
  bool is_ascii;
};

std::vector<Library>* received;

// The text was already validated as UTF-8.
size_t ToUtf16(const std::string& text, uint16_t* to) {
  size_t length = 0;
  auto* at = reinterpret_cast<const uint8_t*>(text.data());
  for (const uint8_t* end = at + text.size(); at < end;) {
    uint8_t first = *at++;
    int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? first : first & (0x3f >> more);
    for (; more > 0; more--) c = c << 6 | (*at++ & 0x3f);
    if (c >= 0x10000) {
      to[length++] = uint16_t(0xd7c0 + (c >> 10));
      c = 0xdc00 | (c & 0x3ff);
    }
    to[length++] = uint16_t(c);
  }
  return length;
}

Library Keep(const LibraryMessage& message) {
  std::string name(reinterpret_cast<const char*>(message.name.data), message.name.length);
  std::string text(reinterpret_cast<const char*>(message.source.data), message.source.length);
  text += "\n;return typeof " + name + " === \"undefined\" ? undefined : " + name + ";";
  bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  // No character has more units in UTF-16 than bytes in UTF-8.
  size_t bytes = text.size() * (is_ascii ? 1 : sizeof(uint16_t)), length = text.size();
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) ExitProcess(EE_EXIT_NATIVE_MEMORY, "no memory for a library");
  if (is_ascii) memcpy(memory, text.data(), length);
  else length = ToUtf16(text, static_cast<uint16_t*>(memory));
  mprotect(memory, bytes, PROT_READ);
  return {std::move(name), memory, length, is_ascii};
}

Local<v8::String> Utf8(v8::Isolate* isolate, const std::string& text) {
  return v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kInternalized, int(text.size())).ToLocalChecked();
}

v8::MaybeLocal<v8::String> TextOf(v8::Isolate* isolate, const Library& library) {
  if (library.is_ascii) return v8::String::NewExternalOneByte(isolate, new Ascii(library.text, library.length));
  return v8::String::NewExternalTwoByte(isolate, new Utf16(library.text, library.length));
}

// Compiles every function: otherwise each job would compile the functions it calls, and the reset would discard that.
v8::MaybeLocal<v8::Function> Compile(v8::Isolate* isolate, Local<v8::Context> context, const Library& library) {
  Local<v8::String> text, parameters[kParameterCount];
  if (!TextOf(isolate, library).ToLocal(&text)) return {};
  for (size_t i = 0; i < kParameterCount; i++) parameters[i] = Utf8(isolate, kParameters[i]);
  v8::ScriptCompiler::Source source(text, v8::ScriptOrigin(Utf8(isolate, kSourcePrefix + library.name)));
  return v8::ScriptCompiler::CompileFunction(context, &source, kParameterCount, parameters, 0, nullptr, v8::ScriptCompiler::kEagerCompile);
}

// The functions of Bootstrap/libraries.js: [begin(name), end(name, arguments, declared), forget()].
struct Bridge {
  Local<v8::Function> begin, end, forget;
};

bool Get(Local<v8::Context> context, Local<v8::Value> array, uint32_t index, Local<v8::Function>* function) {
  Local<v8::Value> value;
  if (!array->IsArray() || !array.As<v8::Array>()->Get(context, index).ToLocal(&value) || !value->IsFunction()) return false;
  *function = value.As<v8::Function>();
  return true;
}

// Runs the library: arguments, text, microtasks, and the result.
bool Run(Isolate* owner, Local<v8::Context> context, const Bridge& bridge, const Library& library, Local<v8::Function> program) {
  v8::Isolate* isolate = owner->isolate;
  Local<v8::Value> name = Utf8(isolate, library.name), given, declared, arguments[kParameterCount];
  if (!bridge.begin->Call(context, v8::Undefined(isolate), 1, &name).ToLocal(&given) || !given->IsArray()) return false;
  for (uint32_t i = 0; i < kParameterCount; i++) {
    if (!given.As<v8::Array>()->Get(context, i).ToLocal(&arguments[i])) return false;
  }
  if (!program->Call(context, arguments[1], kParameterCount, arguments).ToLocal(&declared)) return false;
  isolate->PerformMicrotaskCheckpoint();
  if (owner->Stopped()) return false;
  if (!owner->rejected.empty()) {
    Local<v8::Promise> promise = owner->rejected.front().Get(isolate);
    promise->MarkAsHandled();
    isolate->ThrowException(promise->Result());
    return false;
  }
  Local<v8::Value> result[] = {name, given, declared};
  return !bridge.end->Call(context, v8::Undefined(isolate), 3, result).IsEmpty() && !owner->Stopped();
}

Outcome Fault(Isolate* owner, Local<v8::Context> context, const v8::TryCatch& caught, ScriptErrorKind kind) {
  Outcome outcome{};
  if (!owner->Stopped()) {
    // Reading name and message may run getters.
    if (caught.HasCaught() && !caught.HasTerminated()) WriteThrown(owner, context, caught.Exception(), caught.Message(), kind);
    else WriteError(owner, kind, "Error", "the library cannot be evaluated");
  }
  outcome.status = owner->Stopped() ? RunStatus::kStopped : RunStatus::kError;
  outcome.reason = owner->stop;
  outcome.body = owner->out.Bytes();
  return outcome;
}

// Reports the error to the host, which reads it before it notices the end of the process.
[[noreturn]] void Refuse(size_t index, const Outcome& outcome) {
  outbox::Set(outbox::Voice::kHeard);
  outbox::SendLibraryFault(index, outcome);
  kernel::Exit(EE_EXIT_LIBRARY);
}

void Evaluate(Isolate* owner, Local<v8::Context> context, const Bridge& bridge, size_t index) {
  const Library& library = (*received)[index];
  v8::HandleScope handles(owner->isolate);
  v8::TryCatch caught(owner->isolate);
  owner->source_name = kSourcePrefix + library.name;
  SetActivity(owner->source_name.c_str());
  // The same in every worker, so that a replay finds what the recorded run found.
  owner->random = 0;
  Local<v8::Function> program;
  Outcome fault;
  {
    run_clock::Watch watch(owner);
    bool compiled = Compile(owner->isolate, context, library).ToLocal(&program);
    if (compiled && Run(owner, context, bridge, library, program)) return;
    fault = Fault(owner, context, caught, compiled ? ScriptErrorKind::kThrown : ScriptErrorKind::kSyntax);
  }
  Refuse(index, fault);
}

size_t HeapUsed(v8::Isolate* isolate) {
  v8::HeapStatistics heap;
  isolate->GetHeapStatistics(&heap);
  return heap.used_heap_size();
}

void Collect(v8::Isolate* isolate) {
  for (int i = 0; i < kCollections; i++) {
    isolate->MemoryPressureNotification(v8::MemoryPressureLevel::kCritical);
    isolate->MemoryPressureNotification(v8::MemoryPressureLevel::kNone);
  }
  // Memory used for compiling is free now, but would be copied into the checkpoint.
  malloc_trim(0);
}

void EvaluateAll(Isolate* owner) {
  v8::Isolate* isolate = owner->isolate;
  OwnTime time(&owner->now);
  v8::HandleScope handles(isolate);
  Local<v8::Context> context = owner->context.Get(isolate);
  v8::Context::Scope scope(context);
  Local<v8::Array> guard = owner->guard.Get(isolate);
  Local<v8::Value> functions;
  Local<v8::Function> forget;
  Bridge bridge;
  if (!guard->Get(context, kLibraries).ToLocal(&functions) || !Get(context, functions, 0, &bridge.begin) || !Get(context, functions, 1, &bridge.end) ||
      !Get(context, functions, 2, &bridge.forget) || !Get(context, guard, kForgetNumbers, &forget)) {
    ExitProcess(EE_EXIT_START, "the snapshot has no bridge for libraries");
  }
  for (size_t i = 0; i < received->size(); i++) Evaluate(owner, context, bridge, i);
  // The remaining numbers come from the fixed seed.
  (void)forget->Call(context, v8::Undefined(isolate), 0, nullptr).IsEmpty();
  // Drop the records of all objects that the libraries found, and the functions that made these records.
  (void)bridge.forget->Call(context, v8::Undefined(isolate), 0, nullptr).IsEmpty();
  (void)guard->Set(context, kLibraries, v8::Undefined(isolate)).IsNothing();
}

}  // namespace

void libraries::Receive(const LibraryPlan& plan) {
  if (plan.count == 0) return;
  received = new std::vector<Library>;
  auto* room = new uint8_t[kHeaderBytes + kLibraryBytes];
  for (int64_t i = 0; i < plan.count; i++) {
    received->push_back(Keep(ReadLibrary(frame_pipe::ReadEarly(FrameType::kLibrary, room, kLibraryBytes).body)));
  }
  delete[] room;
}

void libraries::Load(Isolate* owner, const LibraryPlan& plan) {
  if (plan.count == 0) return;
  v8::Isolate* isolate = owner->isolate;
  outbox::Set(outbox::Voice::kSilent);
  size_t before = HeapUsed(isolate);
  owner->loading = owner->repeatable = true;
  owner->now = 0;
  run_clock::Begin(0, Now() + plan.cpu * kWallForCpu, plan.cpu);
  v8::Isolate::Scope entered(isolate);
  EvaluateAll(owner);
  SetActivity(nullptr);
  owner->loading = false;
  owner->Renew();
  Collect(isolate);
  size_t after = HeapUsed(isolate);
  owner->heap.SetBase(after > before ? after - before : 0);
  owner->buffers.SetBase(owner->buffers.used());
  if (owner->heap.base() + owner->buffers.used() > uint64_t(plan.held)) {
    Outcome outcome{};
    outcome.status = RunStatus::kStopped;
    outcome.reason = StopReason::kMemory;
    Refuse(received->size() - 1, outcome);
  }
  outbox::Set(outbox::Voice::kHeard);
}
