// The native functions that a script's context holds: one per bridge, each takes and gives data only.
#pragma once
#include <v8.h>

// Puts them under the given object while the snapshot is made; the prelude takes them from there and no script meets that object.
void InstallBridges(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> target);

// Keeps the list of rejected promises that nobody handles.
void OnPromiseReject(v8::PromiseRejectMessage message);
