// Describes a thrown value as data: name, message and the lines of the user's own code.
#pragma once
#include <v8.h>

#include "isolate.h"

// Writes [kind, name, message, stack or nil] into owner->out.
void WriteThrown(Isolate* owner, v8::Local<v8::Context> context, v8::Local<v8::Value> thrown, v8::Local<v8::Message> message, ScriptErrorKind kind);
void WriteError(Isolate* owner, ScriptErrorKind kind, const char* name, const std::string& message);
void WriteErrorAt(Isolate* owner, ScriptErrorKind kind, const char* name, const std::string& message, int line, int column);

// The Error that a script receives when a tool failed: the name and message of the handler, the line of the call.
v8::Local<v8::Value> MakeToolError(Isolate* owner, v8::Local<v8::Context> context, v8::Local<v8::String> name, v8::Local<v8::String> message,
                                   v8::Local<v8::Value> code, const PendingCall& call);
