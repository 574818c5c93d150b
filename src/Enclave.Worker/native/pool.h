#pragma once
#include <libplatform/libplatform.h>
#include <v8.h>

// main.cc: V8 starts on the process's first thread, beside the runtime. 0 when it is up, else an ee_exit.
int WaitForV8();
extern v8::Platform* platform;
extern const v8::StartupData* snapshot;
