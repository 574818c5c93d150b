#pragma once

struct ClrPaths {
  const char* framework;  // the folder of Microsoft.NETCore.App
  const char* worker;     // the folder of the program
  const char* program;    // Enclave.Worker.dll, or the tests of the engine
};

// Starts .NET on a thread of its own and runs the worker's Main there. The process ends with its exit code.
bool StartClr(const ClrPaths& paths, int argc, char** argv);
