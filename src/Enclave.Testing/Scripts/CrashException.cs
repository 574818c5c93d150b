namespace Enclave.Testing.Scripts;

/// <summary>Ends the simulated worker, as a crash of V8 would end a real one.</summary>
internal sealed class CrashException() : Exception("the worker crashed");
