namespace Enclave;

/// <summary>A tool's failure, in the form that the script sees.</summary>
public sealed class ToolException : Exception
{
    /// <summary>Creates a failure with this message.</summary>
    public ToolException(string message)
        : base(message)
    {
    }

    /// <summary>Creates a failure with this message, caused by an exception that the script does not see.</summary>
    public ToolException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates a failure without a message of its own.</summary>
    public ToolException()
        : base("the tool failed")
    {
    }

    /// <summary>The error's <c>name</c> in the script. Default: <c>Error</c>.</summary>
    public string Name { get; init; } = "Error";

    /// <summary>The error's <c>code</c> in the script; null for none.</summary>
    public string? Code { get; init; }
}
