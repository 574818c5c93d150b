#pragma once
#include "checkpoint.h"
#include "nursery.h"

// The life of a worker: hello, warm-up, lock, checkpoint, ready, jobs in sequence with a reset after each, shutdown. V8 is running, the snapshot is loaded.
[[noreturn]] void LiveAsWorker(checkpoint::Form form, nursery::Cells cells);
