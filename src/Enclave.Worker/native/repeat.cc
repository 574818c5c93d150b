#include "repeat.h"

using v8::Local;

namespace {

// SplitMix64 (Steele, Lea, Flood 2014): one word of state, and every seed is a good one. The recording's promise is this sequence, not V8's.
void Random(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ee_isolate* owner = ee_isolate::Of(info.GetIsolate());
  if (owner == nullptr) return;
  uint64_t z = owner->random += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  info.GetReturnValue().Set(double(z >> 11) * 0x1p-53);
}

}  // namespace

bool SeedRandom(ee_isolate* owner, Local<v8::Context> context) {
  v8::Isolate* isolate = owner->isolate;
  Local<v8::Value> math;
  Local<v8::Function> random;
  Local<v8::String> name = v8::String::NewFromUtf8Literal(isolate, "random", v8::NewStringType::kInternalized);
  if (!context->Global()->Get(context, v8::String::NewFromUtf8Literal(isolate, "Math")).ToLocal(&math) || !math->IsObject()) return false;
  if (!v8::Function::New(context, Random, {}, 0, v8::ConstructorBehavior::kThrow).ToLocal(&random)) return false;
  random->SetName(name);
  return math.As<v8::Object>()->Set(context, name, random).FromMaybe(false);
}
