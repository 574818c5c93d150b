using System.Globalization;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>
/// A client that reconnects to any broker has every event once, in order, and byte for byte as stored. The same holds for later readers at each broker.
/// </summary>
internal static class ReaderRule
{
    public const string Name = "same events";

    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        Dictionary<string, Dictionary<long, string>> stored = evidence.Store.GroupBy((session) => session.Id).ToDictionary((group) => group.Key, (group) =>
            group.SelectMany((session) => session.Events).GroupBy((happened) => happened.Seq).ToDictionary((one) => one.Key, (one) => one.First().Line));
        foreach (IGrouping<string, ClientRecord> client in evidence.Clients.Where((record) => record.Kind is ClientRecordKind.Line)
            .GroupBy((record) => record.Session))
        {
            foreach (string what in Compare(client, stored.GetValueOrDefault(client.Key) ?? []))
                yield return new Finding(Name, client.Key, $"the client's log: {what}");
        }

        foreach (IGrouping<(string Session, string Broker), ClientRecord> again in evidence.Clients.Where((record) => record.Kind is ClientRecordKind.ReadAgain)
            .GroupBy((record) => (record.Session, record.Broker)))
        {
            foreach (string what in Compare(again, stored.GetValueOrDefault(again.Key.Session) ?? []))
                yield return new Finding(Name, again.Key.Session, $"read again at {again.Key.Broker}: {what}");
        }
    }

    private static IEnumerable<string> Compare(IEnumerable<ClientRecord> lines, Dictionary<long, string> stored)
    {
        long next = 1;
        foreach (ClientRecord line in lines)
        {
            long seq = EventPeek.Head(line.Text).Seq;
            if (seq != next) yield return string.Create(CultureInfo.InvariantCulture, $"event {seq} came at {line.Broker} where {next} was due");
            next = seq + 1;
            if (!stored.TryGetValue(seq, out string? kept)) yield return $"event {seq} came at {line.Broker} and is not stored";
            else if (kept != line.Text + "\n") yield return $"event {seq} came at {line.Broker} as {line.Text} and is stored as {kept}";
        }

        if (next != stored.Count + 1) yield return $"it ends before event {next} of {stored.Count}";
    }
}
