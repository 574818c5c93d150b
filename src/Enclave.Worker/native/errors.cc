#include "errors.h"

#include <algorithm>
#include <vector>

#include "messagepack.h"
#include "value_writer.h"

using v8::Local;

namespace {

// inventory of the documented product: names to 100, messages and stacks to 10,000 characters.
constexpr size_t kMaxName = 100, kMaxMessage = 10000, kMaxStack = 10000, kMaxTool = 256;
// The most causes of an error, the most errors of an AggregateError, and the most text of each.
constexpr size_t kMaxCauses = 5, kMaxErrors = 10, kMaxPart = 500;

// Private data of a tool's error, out of the script's reach: the position, the tool, the error code.
constexpr const char* kToolPlace = "enclave.tool";
constexpr const char* kToolName = "enclave.tool.name";
constexpr const char* kToolCode = "enclave.tool.code";

Local<v8::Private> Mark(v8::Isolate* isolate, const char* key) { return v8::Private::ForApi(isolate, v8::String::NewFromUtf8(isolate, key).ToLocalChecked()); }

std::string Marked(Isolate* owner, Local<v8::Context> context, Local<v8::Object> object, const char* key, size_t max) {
  Local<v8::Value> value;
  if (!object->GetPrivate(context, Mark(owner->isolate, key)).ToLocal(&value) || !value->IsString()) return {};
  return ToUtf8(owner->isolate, value.As<v8::String>(), max);
}

std::string Member(Isolate* owner, Local<v8::Context> context, Local<v8::Object> object, const char* key, size_t max) {
  // A getter may have reached a limit: the rest of the script must not run.
  if (owner->Stopped()) return {};
  v8::TryCatch ignored(owner->isolate);
  Local<v8::Value> value;
  auto name = v8::String::NewFromUtf8(owner->isolate, key).ToLocalChecked();
  if (!object->Get(context, name).ToLocal(&value) || !value->IsString()) return {};
  return ToUtf8(owner->isolate, value.As<v8::String>(), max);
}

void Frame(std::string& stack, const std::string& function, const std::string& source, int line, int column) {
  stack += "\n    at ";
  if (!function.empty()) stack += function + " (";
  // A stack overflow has no position; it counts from the start of the line.
  stack += source + ":" + std::to_string(std::max(line, 1)) + ":" + std::to_string(std::max(column, 1));
  if (!function.empty()) stack += ")";
}

// Whether the message's position is in the user's source, and not in a library that it called.
bool IsOwn(Isolate* owner, Local<v8::Message> message) {
  Local<v8::Value> name = message->GetScriptOrigin().ResourceName();
  return !name.IsEmpty() && name->IsString() && ToUtf8(owner->isolate, name.As<v8::String>(), 1024) == owner->source_name;
}

// Only frames of the user's source. The only other code is the prelude, whose frames are left out.
std::string Frames(Isolate* owner, Local<v8::StackTrace> trace) {
  std::string stack;
  int count = trace.IsEmpty() ? 0 : trace->GetFrameCount();
  for (int i = 0; i < count && stack.size() < kMaxStack; i++) {
    Local<v8::StackFrame> frame = trace->GetFrame(owner->isolate, i);
    Local<v8::String> script = frame->GetScriptName();
    if (script.IsEmpty() || ToUtf8(owner->isolate, script, 1024) != owner->source_name) continue;
    Local<v8::String> function = frame->GetFunctionName();
    Frame(stack, function.IsEmpty() ? "" : ToUtf8(owner->isolate, function, 200), owner->source_name, frame->GetLineNumber(), frame->GetColumn());
  }
  return stack;
}

std::string ErrorFrames(Isolate* owner, Local<v8::Context> context, Local<v8::Object> error, Local<v8::Message> message, bool tool) {
  if (tool) {
    std::string at = Marked(owner, context, error, kToolPlace, kMaxStack);
    if (!at.empty()) return at;
  }
  std::string stack = Frames(owner, v8::Exception::GetStackTrace(error));
  if (!stack.empty() || message.IsEmpty() || !IsOwn(owner, message)) return stack;
  int line;
  if (message->GetLineNumber(context).To(&line)) Frame(stack, "", owner->source_name, line, message->GetStartColumn() + 1);
  return stack;
}

// The parts of an error beside its message, each as one line.
struct Parts {
  std::vector<std::string> causes, errors;
};

void WriteOptional(PackWriter<Buffer>& out, const std::string& text) {
  if (text.empty()) out.Nil();
  else out.String(text.data(), text.size());
}

void Write(Isolate* owner, ScriptErrorKind kind, const std::string& name, const std::string& message, const std::string& stack, const std::string& tool = {},
           const std::string& code = {}, const Parts& parts = {}) {
  owner->out.Reset(64 << 10);
  PackWriter<Buffer> out(owner->out);
  out.ArrayHeader(8);
  out.Integer(int64_t(kind));
  out.String(name.data(), name.size());
  out.String(message.data(), message.size());
  WriteOptional(out, stack);
  WriteOptional(out, tool);
  WriteOptional(out, code);
  for (const std::vector<std::string>* list : {&parts.causes, &parts.errors}) {
    out.ArrayHeader(list->size());
    for (const std::string& part : *list) out.String(part.data(), part.size());
  }
}

// An own member; empty without one. A getter may have reached a limit: the rest of the script must not run.
Local<v8::Value> Own(Isolate* owner, Local<v8::Context> context, Local<v8::Object> object, const char* key) {
  if (owner->Stopped()) return {};
  v8::TryCatch ignored(owner->isolate);
  auto name = v8::String::NewFromUtf8(owner->isolate, key).ToLocalChecked();
  Local<v8::Value> value;
  if (!object->HasOwnProperty(context, name).FromMaybe(false) || !object->Get(context, name).ToLocal(&value)) return {};
  return value;
}

// A text or number; empty for all else.
std::string Scalar(Isolate* owner, Local<v8::Context> context, Local<v8::Value> value, size_t max) {
  Local<v8::String> text;
  if (value.IsEmpty() || !(value->IsString() || value->IsNumber() || value->IsBigInt() || value->IsBoolean())) return {};
  v8::TryCatch ignored(owner->isolate);
  return value->ToString(context).ToLocal(&text) ? ToUtf8(owner->isolate, text, max) : "";
}

// An error in one line: its name, message and code.
std::string Line(Isolate* owner, Local<v8::Context> context, Local<v8::Value> value) {
  if (value->IsNull() || value->IsUndefined()) return value->IsNull() ? "null" : "undefined";
  if (!value->IsObject()) return value->IsSymbol() ? "a symbol" : Scalar(owner, context, value, kMaxPart);
  auto object = value.As<v8::Object>();
  std::string name = Member(owner, context, object, "name", kMaxName), text = Member(owner, context, object, "message", kMaxPart);
  std::string code = Scalar(owner, context, Own(owner, context, object, "code"), kMaxName);
  return (name.empty() ? "Error" : name) + (text.empty() ? "" : ": " + text) + (code.empty() ? "" : " (" + code + ")");
}

Parts PartsOf(Isolate* owner, Local<v8::Context> context, Local<v8::Object> object) {
  Parts parts;
  Local<v8::Value> cause = Own(owner, context, object, "cause");
  v8::LocalVector<v8::Value> seen(owner->isolate);
  seen.push_back(object);
  while (!cause.IsEmpty() && !cause->IsUndefined() && parts.causes.size() < kMaxCauses && std::find(seen.begin(), seen.end(), cause) == seen.end()) {
    seen.push_back(cause);
    parts.causes.push_back(Line(owner, context, cause));
    cause = cause->IsObject() ? Own(owner, context, cause.As<v8::Object>(), "cause") : Local<v8::Value>();
  }
  Local<v8::Value> errors = Own(owner, context, object, "errors");
  if (errors.IsEmpty() || !errors->IsArray()) return parts;
  Local<v8::Array> list = errors.As<v8::Array>();
  for (uint32_t i = 0; i < list->Length() && parts.errors.size() < kMaxErrors && !owner->Stopped(); i++) {
    v8::TryCatch ignored(owner->isolate);
    Local<v8::Value> error;
    if (list->Get(context, i).ToLocal(&error)) parts.errors.push_back(Line(owner, context, error));
  }
  return parts;
}

}  // namespace

