// Bodies of frames. The first byte chooses the message. A body that breaks the protocol ends the reading, which is no finding: memory errors, undefined
// behaviour and assertions are, and a limit that a message has after it was read.
#include "messages.h"
#include "check.h"
#include "ended.h"

namespace {

void Read(uint8_t kind, Slice body) {
  switch (kind % 7) {
    case 0: {
      Hello hello = ReadHello(body);
      DCHECK(hello.max_frame_bytes <= int64_t(kMaxFrameBytes) && hello.removed_globals.size() <= size_t(kMaxRemovedGlobals));
      DCHECK(hello.lock.filter.size() <= kMaxFilterBytes && hello.libraries.count <= kMaxLibraries);
      break;
    }
    case 1: DCHECK(ReadLibrary(body).name.length <= kMaxLibraryName); break;
    case 2: {
      ExecuteMessage job = ReadExecute(body);
      DCHECK(job.source_name.length <= kMaxSourceName && (job.key.length == 0 || job.key.length == kKeyBytes));
      DCHECK(job.globals.length > 0 && job.globals.data >= body.data && job.globals.data + job.globals.length <= body.data + body.length);
      DCHECK(job.limits.memory <= kMaxMemory && job.limits.max_iterations <= kMaxIterations);
      break;
    }
    case 3: DCHECK(ReadToolResult(body).payload.length > 0); break;
    case 4: DCHECK(ReadDeadline(body).remaining <= kMaxRemaining); break;
    case 5: (void)ReadCancel(body); break;
    case 6: (void)ReadPark(body); break;
    case 7: DCHECK(ReadUnpark(body).saved.length <= kMaxParked); break;
    default: ReadShutdown(body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  try {
    Read(data[0], {data + 1, size - 1});
  } catch (const Ended&) {}
  return 0;
}
