namespace Enclave.Streaming.Json;

/// <summary>One reading of untrusted JSON: its tolerance and its first fault.</summary>
internal sealed class JsonReading(EventTolerance tolerance)
{
    public bool IsTolerant => tolerance == EventTolerance.Peers;

    /// <summary>The place and the fault, as in <c>payload.chunk: must be a string</c>; null without a fault.</summary>
    /// <remarks>Never contains the JSON that was read, which may be of any length.</remarks>
    public string? Problem { get; private set; }

    public void Refuse(string path, string problem) => Problem ??= path.Length == 0 ? problem : $"{path}: {problem}";
}
