using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>The targets of native code in a worker: the host's process, a secret in its memory, a service that it listens with.</summary>
internal sealed unsafe class AttackTarget : IDisposable
{
    public const long SecretValue = 0x7365637265742121;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public AttackTarget()
    {
        _listener.Start();
        Secret = (nint)NativeMemory.AllocZeroed(16);
        *(long*)Secret = SecretValue;
    }

    public int Host { get; } = Environment.ProcessId;

    /// <summary>Its address in the host's memory.</summary>
    public nint Secret { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        NativeMemory.Free((void*)Secret);
    }
}
