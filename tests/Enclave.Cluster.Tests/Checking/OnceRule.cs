using System.Text.Json;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>
/// No tool call and no script runs twice. A script's first call carries its nonce, so a second run would show as a second such call. A successful script
/// has the answer of each of its calls, once and in order.
/// </summary>
internal static class OnceRule
{
    public const string Name = "once";

    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        foreach (IGrouping<(string Nonce, int Step), ToolRecord> call in evidence.Tools.GroupBy((record) => (record.Nonce, record.Step))
            .Where((group) => group.Count() > 1))
        {
            yield return new Finding(Name, call.First().Session,
                $"step {call.Key.Step} was carried out {call.Count()} times, by the calls {string.Join(", ", call.Select((record) => record.Call))}");
        }

        foreach (IGrouping<(string Session, string Call), ToolRecord> call in evidence.Tools.GroupBy((record) => (record.Session, record.Call))
            .Where((group) => group.Count() > 1))
        {
            yield return new Finding(Name, call.Key.Session, $"the call {call.Key.Call} was carried out {call.Count()} times");
        }

        foreach (IGrouping<string, string> note in evidence.Notes.GroupBy((note) => note).Where((group) => group.Count() > 1))
            yield return new Finding(Name, note.Key, $"the brokers carried it out {note.Count()} times");
        HashSet<string> called = [.. evidence.Store.SelectMany((session) => session.Events)
            .Where((happened) => happened.Type == "tool_call").Select((happened) => EventPeek.Payload(happened.Line).GetProperty("args"))
            .Select((args) => $"{args.GetProperty("nonce").GetString()} {args.GetProperty("step").GetRawText()}")];
        foreach (string note in evidence.Notes.Where((note) => !called.Contains(note)))
            yield return new Finding(Name, note, "the brokers carried it out, and its event is not stored");
        ILookup<string, ToolRecord> carried = evidence.Tools.ToLookup((record) => record.Session);
        foreach (StoredSession session in evidence.Store)
        {
            foreach (string what in Of(session, [.. carried[session.Id]])) yield return new Finding(Name, session.Id, what);
        }
    }

    private static IEnumerable<string> Of(StoredSession session, ToolRecord[] carried)
    {
        JsonElement[] calls = [.. session.Events.Where((happened) => happened.Type == "tool_call").Select((happened) => EventPeek.Payload(happened.Line))];
        foreach (IGrouping<string, JsonElement> step in calls.GroupBy((call) => call.GetProperty("args").GetProperty("step").GetRawText())
            .Where((group) => group.Count() > 1)) yield return $"the script made step {step.Key} {step.Count()} times";
        HashSet<string> told = [.. calls.Select((call) => call.GetProperty("callId").GetString()!)];
        foreach (ToolRecord record in carried.Where((record) => !told.Contains(record.Call)))
            yield return $"the call {record.Call} was carried out, and its event is not stored";
        if (session.Events.Count == 0 || session.Events[^1].Type != "final" || EventPeek.Code(session.Events[^1].Line) != "ok") yield break;
        string[] returned = [.. EventPeek.Payload(session.Events[^1].Line).GetProperty("result").EnumerateArray().Select((token) => token.GetString()!)];
        string[] answered = [.. carried.OrderBy((record) => record.Step).Select((record) => record.Token)];
        if (!returned.SequenceEqual(answered))
            yield return $"the script was answered {string.Join(' ', returned)}, and the tools answered {string.Join(' ', answered)}";
    }
}
