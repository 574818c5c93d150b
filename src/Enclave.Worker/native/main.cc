// Replaces the main function of node: the node binary serves only as V8, and no node environment is ever created.
//
//   ld.so --preload ./libenclave-engine.so ./node [--v8-flag…] worker SNAPSHOT HOST_PID open|landlock[+user][+second][+shown][+copy]
//   ld.so --preload ./libenclave-engine.so ./node snapshot OUT PRELUDE…
//   ld.so --preload ./libenclave-engine.so ./node version
#include <alloca.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <v8.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "checkpoint.h"
#include "entropy.h"
#include "exported.h"
#include "frame_pipe.h"
#include "lock.h"
#include "memory_limits.h"
#include "nursery.h"
#include "platform.h"
#include "snapshot.h"
#include "worker.h"

namespace {

// For scripts (1 MB, job.cc) and V8's native code below them; only touched pages count.
constexpr size_t kStack = 8 << 20, kStackMargin = 512 << 10;

// V8 has only this thread in its platform, and must not look for others.
constexpr char kOneThread[] = "--single-threaded";

bool KernelEntropy(unsigned char* buffer, size_t length) {
  entropy::Machine(buffer, length);
  return true;
}

void InitializeV8() {
  v8::V8::SetFlagsFromString(kOneThread);
  v8::V8::SetEntropySource(KernelEntropy);
  v8::V8::InitializeICU(nullptr);
  v8::V8::InitializePlatform(MakePlatform());
  v8::V8::Initialize();
}

// Frames use descriptors 3 and 4. Output to 1 goes to the log, and 0 is an empty pipe. 5 and 6 are the /proc files of the own mappings until the checkpoint.
bool MoveDescriptors() {
  if (!checkpoint::OpenMaps()) return false;
  int empty[2];
  if (dup2(0, kIn) != kIn || dup2(1, kOut) != kOut || !checkpoint::MoveMaps() || pipe(empty) != 0) return false;
  bool ok = dup2(empty[0], 0) == 0 && dup2(2, 1) == 1;
  close(empty[0]);
  close(empty[1]);
  return ok;
}

bool LimitStack() {
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_max < kStack) return false;
  limit.rlim_cur = kStack;
  return setrlimit(RLIMIT_STACK, &limit) == 0;
}

// The mapping of the stack grows when its pages are touched, and a reset clears the known part.
__attribute__((noinline)) void GrowStack() {
  auto* low = static_cast<volatile char*>(alloca(kStack - kStackMargin));
  low[0] = 0;
}

// The kernel may write at any moment into memory that glibc shares with it. A reset could not distinguish that from a write of the job.
void StopSharing() {
  constexpr int kUnregister = 1;
  constexpr unsigned kSignature = 0x53053053;
  if (__rseq_size > 0) syscall(SYS_rseq, static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset, 32, kUnregister, kSignature);
}

// One heap that gives nothing back between jobs: all of it lies in memory that the checkpoint knows.
void SettleAllocator() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 256 << 10);
}

int WorkerMain(int argc, char** argv) {
  if (argc != 4) return EE_EXIT_USAGE;
  const char* form = argv[3];
  User user = strstr(form, "+user") != nullptr ? User::kLeaves : User::kStays;
  // The second process of a jail was forked by the first, and the kernel ends it with the first. The first has a parent outside, which it cannot see.
  pid_t parent = strstr(form, "+second") != nullptr ? 1 : atoi(argv[2]);
  if (!PrepareLock(parent, user)) return EE_EXIT_LOCK;
  EndFirst(kLentProc);
  if (!MoveDescriptors() || !LimitStack()) return EE_EXIT_START;
  GrowStack();
  StopSharing();
  SettleAllocator();
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  setenv("TZ", "UTC", 1);
  tzset();
  InstallFatalHandlers();
  if (strncmp(form, "landlock", strlen("landlock")) == 0) ConfineFiles(argv[1]);
  InitializeV8();
  if (!LoadSnapshot(argv[1])) return EE_EXIT_START;
  LiveAsWorker(strstr(form, "+copy") != nullptr ? checkpoint::Form::kCopied : checkpoint::Form::kTracked,
               strstr(form, "+shown") != nullptr ? nursery::Cells::kShown : nursery::Cells::kClosed);
}

int EngineMain(int argc, char** argv, char** environment) {
  // Also hides the environment in /proc, where bubblewrap names the folder.
  for (char** variable = environment; *variable != nullptr; variable++) memset(*variable, 0, strlen(*variable));
  clearenv();
  int first = 1;
  for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) v8::V8::SetFlagsFromString(argv[first]);
  const char* verb = first < argc ? argv[first] : "";
  if (strcmp(verb, "worker") == 0) _exit(WorkerMain(argc - first, argv + first));
  if (strcmp(verb, "version") == 0) return puts(v8::V8::GetVersion()) < 0;
  if (strcmp(verb, "snapshot") == 0 && argc - first >= 3) {
    InitializeV8();
    // Static destructors of the binary expect a node that was never started.
    _exit(MakeSnapshot(argv[first + 1], argc - first - 2, argv + first + 2));
  }
  fprintf(stderr, "enclave-engine: the engine is started by Enclave.Host and by eng/setup.sh, not by hand\n");
  return EE_EXIT_USAGE;
}

}  // namespace

using Main = int (*)(int, char**, char**);

// glibc's entry point: called by the binary's start code with its main, and passed on with ours.
EXPORTED int __libc_start_main(Main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  auto real = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(EngineMain, argc, argv, init, fini, rtld_fini, stack_end);
}
