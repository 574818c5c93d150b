using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Events as they come. An encrypted one is handed on as it is: there are no keys for it.</summary>
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
