#include "value_writer.h"

#include <algorithm>

#include "reference.h"

using v8::Local;
using v8::internal::Internals;
using v8::internal::ValueHelper;

ValueWriter::Result ValueWriter::Write(Local<v8::Value> value) {
  if (Value(value) && out_.full()) TooLarge("more than " + std::to_string(owner_->max_value_bytes) + " bytes");
  return result_;
}

bool ValueWriter::Value(Local<v8::Value> value) {
  // No script runs between two members of plain data, so only this check ends the walk when the run is stopped.
  if (owner_->Stopped()) return Thrown();
  if (out_.full()) return TooLarge("more than " + std::to_string(owner_->max_value_bytes) + " bytes");
  if (Word(ValueHelper::ValueAsAddress(*value))) return true;
  if (value->IsString()) return String(value.As<v8::String>());
  if (value->IsObject()) return Object(value.As<v8::Object>());
  // A number whose map is not known yet.
  if (value->IsNumber()) return out_.Number(value.As<v8::Number>()->Value()), true;
  if (value->IsBigInt()) return BigInt(value.As<v8::BigInt>());
  return Refuse("a symbol");
}

// Scalars that a word of V8 tells by itself. False for any other value.
bool ValueWriter::Word(uintptr_t word) {
  auto is = [this, word](int index) { return Internals::GetRoot(isolate_, index) == word; };
  double number;
  if (!Internals::HasHeapObjectTag(word)) out_.Integer(Internals::SmiValue(word));
  else if (Shapes::IsNumber(word, &number)) out_.Number(number);
  else if (is(Internals::kTrueValueRootIndex)) out_.Bool(true);
  else if (is(Internals::kFalseValueRootIndex)) out_.Bool(false);
  else if (is(Internals::kNullValueRootIndex)) out_.Nil();
  else if (is(Internals::kUndefinedValueRootIndex)) out_.Undefined();
  else return false;
  return true;
}

bool ValueWriter::String(Local<v8::String> value) {
  size_t length = value->Length();
  // Before flattening: a rope of 512 MB takes no memory until its characters are read.
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
  // Null for an invalid date, like JSON.
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
  Shape* known = owner_->has_references ? nullptr : shapes_.Known(value);
  bool ok = true;
  if (known == nullptr) {
    if (const char* what = NoData(value)) return Refuse(what);
    if (Scalar(value, &ok) || Branded(value, &ok)) return ok;
  }
  for (const Local<v8::Object>& ancestor : ancestors_) {
    if (ancestor == value) return out_.String("[Circular]"), true;
  }
  if (ancestors_.size() >= owner_->max_value_depth) {
    return TooLarge("nesting above " + std::to_string(owner_->max_value_depth) + " levels");
  }
  v8::HandleScope scope(isolate_);
  ancestors_.push_back(value);
  ok = known != nullptr ? Row(value, *known) : Container(value);
  ancestors_.pop_back();
  return ok;
}

const char* ValueWriter::NoData(Local<v8::Object> value) {
  if (value->IsFunction()) return "a function";
  if (value->IsPromise()) return "a promise that was not awaited";
  if (value->IsSymbolObject()) return "a symbol";
  if (value->IsGeneratorObject()) return "a generator";
  if (value->IsWeakMap() || value->IsWeakSet() || value->IsWeakRef()) return "a weak collection";
  if (value->IsProxy() && Target(value)->IsFunction()) return "a function";
  return nullptr;
}

// The final target of a proxy, like Array.isArray; a revoked proxy has none: null.
Local<v8::Value> ValueWriter::Target(Local<v8::Value> value) {
  v8::EscapableHandleScope scope(isolate_);
  while (value->IsProxy()) value = value.As<v8::Proxy>()->GetTarget();
  return scope.Escape(value);
}

