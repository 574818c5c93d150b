using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>The events of a feed as an enumeration.</summary>
internal sealed class SessionEventEnumerable(SessionEventFeed feed) : IAsyncEnumerable<SessionEvent>
{
    public IAsyncEnumerator<SessionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        feed.ReadAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
}
