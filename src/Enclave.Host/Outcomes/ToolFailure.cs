namespace Enclave.Outcomes;

/// <summary>A tool's error, as the script sees it.</summary>
internal sealed record ToolFailure(string Name, string Message, string? Code)
{
    /// <summary>The error name of failures that the host itself detects.</summary>
    public const string OfHost = "ToolError";

    /// <summary>The exception that gives a script this failure.</summary>
    public ToolException ToException() => new(Message) { Name = Name, Code = Code };
}
