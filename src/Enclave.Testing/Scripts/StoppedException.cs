namespace Enclave.Testing.Scripts;

/// <summary>Ends a fake script that met a limit.</summary>
internal sealed class StoppedException() : Exception("the script met a limit of its run");
