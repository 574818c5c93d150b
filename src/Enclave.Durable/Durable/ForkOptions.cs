namespace Enclave;

/// <summary>How a run is forked: what the new one keeps of the history, and what is corrected in it.</summary>
public sealed record ForkOptions
{
    /// <summary>The name of the new run. Range: 1 to 200 characters. Its tenant is that of the first run.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// How many events of the history the new run keeps (<see cref="ExecutionEvent.Sequence"/> of the last one). Range: 0 to all. Default: null, as many as
    /// its script repeats. Nothing is kept from the first call on that was undone (<see cref="ToolOptions.Compensate"/>).
    /// </summary>
    public int? At { get; init; }

    /// <summary>The corrected script. Default: null, the same script.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// Corrected answers by the id of their call (<see cref="ToolCallEvent.CallId"/>): any value that <see cref="Protocol.ScriptValue.From"/> accepts, or a
    /// <see cref="ToolException"/>. The calls must be among the kept events; a call without an answer gets this one. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Answers { get; init; } = new Dictionary<string, object?>();
}
