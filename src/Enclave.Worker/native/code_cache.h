// Compiled code of V8, for programs that are sent again. The bytes hold the functions of a source text and no value of any run. They lie in the book.
#pragma once
#include <v8.h>

#include <cstdint>

namespace code_cache {

constexpr size_t kKeyBytes = 16;

size_t BookBytes();
void Open();

// Compiles the text completely. A key, unless null, identifies the text and its tenant: code compiled under it is reused, or kept.
v8::MaybeLocal<v8::Script> Compile(v8::Local<v8::Context> context, v8::Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key);

}  // namespace code_cache
