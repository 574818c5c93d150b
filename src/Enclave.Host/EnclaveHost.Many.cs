namespace Enclave;

/// <content>One program for many inputs.</content>
public sealed partial class EnclaveHost
{
    /// <inheritdoc/>
    public IAsyncEnumerable<InputResult> RunManyAsync(
        string code, IAsyncEnumerable<object?> inputs, RunManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(inputs);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new ManyRuns(_parts, code, options ?? new RunManyOptions()).RunAsync(inputs, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<InputResult> RunManyAsync<T>(
        string code, IEnumerable<T> inputs, RunManyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return RunManyAsync(code, inputs.Cast<object?>().ToAsyncEnumerable(), options, cancellationToken);
    }
}
