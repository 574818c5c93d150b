// What V8 compiled, for programs that come again: its bytes hold the functions of a text and nothing that a run of it made. They lie in the book.
#pragma once
#include <v8.h>

#include <cstdint>

namespace code_cache {

constexpr size_t kKeyBytes = 16;

size_t BookBytes();
void Open();

// Compiles the text whole. A key, unless null, names the text and its tenant: what was compiled under it is used again, or kept.
v8::MaybeLocal<v8::Script> Compile(v8::Local<v8::Context> context, v8::Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key);

}  // namespace code_cache
