#include "job.h"

#include <algorithm>

#include "code_cache.h"
#include "errors.h"
#include "exit.h"
#include "isolate.h"
#include "platform.h"
#include "value_reader.h"
#include "value_writer.h"

using v8::Local;

namespace {

// The stack size for scripts. The process has 8 MB (main.cc), so V8's native code has room below a full script stack.
constexpr uintptr_t kScriptStack = 1 << 20;

// Strict, asynchronous, and a function body, so that `return` and `await` stand at the top level. The names in front are those that the
// guard's transform uses (Enclave.Guard/Transforms/HiddenNames.cs); a function of its own keeps them out of the program's `arguments`.
constexpr char kPrefix[] =
    "(function (__ag_limit, __ag_key, __ag_each, __ag_total) { let __ag_n = 0; return [() => __ag_n, async function () { \"use strict\"; ";
constexpr char kSuffix[] = "\n}]; })";
constexpr size_t kPrefixLength = sizeof kPrefix - 1;

// The index of the function that calls timers in the array of the prelude (Bootstrap/timers.js).
constexpr uint32_t kFire = 5;

// All loops and counted callbacks of a run together have this many times the limit of one loop.
constexpr double kAllLoops = 100;

class Entered {
 public:
  explicit Entered(Isolate* owner)
      : time_(owner->repeatable ? &owner->now : nullptr),
        isolate_(owner->isolate),
        handles_(owner->isolate),
        context_(owner->context.Get(owner->isolate)),
        scope_(context_) {
    // V8 computed the limit from the stack position at which the isolate was created.
    owner->isolate->SetStackLimit(reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - kScriptStack);
  }
  Local<v8::Context> context() const { return context_; }

 private:
  OwnTime time_;
  v8::Isolate::Scope isolate_;
  v8::HandleScope handles_;
  Local<v8::Context> context_;
  v8::Context::Scope scope_;
};

void Stopped(Isolate* owner, Outcome* outcome) {
  outcome->status = RunStatus::kStopped;
  outcome->reason = owner->stop;
  if (outcome->reason == StopReason::kNone) outcome->reason = StopReason::kCancelled;
  if (outcome->reason == StopReason::kDeadline || outcome->reason == StopReason::kCpu) outcome->where = owner->place;
  if (outcome->reason != StopReason::kIterations) return;
  outcome->iterations = owner->iterations;
  outcome->where = owner->loop;
}

void Failed(Isolate* owner, Outcome* outcome) {
  outcome->status = RunStatus::kError;
  outcome->body = owner->out.Bytes();
}

bool InstallGlobals(Isolate* owner, Local<v8::Context> context, const ExecuteMessage& job) {
  if (job.globals.length == 0) return true;
  ValueReader reader(owner->isolate, context, job.globals.data, job.globals.length);
  uint8_t tag = reader.in().Byte();
  size_t count = (tag & 0xf0) == 0x80 ? tag & 0x0f : tag == 0xde ? reader.in().Big(2) : tag == 0xdf ? reader.in().Big(4) : (reader.in().Fail(), 0);
  count = reader.in().Count(count, 2);
  Local<v8::Object> global = context->Global();
  for (size_t i = 0; i < count; i++) {
    Local<v8::String> name;
    Local<v8::Value> value;
    if (reader.ReadKey(0, i, &name) == ValueReader::Key::kFailed || !reader.Read(&value)) return false;
    auto fixed = static_cast<v8::PropertyAttribute>(v8::ReadOnly | v8::DontDelete);
    if (global->DefineOwnProperty(context, name, value, fixed).IsNothing()) return false;
  }
  return reader.AtEnd();
}

bool Compile(Isolate* owner, Local<v8::Context> context, const ExecuteMessage& job, Local<v8::Script>* script) {
  v8::Isolate* isolate = owner->isolate;
  std::string text;
  text.reserve(job.source.length + sizeof kPrefix + sizeof kSuffix);
  text.append(kPrefix, kPrefixLength).append(reinterpret_cast<const char*>(job.source.data), job.source.length).append(kSuffix);
  Local<v8::String> source, name;
  if (!v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal, int(text.size())).ToLocal(&source)) return false;
  if (!v8::String::NewFromUtf8(isolate, owner->source_name.data(), v8::NewStringType::kNormal, int(owner->source_name.size())).ToLocal(&name)) return false;
  // Columns of the first line count from the user's first character.
  v8::ScriptOrigin origin(name, 0, -int(kPrefixLength));
  const uint8_t* key = job.key.length > 0 ? job.key.data : nullptr;
  if (!code_cache::Compile(context, source, origin, key).ToLocal(script)) return false;
  if (key != nullptr) code_cache::Note(key, text, owner->source_name);
  return true;
}

