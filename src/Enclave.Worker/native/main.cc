// Takes the place of node's main: the node binary serves as V8 and nothing else, no node environment ever exists.
//
//   ld.so --preload ./libenclave-engine.so ./node [--v8-flag…] worker FRAMEWORK WORKER SNAPSHOT HOST_PID open|landlock[+user][+second] [PROGRAM ARGUMENT…]
//   ld.so --preload ./libenclave-engine.so ./node snapshot OUT PRELUDE…
//   ld.so --preload ./libenclave-engine.so ./node version
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <malloc.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <v8.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "clr.h"
#include "engine.h"
#include "limits.h"
#include "lock.h"
#include "platform.h"
#include "pool.h"
#include "snapshot.h"

namespace {

std::mutex start_lock;
std::condition_variable start_done;
int start_result = -1;
bool jitless;

bool KernelEntropy(unsigned char* buffer, size_t length) { return getrandom(buffer, length, 0) == ssize_t(length); }

void InitializeV8() {
  v8::V8::SetEntropySource(KernelEntropy);
  v8::V8::InitializeICU(nullptr);
  v8::V8::InitializePlatform(MakePlatform());
  v8::V8::Initialize();
}

// Frames travel on descriptors 3 and 4; whatever prints to 1 lands on the log, and 0 is an empty pipe. 5 is the watchdog's timer. Nothing else stays open.
bool MoveDescriptors() {
  if (syscall(SYS_close_range, 3, ~0U, 0) != 0) return false;
  int empty[2];
  if (dup2(0, 3) != 3 || dup2(1, 4) != 4 || pipe(empty) != 0) return false;
  bool ok = dup2(empty[0], 0) == 0 && dup2(2, 1) == 1;
  close(empty[0]);
  close(empty[1]);
  fcntl(3, F_SETFD, FD_CLOEXEC);
  fcntl(4, F_SETFD, FD_CLOEXEC);
  return ok && timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) == kTimerDescriptor;
}

// In the process rather than in its environment, which is empty: nobody who reads /proc sees them, and no caller can change them.
void SetRuntimeKnobs() {
  setenv("TZ", "UTC", 1);
  setenv("DOTNET_EnableDiagnostics", "0", 1);
  // Tracing would load a library at every start for nobody.
  setenv("DOTNET_LTTng", "0", 1);
  // What is compiled in steps is compiled again on a thread made late, and a locked worker makes none. Its own code is compiled ahead.
  setenv("DOTNET_TieredCompilation", "0", 1);
  // With a JIT beside it in the process, one of the two mappings more or less is no defence, and each method that runs for the first time would map a
  // shared file. Without one, nothing may become executable after the lock, and .NET then has to write through its second mapping.
  setenv("DOTNET_EnableWriteXorExecute", jitless ? "1" : "0", 1);
  setenv("DOTNET_GCHeapHardLimit", "0x8000000", 1);
  mallopt(M_ARENA_MAX, 1);
}

// .NET asks for this while it starts, on one of several threads, and the kernel then waits for every core to have been elsewhere: 12 to 17 ms. Asked by a
// process of one thread it is done at once, and .NET's own request finds it done. A kernel without it leaves .NET its other ways.
void AllowBarriers() { syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0); }

int WorkerMain(int argc, char** argv) {
  if (argc < 6) return EE_EXIT_USAGE;
  User user = strstr(argv[5], "+user") != nullptr ? User::kLeaves : User::kStays;
  // The second process of a jail was made by the first, whose death is the kernel's to pass on; who is first has a parent outside, which it cannot see.
  pid_t parent = strstr(argv[5], "+second") != nullptr ? 1 : atoi(argv[4]);
  if (!PrepareLock(parent, user)) return EE_EXIT_LOCK;
  if (!MoveDescriptors()) return EE_EXIT_START;
  SetRuntimeKnobs();
  AllowBarriers();
  InstallFatalHandlers();
  // Before any thread exists: Landlock holds for the thread that asks and for those it starts.
  if (strncmp(argv[5], "landlock", strlen("landlock")) == 0) ConfineFiles(argv[1], argv[2], argv[3]);
  const char* program = argc > 6 ? argv[6] : "Enclave.Worker.dll";
  if (!StartClr({argv[1], argv[2], program}, argc > 7 ? argc - 7 : 0, argv + 7)) return EE_EXIT_START;
  InitializeV8();
  {
    std::lock_guard hold(start_lock);
    start_result = LoadSnapshot(argv[3]) ? 0 : EE_EXIT_START;
  }
  start_done.notify_all();
  // Asleep for good: .NET leaves through _exit, on its own thread.
  std::unique_lock hold(start_lock);
  for (;;) start_done.wait(hold);
}

int EngineMain(int argc, char** argv, char** environment) {
  // Also what /proc shows of it: bubblewrap names the folder there.
  for (char** variable = environment; *variable != nullptr; variable++) memset(*variable, 0, strlen(*variable));
  clearenv();
  int first = 1;
  for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
    if (strcmp(argv[first], "--jitless") == 0) jitless = true;
    v8::V8::SetFlagsFromString(argv[first]);
  }
  const char* verb = first < argc ? argv[first] : "";
  if (strcmp(verb, "worker") == 0) return WorkerMain(argc - first, argv + first);
  if (strcmp(verb, "version") == 0) return puts(v8::V8::GetVersion()) < 0;
  if (strcmp(verb, "snapshot") == 0 && argc - first >= 3) {
    InitializeV8();
    // Static destructors of the binary expect a node that never was.
    _exit(MakeSnapshot(argv[first + 1], argc - first - 2, argv + first + 2));
  }
  fprintf(stderr, "enclave-engine: the engine is started by Enclave.Host and by eng/setup.sh, not by hand\n");
  return EE_EXIT_USAGE;
}

}  // namespace

int WaitForV8() {
  std::unique_lock hold(start_lock);
  start_done.wait(hold, [] { return start_result >= 0; });
  return start_result;
}

EE_EXPORT const char* ee_v8_version(void) { return v8::V8::GetVersion(); }

using Main = int (*)(int, char**, char**);

// glibc's entry point: called by the binary's start code with its main, and passed on with ours.
EE_EXPORT int __libc_start_main(Main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  auto real = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(EngineMain, argc, argv, init, fini, rtld_fini, stack_end);
}
