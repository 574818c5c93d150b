namespace Enclave.Streaming.Json;

/// <summary>One reading of something from outside: what is forgiven, and the first thing that was not.</summary>
internal sealed class JsonReading(EventTolerance tolerance)
{
    public bool Forgives => tolerance == EventTolerance.Peers;

    /// <summary>Where it was wrong and how, as in <c>payload.chunk: must be a string</c>; null as long as all is well.</summary>
    /// <remarks>Never holds what was read: that may be of any length.</remarks>
    public string? Problem { get; private set; }

    public void Refuse(string path, string problem) => Problem ??= path.Length == 0 ? problem : $"{path}: {problem}";
}
