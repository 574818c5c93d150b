// A byte buffer with a hard cap: whatever a script writes, it never allocates more than the cap.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "check.h"
#include "slice.h"

class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { free(data_); }

  void Reset(size_t cap) {
    size_ = 0;
    cap_ = cap;
    full_ = false;
  }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  Slice Bytes() const { return {data_, size_}; }
  // The bytes from one on.
  std::string Text(size_t begin) const { return {reinterpret_cast<const char*>(data_) + begin, size_ - begin}; }
  bool full() const { return full_; }

  // Room for n more bytes, or null when the cap is reached.
  uint8_t* Extend(size_t n) {
    DCHECK(size_ <= cap_ && size_ <= allocated_);
    if (n > cap_ - size_) {
      full_ = true;
      return nullptr;
    }
    if (size_ + n > allocated_) Grow(size_ + n);
    uint8_t* at = data_ + size_;
    size_ += n;
    return at;
  }
  void Append(const void* bytes, size_t n) {
    // An empty source may have a null address, which memcpy does not allow.
    if (n == 0) return;
    if (uint8_t* at = Extend(n)) memcpy(at, bytes, n);
  }

 private:
  void Grow(size_t wanted);

  uint8_t* data_ = nullptr;
  size_t size_ = 0, allocated_ = 0, cap_ = 0;
  bool full_ = false;
};