int Lines(const ExecuteMessage& job) { return 1 + int(std::count(job.source.data, job.source.data + job.source.length, '\n')); }

void WriteSyntaxErrorAtEnd(Isolate* owner, const ExecuteMessage& job) {
  const uint8_t* end = job.source.data + job.source.length;
  const uint8_t* line = end;
  while (line > job.source.data && line[-1] != '\n') line--;
  WriteErrorAt(owner, ScriptErrorKind::kSyntax, "SyntaxError", "Unexpected end of input", Lines(job), int(end - line) + 1);
}

void WriteValue(Isolate* owner, Local<v8::Context> context, Local<v8::Value> value, Outcome* outcome) {
  owner->out.Reset(owner->max_value_bytes);
  v8::TryCatch caught(owner->isolate);
  ValueWriter writer(owner, context, owner->out);
  ValueWriter::Result result = writer.Write(value);
  if (owner->Stopped() || caught.HasTerminated()) return Stopped(owner, outcome);
  switch (result) {
    case ValueWriter::Result::kDone:
      outcome->status = RunStatus::kValue;
      outcome->body = owner->out.Bytes();
      return;
    case ValueWriter::Result::kThrown: WriteThrown(owner, context, caught.Exception(), caught.Message(), ScriptErrorKind::kThrown); break;
    case ValueWriter::Result::kRefused: WriteError(owner, ScriptErrorKind::kValue, "TypeError", writer.reason()); break;
    case ValueWriter::Result::kTooLarge: WriteError(owner, ScriptErrorKind::kOutput, "RangeError", writer.reason()); break;
  }
  owner->Stopped() ? Stopped(owner, outcome) : Failed(owner, outcome);
}

// The state of a run when no microtask is left.
void Conclude(Isolate* owner, Local<v8::Context> context, Outcome* outcome) {
  v8::Isolate* isolate = owner->isolate;
  isolate->PerformMicrotaskCheckpoint();
  // A termination inside a microtask looks like success from here: the flag is what counts.
  if (owner->Stopped()) return Stopped(owner, outcome);
  Local<v8::Promise> main = owner->main.Get(isolate);
  if (main->State() == v8::Promise::kPending) {
    if (!owner->pending.empty() || owner->wake < INFINITY) {
      outcome->status = RunStatus::kPending;
      return;
    }
    WriteError(owner, ScriptErrorKind::kStalled, "Error",
               "the script waits for a promise that nothing can settle: no tool call is under way, and no timer is set");
    return Failed(owner, outcome);
  }
  if (main->State() == v8::Promise::kFulfilled) {
    if (owner->rejected.empty()) return WriteValue(owner, context, main->Result(), outcome);
    main = owner->rejected.front().Get(isolate);
  }
  main->MarkAsHandled();
  WriteThrown(owner, context, main->Result(), {}, ScriptErrorKind::kThrown);
  // Reading name and message may have run getters.
  owner->Stopped() ? Stopped(owner, outcome) : Failed(owner, outcome);
}

// Calls the wrapper with its parameters: returns the program and the function that reads the count of iterations.
bool Unwrap(Isolate* owner, Local<v8::Context> context, Local<v8::Function> wrapper, const ExecuteMessage& job, Local<v8::Function>* program) {
  v8::Isolate* isolate = owner->isolate;
  Local<v8::Value> limit, key, pair, counter, body;
  Local<v8::Array> guard = owner->guard.Get(isolate);
  if (!guard->Get(context, 0).ToLocal(&limit) || !guard->Get(context, 1).ToLocal(&key)) return false;
  // A loop compares with the first iteration above the limit, a run with the last one within it.
  Local<v8::Value> arguments[] = {limit, key, v8::Number::New(isolate, double(job.limits.max_iterations) + 1),
                                  v8::Number::New(isolate, double(job.limits.max_iterations) * kAllLoops)};
  if (!wrapper->Call(context, v8::Undefined(isolate), 4, arguments).ToLocal(&pair) || !pair->IsArray()) return false;
  if (!pair.As<v8::Array>()->Get(context, 0).ToLocal(&counter) || !pair.As<v8::Array>()->Get(context, 1).ToLocal(&body)) return false;
  if (!counter->IsFunction() || !body->IsFunction()) return false;
  owner->counter.Reset(isolate, counter.As<v8::Function>());
  *program = body.As<v8::Function>();
  return true;
}

