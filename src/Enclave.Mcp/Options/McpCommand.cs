using System.Collections.Immutable;

namespace Enclave.Mcp;

/// <summary>A server that is started as a child process and talks over its standard input and output.</summary>
/// <param name="Program">The program: a path, or a name that PATH has.</param>
public sealed record McpCommand(string Program)
{
    /// <summary>Its arguments. Each is passed unchanged, without a shell.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// Variables that the server gets in addition to <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>LC_ALL</c>, <c>TZ</c> and <c>TMPDIR</c>. It gets no other
    /// variable of this process. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Variables with secrets, each a text in which <c>{NAME}</c> stands for a secret of <see cref="McpSourceOptions.Secrets"/>. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> SecretEnvironment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The folder that it starts in. Default: null, this process's.</summary>
    public string? WorkingDirectory { get; init; }
}
