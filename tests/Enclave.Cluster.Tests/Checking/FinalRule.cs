using System.Text.Json;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>
/// Every opened session is stored once and has exactly one <c>final</c>, which is its last event and which its client
/// has. It reports the script's result or the fault that ended it.
/// </summary>
internal static class FinalRule
{
    public const string Name = "one final";

    /// <summary>The codes that a fault may cause.</summary>
    private static readonly HashSet<string> s_faults =
    [
        "RUNTIME_LOST", "BROKER_LOST", "RUNTIME_UNAVAILABLE", "QUEUE_TIMEOUT", "QUEUE_FULL", "TIMEOUT", "SESSION_CANCELLED", "TOOL_TIMEOUT",
    ];

    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        ILookup<string, StoredSession> stored = evidence.Store.ToLookup((session) => session.Id);
        ILookup<string, ClientRecord> told = evidence.Clients.ToLookup((record) => record.Session);
        foreach (PlannedSession planned in evidence.Plan)
        {
            foreach (ClientRecord record in told[planned.Id].Where((record) => record.Kind is ClientRecordKind.Missing or ClientRecordKind.GaveUp))
                yield return Found($"its client met {record.Kind} at {record.Broker}: {record.Text}");
            StoredSession[] sessions = [.. stored[planned.Id]];
            if (sessions.Length != 1) yield return Found($"it is stored {sessions.Length} times");
            foreach (string what in sessions.SelectMany((session) => Of(session, planned))) yield return Found(what);
            int finals = told[planned.Id].Count((record) => record.Kind == ClientRecordKind.Line && EventPeek.Head(record.Text).Type == "final");
            if (finals != 1) yield return Found($"its client has {finals} finals");

            Finding Found(string what) => new(Name, planned.Id, what);
        }
    }

    private static IEnumerable<string> Of(StoredSession session, PlannedSession planned)
    {
        if (session.EndedAt is null) yield return "it is stored without an end";
        int finals = session.Events.Count((happened) => happened.Type == "final" || EventPeek.Head(happened.Line).Type == "final");
        if (finals != 1) yield return $"it has {finals} finals in the store";
        if (session.Events.Count == 0) yield break;
        if (session.Events[^1].Type != "final")
        {
            yield return "its last event is no final";
            yield break;
        }

        JsonElement final = EventPeek.Payload(session.Events[^1].Line);
        string code = EventPeek.Code(session.Events[^1].Line);
        if (code == "ok" ? planned.Kind is ScriptKind.Throws or ScriptKind.Cancelled : !s_faults.Contains(code)
            && !(planned.Kind == ScriptKind.Throws && code == "RUNTIME_ERROR"))
        {
            yield return $"a script of the kind {planned.Kind} ended with {code}: {final.GetRawText()}";
        }
    }
}
