// References to values that stayed in the host (docs/values.md, ext type 4): created and recognized here. A script cannot forge one.
#pragma once
#include <v8.h>

#include "messagepack.h"

// Makes the frozen object that a script receives; false when the bytes are invalid.
bool MakeReference(v8::Isolate* isolate, v8::Local<v8::Context> context, const uint8_t* bytes, size_t length, v8::Local<v8::Value>* value);
// Writes the id of an object made by MakeReference; false for any other object.
bool WriteReference(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> object, PackWriter<Buffer>& out);
