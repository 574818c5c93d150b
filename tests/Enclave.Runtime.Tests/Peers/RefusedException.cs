namespace Enclave.Runtime.Tests;

/// <summary>The runtime did not give a socket.</summary>
internal sealed class RefusedException(int status) : Exception($"refused with {status}")
{
    public int Status => status;
}
