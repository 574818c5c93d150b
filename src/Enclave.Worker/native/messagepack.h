// The bytes of MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), without any knowledge of V8.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "buffer.h"
#include "protocol.g.h"

// Out takes bytes by Append(bytes, count).
template <typename Out>
class PackWriter {
 public:
  explicit PackWriter(Out& out) : out_(out) {}

  bool full() const { return out_.full(); }
  Out& out() { return out_; }
  void Byte(uint8_t b) { out_.Append(&b, 1); }
  void Big(uint64_t v, int bytes) {
    uint8_t raw[8];
    for (int i = 0; i < bytes; i++) raw[i] = uint8_t(v >> (8 * (bytes - 1 - i)));
    out_.Append(raw, bytes);
  }
  void Nil() { Byte(0xc0); }
  void Bool(bool v) { Byte(v ? 0xc3 : 0xc2); }
  void Undefined() { Ext(kExtUndefined, 0); }

  void Unsigned(uint64_t v) {
    if (v < 128) return Byte(uint8_t(v));
    if (v <= 0xff) return Tagged(0xcc, v, 1);
    if (v <= 0xffff) return Tagged(0xcd, v, 2);
    if (v <= 0xffffffff) return Tagged(0xce, v, 4);
    Tagged(0xcf, v, 8);
  }
  void Integer(int64_t v) {
    if (v >= 0) return Unsigned(uint64_t(v));
    if (v >= -32) return Byte(uint8_t(v));
    if (v >= INT8_MIN) return Tagged(0xd0, v, 1);
    if (v >= INT16_MIN) return Tagged(0xd1, v, 2);
    if (v >= INT32_MIN) return Tagged(0xd2, v, 4);
    Tagged(0xd3, v, 8);
  }
  void Number(double v) {
    if (std::fabs(v) <= kMaxSafeInteger) {
      auto i = int64_t(v);
      if (double(i) == v && !(i == 0 && std::signbit(v))) return Integer(i);
    }
    // The sign of not-a-number tells which instruction made it; the language has one of it (ECMA-262 6.1.6.1).
    Tagged(0xcb, std::isnan(v) ? 0x7ff8000000000000 : std::bit_cast<uint64_t>(v), 8);
  }
  void StringHeader(size_t n) {
    if (n < 32) return Byte(uint8_t(0xa0 | n));
    if (n < 0x100) return Tagged(0xd9, n, 1);
    if (n < 0x10000) return Tagged(0xda, n, 2);
    Tagged(0xdb, n, 4);
  }
  void String(const void* bytes, size_t n) {
    StringHeader(n);
    out_.Append(bytes, n);
  }
  void String(const char* text) { String(text, strlen(text)); }
  void Binary(const void* bytes, size_t n) {
    if (n < 0x100) Tagged(0xc4, n, 1);
    else if (n < 0x10000) Tagged(0xc5, n, 2);
    else Tagged(0xc6, n, 4);
    out_.Append(bytes, n);
  }
  void ArrayHeader(size_t n) {
    if (n < 16) return Byte(uint8_t(0x90 | n));
    if (n < 0x10000) return Tagged(0xdc, n, 2);
    Tagged(0xdd, n, 4);
  }
  void MapHeader(size_t n) {
    if (n < 16) return Byte(uint8_t(0x80 | n));
    if (n < 0x10000) return Tagged(0xde, n, 2);
    Tagged(0xdf, n, 4);
  }
  void Ext(int8_t type, size_t n) {
    switch (n) {
      case 1: Byte(0xd4); break;
      case 2: Byte(0xd5); break;
      case 4: Byte(0xd6); break;
      case 8: Byte(0xd7); break;
      case 16: Byte(0xd8); break;
      default:
        if (n < 0x100) Tagged(0xc7, n, 1);
        else if (n < 0x10000) Tagged(0xc8, n, 2);
        else Tagged(0xc9, n, 4);
    }
    Byte(uint8_t(type));
  }

 private:
  void Tagged(uint8_t tag, uint64_t v, int bytes) {
    Byte(tag);
    Big(v, bytes);
  }

  Out& out_;
};

// Never reads outside its bounds, whatever the bytes are. ok() turns false at the first error and stays false.
class PackReader {
 public:
  PackReader(const uint8_t* data, size_t length) : at_(data), end_(data + length) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return at_ == end_; }
  size_t left() const { return size_t(end_ - at_); }
  void Fail() {
    ok_ = false;
    at_ = end_;
  }

  uint8_t Byte() {
    if (at_ == end_) {
      Fail();
      return 0xc1;
    }
    return *at_++;
  }
  uint64_t Big(int bytes) {
    if (left() < size_t(bytes)) {
      Fail();
      return 0;
    }
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++) v = v << 8 | *at_++;
    return v;
  }
  const uint8_t* Bytes(size_t n) {
    if (left() < n) {
      Fail();
      return nullptr;
    }
    const uint8_t* p = at_;
    at_ += n;
    return p;
  }
  // The length of an array or map. Every element takes at least a byte, so a count above the number of bytes left is wrong.
  size_t Count(size_t n, size_t bytes_each) {
    if (n > left() / bytes_each) {
      Fail();
      return 0;
    }
    return n;
  }
  bool StringLength(uint8_t tag, size_t* n) {
    if ((tag & 0xe0) == 0xa0) *n = tag & 0x1f;
    else if (tag == 0xd9) *n = Big(1);
    else if (tag == 0xda) *n = Big(2);
    else if (tag == 0xdb) *n = Big(4);
    else return false;
    return ok_;
  }
  bool ExtLength(uint8_t tag, size_t* n) {
    if (tag >= 0xd4 && tag <= 0xd8) *n = size_t(1) << (tag - 0xd4);
    else if (tag == 0xc7) *n = Big(1);
    else if (tag == 0xc8) *n = Big(2);
    else if (tag == 0xc9) *n = Big(4);
    else return false;
    return ok_;
  }

 private:
  const uint8_t *at_, *end_;
  bool ok_ = true;
};
