#pragma once
#include <v8.h>

#include <string>

// Makes the start-up snapshot: a context with the bridges and the prelude. Returns 0 or a WorkerExit, with the reason in the log.
int MakeSnapshot(const std::string& out, int count, char** prelude_files);
// Maps a snapshot file; false, with the reason in the log, when it is missing or was made by another V8.
bool LoadSnapshot(const char* file);
extern const v8::StartupData* snapshot;
