using Enclave.Journals;

namespace Enclave.Recording;

/// <summary>Keeps recordings in this process.</summary>
internal sealed class MemoryRecordingStore : RecordingStore
{
    private readonly Lock _gate = new();
    // The oldest first.
    private readonly List<(RunKey Run, string? Script, byte[] Part)> _kept = [];

    internal override Task KeepAsync(RunKey run, string? script, DateTimeOffset time, byte[] part, int maxRuns, long maxBytes)
    {
        lock (_gate)
        {
            _kept.RemoveAll((one) => one.Run == run);
            _kept.Add((run, script, part));
            foreach ((RunKey Run, string? Script, byte[] Part) one in Surplus(
                [.. _kept], (one) => RunKey.MarkOf(one.Run.Tenant), (one) => one.Part.Length, maxRuns, maxBytes)) _kept.Remove(one);
        }

        return Task.CompletedTask;
    }

    internal override Task<byte[]?> ReadAsync(RunKey run, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<byte[]?>(_kept.Find((one) => one.Run == run).Part);
    }

    internal override Task<IReadOnlyList<RunKey>> FindAsync(string? tenant, string script, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RunKey>>(
                [.. _kept.Where((one) => one.Script == script && one.Run.Tenant == tenant).Select((one) => one.Run).Reverse().Take(most)]);
        }
    }
}
