#include "value_reader.h"

#include <algorithm>

#include "reference.h"

using v8::Local;

bool ValueReader::Read(Local<v8::Value>* value) { return Value(0, value) && in_.ok(); }

bool ValueReader::Value(int depth, Local<v8::Value>* value) {
  if (depth >= int(kMaxDepth)) return Fail();
  uint8_t tag = in_.Byte();
  if (!in_.ok()) return false;
  if (tag < 0x80) return *value = v8::Integer::New(isolate_, tag), true;
  if (tag >= 0xe0) return *value = v8::Integer::New(isolate_, int8_t(tag)), true;
  if (tag < 0x90) return Map(tag & 0x0f, depth, value);
  if (tag < 0xa0) return Array(tag & 0x0f, depth, value);
  size_t n;
  if (in_.StringLength(tag, &n)) return String(n, value);
  if (in_.ExtLength(tag, &n)) return Extension(n, value);
  if (!in_.ok()) return false;
  int64_t i;
  switch (tag) {
    case 0xc0: return *value = v8::Null(isolate_), true;
    case 0xc2: return *value = v8::False(isolate_), true;
    case 0xc3: return *value = v8::True(isolate_), true;
    case 0xc4: return Binary(in_.Big(1), value);
    case 0xc5: return Binary(in_.Big(2), value);
    case 0xc6: return Binary(in_.Big(4), value);
    case 0xca: return *value = v8::Number::New(isolate_, std::bit_cast<float>(uint32_t(in_.Big(4)))), in_.ok();
    case 0xcb: return *value = v8::Number::New(isolate_, std::bit_cast<double>(in_.Big(8))), in_.ok();
    case 0xcc: i = int64_t(in_.Big(1)); break;
    case 0xcd: i = int64_t(in_.Big(2)); break;
    case 0xce: i = int64_t(in_.Big(4)); break;
    case 0xcf: {
      uint64_t u = in_.Big(8);
      if (u > uint64_t(kMaxSafeInteger)) return *value = v8::BigInt::NewFromUnsigned(isolate_, u), in_.ok();
      i = int64_t(u);
      break;
    }
    case 0xd0: i = int8_t(in_.Big(1)); break;
    case 0xd1: i = int16_t(in_.Big(2)); break;
    case 0xd2: i = int32_t(in_.Big(4)); break;
    case 0xd3: i = int64_t(in_.Big(8)); break;
    case 0xdc: return Array(in_.Big(2), depth, value);
    case 0xdd: return Array(in_.Big(4), depth, value);
    case 0xde: return Map(in_.Big(2), depth, value);
    case 0xdf: return Map(in_.Big(4), depth, value);
    default: return Fail();
  }
  if (i > int64_t(kMaxSafeInteger) || i < -int64_t(kMaxSafeInteger)) *value = v8::BigInt::New(isolate_, i);
  else *value = v8::Number::New(isolate_, double(i));
  return in_.ok();
}

bool ValueReader::Array(size_t count, int depth, Local<v8::Value>* value) {
  count = in_.Count(count, 1);
  if (!in_.ok()) return false;
  // No handle scope of its own: the names in rows_ must outlive it.
  size_t first = items_.size();
  for (size_t i = 0; i < count; i++) {
    Local<v8::Value> item;
    if (!Value(depth + 1, &item)) return false;
    items_.push_back(item);
  }
  *value = v8::Array::New(isolate_, items_.data() + first, count);
  items_.resize(first);
  return true;
}

ValueReader::Key ValueReader::ReadKey(int depth, size_t index, Local<v8::String>* key) {
  uint8_t tag = in_.Byte();
  size_t n;
  if (!in_.StringLength(tag, &n)) {
    // A key with lone surrogates is an extension; anything else is not a key.
    Local<v8::Value> value;
    if (!in_.ExtLength(tag, &n) || !Extension(n, &value) || !value->IsString()) return Fail(), Key::kFailed;
    *key = value.As<v8::String>();
    return Key::kOther;
  }
  const uint8_t* bytes = in_.Bytes(n);
  if (bytes == nullptr) return Key::kFailed;
  Row& row = rows_[depth];
  if (index < row.columns.size() && row.columns[index].length == n && memcmp(row.columns[index].bytes, bytes, n) == 0) {
    *key = row.columns[index].name;
    return Key::kSame;
  }
  // The shape of the row no longer matches, because this object has other names.
  row.width = 0;
  auto* text = reinterpret_cast<const char*>(bytes);
  if (!v8::String::NewFromUtf8(isolate_, text, v8::NewStringType::kInternalized, int(n)).ToLocal(key)) return Fail(), Key::kFailed;
  if (index == row.columns.size() && index < kMaxColumns) row.columns.push_back({bytes, n, *key});
  else if (index < row.columns.size()) row.columns[index] = {bytes, n, *key};
  return Key::kOther;
}

