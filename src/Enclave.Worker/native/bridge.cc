#include "bridge.h"

#include "entropy.h"
#include "isolate.h"
#include "platform.h"
#include "random.h"
#include "runner.h"
#include "value_writer.h"

using v8::Local;

namespace {

// Enough for a report: a flood of rejections must not become a flood of handles.
constexpr size_t kMaxRejections = 1024;

void ThrowTypeError(v8::Isolate* isolate, const std::string& message) {
  isolate->ThrowException(v8::Exception::TypeError(v8::String::NewFromUtf8(isolate, message.c_str()).ToLocalChecked()));
}

constexpr const char* kArguments = "callTool: the second argument is an object with the tool's arguments";

// Names an encoded value that is neither a map nor a reference, which may stand for one; null for these
// two. It looks at the bytes written, so no proxy and no class can mislead it.
const char* NoArguments(const Buffer& value) {
  PackReader in(value.data(), value.size());
  uint8_t tag = in.Byte();
  size_t length;
  if ((tag & 0xf0) == 0x80 || tag == 0xde || tag == 0xdf) return nullptr;
  if ((tag & 0xf0) == 0x90 || tag == 0xdc || tag == 0xdd) return "an array";
  if (in.StringLength(tag, &length)) return "a string";
  if (tag >= 0xc4 && tag <= 0xc6) return "bytes";
  if (tag == 0xc0) return "null";
  if (tag == 0xc2 || tag == 0xc3) return "a boolean";
  if (!in.ExtLength(tag, &length)) return "a number";
  switch (int8_t(in.Byte())) {
    case kExtReference: return nullptr;
    case kExtTimestamp: return "a date";
    case kExtBigInt: return "a BigInt";
    case kExtUtf16: return "a string";
    default: return "undefined";
  }
}

// Whether the run has been stopped. V8 forgets a termination once no script is on the stack; a script that runs afterwards is terminated again.
bool Ended(Isolate* owner) {
  if (!owner->Stopped()) return false;
  owner->Terminate();
  return true;
}

// The topmost position on the stack in the user's source.
bool FindCaller(Isolate* owner, int frames, PendingCall* call) {
  Local<v8::StackTrace> here = v8::StackTrace::CurrentStackTrace(owner->isolate, frames, v8::StackTrace::kOverview);
  for (int i = 0; i < here->GetFrameCount(); i++) {
    Local<v8::StackFrame> frame = here->GetFrame(owner->isolate, i);
    if (frame->GetScriptName().IsEmpty() || ToUtf8(owner->isolate, frame->GetScriptName(), 1024) != owner->source_name) continue;
    call->line = frame->GetLineNumber();
    call->column = frame->GetColumn();
    return true;
  }
  return false;
}

// callTool(name, args): a promise of the tool's result.
void CallTool(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Isolate* owner = Isolate::Of(isolate);
  Local<v8::Context> context = isolate->GetCurrentContext();
  if (owner == nullptr || owner->Stopped()) return;
  if (owner->loading) return ThrowTypeError(isolate, "callTool: there are no tools while a library is evaluated; call them from its functions");
  Local<v8::Value> name = info[0], args = info[1];
  if (!name->IsString() || name.As<v8::String>()->Length() == 0 || name.As<v8::String>()->Length() > int(kMaxToolName)) {
    return ThrowTypeError(isolate, "callTool: the first argument is the tool's name, a string of 1 to 256 characters");
  }
  if (args->IsUndefined()) args = v8::Object::New(isolate);
  if (!args->IsObject()) return ThrowTypeError(isolate, kArguments);
  // A buffer of its own: a getter among the arguments may call a tool or the console itself.
  Buffer encoded;
  encoded.Reset(owner->max_value_bytes);
  ValueWriter writer(owner, context, encoded);
  switch (writer.Write(args)) {
    case ValueWriter::Result::kDone: break;
    case ValueWriter::Result::kThrown: return;
    case ValueWriter::Result::kRefused: return ThrowTypeError(isolate, "callTool arguments: " + writer.reason());
    case ValueWriter::Result::kTooLarge: return ThrowTypeError(isolate, "callTool arguments are too large: " + writer.reason());
  }
  // A getter among the arguments may have met a limit.
  if (owner->Stopped()) return;
  if (const char* kind = NoArguments(encoded)) return ThrowTypeError(isolate, std::string(kArguments) + "; this one crosses as " + kind);
  Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return;
  PendingCall call{{}, ToUtf8(isolate, name.As<v8::String>(), kMaxToolName * 3), 0, 0};
  if (call.name == runner::kTimerCall) return ThrowTypeError(isolate, "callTool: enclave:timer is no tool");
  // load() of a reference is a prelude frame between the script and this function; a library may add more.
  if (!FindCaller(owner, 2, &call)) FindCaller(owner, 20, &call);
  call.resolver.Reset(isolate, resolver);
  uint32_t id = owner->next_call_id++;
  StopReason stop = runner::OnToolCall(id, {reinterpret_cast<const uint8_t*>(call.name.data()), call.name.size()}, encoded.Bytes());
  if (stop != StopReason::kNone) return owner->Stop(stop);
  owner->pending.emplace(id, std::move(call));
  info.GetReturnValue().Set(resolver->GetPromise());
}

// emit(level, text): one console line.
void Emit(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Isolate* owner = Isolate::Of(isolate);
  if (owner == nullptr || Ended(owner) || owner->loading || !info[0]->IsInt32() || !info[1]->IsString()) return;
  Local<v8::String> text = info[1].As<v8::String>();
  // A line above the whole budget is cut before it is flattened and copied. The budget check then ends the run.
  size_t length = text->Length();
  size_t room = std::min<uint64_t>(length * 3, owner->max_console_bytes + 4);
  Buffer utf8;
  utf8.Reset(room);
  size_t written = 0;
  if (uint8_t* at = utf8.Extend(room)) {
    written = text->WriteUtf8V2(isolate, reinterpret_cast<char*>(at), room, v8::String::WriteFlags::kReplaceInvalidUtf8);
  }
  StopReason stop = runner::OnConsole(info[0].As<v8::Int32>()->Value(), {utf8.data(), written}, length);
  if (stop != StopReason::kNone) owner->Stop(stop);
}

uint64_t Count(Local<v8::Value> value) { return value->IsNumber() ? uint64_t(std::max(0.0, value.As<v8::Number>()->Value())) : 0; }

// limit(total, where): a loop, or the whole run, has reached its limit of iterations. No script code runs afterwards.
void Limit(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner == nullptr || Ended(owner)) return;
  owner->iterations = Count(info[0]);
  owner->loop = Count(info[1]);
  owner->Stop(StopReason::kIterations);
}

