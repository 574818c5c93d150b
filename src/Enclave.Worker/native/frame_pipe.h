// Frames from the host on descriptor 3, frames to it on 4 (docs/protocol.md, "Frames"). Everything lies in the book.
#pragma once
#include <cstddef>
#include <cstdint>

#include "messages.h"

struct Frame {
  FrameType type;
  Slice body;
};

namespace frame_pipe {

// The next frame, which is of this type, before the book is open. room: for a header and a body of max_body bytes.
Frame ReadEarly(FrameType type, uint8_t* room, size_t max_body);
// The first frame.
Frame ReadHello();
// The first frame of a cell.
Frame ReadCellHello();

size_t BookBytes(size_t max_frame_bytes);
void Open(size_t max_frame_bytes);

// Sleeps until a frame arrives, or a part of one, unless one is there already. A worker without a job sleeps only here, at the same place with the same
// stack each time: the host finds it there and compares it (docs/adr/0016-a-worker-is-reset-between-jobs.md).
void Rest();

enum class Wait { kFrame, kTimedOut, kEnd };
// The next frame. Its body lasts until the next call. deadline: monotonic microseconds, 0 for none.
Wait Read(int64_t deadline, Frame* frame);

// Inserts bytes before the next read, as if the host had sent them: answers for the warm-up. Ends the process if they do not fit.
void Inject(const void* bytes, size_t length);
// Removes inserted bytes that were not read. Called before ready, when the host sends nothing.
void DropInjected();

// Called from the clock's signal while a script runs: reads the available bytes without waiting, passes each whole frame to the handler, and keeps it.
using FrameHandler = void (*)(const Frame& frame);
void ReadAhead(FrameHandler handle);

// A job begins, and may get the results of this many earlier calls at once.
void Expect(uint32_t earlier_calls);

// Bytes of a state that fit into one frame, both ways.
size_t RoomForState();

// True if the next frame is there as a whole.
bool HasFrame();

// Between jobs: what earlier frames held is zeroed, and large pieces are given back.
void Clear();

// Writes all of it; ends the process when the host is gone.
void Write(const void* bytes, size_t length);

}  // namespace frame_pipe
