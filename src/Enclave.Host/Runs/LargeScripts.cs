namespace Enclave.Runs;

/// <summary>
/// Bounds how many large scripts are examined at once, over all hosts of the process: on half of its cores, so that the other half answers everybody else.
/// </summary>
internal static class LargeScripts
{
    /// <summary>Longest script, in UTF-16 units, that is examined where it came in: some milliseconds.</summary>
    public const int Least = 64 * 1024;

    private static readonly SemaphoreSlim s_places = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Does the work on a thread of the pool when its turn has come.</summary>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public static async Task<T> RunAsync<T>(Func<T> examine, CancellationToken cancellationToken)
    {
        await s_places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(examine, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            s_places.Release();
        }
    }
}
