// A stream of frames, read by turns as a script's wait and as the clock's signal do: each bit of the first byte is one turn.
#include "check.h"
#include "clock.h"
#include "ended.h"
#include "frames.h"

namespace {

constexpr int64_t kPatience = 500;

void Handle(const Frame& frame) { DCHECK(frame.body.length <= kTestFrame); }

// False when there is no whole frame left.
bool Turn(bool is_signal) {
  if (is_signal) return frame_pipe::ReadAhead(Handle), true;
  Frame frame;
  if (frame_pipe::Read(Now() + kPatience, &frame) != frame_pipe::Wait::kFrame) return false;
  bool known = (frame.type >= FrameType::kHello && frame.type <= FrameType::kLibraryFault) ||
               (frame.type >= FrameType::kSuspend && frame.type <= FrameType::kUnpark && frame.type != FrameType::kParked);
  DCHECK(known && frame.body.length <= kTestFrame);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) { return host::Open(), 0; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > kTestFrame) return 0;
  host::Send(std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  try {
    for (int turn = 0; Turn(data[0] >> turn % 8 & 1) && turn < 64;) turn++;
  } catch (const Ended&) {}
  host::Clear();
  return 0;
}
