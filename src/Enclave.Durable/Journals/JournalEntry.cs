using System.Collections.Immutable;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Journals;

/// <summary>One fact of a run's history. The number of an entry is its place in the journal, from 1.</summary>
internal abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    /// <summary>The first entry: everything that a replay needs.</summary>
    internal sealed record Opened : JournalEntry
    {
        public required string Code { get; init; }

        public required ScriptLanguage Language { get; init; }

        public required string SourceName { get; init; }

        public required string RunId { get; init; }

        public required SecurityLevel Level { get; init; }

        public required string Preset { get; init; }

        /// <summary>The globals in encoded form.</summary>
        public required ReadOnlyMemory<byte> Globals { get; init; }

        public required RunLimits Limits { get; init; }

        /// <summary>Name and SHA-256 of each library.</summary>
        public required IReadOnlyDictionary<string, string> Libraries { get; init; }

        public required string Engine { get; init; }

        public required string Version { get; init; }

        public required ulong Seed { get; init; }

        /// <summary>The origin of its random bytes; zeros in an older journal, whose script had none.</summary>
        public RunSecret Secret { get; init; }

        /// <summary>The script's clock at its start, in milliseconds since 1970.</summary>
        public required long Start { get; init; }

        /// <summary>The registered tools that the script names, with the hashes of their schemas. Journals of earlier versions have none.</summary>
        public IReadOnlyDictionary<string, string> Tools { get; init; } = ImmutableDictionary<string, string>.Empty;

        /// <summary>The session that it belongs to; null for none.</summary>
        public DurableSession? Session { get; init; }

        /// <summary>The conversation that it belongs to; null for none.</summary>
        public string? Conversation { get; init; }
    }

    /// <summary>Something that the script did or got, a console line, a call or an answer; or a notice about the run.</summary>
    internal sealed record Happened(ExecutionEvent Event) : JournalEntry;

    /// <summary>A call waits for something that may take long.</summary>
    internal sealed record Waiting(StoredWait Wait) : JournalEntry;

    /// <summary>A call was approved. From here on its tool may have been called.</summary>
    internal sealed record Decided(uint Call) : JournalEntry;

    /// <summary>The run was suspended.</summary>
    /// <param name="Left">The wall time that it may still run.</param>
    internal sealed record Suspended(TimeSpan Left) : JournalEntry;

    /// <summary>A host continued the run.</summary>
    internal sealed record Resumed(DateTimeOffset Time, string Engine, string Version) : JournalEntry;

    /// <summary>The run failed, and its calls are undone before it ends. Nothing of its script runs any more.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Error">The error as JSON.</param>
    /// <param name="Stats">The statistics of its last part as JSON.</param>
    internal sealed record Failing(DateTimeOffset Time, string Error, string Stats) : JournalEntry;

    /// <summary>The last entry.</summary>
    /// <param name="Value">The value; undefined if the run failed.</param>
    /// <param name="Error">The error as JSON; null if the run succeeded.</param>
    /// <param name="Stats">The statistics of its last part as JSON.</param>
    internal sealed record Ended(ScriptValue Value, string? Error, string Stats) : JournalEntry;
}
