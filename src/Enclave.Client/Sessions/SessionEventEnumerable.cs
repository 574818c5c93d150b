using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>A feed, as something to enumerate.</summary>
internal sealed class SessionEventEnumerable(SessionEventFeed feed) : IAsyncEnumerable<SessionEvent>
{
    public IAsyncEnumerator<SessionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => feed.ReadAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
}
