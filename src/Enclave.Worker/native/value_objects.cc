// Objects of the platform and errors: their data is not in enumerable properties.
#include "value_writer.h"

using v8::Local;
using v8::internal::Internals;
using v8::internal::ValueHelper;

namespace {

// The index of a prelude function: guard.js, brands.js.
constexpr uint32_t kFormOf = 6;

}  // namespace

// No script runs here: the prelude asks for private members, and for slots of the language.
bool ValueWriter::Branded(Local<v8::Object> value, bool* ok) {
  if (value->IsArray() || value->IsTypedArray() || value->IsMap() || value->IsSet() || value->IsNativeError() || value->IsProxy()) return false;
  // Instances of classes are ordinary objects to V8 too. Literals and objects without a prototype cannot be branded, so the prelude is not called for them.
  bool is_ordinary = Internals::GetInstanceType(ValueHelper::ValueAsAddress(*value)) == Internals::kJSObjectType;
  v8::HandleScope scope(isolate_);
  if (form_of_.IsEmpty()) {
    Local<v8::Value> function;
    if (!owner_->guard.Get(isolate_)->Get(context_, kFormOf).ToLocal(&function) || !function->IsFunction()) return *ok = Thrown(), true;
    form_of_.Reset(isolate_, function.As<v8::Function>());
    object_prototype_.Reset(isolate_, v8::Object::New(isolate_)->GetPrototypeV2());
  }
  Local<v8::Value> prototype = value->GetPrototypeV2();
  if (is_ordinary && (prototype->IsNull() || prototype == object_prototype_)) return false;
  Local<v8::Value> arguments[] = {value, v8::Boolean::New(isolate_, is_ordinary)}, answer, first, instead;
  if (!form_of_.Get(isolate_)->Call(context_, v8::Undefined(isolate_), 2, arguments).ToLocal(&answer)) return *ok = Thrown(), true;
  if (!answer->IsArray()) return false;
  Local<v8::Array> form = answer.As<v8::Array>();
  if (!form->Get(context_, 0).ToLocal(&first)) return *ok = Thrown(), true;
  if (form->Length() == 1) return *ok = Value(first), true;
  if (!form->Get(context_, 1).ToLocal(&instead) || !first->IsString() || !instead->IsString()) return *ok = Thrown(), true;
  auto text = [this](Local<v8::Value> part) { return ToUtf8(isolate_, part.As<v8::String>(), 200); };
  *ok = Refuse("an object of the type " + text(first), text(instead));
  return true;
}

bool ValueWriter::Error(Local<v8::Object> value) {
  // These members are usually not enumerable, and an error without them has no information.
  auto get = [this, value](const char* name, Local<v8::Value>* member) {
    return value->Get(context_, v8::String::NewFromUtf8(isolate_, name).ToLocalChecked()).ToLocal(member);
  };
  auto has = [this, value](const char* name) {
    return value->HasOwnProperty(context_, v8::String::NewFromUtf8(isolate_, name).ToLocalChecked()).FromMaybe(false);
  };
  Local<v8::Value> name, message, code;
  if (!get("name", &name) || !get("message", &message) || (has("code") && !get("code", &code))) return Thrown();
  bool has_code = !code.IsEmpty() && (code->IsString() || code->IsNumber());
  bool has_cause = has("cause"), has_errors = has("errors");
  size_t count = 2 + has_code + has_cause + has_errors;
  if (!TakeMembers(count)) return false;
  out_.MapHeader(count);
  out_.String("name");
  if (!(name->IsString() ? String(name.As<v8::String>()) : (out_.Nil(), true))) return false;
  out_.String("message");
  if (!(message->IsString() ? String(message.As<v8::String>()) : (out_.Nil(), true))) return false;
  auto write = [&](const char* key, Local<v8::Value> member) {
    path_.push_back({v8::String::NewFromUtf8(isolate_, key).ToLocalChecked(), 0});
    out_.String(key);
    if (!Value(member)) return false;
    path_.pop_back();
    return true;
  };
  Local<v8::Value> cause, errors;
  if (has_code && !write("code", code)) return false;
  if (has_cause && !(get("cause", &cause) ? write("cause", cause) : Thrown())) return false;
  return !has_errors || (get("errors", &errors) ? write("errors", errors) : Thrown());
}
