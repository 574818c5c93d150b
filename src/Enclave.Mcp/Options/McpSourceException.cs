namespace Enclave.Mcp;

/// <summary>An MCP server cannot be used: it does not start or answer, or is beyond a bound. The message holds no credential.</summary>
public sealed class McpSourceException : Exception
{
    /// <summary>A failure with this message.</summary>
    public McpSourceException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with this message and its cause.</summary>
    public McpSourceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure without words.</summary>
    public McpSourceException()
        : base("the MCP server cannot be used")
    {
    }

    /// <summary>True if the server may speak another revision of the protocol.</summary>
    internal bool IsOfRevision { get; init; }
}
