namespace Enclave.Runs;

/// <summary>
/// Limits the large scripts that are examined at once, over all hosts of the process, to half of its cores. The other half serves everything else.
/// </summary>
internal static class LargeScripts
{
    /// <summary>The longest script, in UTF-16 units, that is examined on the calling thread: it takes some milliseconds.</summary>
    public const int Least = 64 * 1024;

    private static readonly SemaphoreSlim s_places = new(Places);

    /// <summary>The number of scripts that are examined at once.</summary>
    public static int Places => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>True if the next script has to wait.</summary>
    public static bool AreAllPlacesTaken => s_places.CurrentCount == 0;

    /// <summary>Does the work on a thread of the pool when its turn comes.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
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
