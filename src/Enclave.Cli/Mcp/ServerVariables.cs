using System.Text.RegularExpressions;
using Enclave.Cli.Commands;
using Enclave.Mcp;

namespace Enclave.Cli.Mcp;

/// <summary>Gives servers the variables of <c>--server-env</c>: each to one server, and as a secret that is covered in all that this server says.</summary>
internal static partial class ServerVariables
{
    /// <summary>The variables of this process.</summary>
    public static ISecretSource Secrets { get; } = SecretSources.Of((name, _, _) => new(Environment.GetEnvironmentVariable(name)));

    /// <exception cref="UsageException">An option has another form, names no server with a command, or a variable that is not set.</exception>
    public static IReadOnlyList<McpSourceOptions> Give(IReadOnlyList<McpSourceOptions> servers, IReadOnlyList<string> given)
    {
        string[] commands = [.. servers.Where((server) => server.Command is not null).Select((server) => server.Name)];
        ILookup<string, string> variables = given.Select((text) => Read(text, commands))
            .ToLookup((pair) => pair.Server, (pair) => pair.Variable, StringComparer.Ordinal);
        return [.. servers.Select((server) => server.Command is { } command ? With(server, command, variables[server.Name]) : server)];
    }

    private static (string Server, string Variable) Read(string text, string[] commands)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string variable = text[(equals + 1)..];
        if (equals < 0 && commands.Length != 1)
        {
            throw new UsageException(commands.Length == 0
                ? "--server-env is given, and no --server is a command: a server at an address takes --server-header."
                : $"--server-env {text} does not say which server gets it: write --server-env {commands[0]}={text}. "
                    + $"Servers are {string.Join(", ", commands)}.");
        }

        string server = equals < 0 ? commands[0] : text[..equals];
        // The text may be VARIABLE=VALUE, so messages name only the part before the sign.
        if (!commands.Contains(server, StringComparer.Ordinal))
        {
            throw new UsageException($"--server-env names the server {server}, and no --server of this name is a command. It takes NAME=VARIABLE, "
                + "the name of a server and of a variable, and never a value: others on this machine can read a command line.");
        }

        if (!Name().IsMatch(variable)) throw new UsageException($"--server-env {server}: it takes NAME=VARIABLE, a variable's name and never its value.");
        if (Environment.GetEnvironmentVariable(variable) is null)
            throw new UsageException($"--server-env names {variable}, and there is no such variable: set it, or leave the option out.");
        return (server, variable);
    }

    private static McpSourceOptions With(McpSourceOptions server, McpCommand command, IEnumerable<string> variables)
    {
        // An empty variable has nothing to cover, and a secret is never empty.
        ILookup<bool, string> byContent = variables.Distinct(StringComparer.Ordinal)
            .ToLookup((variable) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)));
        if (byContent.Count == 0) return server;
        return server with
        {
            Secrets = Secrets,
            Command = command with
            {
                Environment = byContent[true].ToDictionary((variable) => variable, (_) => "", StringComparer.Ordinal),
                SecretEnvironment = byContent[false].ToDictionary((variable) => variable, (variable) => $"{{{variable}}}", StringComparer.Ordinal),
            },
        };
    }

    // The form of a placeholder in a text of SecretEnvironment.
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
