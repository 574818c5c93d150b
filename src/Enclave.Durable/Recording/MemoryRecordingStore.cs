using Enclave.Journals;

namespace Enclave.Recording;

/// <summary>Keeps recordings in this process.</summary>
internal sealed class MemoryRecordingStore : RecordingStore
{
    private readonly Lock _gate = new();
    // The oldest first.
    private readonly List<(RunKey Run, byte[] Part)> _kept = [];

    internal override Task KeepAsync(RunKey run, DateTimeOffset time, byte[] part, int maxRuns, long maxBytes)
    {
        lock (_gate)
        {
            _kept.RemoveAll((one) => one.Run == run);
            _kept.Add((run, part));
            foreach ((RunKey Run, byte[] Part) one in Surplus([.. _kept], (one) => RunKey.MarkOf(one.Run.Tenant), (one) => one.Part.Length, maxRuns, maxBytes))
                _kept.Remove(one);
        }

        return Task.CompletedTask;
    }

    internal override Task<byte[]?> ReadAsync(RunKey run, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<byte[]?>(_kept.Find((one) => one.Run == run).Part);
    }
}
