// Output of a script, in order, gathered to save writes: console lines share a frame, frames share a write.
// It is written when the script yields or ends, when 16 KB are waiting, and by the clock while a script keeps running.
#pragma once
#include <cstddef>
#include <cstdint>

#include "outcome.h"

namespace outbox {

size_t BookBytes(size_t max_frame_bytes);
void Open(size_t max_frame_bytes);

// Whether all output is discarded: during the warm-up there is no reader.
enum class Voice { kHeard, kSilent };
void Set(Voice voice);

struct Usage {
  int64_t cpu, tool_calls;
  uint64_t iterations, peak_memory;
  bool ready;  // for another run
};

void Begin(uint64_t job_id);
void AddConsole(int32_t level, Slice text);
void AddToolCall(uint32_t call_id, Slice name, Slice args);
// Adds the job's last frame and writes everything.
void Finish(const Outcome& outcome, const Usage& usage);
// Writes everything, and the state of the job, of which save writes at most `most` bytes into the room and returns how many. A state of 0 bytes: the job stays.
// due: microseconds until its first timer, 0 for none. Returns whether the job has left.
using SaveState = size_t (*)(uint8_t* room, size_t capacity);
bool SendParked(int64_t due, size_t most, SaveState save);
void SendReady(Slice nonce, const char* engine, const char* runtime, const char* const* claims, size_t count);
// Sent instead of the ready frame: this library could not be evaluated.
void SendLibraryFault(size_t index, const Outcome& outcome);
// A cell's end, reported by its nursery. process: its id in the pid namespace. code: in a shell's form, 128 plus the signal. peak: resident memory in KB.
void SendEnded(int64_t process, int64_t code, int64_t peak);
void Flush();
// Like Flush, but does nothing if the signal interrupted another call of the outbox.
void FlushFromSignal();
// Between jobs: what earlier frames held is zeroed, and large pieces are given back.
void Clear();

}  // namespace outbox
