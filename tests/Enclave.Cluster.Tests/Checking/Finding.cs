namespace Enclave.Cluster.Tests.Checking;

/// <summary>An error that the checker found.</summary>
/// <param name="Rule">The violated rule.</param>
/// <param name="Session">The session.</param>
/// <param name="What">The violation.</param>
internal sealed record Finding(string Rule, string Session, string What)
{
    public override string ToString() => $"{Rule} {Session}: {What}";
}
