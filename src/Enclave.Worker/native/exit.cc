#include "exit.h"

#include <unistd.h>

#include <cstring>

namespace {

const char* activity;

}  // namespace

void SetActivity(const char* name) { activity = name; }

void ExitProcess(WorkerExit code, const char* what) {
  static const char prefix[] = "enclave-engine: ";
  if (what == nullptr) what = "unknown";
  ssize_t ignored = write(2, prefix, sizeof prefix - 1);
  if (activity != nullptr) {
    ignored = write(2, activity, strlen(activity));
    ignored = write(2, ": ", 2);
  }
  ignored = write(2, what, strnlen(what, 500));
  ignored = write(2, "\n", 1);
  (void)ignored;
  _exit(code);
}
