namespace Enclave.Mcp.Servers;

/// <summary>Keeps what a script prints for a client that waits for it, and notifies the client as long as its request is open.</summary>
/// <param name="client">The client.</param>
internal sealed class YieldingObserver(ICodeObserver client) : ICodeObserver
{
    private volatile bool _isClosed;
    private Action<string> _print = static (_) => { };

    /// <summary>Gives what the script prints to this sink too.</summary>
    public YieldingObserver To(Action<string> print)
    {
        _print = print;
        return this;
    }

    /// <summary>The request has its answer: the client is not notified any more.</summary>
    public void Close() => _isClosed = true;

    public ValueTask OnToolCallAsync(string name, CancellationToken cancellationToken) => Notify(() => client.OnToolCallAsync(name, cancellationToken));

    public ValueTask OnToolProgressAsync(string name, string? message, double? fraction, CancellationToken cancellationToken) =>
        Notify(() => client.OnToolProgressAsync(name, message, fraction, cancellationToken));

    public ValueTask OnConsoleAsync(ConsoleLevel level, string text, CancellationToken cancellationToken)
    {
        _print(text.EndsWith('\n') ? text : $"{text}\n");
        return Notify(() => client.OnConsoleAsync(level, text, cancellationToken));
    }

    private async ValueTask Notify(Func<ValueTask> notify)
    {
        if (_isClosed) return;
        try
        {
            await notify().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The run does not end with the request that began it, and the transport may throw anything once that is over.
        catch when (_isClosed)
#pragma warning restore CA1031
        {
        }
    }
}