// Objects that are written as one scalar. Decided by their internal type and not by their members: no script runs here. False for any other.
bool ValueWriter::Scalar(Local<v8::Object> value, bool* ok) {
  if (value->IsDate()) *ok = Date(value.As<v8::Date>()->ValueOf());
  else if (value->IsNumberObject()) out_.Number(value.As<v8::NumberObject>()->ValueOf());
  else if (value->IsStringObject()) *ok = String(value.As<v8::StringObject>()->ValueOf());
  else if (value->IsBooleanObject()) out_.Bool(value.As<v8::BooleanObject>()->ValueOf());
  else if (value->IsBigIntObject()) *ok = BigInt(value.As<v8::BigIntObject>()->ValueOf());
  else if (value->IsRegExp()) *ok = RegExp(value.As<v8::RegExp>());
  else if (value->IsArrayBuffer()) out_.Binary(value.As<v8::ArrayBuffer>()->Data(), value.As<v8::ArrayBuffer>()->ByteLength());
  else if (value->IsUint8Array() || value->IsUint8ClampedArray() || value->IsInt8Array() || value->IsDataView()) Bytes(value.As<v8::ArrayBufferView>());
  else return false;
  return true;
}

bool ValueWriter::Container(Local<v8::Object> value) {
  if (value->IsArray()) return Array(value.As<v8::Array>());
  if (value->IsTypedArray()) return Numbers(value.As<v8::TypedArray>());
  if (value->IsMap()) return MapEntries(value.As<v8::Map>()->AsArray());
  if (value->IsSet()) return Array(value.As<v8::Set>()->AsArray());
  if (value->IsNativeError()) return Error(value);
  // The members of a proxy come from its traps.
  if (value->IsProxy() && Target(value)->IsArray()) return ArrayLike(value);
  return Members(value);
}

bool ValueWriter::RegExp(Local<v8::RegExp> value) {
  using Flag = v8::RegExp::Flags;
  constexpr std::pair<Flag, const char*> letters[] = {{Flag::kHasIndices, "d"}, {Flag::kGlobal, "g"},  {Flag::kIgnoreCase, "i"},  {Flag::kMultiline, "m"},
                                                      {Flag::kDotAll, "s"},     {Flag::kUnicode, "u"}, {Flag::kUnicodeSets, "v"}, {Flag::kSticky, "y"}};
  std::string flags = "/";
  for (auto [flag, letter] : letters) {
    if (value->GetFlags() & flag) flags += letter;
  }
  auto concat = [&](Local<v8::String> left, Local<v8::String> right) { return v8::String::Concat(isolate_, left, right); };
  Local<v8::String> source = value->GetSource();
  if (size_t(source->Length()) > owner_->max_value_bytes) return TooLarge("a regular expression of " + std::to_string(source->Length()) + " characters");
  Local<v8::String> text = concat(v8::String::NewFromUtf8Literal(isolate_, "/"), source);
  return String(concat(text, v8::String::NewFromUtf8(isolate_, flags.c_str()).ToLocalChecked()));
}

bool ValueWriter::Array(Local<v8::Array> value) {
  uint32_t length = value->Length();
  if (!TakeMembers(length)) return false;
  out_.ArrayHeader(length);
  // Iterate forbids calls into V8, so it handles the leading numbers, booleans and nulls. The first other element ends it and is kept: getters among the
  // elements could return another one on a second read. They may also change the length of the array after the header was written.
  struct Fast {
    PackWriter<Buffer>* out;
    v8::Isolate* isolate;
    uint32_t length, done;
    v8::Global<v8::Value> next;
  } fast{&out_, isolate_, length, 0, {}};
  auto simple = [](uint32_t index, Local<v8::Value> element, void* data) {
    auto* f = static_cast<Fast*>(data);
    if (index != f->done) return v8::Array::CallbackResult::kBreak;
    if (element->IsNumber()) f->out->Number(element.As<v8::Number>()->Value());
    else if (element->IsBoolean()) f->out->Bool(element->IsTrue());
    else if (element->IsNull()) f->out->Nil();
    else return f->next.Reset(f->isolate, element), v8::Array::CallbackResult::kBreak;
    f->done++;
    return f->done == f->length || f->out->full() ? v8::Array::CallbackResult::kBreak : v8::Array::CallbackResult::kContinue;
  };
  if (length > 0 && value->Iterate(context_, simple, &fast).IsNothing()) return Thrown();
  if (!fast.next.IsEmpty() && !Element(fast.done++, fast.next.Get(isolate_))) return false;
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
    if (!Element(i, element)) return false;
  }
  return true;
}

