using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Decrypts and checks received events.</summary>
internal interface IEventOpener : IDisposable
{
    /// <summary>True once events are encrypted. Then only their numbers identify repeats, because an event cannot be decrypted twice.</summary>
    bool IsSealed { get; }

    /// <summary>Decrypts one event. Returns the end of the connection if the event must not be trusted, otherwise null.</summary>
    /// <param name="received">The event as it arrived.</param>
    /// <param name="opened">The decrypted event; null if it must not be trusted.</param>
    ConnectionEnd? Open(SessionEvent received, out SessionEvent? opened);
}
