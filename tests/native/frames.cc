#include "frames.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "book.h"
#include "outbox.h"

namespace {

// As much as the kernel lets a user have.
constexpr int kPipeBytes = 1 << 20;

int to_worker, from_worker;

void Require(bool ok) {
  if (!ok) abort();
}

std::string Drain(int from) {
  std::string all;
  char bytes[4096];
  for (ssize_t n; (n = read(from, bytes, sizeof bytes)) > 0;) all.append(bytes, size_t(n));
  return all;
}

}  // namespace

void host::Open() {
  int in[2], out[2];
  Require(pipe(in) == 0 && pipe(out) == 0);
  // Above those that the worker's ends take.
  to_worker = fcntl(in[1], F_DUPFD, 20);
  from_worker = fcntl(out[0], F_DUPFD, 20);
  int worker_in = fcntl(in[0], F_DUPFD, 20), worker_out = fcntl(out[1], F_DUPFD, 20);
  Require(dup2(worker_in, kIn) == kIn && dup2(worker_out, kOut) == kOut);
  fcntl(to_worker, F_SETPIPE_SZ, kPipeBytes);
  fcntl(from_worker, F_SETPIPE_SZ, kPipeBytes);
  Require(fcntl(from_worker, F_SETFL, O_NONBLOCK) == 0);
  book::Open(frame_pipe::BookBytes(kTestFrame) + outbox::BookBytes(kTestFrame) + (1 << 20));
  frame_pipe::Open(kTestFrame);
  outbox::Open(kTestFrame);
}

void host::Clear() {
  frame_pipe::DropInjected();
  int flags = fcntl(kIn, F_GETFL);
  fcntl(kIn, F_SETFL, flags | O_NONBLOCK);
  Drain(kIn);
  fcntl(kIn, F_SETFL, flags);
  Drain(from_worker);
  frame_pipe::Clear();
  outbox::Clear();
}

std::string host::Frame(FrameType type, const std::string& body) {
  Text text;
  PackWriter<Text> out(text);
  for (uint8_t byte : {kMagic0, kMagic1, kVersion, uint8_t(type)}) out.Byte(byte);
  out.Big(body.size(), 4);
  return text.bytes + body;
}

void host::Send(const std::string& bytes) { Require(write(to_worker, bytes.data(), bytes.size()) == ssize_t(bytes.size())); }

std::string host::Received() { return Drain(from_worker); }
