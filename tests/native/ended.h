#pragma once
#include "exit.h"

// Thrown in place of the end of the process, so that a test sees it and goes on.
struct Ended {
  WorkerExit code;
  const char* what;
};
