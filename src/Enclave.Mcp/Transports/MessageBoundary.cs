namespace Enclave.Mcp.Transports;

/// <summary>The end of one message in a stream.</summary>
internal enum MessageBoundary
{
    /// <summary>At each line feed.</summary>
    Line,

    /// <summary>At each empty line, as events do.</summary>
    EmptyLine,

    /// <summary>At the end of the stream.</summary>
    End,
}
