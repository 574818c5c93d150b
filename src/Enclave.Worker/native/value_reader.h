// Builds V8 values from MessagePack (docs/values.md). The bytes are not trusted although the host sends them: reads are bounded, invalid bytes give false.
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
  // Whether the previous object at this depth had the same name at this position.
  enum class Key { kFailed, kSame, kOther };
  Key ReadKey(int depth, size_t index, v8::Local<v8::String>* key);

 private:
  // The number of names remembered for a sibling, and so the most members of an object made from a shape.
  static constexpr size_t kMaxColumns = 64;

  struct Column {
    const uint8_t* bytes;
    size_t length;
    v8::Local<v8::String> name;
  };

  // The names of the last object at one depth. Two consecutive objects with the same names make a shape.
  struct Row {
    std::vector<Column> columns;
    size_t width = 0;
    bool tried = false;
    v8::Local<v8::DictionaryTemplate> shape;
  };

  bool Value(int depth, v8::Local<v8::Value>* value);
  bool Array(size_t count, int depth, v8::Local<v8::Value>* value);
  bool Map(size_t count, int depth, v8::Local<v8::Value>* value);
  void MakeShape(Row& row);
  bool String(size_t length, v8::Local<v8::Value>* value);
  bool Binary(size_t length, v8::Local<v8::Value>* value);
  bool Extension(size_t length, v8::Local<v8::Value>* value);
  bool BigInt(const uint8_t* bytes, size_t length, v8::Local<v8::Value>* value);
  bool Fail() {
    in_.Fail();
    return false;
  }

  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  PackReader in_;
  // Rows of a table have the same keys in the same order. Remembering the names of the previous sibling
  // at each depth saves a lookup for each name; its shape saves growing the object.
  std::vector<Row> rows_;
  // Members and items of the containers that are being read, innermost last.
  std::vector<v8::Local<v8::String>> names_;
  std::vector<v8::MaybeLocal<v8::Value>> members_;
  std::vector<v8::Local<v8::Value>> items_;
};
