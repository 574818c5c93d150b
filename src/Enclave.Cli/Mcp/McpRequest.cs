namespace Enclave.Cli.Mcp;

/// <summary>The arguments of <c>enclave mcp</c>.</summary>
internal sealed record McpRequest
{
    public SecurityLevel? Level { get; init; }

    /// <summary>Servers whose tools scripts may call, as <c>NAME=COMMAND</c> or <c>NAME=https://…</c>.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Variables that the commands of servers get.</summary>
    public required IReadOnlyList<string> ServerVariables { get; init; }

    public required IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; }

    public required IReadOnlyList<Library> Libraries { get; init; }
}