// SplitMix64 (Steele, Lea, Flood 2014): one word of state, and every seed is good. Recordings rely on this sequence, not on V8's.
double NextRandom(Isolate* owner) { return RandomOf(owner->random += kRandomStep); }

// refill(numbers): the next numbers of Math.random, as many as the Float64Array holds.
void Refill(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner == nullptr || !info[0]->IsFloat64Array()) return;
  Local<v8::Float64Array> numbers = info[0].As<v8::Float64Array>();
  auto* at = reinterpret_cast<double*>(static_cast<uint8_t*>(numbers->Buffer()->Data()) + numbers->ByteOffset());
  for (size_t i = 0; i < numbers->Length(); i++) at[i] = NextRandom(owner);
}

// live(name): throws while a library is evaluated. What it would get then, all later runs would have.
void Live(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner == nullptr || !owner->loading || !info[0]->IsString()) return;
  std::string name = ToUtf8(info.GetIsolate(), info[0].As<v8::String>(), 100);
  ThrowTypeError(info.GetIsolate(), name + " is not there while a library is evaluated; call it from its functions");
}

// arm(time): the next timer is due when Date shows this time.
void Arm(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner != nullptr && info[0]->IsNumber()) owner->wake = info[0].As<v8::Number>()->Value();
}

