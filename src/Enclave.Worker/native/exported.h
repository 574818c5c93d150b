#pragma once

// Functions that take the place of glibc's for the whole process; everything else is hidden. They are the only ones that other modules call.
#define EXPORTED extern "C" __attribute__((visibility("default")))
