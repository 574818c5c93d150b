#include "reference.h"

#include <iterator>

#include "isolate.h"

using v8::Local;

namespace {

constexpr size_t kSizeBytes = 8;
constexpr const char* kKinds[] = {"string", "bytes", "array", "object"};
// The index of a prelude function: guard.js, references.js.
constexpr uint32_t kMake = 2;

// A private symbol holds the id: no script can read it, write it or give it to another object.
Local<v8::Private> Mark(v8::Isolate* isolate) { return v8::Private::ForApi(isolate, v8::String::NewFromUtf8Literal(isolate, "enclave.reference")); }

Local<v8::String> Hex(v8::Isolate* isolate, const uint8_t* id) {
  char text[kReferenceIdBytes * 2];
  for (size_t i = 0; i < sizeof text; i++) text[i] = "0123456789abcdef"[i % 2 == 0 ? id[i / 2] >> 4 : id[i / 2] & 0x0f];
  return v8::String::NewFromUtf8(isolate, text, v8::NewStringType::kNormal, sizeof text).ToLocalChecked();
}

}  // namespace

bool MakeReference(v8::Isolate* isolate, Local<v8::Context> context, const uint8_t* bytes, size_t length, Local<v8::Value>* value) {
  Isolate* owner = Isolate::Of(isolate);
  PackReader in(bytes, length);
  const uint8_t* id = in.Bytes(kReferenceIdBytes);
  uint64_t size = in.Big(kSizeBytes);
  uint8_t kind = in.Byte();
  if (!in.ok() || kind >= std::size(kKinds)) return false;
  size_t preview_length = in.left();
  Local<v8::String> preview, mark;
  auto* text = reinterpret_cast<const char*>(in.Bytes(preview_length));
  if (!v8::String::NewFromUtf8(isolate, text, v8::NewStringType::kNormal, int(preview_length)).ToLocal(&preview)) return false;
  if (!v8::String::NewFromOneByte(isolate, id, v8::NewStringType::kNormal, kReferenceIdBytes).ToLocal(&mark)) return false;
  Local<v8::Value> make, made;
  Local<v8::Value> arguments[] = {Hex(isolate, id), v8::Number::New(isolate, double(size)), v8::String::NewFromUtf8(isolate, kKinds[kind]).ToLocalChecked(),
                                  preview};
  if (!owner->guard.Get(isolate)->Get(context, kMake).ToLocal(&make) || !make->IsFunction()) return false;
  if (!make.As<v8::Function>()->Call(context, v8::Undefined(isolate), int(std::size(arguments)), arguments).ToLocal(&made) || !made->IsObject()) return false;
  Local<v8::Object> object = made.As<v8::Object>();
  if (!object->SetPrivate(context, Mark(isolate), mark).FromMaybe(false)) return false;
  if (!object->SetIntegrityLevel(context, v8::IntegrityLevel::kFrozen).FromMaybe(false)) return false;
  owner->has_references = true;
  *value = object;
  return true;
}

bool WriteReference(v8::Isolate* isolate, Local<v8::Context> context, Local<v8::Object> object, PackWriter<Buffer>& out) {
  Local<v8::Value> mark;
  // A proxy is not its target.
  if (object->IsProxy() || !object->GetPrivate(context, Mark(isolate)).ToLocal(&mark) || !mark->IsString()) return false;
  out.Ext(kExtReference, kReferenceIdBytes);
  if (uint8_t* at = out.out().Extend(kReferenceIdBytes)) mark.As<v8::String>()->WriteOneByteV2(isolate, 0, kReferenceIdBytes, at);
  return true;
}
