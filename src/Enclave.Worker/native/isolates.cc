// Isolates and their contexts, as the start-up snapshot has them.
#include "isolates.h"

#include <algorithm>

#include "bridge.h"
#include "code_pages.h"
#include "exit.h"
#include "isolate.h"
#include "platform.h"
#include "snapshot.h"

namespace {

constexpr uint64_t kMegabyte = 1 << 20;

const std::vector<std::string>* removed;

void RemoveGlobals(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  for (const std::string& global : *removed) {
    v8::Local<v8::String> name = v8::String::NewFromUtf8(isolate, global.data(), v8::NewStringType::kInternalized, int(global.size())).ToLocalChecked();
    (void)context->Global()->Delete(context, name).FromMaybe(false);
  }
}

// The index of a prelude function: brands.js looks up the types that V8 added to this context.
constexpr uint32_t kLearnTypes = 7;

void LearnTypes(Isolate* owner, v8::Local<v8::Context> context) {
  v8::Local<v8::Value> learn;
  if (!owner->guard.Get(owner->isolate)->Get(context, kLearnTypes).ToLocal(&learn) || !learn->IsFunction() ||
      learn.As<v8::Function>()->Call(context, v8::Undefined(owner->isolate), 0, nullptr).IsEmpty()) {
    ExitProcess(EE_EXIT_FATAL, "no types");
  }
}

}  // namespace

void RemoveFromContexts(const std::vector<std::string>* globals) { removed = globals; }

void NewContext(Isolate* owner) {
  v8::Isolate* isolate = owner->isolate;
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  context->AllowCodeGenerationFromStrings(false);
  owner->context.Reset(isolate, context);
  owner->guard.Reset(isolate, context->GetDataFromSnapshotOnce<v8::Array>(kGuardData).ToLocalChecked());
  v8::Context::Scope scope(context);
  LearnTypes(owner, context);
  RemoveGlobals(isolate, context);
}

Isolate* MakeIsolate(uint64_t usual, uint64_t largest) {
  auto* owner = new Isolate;
  owner->memory_limit = largest;
  owner->buffers.SetLimit(owner->memory_limit);
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = &owner->buffers;
  params.external_references = external_references;
  params.snapshot_blob = snapshot;
  params.allow_atomics_wait = false;
  // In whole pages: V8 derives the code range from it, and aborts if that is not a multiple of pages.
  params.constraints.ConfigureDefaultsFromHeapSize(0, (usual + kMegabyte - 1) / kMegabyte * kMegabyte);
  params.constraints.set_code_range_size_in_bytes(std::min(params.constraints.code_range_size_in_bytes(), code_pages::kMostOfIsolate));
  owner->heap.SetYoung(params.constraints.max_young_generation_size_in_bytes());
  params.constraints.set_max_old_generation_size_in_bytes(largest);
  // The first full collection comes at this size. By itself V8 takes half of the largest limit, which a usual run would fill with garbage.
  params.constraints.set_initial_old_generation_size_in_bytes(usual / 2);
  v8::Isolate* isolate = v8::Isolate::New(params);
  owner->isolate = isolate;
  void* code = nullptr;
  const void* builtins = nullptr;
  isolate->GetCodeRange(&code, &owner->code_length);
  isolate->GetEmbeddedCodeRange(&builtins, &owner->builtins_length);
  owner->code = uintptr_t(code);
  owner->builtins = uintptr_t(builtins);
  isolate->SetData(0, owner);
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate->SetPromiseRejectCallback(OnPromiseReject);
  isolate->SetAllowWasmCodeGenerationCallback([](v8::Local<v8::Context>, v8::Local<v8::String>) { return false; });
  InstallFatalHandlers(isolate);
  // Without it an error carries its stack as text only, and that text belongs to the script.
  isolate->SetCaptureStackTraceForUncaughtExceptions(true, 10, v8::StackTrace::kOverview);
  owner->heap.Attach(owner);
  v8::Isolate::Scope entered(isolate);
  v8::HandleScope handles(isolate);
  NewContext(owner);
  return owner;
}
