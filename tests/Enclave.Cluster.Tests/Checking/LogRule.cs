namespace Enclave.Cluster.Tests.Checking;

/// <summary>The events of each session are numbered from 1 without gaps and repeats, and each line matches its row.</summary>
internal static class LogRule
{
    public const string Name = "log whole";

    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        foreach (StoredSession session in evidence.Store)
        {
            long next = 1;
            foreach (StoredEvent happened in session.Events)
            {
                if (happened.Seq != next) yield return new Finding(
                    Name, session.Id, happened.Seq < next ? $"event {happened.Seq} is there again" : $"events {next} to {happened.Seq - 1} are not there");
                next = happened.Seq + 1;
                (long seq, string type) = EventPeek.Head(happened.Line);
                if ((seq, type) != (happened.Seq, happened.Type))
                    yield return new Finding(Name, session.Id, $"the row {happened.Seq} {happened.Type} has the line {seq} {type}");
                if (!happened.Line.EndsWith('\n') || happened.Line.AsSpan(0, happened.Line.Length - 1).Contains('\n'))
                    yield return new Finding(Name, session.Id, $"event {happened.Seq} is not one line");
            }

            if (next == 1) yield return new Finding(Name, session.Id, "it has no event");
        }
    }
}
