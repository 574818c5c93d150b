#include "value_writer.h"

#include <algorithm>

#include "reference.h"

using v8::Local;

// Turning a BigInt into digits takes quadratic time, and the host may have to (ProtocolLimits.MaxBigIntBytes).
constexpr size_t kMaxBigIntBytes = 8 << 10;

ValueWriter::Result ValueWriter::Write(Local<v8::Value> value) {
  if (Value(value) && out_.full()) TooLarge("more than " + std::to_string(owner_->max_value_bytes) + " bytes");
  return result_;
}

bool ValueWriter::Value(Local<v8::Value> value) {
  if (out_.full()) return TooLarge("more than " + std::to_string(owner_->max_value_bytes) + " bytes");
  if (value->IsObject()) return Object(value.As<v8::Object>());
  return Primitive(value);
}

bool ValueWriter::Primitive(Local<v8::Value> value) {
  if (value->IsString()) return String(value.As<v8::String>());
  if (value->IsNumber()) return out_.Number(value.As<v8::Number>()->Value()), true;
  if (value->IsBoolean()) return out_.Bool(value->IsTrue()), true;
  if (value->IsNull()) return out_.Nil(), true;
  if (value->IsUndefined()) return out_.Undefined(), true;
  if (value->IsBigInt()) return BigInt(value.As<v8::BigInt>());
  return Refuse("a symbol");
}

bool ValueWriter::String(Local<v8::String> value) {
  size_t length = value->Length();
  // Before flattening: a rope of 512 MB takes no memory until somebody looks at its characters.
  if (length > owner_->max_value_bytes) return TooLarge("a string of " + std::to_string(length) + " characters");
  size_t utf8 = 0;
  bool well_formed = true;
  {
    v8::String::ValueView view(isolate_, value);
    if (view.is_one_byte()) {
      const uint8_t* chars = view.data8();
      if (std::none_of(chars, chars + length, [](uint8_t c) { return c & 0x80; })) return out_.String(chars, length), true;
    } else {
      const uint16_t* units = view.data16();
      for (size_t i = 0; i < length && well_formed; i++) {
        if ((units[i] & 0xf800) != 0xd800) continue;
        well_formed = (units[i] & 0x0400) == 0 && i + 1 < length && (units[i + 1] & 0xfc00) == 0xdc00;
        i++;
      }
      if (!well_formed) {
        out_.Ext(kExtUtf16, length * 2);
        out_.out().Append(units, length * 2);  // x86-64 is little endian, as the wire
        return true;
      }
    }
  }
  utf8 = value->Utf8LengthV2(isolate_);
  out_.StringHeader(utf8);
  if (uint8_t* at = out_.out().Extend(utf8)) value->WriteUtf8V2(isolate_, reinterpret_cast<char*>(at), utf8);
  return true;
}

bool ValueWriter::BigInt(Local<v8::BigInt> value) {
  int words = value->WordCount(), sign = 0;
  if (size_t(words) * 8 > kMaxBigIntBytes) return TooLarge("a BigInt of " + std::to_string(words * 8) + " bytes");
  std::vector<uint64_t> digits(words);
  value->ToWordsArray(&sign, &words, digits.data());
  size_t bytes = size_t(words) * 8;
  const auto* raw = reinterpret_cast<const uint8_t*>(digits.data());
  while (bytes > 0 && raw[bytes - 1] == 0) bytes--;
  out_.Ext(kExtBigInt, bytes + 1);
  out_.Byte(sign ? 1 : 0);
  out_.out().Append(raw, bytes);
  return true;
}

bool ValueWriter::Date(double ms) {
  // JSON writes null for an invalid date; so do we.
  if (std::isnan(ms)) return out_.Nil(), true;
  auto seconds = int64_t(std::floor(ms / 1000));
  auto nanoseconds = uint32_t(ms - double(seconds) * 1000) * 1000000u;
  if (seconds >> 34 == 0) {
    uint64_t packed = uint64_t(nanoseconds) << 34 | uint64_t(seconds);
    bool small = packed >> 32 == 0;
    out_.Ext(kExtTimestamp, small ? 4 : 8);
    out_.Big(packed, small ? 4 : 8);
  } else {
    out_.Ext(kExtTimestamp, 12);
    out_.Big(nanoseconds, 4);
    out_.Big(uint64_t(seconds), 8);
  }
  return true;
}

bool ValueWriter::Object(Local<v8::Object> value) {
  if (owner_->has_references && WriteReference(isolate_, context_, value, out_)) return true;
  if (value->IsDate()) return Date(value.As<v8::Date>()->ValueOf());
  if (value->IsFunction()) return Refuse("a function");
  if (value->IsPromise()) return Refuse("a promise that was not awaited");
  for (const Local<v8::Object>& ancestor : ancestors_) {
    if (ancestor == value) return out_.String("[Circular]"), true;
  }
  if (ancestors_.size() >= owner_->max_value_depth) {
    return TooLarge("nesting above " + std::to_string(owner_->max_value_depth) + " levels");
  }
  v8::HandleScope scope(isolate_);
  ancestors_.push_back(value);
  bool ok = ObjectInPath(value);
  ancestors_.pop_back();
  return ok;
}

