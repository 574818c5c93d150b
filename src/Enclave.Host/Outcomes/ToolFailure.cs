namespace Enclave.Outcomes;

/// <summary>A tool's error as the script sees it.</summary>
public sealed record ToolFailure(string Name, string Message, string? Code)
{
    /// <summary>The name of failures that the host itself finds.</summary>
    public const string OfHost = "ToolError";
}