void CountIterations(Isolate* owner, Local<v8::Context> context, Outcome* outcome) {
  if (outcome->status != RunStatus::kValue && outcome->status != RunStatus::kError) return;
  v8::TryCatch ignored(owner->isolate);
  Local<v8::Value> count;
  if (owner->counter.IsEmpty()) return;
  if (owner->counter.Get(owner->isolate)->Call(context, v8::Undefined(owner->isolate), 0, nullptr).ToLocal(&count) && count->IsNumber()) {
    outcome->iterations = uint64_t(count.As<v8::Number>()->Value());
  }
}

void Run(Isolate* owner, const ExecuteMessage& job, Outcome* outcome) {
  Entered entered(owner);
  Local<v8::Context> context = entered.context();
  v8::TryCatch caught(owner->isolate);
  if (!InstallGlobals(owner, context, job)) {
    if (owner->Stopped()) return Stopped(owner, outcome);
    WriteError(owner, ScriptErrorKind::kValue, "TypeError", "the globals could not be installed");
    return Failed(owner, outcome);
  }
  Local<v8::Script> script;
  if (!Compile(owner, context, job, &script)) {
    if (owner->Stopped() || caught.HasTerminated()) return Stopped(owner, outcome);
    int line = 0;
    if (caught.HasCaught() && !caught.Message().IsEmpty() && caught.Message()->GetLineNumber(context).To(&line) && line > Lines(job)) {
      // V8 failed at the end of the wrapper: for the user, the source ended too early.
      WriteSyntaxErrorAtEnd(owner, job);
    } else if (caught.HasCaught()) WriteThrown(owner, context, caught.Exception(), caught.Message(), ScriptErrorKind::kSyntax);
    else WriteError(owner, ScriptErrorKind::kSyntax, "RangeError", "the source is too long");
    return Failed(owner, outcome);
  }
  Local<v8::Value> wrapper, result;
  Local<v8::Function> program;
  // Called from here rather than by the text, so that no frame of ours is on the script's stacks.
  bool ran = script->Run(context).ToLocal(&wrapper);
  if (ran && !wrapper->IsFunction()) return WriteValue(owner, context, wrapper, outcome);
  if (!ran || !Unwrap(owner, context, wrapper.As<v8::Function>(), job, &program) ||
      !program->Call(context, v8::Undefined(owner->isolate), 0, nullptr).ToLocal(&result)) {
    if (owner->Stopped() || caught.HasTerminated()) return Stopped(owner, outcome);
    WriteThrown(owner, context, caught.Exception(), caught.Message(), ScriptErrorKind::kThrown);
    // Reading name and message may have run getters.
    return owner->Stopped() ? Stopped(owner, outcome) : Failed(owner, outcome);
  }
  // Source that closes the wrapper early can return any value; it is used as the program's value.
  if (!result->IsPromise()) return WriteValue(owner, context, result, outcome);
  owner->main.Reset(owner->isolate, result.As<v8::Promise>());
  Conclude(owner, context, outcome);
  CountIterations(owner, context, outcome);
}

// Removes and returns the promise of the call, or null when there is no such call.
bool TakePending(Isolate* owner, uint32_t call_id, PendingCall* call) {
  auto found = owner->pending.find(call_id);
  if (found == owner->pending.end()) return false;
  *call = std::move(found->second);
  owner->pending.erase(found);
  return true;
}

void Resolve(Isolate* owner, Local<v8::Context> context, const PendingCall& call, Slice value) {
  ValueReader reader(owner->isolate, context, value.data, value.length);
  Local<v8::Value> result;
  Local<v8::Promise::Resolver> resolver = call.resolver.Get(owner->isolate);
  if (reader.Read(&result) && reader.AtEnd()) {
    (void)resolver->Resolve(context, result).FromMaybe(false);
  } else {
    auto text = v8::String::NewFromUtf8Literal(owner->isolate, "the tool's result could not be built: it is malformed or too large for the memory limit");
    (void)resolver->Reject(context, v8::Exception::RangeError(text)).FromMaybe(false);
  }
}

