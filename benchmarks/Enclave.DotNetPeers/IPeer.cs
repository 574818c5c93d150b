namespace Enclave.DotNetPeers;

/// <summary>A way to run untrusted JavaScript in .NET. Safe for concurrent callers.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Runs a job in a state that no other job has seen. Returns its answer as JSON text.</summary>
    /// <exception cref="Exception">The job failed, or a limit ended it.</exception>
    Task<string> RunAsync(PeerJob job);

    /// <summary>Runs a job in each of so many more units (contexts, isolates, engines or processes) and keeps them.</summary>
    Task HoldAsync(int count, PeerJob job);
}