bool ValueWriter::ObjectInPath(Local<v8::Object> value) {
  if (value->IsArray()) return Array(value.As<v8::Array>());
  if (value->IsArrayBufferView()) return View(value.As<v8::ArrayBufferView>());
  if (value->IsArrayBuffer()) {
    auto buffer = value.As<v8::ArrayBuffer>();
    return out_.Binary(buffer->Data(), buffer->ByteLength()), true;
  }
  if (value->IsMap()) return MapEntries(value.As<v8::Map>()->AsArray());
  if (value->IsSet()) return Array(value.As<v8::Set>()->AsArray());
  if (value->IsNativeError()) return Error(value);
  if (value->IsNumberObject()) return Primitive(v8::Number::New(isolate_, value.As<v8::NumberObject>()->ValueOf()));
  if (value->IsStringObject()) return String(value.As<v8::StringObject>()->ValueOf());
  if (value->IsBooleanObject()) return out_.Bool(value.As<v8::BooleanObject>()->ValueOf()), true;
  if (value->IsBigIntObject()) return BigInt(value.As<v8::BigIntObject>()->ValueOf());
  if (value->IsSymbolObject()) return Refuse("a symbol");
  if (value->IsRegExp()) {
    Local<v8::String> text;
    return value->ToString(context_).ToLocal(&text) ? String(text) : Thrown();
  }
  if (value->IsGeneratorObject()) return Refuse("a generator");
  if (value->IsWeakMap() || value->IsWeakSet() || value->IsWeakRef()) return Refuse("a weak collection");
  if (value->IsProxy()) {
    // Array.isArray looks through proxies, and so do we; the members themselves come from the traps.
    Local<v8::Value> target = value;
    while (target->IsProxy()) target = target.As<v8::Proxy>()->GetTarget();
    if (target->IsFunction()) return Refuse("a function");
    if (target->IsArray()) return ArrayLike(value);
  }
  return Members(value);
}

bool ValueWriter::Array(Local<v8::Array> value) {
  uint32_t length = value->Length();
  if (!TakeMembers(length)) return false;
  out_.ArrayHeader(length);
  // Iterate forbids calls into V8, so it takes the leading numbers, booleans and nulls; the first other element ends it.
  struct Fast {
    PackWriter* out;
    uint32_t done;
  } fast{&out_, 0};
  auto simple = [](uint32_t, Local<v8::Value> element, void* data) {
    auto* f = static_cast<Fast*>(data);
    if (element->IsNumber()) f->out->Number(element.As<v8::Number>()->Value());
    else if (element->IsBoolean()) f->out->Bool(element->IsTrue());
    else if (element->IsNull()) f->out->Nil();
    else return v8::Array::CallbackResult::kBreak;
    f->done++;
    return f->out->full() ? v8::Array::CallbackResult::kBreak : v8::Array::CallbackResult::kContinue;
  };
  if (value->Iterate(context_, simple, &fast).IsNothing()) return Thrown();
  return Elements(value, fast.done, length);
}

bool ValueWriter::ArrayLike(Local<v8::Object> value) {
  Local<v8::Value> length_value;
  double length;
  if (!value->Get(context_, v8::String::NewFromUtf8Literal(isolate_, "length")).ToLocal(&length_value)) return Thrown();
  if (!length_value->NumberValue(context_).To(&length)) return Thrown();
  if (!(length >= 0)) length = 0;
  if (length > double(members_left_)) length = double(members_left_) + 1;
  if (!TakeMembers(size_t(length))) return false;
  out_.ArrayHeader(size_t(length));
  return Elements(value, 0, uint32_t(length));
}

bool ValueWriter::Elements(Local<v8::Object> value, uint32_t from, uint32_t length) {
  for (uint32_t i = from; i < length; i++) {
    v8::HandleScope scope(isolate_);
    Local<v8::Value> element;
    if (!value->Get(context_, i).ToLocal(&element)) return Thrown();
    path_.push_back({{}, i});
    if (!Value(element)) return false;
    path_.pop_back();
  }
  return true;
}

bool ValueWriter::Dropped(Local<v8::String> key) const {
  int length = key->Length();
  if (length != 9 && length != 11) return false;
  return length == 11 ? key->StringEquals(v8::String::NewFromUtf8Literal(isolate_, "constructor"))
                      : key->StringEquals(v8::String::NewFromUtf8Literal(isolate_, "__proto__")) ||
                            key->StringEquals(v8::String::NewFromUtf8Literal(isolate_, "prototype"));
}

