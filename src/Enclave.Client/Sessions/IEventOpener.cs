using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Makes of what came what was meant.</summary>
internal interface IEventOpener : IDisposable
{
    /// <summary>Whether events are sealed by now, so that only their numbers say which ones came before: none can be opened twice.</summary>
    bool IsSealed { get; }

    /// <summary>The end of the connection when the event must not be believed, else null.</summary>
    /// <param name="received">The event as it came.</param>
    /// <param name="opened">The event that was meant; null when it must not be believed.</param>
    ConnectionEnd? Open(SessionEvent received, out SessionEvent? opened);
}
