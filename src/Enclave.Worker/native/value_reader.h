// Builds V8 values from MessagePack (docs/values.md). The bytes come from the host and are read as if they did not: bounded, and wrong bytes give false.
#pragma once
#include <v8.h>

#include <vector>

#include "messagepack.h"

class ValueReader {
 public:
  ValueReader(v8::Isolate* isolate, v8::Local<v8::Context> context, const uint8_t* data, size_t length)
      : isolate_(isolate), context_(context), in_(data, length), rows_(kMaxDepth) {}

  bool Read(v8::Local<v8::Value>* value);
  bool AtEnd() const { return in_.ok() && in_.AtEnd(); }
  PackReader& in() { return in_; }
  bool ReadKey(int depth, size_t index, v8::Local<v8::String>* key);

 private:
  static constexpr int kMaxDepth = 128;
  struct Column {
    const uint8_t* bytes;
    size_t length;
    v8::Local<v8::String> name;
  };

  bool Value(int depth, v8::Local<v8::Value>* value);
  bool Array(size_t count, int depth, v8::Local<v8::Value>* value);
  bool Map(size_t count, int depth, v8::Local<v8::Value>* value);
  bool String(size_t length, v8::Local<v8::Value>* value);
  bool Binary(size_t length, v8::Local<v8::Value>* value);
  bool Extension(size_t length, v8::Local<v8::Value>* value);
  bool BigInt(const uint8_t* bytes, size_t length, v8::Local<v8::Value>* value);
  bool Fail() { in_.Fail(); return false; }

  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  PackReader in_;
  // Rows of a table have the same keys in the same order: the names of the previous sibling at each depth save a lookup each.
  std::vector<std::vector<Column>> rows_;
};