bool ValueWriter::Members(Local<v8::Object> value) {
  Local<v8::Array> keys;
  auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
  if (!value->GetOwnPropertyNames(context_, filter, v8::KeyConversionMode::kConvertToString).ToLocal(&keys)) return Thrown();
  uint32_t count = keys->Length();
  if (!TakeMembers(count)) return false;
  v8::LocalVector<v8::String> kept(isolate_);
  kept.reserve(count);
  for (uint32_t i = 0; i < count; i++) {
    Local<v8::Value> key;
    if (!keys->Get(context_, i).ToLocal(&key)) return Thrown();
    if (!Dropped(key.As<v8::String>())) kept.push_back(key.As<v8::String>());
  }
  out_.MapHeader(kept.size());
  for (Local<v8::String> key : kept) {
    v8::HandleScope scope(isolate_);
    Local<v8::Value> member;
    if (!value->Get(context_, key).ToLocal(&member)) return Thrown();
    path_.push_back({key, 0});
    if (!String(key) || !Value(member)) return false;
    path_.pop_back();
  }
  return true;
}

bool ValueWriter::MapEntries(Local<v8::Array> entries) {
  uint32_t length = entries->Length();
  if (!TakeMembers(length / 2)) return false;
  v8::LocalVector<v8::String> keys(isolate_);
  v8::LocalVector<v8::Value> values(isolate_);
  for (uint32_t i = 0; i + 1 < length; i += 2) {
    Local<v8::Value> key, value;
    Local<v8::String> name;
    if (!entries->Get(context_, i).ToLocal(&key) || !entries->Get(context_, i + 1).ToLocal(&value)) return Thrown();
    if (key->IsSymbol()) return Refuse("a Map with a symbol as key");
    if (!key->ToString(context_).ToLocal(&name)) return Thrown();
    if (Dropped(name)) continue;
    keys.push_back(name);
    values.push_back(value);
  }
  out_.MapHeader(keys.size());
  for (size_t i = 0; i < keys.size(); i++) {
    path_.push_back({keys[i], 0});
    if (!String(keys[i]) || !Value(values[i])) return false;
    path_.pop_back();
  }
  return true;
}

bool ValueWriter::View(Local<v8::ArrayBufferView> value) {
  if (value->IsUint8Array() || value->IsUint8ClampedArray() || value->IsInt8Array() || value->IsDataView()) {
    auto* base = static_cast<const uint8_t*>(value->Buffer()->Data());
    return out_.Binary(base + value->ByteOffset(), value->ByteLength()), true;
  }
  size_t length = value.As<v8::TypedArray>()->Length();
  if (!TakeMembers(length)) return false;
  out_.ArrayHeader(length);
  return Elements(value, 0, uint32_t(length));
}

bool ValueWriter::Error(Local<v8::Object> value) {
  // name and message are usually not enumerable, and an error without them says nothing.
  Local<v8::Value> name, message;
  if (!value->Get(context_, v8::String::NewFromUtf8Literal(isolate_, "name")).ToLocal(&name)) return Thrown();
  if (!value->Get(context_, v8::String::NewFromUtf8Literal(isolate_, "message")).ToLocal(&message)) return Thrown();
  if (!TakeMembers(2)) return false;
  out_.MapHeader(2);
  out_.String("name");
  if (!(name->IsString() ? String(name.As<v8::String>()) : (out_.Nil(), true))) return false;
  out_.String("message");
  return message->IsString() ? String(message.As<v8::String>()) : (out_.Nil(), true);
}

bool ValueWriter::TakeMembers(size_t n) {
  if (n > members_left_) return TooLarge("more than " + std::to_string(owner_->max_value_properties) + " members");
  members_left_ -= n;
  return true;
}

bool ValueWriter::Refuse(const char* what) {
  result_ = Result::kRefused;
  reason_ = std::string(what) + " at " + Path() + " cannot cross: values are data only";
  return false;
}

bool ValueWriter::TooLarge(std::string what) {
  result_ = Result::kTooLarge;
  reason_ = std::move(what) + " at " + Path();
  return false;
}

bool ValueWriter::Thrown() {
  result_ = Result::kThrown;
  return false;
}

std::string ValueWriter::Path() const {
  std::string path = "$";
  for (const Step& step : path_) {
    if (path.size() > 200) return path + "…";
    if (step.key.IsEmpty()) path += "[" + std::to_string(step.index) + "]";
    else path += "." + ToUtf8(isolate_, step.key, 60);
  }
  return path;
}

std::string ToUtf8(v8::Isolate* isolate, Local<v8::String> text, size_t max_bytes) {
  std::string out(max_bytes, '\0');
  out.resize(text->WriteUtf8V2(isolate, out.data(), max_bytes, v8::String::WriteFlags::kReplaceInvalidUtf8));
  return out;
}
