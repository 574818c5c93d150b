// The native functions in a script's context: one per bridge. Each takes and returns data only.
#pragma once
#include <v8.h>

// Defines them on the given object while the snapshot is made. The prelude reads them from there; no script can reach that object.
void InstallBridges(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> target);

// For the clock, which V8 calls back with the isolate where a script may be interrupted: notes the script's place, and ends the run.
void OnClock(v8::Isolate* isolate, void*);

// Keeps the list of rejected promises without a handler.
void OnPromiseReject(v8::PromiseRejectMessage message);
