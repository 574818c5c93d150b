using System.Collections.Immutable;

namespace Enclave.Mcp;

/// <summary>An MCP server whose tools scripts may call.</summary>
public sealed record McpSourceOptions
{
    /// <summary>
    /// The first part of its tools' names: <c>github</c> for <c>github:issues_list</c>. A letter, then letters, digits, <c>-</c> and <c>_</c>; at most 64
    /// characters.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>A server to start. Either this or <see cref="Address"/>.</summary>
    public McpCommand? Command { get; init; }

    /// <summary>A server on the network (Streamable HTTP). Either this or <see cref="Command"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>True if <see cref="Address"/> may be <c>http:</c> on another machine than this one. Default: false.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Headers of each request to <see cref="Address"/>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Headers with secrets, each a text in which <c>{NAME}</c> stands for a secret: <c>Authorization</c> and <c>Bearer {GITHUB_TOKEN}</c>. Looked up for each
    /// request. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> SecretHeaders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The source of those secrets. Their values are covered in all that the server gives. Default: null, nowhere.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>
    /// The tenant whose secrets these are; such a source belongs into <see cref="RunOptions.Tools"/> of that tenant's runs. Default: null, none.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>Longest time of a connection and its first list of tools. Range: 100 ms to 10 minutes. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of a call (<see cref="ToolOptions.Timeout"/> of each tool). Range: 1 ms to 24 h. Default: 60 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most tools of the server. A server with more is refused. Range: 1 to 10,000. Default: 1,000.</summary>
    public int MaxTools { get; init; } = 1_000;

    /// <summary>Most bytes of one message of the server; a longer one ends the connection. Range: 64 KB to 64 MB. Default: 16 MB.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Messages that are read in a second; a server that says more waits. Range: 10 to 100,000. Default: 2,000.</summary>
    public int MaxMessagesPerSecond { get; init; } = 2_000;

    /// <summary>Which tools need an approval. Default: <see cref="McpApproval.WhenDestructive"/>.</summary>
    public McpApproval Approval { get; init; }

    /// <summary>Chooses among the server's tools. Default: null, all.</summary>
    public Func<McpTool, bool>? Include { get; init; }

    /// <summary>
    /// Gives the limits of a tool, from those that follow from what the server says of it (description, effects, approval) and from these options. Default:
    /// null, these.
    /// </summary>
    public Func<McpTool, ToolOptions, ToolOptions>? Tool { get; init; }

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
