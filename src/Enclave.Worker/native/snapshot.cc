#include "snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <v8-snapshot.h>
#include <v8.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "bridge.h"
#include "isolate.h"

const v8::StartupData* snapshot;

namespace {

// V8 compiles a function at its first call, so jobs need not compile the functions that are called here. Time, random numbers, the console and tools need a
// worker, and are left out.
constexpr char kFirstUses[] = R"(
  const url = new URL('../b?c=d#e', 'https://user@a.example:8080/x/');
  url.searchParams.append('f', 'ü');
  url.searchParams.sort();
  new URLSearchParams({ a: url.href }).toString();
  new TextDecoder().decode(new TextEncoder().encode(atob(btoa('wärm')) + '€'));
  for (const [name, value] of new Headers({ a: 'b', c: 'd' })) new Headers([[name, value]]).get(name);
  const text = new Blob(['wärm', new Uint8Array(1)]).slice(1).text();
  new FormData().append('a', 'b');
  const aborts = new AbortController();
  aborts.signal.addEventListener('abort', () => {}, { once: true });
  aborts.abort();
  Promise.all([text, crypto.subtle.digest('SHA-256', new Uint8Array(1))]);
)";

void Complain(v8::Isolate* isolate, v8::Local<v8::Value> exception, const char* what, const char* otherwise) {
  v8::String::Utf8Value error(isolate, exception);
  fprintf(stderr, "enclave-engine: %s: %s\n", what, *error ? *error : otherwise);
}

bool RunPrelude(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> bridges, const char* file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    fprintf(stderr, "enclave-engine: cannot read %s\n", file);
    return false;
  }
  v8::TryCatch caught(isolate);
  v8::Local<v8::String> source = v8::String::NewFromUtf8(isolate, text.str().c_str()).ToLocalChecked();
  v8::ScriptOrigin origin(v8::String::NewFromUtf8(isolate, "enclave:prelude").ToLocalChecked());
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> function, argument = bridges;
  // Each file is one function expression with the bridges as parameter, so that no script can find them afterwards.
  bool ok = v8::Script::Compile(context, source, &origin).ToLocal(&script) && script->Run(context).ToLocal(&function) && function->IsFunction() &&
            !function.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, &argument).IsEmpty();
  if (!ok) Complain(isolate, caught.Exception(), file, "is not a function");
  return ok;
}

bool RunPreludes(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> bridges, int count, char** files) {
  InstallBridges(isolate, context, bridges);
  for (int i = 0; i < count; i++) {
    if (!RunPrelude(isolate, context, bridges, files[i])) return false;
  }
  return true;
}

// Runs in a context that is not kept: the one of the snapshot stays as the prelude left it.
bool UseFirst(v8::Isolate* isolate, int count, char** prelude_files) {
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  v8::Context::Scope scope(context);
  if (!RunPreludes(isolate, context, v8::Object::New(isolate), count, prelude_files)) return false;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> value;
  bool ran =
      v8::Script::Compile(context, v8::String::NewFromUtf8(isolate, kFirstUses).ToLocalChecked()).ToLocal(&script) && script->Run(context).ToLocal(&value);
  isolate->PerformMicrotaskCheckpoint();
  // A failure in a promise throws nothing.
  v8::Local<v8::Promise> uses;
  if (ran && value->IsPromise()) uses = value.As<v8::Promise>();
  bool ok = !uses.IsEmpty() && uses->State() == v8::Promise::kFulfilled;
  bool is_rejected = !uses.IsEmpty() && uses->State() == v8::Promise::kRejected;
  if (!ok) Complain(isolate, is_rejected ? uses->Result() : caught.Exception(), "first uses", "do not end");
  return ok;
}

}  // namespace

int MakeSnapshot(const std::string& out, int count, char** prelude_files) {
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = allocator.get();
  params.external_references = external_references;
  v8::SnapshotCreator creator(params);
  v8::Isolate* isolate = creator.GetIsolate();
  {
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope scope(context);
    v8::Local<v8::Object> bridges = v8::Object::New(isolate);
    if (!RunPreludes(isolate, context, bridges, count, prelude_files)) return EE_EXIT_START;
    creator.SetDefaultContext(context);
    // Outside the context, where no script can find it.
    v8::Local<v8::Value> guard = bridges->Get(context, v8::String::NewFromUtf8Literal(isolate, "guard")).ToLocalChecked();
    if (!UseFirst(isolate, count, prelude_files)) return EE_EXIT_START;
    if (!guard->IsArray() || creator.AddData(context, guard.As<v8::Array>()) != kGuardData) return EE_EXIT_START;
  }
  v8::StartupData blob = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  FILE* file = fopen(out.c_str(), "wb");
  bool ok = blob.data != nullptr && file != nullptr && fwrite(blob.data, 1, blob.raw_size, file) == size_t(blob.raw_size);
  if (file != nullptr) ok = fclose(file) == 0 && ok;
  delete[] blob.data;
  if (!ok) fprintf(stderr, "enclave-engine: cannot write %s\n", out.c_str());
  return ok ? 0 : EE_EXIT_START;
}

bool LoadSnapshot(const char* file) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd < 0 || fstat(fd, &info) != 0 || info.st_size == 0) {
    fprintf(stderr, "enclave-engine: cannot open the start-up snapshot %s\n", file);
    return false;
  }
  void* data = mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (data == MAP_FAILED) return false;
  static v8::StartupData loaded;
  loaded = {static_cast<const char*>(data), int(info.st_size)};
  if (!loaded.IsValid()) {
    fprintf(stderr, "enclave-engine: the start-up snapshot %s was made by another V8 than %s\n", file, v8::V8::GetVersion());
    return false;
  }
  snapshot = &loaded;
  return true;
}
