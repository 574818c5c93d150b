namespace Enclave.Cluster.Tests.Checking;

/// <summary>Something that must not be.</summary>
/// <param name="Rule">What it breaks.</param>
/// <param name="Session">In which session.</param>
/// <param name="What">What was found.</param>
internal sealed record Finding(string Rule, string Session, string What)
{
    public override string ToString() => $"{Rule} {Session}: {What}";
}
