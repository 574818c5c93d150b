#include "ended.h"

void ExitProcess(WorkerExit code, const char* what) { throw Ended{code, what}; }

void SetActivity(const char*) {}
