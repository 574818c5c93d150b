#pragma once
#include "checkpoint.h"

// The life of a worker: hello, warm-up, lock, checkpoint, ready, jobs one after another with a reset after each, shutdown. V8 is up, the snapshot loaded.
[[noreturn]] void LiveAsWorker(checkpoint::Form form);
