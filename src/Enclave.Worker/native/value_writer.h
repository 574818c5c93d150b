// Writes a V8 value as MessagePack (docs/values.md): exactly as many members as its headers say, whatever getters and proxies do, or nothing at all.
// Bounded in depth, members and bytes. It sanitizes the output: a value that is not data does not leave the
// isolate. Getters and proxies run script code here, so callers check the stop flag afterwards.
#pragma once
#include <v8.h>

#include <string>
#include <vector>

#include "isolate.h"
#include "messagepack.h"
#include "shapes.h"

class ValueWriter {
 public:
  enum class Result { kDone, kThrown, kRefused, kTooLarge };

  ValueWriter(Isolate* owner, v8::Local<v8::Context> context, Buffer& out)
      : owner_(owner),
        isolate_(owner->isolate),
        context_(context),
        out_(out),
        ancestors_(isolate_),
        shapes_(isolate_),
        members_left_(owner->max_value_properties) {}

  // kThrown leaves the exception pending in V8; for kRefused and kTooLarge, reason() says what and where.
  Result Write(v8::Local<v8::Value> value);
  const std::string& reason() const { return reason_; }

 private:
  struct Step {
    v8::Local<v8::String> key;
    uint32_t index;
  };

  bool Value(v8::Local<v8::Value> value);
  bool Word(uintptr_t word);
  bool String(v8::Local<v8::String> value);
  bool BigInt(v8::Local<v8::BigInt> value);
  bool Date(double milliseconds);
  bool RegExp(v8::Local<v8::RegExp> value);
  bool Object(v8::Local<v8::Object> value);
  // Names the kind of an object that is not data; null for data.
  const char* NoData(v8::Local<v8::Object> value);
  v8::Local<v8::Value> Target(v8::Local<v8::Value> value);
  bool Scalar(v8::Local<v8::Object> value, bool* ok);
  // Objects of the platform without members, by what the prelude knows of them (brands.js). False for other objects.
  bool Branded(v8::Local<v8::Object> value, bool* ok);
  bool Container(v8::Local<v8::Object> value);
  bool Array(v8::Local<v8::Array> value);
  bool ArrayLike(v8::Local<v8::Object> value);
  bool Elements(v8::Local<v8::Object> value, uint32_t from, uint32_t length);
  bool Element(uint32_t index, v8::Local<v8::Value> element);
  bool Members(v8::Local<v8::Object> value);
  bool Row(v8::Local<v8::Object> value, Shape& shape);
  bool MapEntries(v8::Local<v8::Array> entries);
  void Bytes(v8::Local<v8::ArrayBufferView> value);
  bool Numbers(v8::Local<v8::TypedArray> value);
  bool Error(v8::Local<v8::Object> value);

  bool TakeMembers(size_t n);
  bool Refuse(const std::string& what, const std::string& instead = {});
  bool TooLarge(std::string what);
  bool Thrown();
  std::string Path() const;

  Isolate* owner_;
  v8::Isolate* isolate_;
  v8::Local<v8::Context> context_;
  PackWriter<Buffer> out_;
  v8::LocalVector<v8::Object> ancestors_;
  // The function of brands.js, and Object.prototype. Empty until they are needed.
  v8::Global<v8::Function> form_of_;
  v8::Global<v8::Value> object_prototype_;
  std::vector<Step> path_;
  Shapes shapes_;
  size_t members_left_;
  Result result_ = Result::kDone;
  std::string reason_;
};

std::string ToUtf8(v8::Isolate* isolate, v8::Local<v8::String> text, size_t max_bytes);
