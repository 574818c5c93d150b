using System.Text.RegularExpressions;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Mcp;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Mcp;

/// <summary>The credentials of servers at addresses: headers from the environment, or a sign-in.</summary>
internal sealed partial class ServerAccess(McpRequest request, Terminal terminal)
{
    private readonly SignInFile? _file = request.SignIns is { } path ? new SignInFile(path) : null;

    /// <exception cref="UsageException">An option has another form, or names no server at an address.</exception>
    public IReadOnlyList<McpSourceOptions> Complete(IReadOnlyList<McpSourceOptions> servers)
    {
        string[] names = [.. servers.Where((server) => server.Address is not null).Select((server) => server.Name)];
        ILookup<string, string> headers = ByServer("--server-header", request.ServerHeaders, names);
        ILookup<string, string> ids = ByServer("--client-id", request.ClientIds, names), secrets = ByServer("--client-secret", request.ClientSecrets, names);
        return [.. servers.Select((server) => server.Address is null ? server : SignInTo(WithHeaders(server, headers[server.Name]), ids, secrets))];
    }

    private static ILookup<string, string> ByServer(string option, IReadOnlyList<string> given, string[] names)
    {
        var parts = new List<(string Name, string Text)>();
        foreach (string text in given)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1) throw new UsageException($"{option} is \"{text}\"; it begins with the NAME of a server and \"=\".");
            string name = text[..equals];
            if (!names.Contains(name, StringComparer.Ordinal))
                throw new UsageException($"{option} names {name}, and no --server of this name has an address.");
            parts.Add((name, text[(equals + 1)..]));
        }

        return parts.ToLookup((part) => part.Name, (part) => part.Text, StringComparer.Ordinal);
    }

    private static McpSourceOptions WithHeaders(McpSourceOptions server, IEnumerable<string> headers)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string header in headers)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new UsageException($"--server-header {server.Name}: it takes HEADER: TEXT.");
            string text = header[(colon + 1)..].Trim();
            foreach (Match variable in Variable().Matches(text)) _ = ValueOf("--server-header", variable.Groups[1].Value);
            texts[header[..colon].Trim()] = text;
        }

        return texts.Count == 0 ? server : server with
        {
            SecretHeaders = texts,
            Secrets = ServerVariables.Secrets,
        };
    }

    private McpSourceOptions SignInTo(McpSourceOptions server, ILookup<string, string> ids, ILookup<string, string> secrets)
    {
        if (server.SecretHeaders.ContainsKey("Authorization")) return server;
        string? id = ids[server.Name].LastOrDefault(), variable = secrets[server.Name].LastOrDefault();
        if (variable is not null && id is null) throw new UsageException($"--client-secret {server.Name} needs a --client-id {server.Name}.");
        bool isMetadata = id?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
        var browser = new BrowserSignIn(server.Name, terminal);
        return server with
        {
            OAuth = new ClientOAuthOptions
            {
                RedirectUri = browser.RedirectAddress,
                ClientId = isMetadata ? null : id,
                ClientSecret = variable is null ? null : ValueOf("--client-secret", variable),
                ClientMetadataDocumentUri = isMetadata ? new Uri(id!) : null,
                DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "enclave" },
                AuthorizationCallbackHandler = browser.AskAsync,
                TokenCache = _file?.Of(server.Name, server.Address!),
            },
        };
    }

    private static string ValueOf(string option, string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new UsageException($"{option} names {variable}, and there is no such variable: set it, or leave the option out.");

    [GeneratedRegex("\\{([A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