bool ValueWriter::Element(uint32_t index, Local<v8::Value> element) {
  path_.push_back({{}, index});
  if (!Value(element)) return false;
  path_.pop_back();
  return true;
}

// The keys are read first, then each value in turn, like JSON.stringify.
bool ValueWriter::Members(Local<v8::Object> value) {
  Local<v8::Array> keys;
  auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
  if (!value->GetOwnPropertyNames(context_, filter, v8::KeyConversionMode::kConvertToString).ToLocal(&keys)) return Thrown();
  uint32_t count = keys->Length();
  if (!TakeMembers(count)) return false;
  out_.MapHeader(count);
  Shapes::Lesson lesson = owner_->has_references ? Shapes::Lesson() : shapes_.Begin(value, count);
  for (uint32_t i = 0; i < count; i++) {
    v8::HandleScope scope(isolate_);
    Local<v8::Value> key, member;
    if (!keys->Get(context_, i).ToLocal(&key) || !value->Get(context_, key).ToLocal(&member)) return Thrown();
    auto name = key.As<v8::String>();
    path_.push_back({name, 0});
    size_t begin = out_.out().size();
    if (!String(name)) return false;
    if (lesson.is_learning) lesson.names.push_back({v8::Global<v8::String>(isolate_, name), out_.out().Text(begin)});
    if (!Value(member)) return false;
    path_.pop_back();
  }
  shapes_.End(value, std::move(lesson));
  return true;
}

// Members of a plain object whose names are known. They are read in the same order, and whatever getters do, as many as there are names.
bool ValueWriter::Row(Local<v8::Object> value, Shape& shape) {
  if (!TakeMembers(shape.names.size())) return false;
  out_.MapHeader(shape.names.size());
  shape.users++;
  bool ok = true;
  for (size_t i = 0; i < shape.names.size() && ok; i++) {
    const Shape::Name& name = shape.names[i];
    out_.out().Append(name.bytes.data(), name.bytes.size());
    uintptr_t word;
    bool is_found = Shapes::Word(value, shape, i, &word);
    if (is_found && Word(word)) continue;
    Local<v8::String> key = name.text.Get(isolate_);
    Local<v8::Value> member;
    ok = (is_found && Shapes::IsValue(isolate_, word, &member)) || value->Get(context_, key).ToLocal(&member) || Thrown();
    if (!ok) break;
    path_.push_back({key, 0});
    ok = Value(member);
    if (ok) path_.pop_back();
  }
  shape.users--;
  return ok;
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

void ValueWriter::Bytes(Local<v8::ArrayBufferView> value) {
  auto* base = static_cast<const uint8_t*>(value->Buffer()->Data());
  // A detached buffer has no bytes and no address.
  size_t length = base == nullptr ? 0 : value->ByteLength();
  out_.Binary(length == 0 ? base : base + value->ByteOffset(), length);
}

// A script cannot replace the elements of a typed array by accessors: its length stays the same.
bool ValueWriter::Numbers(Local<v8::TypedArray> value) {
  size_t length = value->Length();
  if (!TakeMembers(length)) return false;
  out_.ArrayHeader(length);
  return Elements(value, 0, uint32_t(length));
}

bool ValueWriter::TakeMembers(size_t n) {
  if (n > members_left_) return TooLarge("more than " + std::to_string(owner_->max_value_properties) + " members");
  members_left_ -= n;
  return true;
}

bool ValueWriter::Refuse(const std::string& what, const std::string& instead) {
  result_ = Result::kRefused;
  reason_ = what + " at " + Path() + " cannot cross: values are data only";
  if (!instead.empty()) reason_ += "; send " + instead;
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