void WriteError(Isolate* owner, ScriptErrorKind kind, const char* name, const std::string& message) { Write(owner, kind, name, message, {}); }

void WriteErrorAt(Isolate* owner, ScriptErrorKind kind, const char* name, const std::string& message, int line, int column) {
  std::string at;
  Frame(at, "", owner->source_name, line, column);
  Write(owner, kind, name, message, at);
}

void WriteThrown(Isolate* owner, Local<v8::Context> context, Local<v8::Value> thrown, Local<v8::Message> message, ScriptErrorKind kind) {
  v8::Isolate* isolate = owner->isolate;
  // Text that closes the wrapper around it early can end without a value and without an exception.
  if (thrown.IsEmpty()) return WriteError(owner, kind, "Error", "the program could not be run");
  v8::TryCatch ignored(isolate);
  if (!thrown->IsObject()) {
    std::string text = "a symbol";
    Local<v8::String> string;
    if (!thrown->IsSymbol() && thrown->ToString(context).ToLocal(&string)) text = ToUtf8(isolate, string, kMaxMessage);
    std::string at;
    int line;
    if (!message.IsEmpty() && IsOwn(owner, message) && message->GetLineNumber(context).To(&line)) {
      Frame(at, "", owner->source_name, line, message->GetStartColumn() + 1);
    }
    return Write(owner, kind, "Error", text, at);
  }
  Local<v8::Object> object = thrown.As<v8::Object>();
  bool tool = object->HasPrivate(context, Mark(isolate, kToolPlace)).FromMaybe(false);
  if (tool) kind = ScriptErrorKind::kTool;
  std::string name = Member(owner, context, object, "name", kMaxName);
  std::string text = Member(owner, context, object, "message", kMaxMessage);
  if (text.empty() && !object->IsNativeError() && !owner->Stopped()) {
    Local<v8::String> json;
    if (v8::JSON::Stringify(context, object).ToLocal(&json)) text = ToUtf8(isolate, json, kMaxMessage);
  }
  std::string code = tool ? Marked(owner, context, object, kToolCode, kMaxName) : Scalar(owner, context, Own(owner, context, object, "code"), kMaxName);
  Parts parts = PartsOf(owner, context, object);
  Write(owner, kind, name.empty() ? "Error" : name, text, ErrorFrames(owner, context, object, message, tool),
        tool ? Marked(owner, context, object, kToolName, kMaxTool) : "", code, parts);
}

