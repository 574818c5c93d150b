// CoreCLR started directly (coreclr_initialize, https://learn.microsoft.com/dotnet/core/tutorials/netcore-hosting): hostfxr would read json files that say
// nothing we do not know.
#include "clr.h"

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "engine.h"

namespace {

// For scripts (1 MB, job.cc) and V8's native code below them; only touched pages count.
constexpr size_t kThreadStack = 8 << 20;

using Initialize = int (*)(const char*, const char*, int, const char**, const char**, void**, unsigned*);
using Execute = int (*)(void*, unsigned, int, const char**, const char*, unsigned*);

struct Start {
  std::string framework, worker, program;
  int argc;
  char** argv;
} start;

// The runtime binds only to assemblies named here: the framework's, and the worker's own.
std::string TrustedAssemblies() {
  std::string list;
  for (const std::string& folder : {start.worker, start.framework}) {
    DIR* dir = opendir(folder.c_str());
    if (dir == nullptr) continue;
    while (dirent* entry = readdir(dir)) {
      size_t length = strlen(entry->d_name);
      if (length > 4 && strcmp(entry->d_name + length - 4, ".dll") == 0) list += folder + "/" + entry->d_name + ":";
    }
    closedir(dir);
  }
  return list;
}

void* RunClr(void*) {
  std::string library = start.framework + "/libcoreclr.so";
  void* clr = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto initialize = clr ? reinterpret_cast<Initialize>(dlsym(clr, "coreclr_initialize")) : nullptr;
  auto execute = clr ? reinterpret_cast<Execute>(dlsym(clr, "coreclr_execute_assembly")) : nullptr;
  if (initialize == nullptr || execute == nullptr) {
    fprintf(stderr, "enclave-engine: cannot load %s: %s\n", library.c_str(), dlerror());
    _exit(EE_EXIT_START);
  }
  std::string assemblies = TrustedAssemblies(), native = start.framework + "/";
  const char* keys[] = {"TRUSTED_PLATFORM_ASSEMBLIES", "NATIVE_DLL_SEARCH_DIRECTORIES", "APP_CONTEXT_BASE_DIRECTORY", "System.GC.Concurrent",
                        "System.Globalization.Invariant", "System.Resources.UseSystemResourceKeys", "RUNTIME_IDENTIFIER"};
  const char* values[] = {assemblies.c_str(), native.c_str(), start.worker.c_str(), "false", "true", "true", "linux-x64"};
  void* host = nullptr;
  unsigned domain = 0, exit_code = EE_EXIT_START;
  int failed = initialize("enclave-worker", "worker", int(sizeof keys / sizeof *keys), keys, values, &host, &domain);
  if (failed < 0) {
    fprintf(stderr, "enclave-engine: coreclr_initialize failed with 0x%08x\n", unsigned(failed));
    _exit(EE_EXIT_START);
  }
  std::string program = start.worker + "/" + start.program;
  failed = execute(host, domain, start.argc, const_cast<const char**>(start.argv), program.c_str(), &exit_code);
  if (failed < 0) {
    fprintf(stderr, "enclave-engine: %s failed with 0x%08x\n", program.c_str(), unsigned(failed));
    _exit(EE_EXIT_START);
  }
  _exit(int(exit_code));
}

}  // namespace

bool StartClr(const ClrPaths& paths, int argc, char** argv) {
  start = {paths.framework, paths.worker, paths.program, argc, argv};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kThreadStack);
  pthread_t thread;
  // Not on the first thread: its stack bounds are only found through /proc, and a jail has none.
  return pthread_create(&thread, &attributes, RunClr, nullptr) == 0;
}
