using Enclave.Cli.Options;
using Enclave.Cli.Tools;
using Enclave.Mcp;
using Enclave.Tenants;

namespace Enclave.Cli.Mcp;

/// <summary>The arguments of <c>enclave mcp</c>.</summary>
internal sealed record McpRequest
{
    public required SecurityLevel Level { get; init; }

    /// <summary>The limits of a run.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>The time of one tool call; null for the defaults.</summary>
    public TimeSpan? ToolTimeout { get; init; }

    /// <summary>Where clients find the description of what a script may write.</summary>
    public CodeDescription Description { get; init; }

    /// <summary>Where its records go; null for nowhere.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>Judge its runs; null for none.</summary>
    public EnclaveTenants? Tenants { get; init; }

    /// <summary>The tenant of its runs; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Servers whose tools scripts may call, as <c>NAME=COMMAND</c> or <c>NAME=https://…</c>.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Tools of the command line.</summary>
    public required ToolBox Tools { get; init; }

    /// <summary>Which of the servers' tools need an approval.</summary>
    public McpApproval Approval { get; init; }

    /// <summary>Variables that commands of servers get, as <c>NAME=VARIABLE</c>, or <c>VARIABLE</c> alone where there is one command.</summary>
    public required IReadOnlyList<string> ServerVariables { get; init; }

    /// <summary>Headers for servers at addresses, as <c>NAME=HEADER: TEXT</c>, where <c>{VARIABLE}</c> stands for a variable of the environment.</summary>
    public required IReadOnlyList<string> ServerHeaders { get; init; }

    /// <summary>The client that a server's sign-in knows, as <c>NAME=ID</c>.</summary>
    public required IReadOnlyList<string> ClientIds { get; init; }

    /// <summary>The variables with the secrets of such clients, as <c>NAME=VARIABLE</c>.</summary>
    public required IReadOnlyList<string> ClientSecrets { get; init; }

    /// <summary>The file that keeps sign-ins; null for none.</summary>
    public string? SignIns { get; init; }

    public required IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; }

    public required IReadOnlyList<Library> Libraries { get; init; }

    /// <summary>The time that a server has to answer at first; null for the default.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Null for answers at the end of a script only.</summary>
    public TimeSpan? YieldAfter { get; init; }

    /// <summary>Null for no fetch.</summary>
    public FetchOptions? Fetch { get; init; }
}
