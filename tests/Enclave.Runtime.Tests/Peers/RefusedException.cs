namespace Enclave.Runtime.Tests;

/// <summary>The runtime refused the WebSocket.</summary>
internal sealed class RefusedException(int status) : Exception($"refused with {status}")
{
    public int Status => status;
}
