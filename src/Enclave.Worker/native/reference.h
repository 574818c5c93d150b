// References to values that stayed in the host (docs/values.md, ext type 4): made here, known here again, and never by what a script can write.
#pragma once
#include <v8.h>

#include "messagepack.h"

constexpr size_t kReferenceIdBytes = 16;

// The frozen object that a script holds, or false when the bytes are none.
bool MakeReference(v8::Isolate* isolate, v8::Local<v8::Context> context, const uint8_t* bytes, size_t length, v8::Local<v8::Value>* value);
// Writes the id of an object that MakeReference made; false for every other one.
bool WriteReference(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> object, PackWriter<Buffer>& out);
