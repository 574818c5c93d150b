using System.Collections.Frozen;

namespace Enclave.Schemas.Calls;

/// <summary>Members that models read of an answer as if there were a response around it.</summary>
internal static class AnswerEnvelopes
{
    private static readonly FrozenSet<string> s_members = FrozenSet.Create(
        StringComparer.Ordinal, "data", "body", "result", "results", "response", "content", "output", "payload", "items", "rows", "records", "json");

    public static bool Contains(string member) => s_members.Contains(member);
}