bool ValueReader::Map(size_t count, int depth, Local<v8::Value>* value) {
  count = in_.Count(count, 2);
  if (!in_.ok()) return false;
  size_t first = members_.size();
  bool same = count > 0 && count == rows_[depth].width;
  for (size_t i = 0; i < count; i++) {
    Local<v8::String> key;
    Local<v8::Value> member;
    Key read = ReadKey(depth, i, &key);
    if (read == Key::kFailed || !Value(depth + 1, &member)) return false;
    same = same && read == Key::kSame;
    names_.push_back(key);
    members_.push_back(member);
  }
  Row& row = rows_[depth];
  if (!same) row.width = count, row.tried = false, row.shape.Clear();
  else if (!row.tried) MakeShape(row);
  if (!row.shape.IsEmpty()) {
    *value = row.shape->NewInstance(context_, {members_.data() + first, count});
  } else {
    Local<v8::Object> object = v8::Object::New(isolate_);
    for (size_t i = first; i < first + count; i++) {
      if (object->CreateDataProperty(context_, names_[i], members_[i].ToLocalChecked()).IsNothing()) return Fail();
    }
    *value = object;
  }
  names_.resize(first);
  members_.resize(first);
  return true;
}

// V8 does not check the names of shapes: they must be ASCII, no index, unique, and not the name of a setter that every object has.
void ValueReader::MakeShape(Row& row) {
  row.tried = true;
  std::vector<std::string_view> names;
  for (size_t i = 0; i < row.width; i++) {
    const Column& column = row.columns[i];
    if (column.length == 0 || (column.bytes[0] >= '0' && column.bytes[0] <= '9')) return;
    if (std::any_of(column.bytes, column.bytes + column.length, [](uint8_t b) { return b & 0x80; })) return;
    std::string_view name(reinterpret_cast<const char*>(column.bytes), column.length);
    if (name == "__proto__" || std::find(names.begin(), names.end(), name) != names.end()) return;
    names.push_back(name);
  }
  row.shape = v8::DictionaryTemplate::New(isolate_, {names.data(), names.size()});
}

bool ValueReader::String(size_t length, Local<v8::Value>* value) {
  const uint8_t* bytes = in_.Bytes(length);
  if (bytes == nullptr) return false;
  bool ascii = std::none_of(bytes, bytes + length, [](uint8_t b) { return b & 0x80; });
  Local<v8::String> text;
  bool ok = ascii ? v8::String::NewFromOneByte(isolate_, bytes, v8::NewStringType::kNormal, int(length)).ToLocal(&text)
                  : v8::String::NewFromUtf8(isolate_, reinterpret_cast<const char*>(bytes), v8::NewStringType::kNormal, int(length)).ToLocal(&text);
  if (!ok) return Fail();
  *value = text;
  return true;
}

bool ValueReader::Binary(size_t length, Local<v8::Value>* value) {
  const uint8_t* bytes = in_.Bytes(length);
  if (bytes == nullptr) return false;
  Local<v8::ArrayBuffer> buffer;
  if (!v8::ArrayBuffer::MaybeNew(isolate_, length).ToLocal(&buffer)) return Fail();
  if (length > 0) memcpy(buffer->Data(), bytes, length);
  *value = v8::Uint8Array::New(buffer, 0, length);
  return true;
}

bool ValueReader::Extension(size_t length, Local<v8::Value>* value) {
  auto type = int8_t(in_.Byte());
  const uint8_t* bytes = in_.Bytes(length);
  if (bytes == nullptr) return false;
  PackReader in(bytes, length);
  switch (type) {
    case kExtUndefined:
      if (length != 0) return Fail();
      return *value = v8::Undefined(isolate_), true;
    case kExtBigInt: return BigInt(bytes, length, value);
    case kExtUtf16: {
      if (length % 2 != 0) return Fail();
      std::vector<uint16_t> units(length / 2);
      if (length > 0) memcpy(units.data(), bytes, length);
      Local<v8::String> text;
      if (!v8::String::NewFromTwoByte(isolate_, units.data(), v8::NewStringType::kNormal, int(units.size())).ToLocal(&text)) return Fail();
      return *value = text, true;
    }
    case kExtTimestamp: {
      double ms;
      if (length == 4) {
        ms = double(in.Big(4)) * 1000;
      } else if (length == 8) {
        uint64_t packed = in.Big(8);
        // Whole milliseconds. NOLINTNEXTLINE(bugprone-integer-division)
        ms = double(packed & 0x3ffffffffULL) * 1000 + double((packed >> 34) / 1000000);
      } else if (length == 12) {
        auto nanoseconds = double(in.Big(4));
        ms = double(int64_t(in.Big(8))) * 1000 + std::floor(nanoseconds / 1000000);
      } else {
        return Fail();
      }
      if (!v8::Date::New(context_, ms).ToLocal(value)) return Fail();
      return true;
    }
    case kExtReference: return MakeReference(isolate_, context_, bytes, length, value) || Fail();
    default: return Fail();
  }
}

bool ValueReader::BigInt(const uint8_t* bytes, size_t length, Local<v8::Value>* value) {
  if (length == 0 || bytes[0] > 1) return Fail();
  size_t digits = length - 1;
  std::vector<uint64_t> words((digits + 7) / 8);
  if (digits > 0) memcpy(words.data(), bytes + 1, digits);
  Local<v8::BigInt> big;
  // Too many words throw a RangeError. It must not stay pending after a value that was refused.
  v8::TryCatch caught(isolate_);
  if (!v8::BigInt::NewFromWords(context_, bytes[0], int(words.size()), words.data()).ToLocal(&big)) return Fail();
  *value = big;
  return true;
}
