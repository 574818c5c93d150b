// The host's end of the worker's pipes, on the descriptors that a worker has, and bodies of frames as a host writes them.
#pragma once
#include <string>

#include "frame_pipe.h"
#include "messagepack.h"

// Takes bytes by Append, as PackWriter wants it.
struct Text {
  std::string bytes;

  void Append(const void* from, size_t n) { bytes.append(static_cast<const char*>(from), n); }
  Slice AsSlice() const { return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}; }
};

constexpr size_t kTestFrame = 64 << 10;

namespace host {

// Opens pipes, book, frames and outbox, once for the process.
void Open();
// Removes what a test left in the pipes and in front of the reader.
void Clear();

std::string Frame(FrameType type, const std::string& body);
void Send(const std::string& bytes);
// The bytes that the worker has written.
std::string Received();

}  // namespace host