Local<v8::Value> MakeToolError(Isolate* owner, Local<v8::Context> context, Local<v8::String> name, Local<v8::String> message, Local<v8::Value> code,
                               const PendingCall& call) {
  v8::Isolate* isolate = owner->isolate;
  auto error = v8::Exception::Error(message).As<v8::Object>();
  auto define = [&](const char* key, Local<v8::Value> value, v8::PropertyAttribute attributes) {
    (void)error->DefineOwnProperty(context, v8::String::NewFromUtf8(isolate, key).ToLocalChecked(), value, attributes).FromMaybe(false);
  };
  std::string at;
  Frame(at, "", owner->source_name, call.line, call.column);
  define("name", name, v8::DontEnum);
  std::string stack = ToUtf8(isolate, name, kMaxName) + ": " + ToUtf8(isolate, message, kMaxMessage) + at;
  define("stack", v8::String::NewFromUtf8(isolate, stack.c_str()).ToLocalChecked(), v8::DontEnum);
  auto mark = [&](const char* key, Local<v8::Value> value) { (void)error->SetPrivate(context, Mark(isolate, key), value).FromMaybe(false); };
  auto tool = v8::String::NewFromUtf8(isolate, call.name.data(), v8::NewStringType::kNormal, int(call.name.size())).ToLocalChecked();
  define("tool", tool, v8::None);
  mark(kToolName, tool);
  if (!code->IsNullOrUndefined()) {
    define("code", code, v8::None);
    mark(kToolCode, code);
  }
  mark(kToolPlace, v8::String::NewFromUtf8(isolate, at.c_str()).ToLocalChecked());
  return error;
}
