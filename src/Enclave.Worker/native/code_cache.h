// Compiled code of V8, for programs that are sent again. The bytes hold the functions of a source text and no value of any run. They lie in the book.
#pragma once
#include <v8.h>

#include <cstdint>
#include <string>

#include "protocol.g.h"

namespace code_cache {

size_t BookBytes();
void Open();

// Compiles the text completely, or takes the code that was kept under the key, which identifies the text and its tenant; null for none.
v8::MaybeLocal<v8::Script> Compile(v8::Local<v8::Context> context, v8::Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key);

// A text to keep. Keeping takes as long as compiling, so it waits until the run's answer is sent and the process is reset. The kept code has the state of
// before the first instruction.
struct Noted {
  const uint8_t *text, *name;
  size_t text_length, name_length;
};
void Note(const uint8_t* key, const std::string& text, const std::string& name);
bool HasNoted();
Noted GetNoted();
void Keep(v8::Local<v8::UnboundScript> script);
// Wipes the text and its kept code from the book.
void DropNoted();
void Clear();

}  // namespace code_cache