// clock(begin): the time that Date shows; with true the one that it showed when the run began.
void Clock(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner != nullptr) info.GetReturnValue().Set(info[0]->IsTrue() ? owner->origin : ShownTime());
}

// entropy(bytes): fills a Uint8Array.
void Entropy(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Isolate* owner = Isolate::Of(info.GetIsolate());
  if (owner == nullptr || !info[0]->IsUint8Array()) return;
  Local<v8::Uint8Array> bytes = info[0].As<v8::Uint8Array>();
  uint8_t* at = static_cast<uint8_t*>(bytes->Buffer()->Data()) + bytes->ByteOffset();
  if (owner->repeatable) entropy::Repeatable(owner, at, bytes->ByteLength());
  else entropy::Machine(at, bytes->ByteLength());
}

// hasData(value): whether an object holds data that is in none of its properties.
void HasData(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Local<v8::Value> value = info[0];
  bool is_boxed = value->IsNumberObject() || value->IsStringObject() || value->IsBooleanObject() || value->IsBigIntObject();
  info.GetReturnValue().Set(is_boxed || value->IsDate() || value->IsMap() || value->IsSet() || value->IsRegExp() || value->IsArrayBuffer());
}

}  // namespace

void InstallBridges(v8::Isolate* isolate, Local<v8::Context> context, Local<v8::Object> target) {
  auto install = [&](const char* name, v8::FunctionCallback callback, int length) {
    auto function = v8::FunctionTemplate::New(isolate, callback, {}, {}, length, v8::ConstructorBehavior::kThrow)->GetFunction(context).ToLocalChecked();
    Local<v8::String> key = v8::String::NewFromUtf8(isolate, name).ToLocalChecked();
    function->SetName(key);
    (void)target->Set(context, key, function).FromJust();
  };
  install("callTool", CallTool, 2);
  install("emit", Emit, 2);
  install("limit", Limit, 2);
  install("refill", Refill, 1);
  install("live", Live, 1);
  install("arm", Arm, 1);
  install("clock", Clock, 1);
  install("entropy", Entropy, 1);
  install("hasData", HasData, 1);
}

void OnClock(v8::Isolate* isolate, void*) {
  Isolate* owner = Isolate::Of(isolate);
  // A run may have ended between the request and this look.
  if (owner == nullptr || !owner->Stopped()) return;
  v8::HandleScope handles(isolate);
  PendingCall here{};
  if (FindCaller(owner, 20, &here)) owner->place = uint64_t(here.line) * kPlaceColumns + std::min<uint64_t>(here.column, kPlaceColumns - 1);
  owner->Terminate();
}

void OnPromiseReject(v8::PromiseRejectMessage message) {
  Local<v8::Promise> promise = message.GetPromise();
  Isolate* owner = Isolate::Of(v8::Isolate::GetCurrent());
  if (owner == nullptr) return;
  if (message.GetEvent() == v8::kPromiseRejectWithNoHandler) {
    if (owner->rejected.size() < kMaxRejections) owner->rejected.emplace_back(owner->isolate, promise);
  } else if (message.GetEvent() == v8::kPromiseHandlerAddedAfterReject) {
    std::erase_if(owner->rejected, [&](const auto& rejected) { return rejected == promise; });
  }
}

const intptr_t external_references[] = {reinterpret_cast<intptr_t>(CallTool), reinterpret_cast<intptr_t>(Emit),
                                        reinterpret_cast<intptr_t>(Limit),    reinterpret_cast<intptr_t>(Refill),
                                        reinterpret_cast<intptr_t>(Live),     reinterpret_cast<intptr_t>(Arm),
                                        reinterpret_cast<intptr_t>(Clock),    reinterpret_cast<intptr_t>(Entropy),
                                        reinterpret_cast<intptr_t>(HasData),  0};
