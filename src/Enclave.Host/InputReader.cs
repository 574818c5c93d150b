using Enclave.Limits;

namespace Enclave;

/// <summary>Reads inputs in batches, and keeps no input waiting for the next.</summary>
internal sealed class InputReader(IAsyncEnumerable<object?> inputs, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<object?> _source = inputs.GetAsyncEnumerator(cancellationToken);
    private Task<bool>? _next;
    private long _index;
    private bool _hasEnded;

    /// <summary>True if reading does not have to wait.</summary>
    public bool IsReady => _hasEnded || Next().IsCompleted;

    /// <summary>The next inputs: all that are available without a wait, at least one. Null at the end.</summary>
    /// <param name="most">The most inputs.</param>
    /// <param name="bytes">Bytes after which a batch is full.</param>
    public async ValueTask<InputBatch?> ReadAsync(int most, int bytes)
    {
        var batch = new InputBatch(_index);
        while (!_hasEnded && batch.Count < most && batch.Bytes < bytes)
        {
            if (batch.Count > 0 && !Next().IsCompleted) break;
            _hasEnded = !await Next().ConfigureAwait(false);
            if (_hasEnded) break;
            batch.Add(_source.Current);
            _index++;
            _next = null;
        }

        return batch.Count > 0 ? batch : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // An enumerator may not be disposed while it moves.
        if (_next is { IsCompleted: false }) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private Task<bool> Next() => _next ??= _source.MoveNextAsync().AsTask();
}
