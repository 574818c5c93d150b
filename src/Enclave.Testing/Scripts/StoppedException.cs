namespace Enclave.Testing.Scripts;

/// <summary>Ends a simulated script that exceeded a limit.</summary>
internal sealed class StoppedException() : Exception("the script exceeded a limit of its run");
