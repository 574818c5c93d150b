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
  // Whether it is the name that the last object at this depth had in this place.
  enum class Key { kFailed, kSame, kOther };
  Key ReadKey(int depth, size_t index, v8::Local<v8::String>* key);

 private:
  static constexpr int kMaxDepth = 128;
  // Names that are remembered of a sibling, and so the members that an object made from a shape may have.
  static constexpr size_t kMaxColumns = 64;

  struct Column {
    const uint8_t* bytes;
    size_t length;
    v8::Local<v8::String> name;
  };

  // The names of the last object at one depth. Two that follow one another with the same names make a shape.
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
  bool Fail() { in_.Fail(); return false; }

  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  PackReader in_;
  // Rows of a table have the same keys in the same order: the names of the previous sibling at each depth save a lookup each, and its shape the whole object's growth.
  std::vector<Row> rows_;
  // Members and items of the containers that are being read, innermost last.
  std::vector<v8::Local<v8::String>> names_;
  std::vector<v8::MaybeLocal<v8::Value>> members_;
  std::vector<v8::Local<v8::Value>> items_;
};
