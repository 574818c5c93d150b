// Valid bodies of frames, for tests to change and for fuzzers to begin with.
#pragma once
#include <functional>

#include "frames.h"

using Packer = PackWriter<Text>;

inline std::string Packed(const std::function<void(Packer&)>& write) {
  Text text;
  Packer out(text);
  write(out);
  return text.bytes;
}

struct HelloFields {
  size_t fields = 8;
  std::string nonce = std::string(kNonceBytes, 'n');
  int64_t max_frame = kTestFrame, heap = 64 << 20, largest = 256 << 20, clock_step = 1, layers = 0, rehearses = 1;
  std::vector<std::string> globals = {"WebAssembly"};
  std::string filter = {};
};

inline std::string HelloBody(const HelloFields& hello = {}) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(hello.fields);
    out.Binary(hello.nonce.data(), hello.nonce.size());
    out.Integer(hello.max_frame);
    out.Integer(hello.heap);
    out.Integer(hello.largest);
    out.ArrayHeader(hello.globals.size());
    for (const std::string& name : hello.globals) out.String(name.data(), name.size());
    out.Integer(hello.clock_step);
    out.ArrayHeader(5);
    out.Integer(hello.layers);
    for (int i = 0; i < 3; i++) out.Integer(0);
    out.Binary(hello.filter.data(), hello.filter.size());
    out.Integer(hello.rehearses);
    if (hello.fields < 9) return;
    out.ArrayHeader(3);
    for (int64_t number : {int64_t(1), int64_t(5000000), int64_t(64 << 20)}) out.Integer(number);
  });
}

struct ExecuteFields {
  size_t fields = 6, limits = 11;
  std::string source = "return 1", name = "script.js", key = {}, globals = "\x80";
  int64_t memory = 64 << 20, iterations = 1000, now = 0;
};

inline std::string ExecuteBody(const ExecuteFields& job = {}) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(job.fields);
    out.Unsigned(7);
    out.String(job.source.data(), job.source.size());
    out.String(job.name.data(), job.name.size());
    out.ArrayHeader(job.limits);
    const int64_t limits[] = {1000000, 500000, job.memory, 10, 5, job.iterations, 10, 1024, 20, 100, 4096};
    for (size_t i = 0; i < job.limits; i++) out.Integer(limits[i % std::size(limits)]);
    out.out().Append(job.globals.data(), job.globals.size());
    out.Binary(job.key.data(), job.key.size());
    if (job.fields < 7) return;
    out.ArrayHeader(6);
    out.Unsigned(UINT64_MAX);
    out.Integer(job.now);
    for (uint64_t part = 1; part <= 4; part++) out.Unsigned(part);
  });
}

inline std::string ToolResultBody(const std::string& payload, size_t fields = 4) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(fields);
    out.Unsigned(7);
    out.Unsigned(1);
    out.Unsigned(0);
    out.out().Append(payload.data(), payload.size());
    if (fields == 5) out.Integer(-kMaxDate);
  });
}

inline std::string DeadlineBody(uint64_t job, int64_t remaining) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(2);
    out.Unsigned(job);
    out.Integer(remaining);
  });
}

inline std::string UnparkBody(uint64_t job, int64_t remaining, const std::string& state) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(3);
    out.Unsigned(job);
    out.Integer(remaining);
    out.Binary(reinterpret_cast<const uint8_t*>(state.data()), state.size());
  });
}

inline std::string CancelBody(uint64_t job) {
  return Packed([&](Packer& out) {
    out.ArrayHeader(1);
    out.Unsigned(job);
  });
}
