#include "code_cache.h"

#include <cstring>
#include <memory>
#include <utility>

#include "book.h"
#include "check.h"

using v8::Local;
using v8::ScriptCompiler;

namespace {

// V8 needs about four bytes per character of source. A larger result than one kept text may have is marked as such, and compiled each time.
constexpr size_t kMostBytes = 4 << 20, kMostOfOne = 1 << 20, kMostTexts = 64, kMostNoted = kMostOfOne / 4, kMostName = 4 << 10;

struct Kept {
  uint8_t key[kKeyBytes];
  uint32_t at, length;
};

// Texts in the order of their use, the last used first; their bytes lie one after the other, in the order they were kept.
struct State {
  Kept texts[kMostTexts];
  uint32_t count, bytes, noted, noted_name;
  uint8_t noted_key[kKeyBytes];
  uint8_t data[kMostBytes], noted_text[kMostNoted], name[kMostName];
};

State* state;

// True if each kept code lies within the bytes, and all codes together have the size of the bytes.
bool IsInOrder() {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < state->count; i++) {
    if (state->texts[i].at > state->bytes || state->texts[i].length > state->bytes - state->texts[i].at) return false;
    bytes += state->texts[i].length;
  }
  return bytes == state->bytes && bytes <= kMostBytes;
}

void Forget(uint32_t index) {
  Kept gone = state->texts[index];
  memmove(&state->texts[index], &state->texts[index + 1], (state->count - index - 1) * sizeof(Kept));
  state->count--;
  memmove(state->data + gone.at, state->data + gone.at + gone.length, state->bytes - gone.at - gone.length);
  state->bytes -= gone.length;
  memset(state->data + state->bytes, 0, gone.length);
  memset(&state->texts[state->count], 0, sizeof(Kept));
  for (uint32_t i = 0; i < state->count; i++) {
    if (state->texts[i].at > gone.at) state->texts[i].at -= gone.length;
  }
  DCHECK(IsInOrder());
}

void PutFirst(uint32_t index) {
  Kept used = state->texts[index];
  memmove(&state->texts[1], &state->texts[0], index * sizeof(Kept));
  state->texts[0] = used;
}

uint32_t Find(const uint8_t* key) {
  uint32_t i = 0;
  while (i < state->count && memcmp(state->texts[i].key, key, kKeyBytes) != 0) i++;
  return i;
}

}  // namespace

size_t code_cache::BookBytes() { return sizeof(State) + (1 << 12); }

void code_cache::Open() { state = book::Take<State>(); }

v8::MaybeLocal<v8::Script> code_cache::Compile(Local<v8::Context> context, Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key) {
  uint32_t found = key != nullptr ? Find(key) : state->count;
  if (found < state->count && state->texts[found].length > 0) {
    PutFirst(found);
    const Kept& kept = state->texts[0];
    ScriptCompiler::Source source(text, origin, new ScriptCompiler::CachedData(state->data + kept.at, int(kept.length)));
    v8::MaybeLocal<v8::Script> script = ScriptCompiler::Compile(context, &source, ScriptCompiler::kConsumeCodeCache);
    // V8 rejected the cached code and compiled the text. Forget the cached code: the next compilation of this text caches the new code.
    if (source.GetCachedData()->rejected) Forget(0);
    return script;
  }
  ScriptCompiler::Source source(text, origin);
  // Most functions of a job run once: compiling them lazily costs a third more.
  return ScriptCompiler::Compile(context, &source, ScriptCompiler::kEagerCompile);
}

void code_cache::Note(const uint8_t* key, const std::string& text, const std::string& name) {
  if (Find(key) < state->count || text.size() > kMostNoted || name.size() > kMostName) return;
  memcpy(state->noted_key, key, kKeyBytes);
  memcpy(state->noted_text, text.data(), text.size());
  memcpy(state->name, name.data(), name.size());
  state->noted = uint32_t(text.size());
  state->noted_name = uint32_t(name.size());
}

bool code_cache::HasNoted() { return state->noted > 0; }

code_cache::Noted code_cache::GetNoted() { return {state->noted_text, state->name, state->noted, state->noted_name}; }

void code_cache::DropNoted() {
  memset(state->noted_key, 0, kKeyBytes);
  memset(state->noted_text, 0, std::exchange(state->noted, 0));
  memset(state->name, 0, std::exchange(state->noted_name, 0));
}

void code_cache::Keep(Local<v8::UnboundScript> script) {
  std::unique_ptr<ScriptCompiler::CachedData> made(ScriptCompiler::CreateCodeCache(script));
  if (made == nullptr) return;
  uint32_t length = size_t(made->length) <= kMostOfOne ? uint32_t(made->length) : 0;
  while (state->count > 0 && (state->bytes + length > kMostBytes || state->count == kMostTexts)) Forget(state->count - 1);
  Kept& kept = state->texts[state->count];
  memcpy(kept.key, state->noted_key, kKeyBytes);
  kept.at = state->bytes;
  kept.length = length;
  memcpy(state->data + kept.at, made->data, length);
  state->bytes += length;
  PutFirst(state->count++);
  DCHECK(IsInOrder());
}

void code_cache::Clear() {
  DropNoted();
  while (state->count > 0) Forget(state->count - 1);
}
