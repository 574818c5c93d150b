using Enclave.Journals;

namespace Enclave.Durable;

/// <summary>One act of a durable run, for the audit.</summary>
/// <param name="Act">The act.</param>
/// <param name="Key">The run.</param>
/// <param name="RunId">Its id; null where only its row was read.</param>
/// <param name="Outcome">How it ended; null before.</param>
/// <param name="Wait">The wait that was answered.</param>
/// <param name="Count">The runs that were accepted together.</param>
internal sealed record DurableStep(DurableAct Act, RunKey Key, string? RunId = null, string? Outcome = null, StoredWait? Wait = null, int? Count = null);
