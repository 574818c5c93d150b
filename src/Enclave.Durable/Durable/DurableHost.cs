using Enclave.Journals;
using Enclave.Limits;
using Enclave.Protocol.Messages;
using Enclave.Runs;
using Enclave.Tools;
using Microsoft.Extensions.Logging;

namespace Enclave.Durable;

/// <summary>The parts of a host that its durable runs use.</summary>
internal sealed record DurableHost
{
    public required DurableOptions Options { get; init; }

    public required JournalKeys Keys { get; init; }

    /// <summary>Why this host has no durable runs; null if it has.</summary>
    public required string? Refusal { get; init; }

    /// <summary>The most bytes of a journal.</summary>
    public required long MaxRunBytes { get; init; }

    /// <summary>The host's memory, in which journals have their share.</summary>
    public required HostMemory Memory { get; init; }

    /// <summary>Runs that are woken at the same time.</summary>
    public required int MaxWaking { get; init; }

    /// <summary>The reason why this host cannot continue a run that another host started; null if it can.</summary>
    public required Func<JournalEntry.Opened, string?> WhyNot { get; init; }

    /// <summary>The most bytes of a journal with its last entry, which may hold a value and an error.</summary>
    public long MaxReadBytes => (2 * MaxRunBytes) + (16 << 20);

    /// <summary>The version of the engine. It comes from a file that only a host with durable runs reads.</summary>
    public required Func<string> Engine { get; init; }

    /// <summary>The time in whole milliseconds, as stores keep it.</summary>
    public DateTimeOffset Now => JournalFormat.Rounded(Clock.GetUtcNow());

    public required TimeProvider Clock { get; init; }

    public required ToolRegistry Tools { get; init; }

    public required ILogger Log { get; init; }

    public required DurableWatch Watch { get; init; }

    /// <summary>Makes the first entry of a run, all but its seed.</summary>
    public required Func<string, RunOptions, JournalEntry.Opened> Open { get; init; }

    /// <summary>Runs a part of a run: its script, its options, its globals, its part in the journal.</summary>
    public required Func<string, RunOptions, ReadOnlyMemory<byte>, JournaledDeterminism, RunHooks, CancellationToken, Task<ExecutionResult>> Run { get; init; }

    public RunStore Store => Options.Store;

    /// <summary>A run with its history, also while a host has it. Null if there is none.</summary>
    /// <exception cref="JournalException">The store failed, or the journal is refused.</exception>
    public async Task<(StoredRun Run, JournalHistory History)?> ReadAsync(RunKey key, CancellationToken cancellationToken)
    {
        if (await Store.ReadAsync(key, MaxReadBytes, cancellationToken).ConfigureAwait(false) is not { } read) return null;
        using var seal = new JournalSeal(Keys, read.Run.Key, read.Run.Journal);
        return (read.Run, JournalHistory.Read(seal, read.Run, read.Entries));
    }

    /// <summary>The room of tenants in the store.</summary>
    public required TenantRoom Room { get; init; }

    /// <summary>The version of this host for journals.</summary>
    public static string Version { get; } = typeof(DurableHost).Assembly.GetName().Version!.ToString(3);
}
