// Compiled code of V8, for programs that are sent again. The bytes hold the functions of a source text and no value of any run. They lie in the book.
#pragma once
#include <v8.h>

#include <cstdint>

namespace code_cache {

constexpr size_t kKeyBytes = 16;

size_t BookBytes();
void Open();

enum class Origin {
  kKept,  // from the code that was kept
  kText,  // compiled, and not worth keeping: without a key, or known as too large
  kNew,   // compiled, for Keep
};

// Compiles the text completely, or takes the code that was kept under the key, which identifies the text and its tenant; null for none.
v8::MaybeLocal<v8::Script> Compile(v8::Local<v8::Context> context, v8::Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key, Origin* from);
// Keeps the code of a new script. It takes as long as compiling, so the run's answer goes first.
void Keep(v8::Local<v8::UnboundScript> script, const uint8_t* key);
void Clear();

}  // namespace code_cache
