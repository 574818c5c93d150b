#include "code_cache.h"

#include <cstring>
#include <list>
#include <memory>

using v8::Local;
using v8::ScriptCompiler;

namespace {

// V8 takes about four bytes for a character of source. What is larger than one kept text may be is remembered as such, and compiled each time.
constexpr size_t kMostBytes = 4 << 20, kMostOfOne = 1 << 20, kMostTexts = 64;

struct Kept {
  CodeKey key;
  std::unique_ptr<uint8_t[]> data;
  size_t length;
};

// Of one thread: only the one that runs jobs compiles. The last used is the first.
std::list<Kept>& kept = *new std::list<Kept>;
size_t bytes = 0;

void Forget(std::list<Kept>::iterator one) {
  bytes -= one->length;
  kept.erase(one);
}

void Keep(const CodeKey& key, Local<v8::Script> script) {
  std::unique_ptr<ScriptCompiler::CachedData> made(ScriptCompiler::CreateCodeCache(script->GetUnboundScript()));
  if (made == nullptr) return;
  size_t length = size_t(made->length) <= kMostOfOne ? size_t(made->length) : 0;
  std::unique_ptr<uint8_t[]> data(new uint8_t[length]);
  if (length > 0) memcpy(data.get(), made->data, length);
  kept.push_front({key, std::move(data), length});
  bytes += length;
  while (bytes > kMostBytes || kept.size() > kMostTexts) Forget(std::prev(kept.end()));
}

}  // namespace

v8::MaybeLocal<v8::Script> CompileKept(Local<v8::Context> context, Local<v8::String> text, const v8::ScriptOrigin& origin, const uint8_t* key) {
  CodeKey wanted;
  if (key != nullptr) {
    memcpy(wanted.data(), key, wanted.size());
    auto found = kept.begin();
    while (found != kept.end() && found->key != wanted) found++;
    if (found != kept.end() && found->length > 0) {
      kept.splice(kept.begin(), kept, found);
      ScriptCompiler::Source source(text, origin, new ScriptCompiler::CachedData(found->data.get(), int(found->length)));
      v8::MaybeLocal<v8::Script> script = ScriptCompiler::Compile(context, &source, ScriptCompiler::kConsumeCodeCache);
      // V8 has then compiled the text itself; the next one keeps what is new.
      if (source.GetCachedData()->rejected) Forget(found);
      return script;
    }
    if (found != kept.end()) key = nullptr;
  }
  ScriptCompiler::Source source(text, origin);
  Local<v8::Script> script;
  // Most functions of a job run once: compiling them lazily costs a third more.
  if (!ScriptCompiler::Compile(context, &source, ScriptCompiler::kEagerCompile).ToLocal(&script)) return {};
  if (key != nullptr) Keep(wanted, script);
  return script;
}