void Reject(Isolate* owner, Local<v8::Context> context, const PendingCall& call, Slice error) {
  ValueReader reader(owner->isolate, context, error.data, error.length);
  Local<v8::Value> body, name, message, code;
  bool ok = reader.Read(&body) && body->IsArray();
  ok = ok && body.As<v8::Array>()->Get(context, 0).ToLocal(&name) && name->IsString();
  ok = ok && body.As<v8::Array>()->Get(context, 1).ToLocal(&message) && message->IsString();
  ok = ok && body.As<v8::Array>()->Get(context, 2).ToLocal(&code);
  if (!ok) {
    name = message = v8::String::NewFromUtf8Literal(owner->isolate, "ToolError");
    code = v8::Undefined(owner->isolate);
  }
  Local<v8::Value> reason = MakeToolError(owner, context, name.As<v8::String>(), message.As<v8::String>(), code, call);
  (void)call.resolver.Get(owner->isolate)->Reject(context, reason).FromMaybe(false);
}

void KeepNoted(Isolate* owner) {
  code_cache::Noted noted = code_cache::GetNoted();
  Entered entered(owner);
  v8::Isolate* isolate = owner->isolate;
  v8::TryCatch caught(isolate);
  Local<v8::String> text, name;
  if (!v8::String::NewFromUtf8(isolate, reinterpret_cast<const char*>(noted.text), v8::NewStringType::kNormal, int(noted.text_length)).ToLocal(&text)) return;
  if (!v8::String::NewFromUtf8(isolate, reinterpret_cast<const char*>(noted.name), v8::NewStringType::kNormal, int(noted.name_length)).ToLocal(&name)) return;
  Local<v8::Script> script;
  if (code_cache::Compile(entered.context(), text, v8::ScriptOrigin(name, 0, -int(kPrefixLength)), nullptr).ToLocal(&script)) {
    code_cache::Keep(script->GetUnboundScript());
  }
}

}  // namespace

Outcome job::Start(Isolate* owner, const ExecuteMessage& message, uint64_t seed) {
  owner->source_name.assign(reinterpret_cast<const char*>(message.source_name.data), message.source_name.length);
  owner->max_value_bytes = uint64_t(message.limits.max_value_bytes);
  owner->max_value_depth = uint32_t(message.limits.max_value_depth);
  owner->max_value_properties = uint32_t(message.limits.max_value_members);
  owner->max_console_bytes = uint64_t(message.limits.max_console_bytes);
  owner->repeatable = message.repeatable;
  owner->random = seed;
  owner->now = double(message.now);
  std::copy(std::begin(message.secret), std::end(message.secret), owner->secret);
  owner->origin = message.repeatable ? ShownOf(owner->now) : ShownTime();
  Outcome outcome;
  Run(owner, message, &outcome);
  return outcome;
}

Outcome job::Settle(Isolate* owner, const ToolResult& result) {
  Outcome outcome;
  // Timers may have moved the time further.
  if (result.has_time) owner->now = std::max(owner->now, double(result.now));
  PendingCall call;
  if (!TakePending(owner, result.call_id, &call)) return outcome;
  Entered entered(owner);
  Local<v8::Context> context = entered.context();
  v8::TryCatch caught(owner->isolate);
  if (result.failed) Reject(owner, context, call, result.payload);
  else Resolve(owner, context, call, result.payload);
  Conclude(owner, context, &outcome);
  CountIterations(owner, context, &outcome);
  return outcome;
}

Outcome job::Fire(Isolate* owner) {
  Outcome outcome;
  owner->ticked = false;
  Entered entered(owner);
  Local<v8::Context> context = entered.context();
  v8::Isolate* isolate = owner->isolate;
  v8::TryCatch caught(isolate);
  Local<v8::Value> fire, more;
  // The wait for the first of them is over, also if the machine's clock was set back meanwhile.
  Local<v8::Value> now = v8::Number::New(isolate, std::max(ShownTime(), owner->wake));
  if (!owner->guard.Get(isolate)->Get(context, kFire).ToLocal(&fire) || !fire->IsFunction()) ExitProcess(EE_EXIT_FATAL, "no timers");
  do {
    if (fire.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, &now).ToLocal(&more)) {
      Conclude(owner, context, &outcome);
    } else if (owner->Stopped() || caught.HasTerminated()) {
      Stopped(owner, &outcome);
    } else {
      // The script cannot catch an exception of a timer, so the exception ends the run.
      WriteThrown(owner, context, caught.Exception(), caught.Message(), ScriptErrorKind::kThrown);
      owner->Stopped() ? Stopped(owner, &outcome) : Failed(owner, &outcome);
    }
  } while (outcome.status == RunStatus::kPending && more->IsTrue());
  CountIterations(owner, context, &outcome);
  return outcome;
}

void job::KeepCode(Isolate* owner) {
  KeepNoted(owner);
  code_cache::DropNoted();
}
