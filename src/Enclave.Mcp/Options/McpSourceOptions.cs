using System.Collections.Immutable;
using ModelContextProtocol.Authentication;

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

    /// <summary>The source of those secrets. Their values are covered in all data from the server. Default: null, nowhere.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>
    /// Signs in to a server at <see cref="Address"/> that asks for it: OAuth 2.1 (MCP 2025-11-25, Authorization), by the SDK's options. Default: null, such a
    /// server is refused.
    /// </summary>
    /// <remarks>
    /// Without an <c>AuthorizationCallbackHandler</c> no person is asked: the tokens of the <c>TokenCache</c> are used and renewed. Without a <c>TokenCache</c>
    /// tokens live as long as the source. Tokens and <c>ClientSecret</c> are covered in all that the server gives. The servers that a server names for the
    /// sign-in must have <c>https:</c> and public addresses, except for <see cref="AuthorizationHosts"/>.
    /// </remarks>
    public ClientOAuthOptions? OAuth { get; init; }

    /// <summary>
    /// Hosts of authorization servers that may be in a private network or on this machine; the host of <see cref="Address"/> always may. At most 64. Default:
    /// none.
    /// </summary>
    public IReadOnlyList<string> AuthorizationHosts { get; init; } = [];

    /// <summary>
    /// Longest time that a sign-in adds to <see cref="ConnectTimeout"/>, if <see cref="OAuth"/> asks a person. Range: 1 s to 1 h. Default: 5 minutes.
    /// </summary>
    public TimeSpan SignInTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The tenant whose secrets these are. Only its runs see and call the tools (<see cref="ToolOptions.AllowedTenants"/>), in every host; <see cref="Tool"/>
    /// cannot open them to others. Default: null, all tenants may call the tools.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>Longest time of a connection and its first list of tools. Range: 100 ms to 10 minutes. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of a call (<see cref="ToolOptions.Timeout"/> of each tool). Range: 1 ms to 24 h. Default: 60 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes of one message of the server; a longer one ends the connection. Range: 64 KB to 64 MB. Default: 16 MB.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Messages that are read in a second; a server that says more waits. Range: 10 to 100,000. Default: 2,000.</summary>
    public int MaxMessagesPerSecond { get; init; } = 2_000;

    /// <summary>Which tools need an approval. Default: <see cref="McpApproval.WhenDestructive"/>.</summary>
    public McpApproval Approval { get; init; }

    /// <summary>Chooses among the server's tools. Default: null, all.</summary>
    public Func<McpTool, bool>? Include { get; init; }

    /// <summary>
    /// Changes the limits of a tool. It gets the limits that follow from the server's description (text, effects, approval) and from these options. Default:
    /// null, no change.
    /// </summary>
    public Func<McpTool, ToolOptions, ToolOptions>? Tool { get; init; }

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
