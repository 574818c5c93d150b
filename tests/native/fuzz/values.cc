// Values, read into V8 and written again. In place of node's main function, as the worker itself (main.cc); libFuzzer's driver calls it back.
//   ld.so --preload libfuzz-values.so ./node ./snapshot.bin CORPUS -max_total_time=10
#include <dlfcn.h>
#include <sys/random.h>
#include <v8.h>

#include "exported.h"
#include "isolate.h"
#include "isolates.h"
#include "memory_limits.h"
#include "messagepack.h"
#include "platform.h"
#include "snapshot.h"
#include "value_reader.h"
#include "value_writer.h"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*run)(const uint8_t*, size_t));

namespace {

constexpr size_t kMostBytes = 1 << 20;

Isolate* owner;

bool KernelEntropy(unsigned char* buffer, size_t length) { return getrandom(buffer, length, 0) == ssize_t(length); }

// All that was written must be read again, to its last byte.
void WriteAndRead(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  Buffer out;
  out.Reset(kMostBytes);
  ValueWriter writer(owner, context, out);
  // A reference goes out as its id alone, which is not what comes in.
  if (writer.Write(value) != ValueWriter::Result::kDone || owner->has_references) return;
  ValueReader reader(owner->isolate, context, out.data(), out.size());
  v8::Local<v8::Value> again;
  DCHECK(reader.Read(&again) && reader.AtEnd());
}

int Run(const uint8_t* data, size_t size) {
  v8::Isolate* isolate = owner->isolate;
  v8::Isolate::Scope entered(isolate);
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = owner->context.Get(isolate);
  v8::Context::Scope scope(context);
  v8::TryCatch caught(isolate);
  owner->has_references = false;
  ValueReader reader(isolate, context, data, size);
  v8::Local<v8::Value> value;
  if (reader.Read(&value) && reader.AtEnd()) WriteAndRead(context, value);
  return 0;
}

int FuzzMain(int argc, char** argv, char**) {
  if (argc < 2) return EE_EXIT_USAGE;
  v8::V8::SetFlagsFromString("--single-threaded");
  v8::V8::SetEntropySource(KernelEntropy);
  v8::V8::InitializeICU(nullptr);
  v8::V8::InitializePlatform(MakePlatform());
  v8::V8::Initialize();
  if (!LoadSnapshot(argv[1])) return EE_EXIT_START;
  static const std::vector<std::string> none;
  RemoveFromContexts(&none);
  owner = MakeIsolate(512 << 20, 512 << 20);
  owner->max_value_depth = 100;
  owner->max_value_properties = 100000;
  argv[1] = argv[0];
  char** rest = argv + 1;
  argc--;
  return LLVMFuzzerRunDriver(&argc, &rest, Run);
}

}  // namespace

using Main = int (*)(int, char**, char**);

EXPORTED int __libc_start_main(Main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  auto real = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(FuzzMain, argc, argv, init, fini, rtld_fini, stack_end);
}
