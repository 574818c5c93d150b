using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Passes events through unchanged. Encrypted ones stay encrypted, because there are no keys.</summary>
internal sealed class ClearEvents : IEventOpener
{
    public static ClearEvents Instance { get; } = new();

    public bool IsSealed => false;

    public ConnectionEnd? Open(SessionEvent received, out SessionEvent? opened)
    {
        opened = received;
        return null;
    }

    public void Dispose()
    {
    }
}
