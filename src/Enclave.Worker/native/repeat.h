// What makes a run repeatable: randomness of its own. Its time is platform.h's.
#pragma once
#include "isolate.h"

// Puts a generator with the job's seed in the place of Math.random; false when memory ran out.
bool SeedRandom(ee_isolate* owner, v8::Local<v8::Context> context);
