using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Serve.Yaml;
using Enclave.Configuration;

namespace Enclave.Cli.Serve;

/// <summary>The options of <c>enclave serve</c> for tools from services.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<string[]> _document = Several("--openapi", "NAME=FILE|URL",
        "A service whose operations are tools, by its OpenAPI 3 document in JSON or YAML; may be repeated. The tools are called NAME:operation.");

    private readonly Option<string[]> _base = Several("--openapi-base",
        "NAME=URL", "The address of a service. Default: the first server that its document names. An address with http:// is used without TLS.");

    private readonly Option<string[]> _secret = Several(
        "--openapi-secret", "NAME:SCHEME=SECRET", "The secret for a security scheme of a service's document; may be repeated. NAME=SECRET is sent as a " +
        "bearer token with every call whose operation requires no such scheme.");

    private readonly Option<TimeSpan?> _refresh = OptionFactory.Value(
        "--openapi-refresh", "TIME", "How often the documents are read again. Default: never.", Durations.Form, (string text, out TimeSpan time) =>
            Durations.TryParse(text, 1000, out time));

    private readonly Option<string?> _secrets = new("--secrets")
    {
        Description = "The folder with the secrets, one file each, as /run/secrets.",
        HelpName = "DIR",
    };

    public IEnumerable<Option> All => [_document, _base, _secret, _refresh, _secrets];

    /// <summary>The folder with the secrets; null for none.</summary>
    public string? Secrets(ParseResult parsed) => parsed.GetValue(_secrets);

    /// <exception cref="UsageException">An option is malformed, or names no service.</exception>
    public IReadOnlyList<OpenApiOptions> Services(ParseResult parsed)
    {
        var services = new Dictionary<string, OpenApiOptions>(StringComparer.Ordinal);
        foreach (string given in parsed.GetValue(_document)!)
        {
            (string name, string document) = Split("--openapi", given, "NAME=FILE or NAME=URL");
            // An explicit http:// is intended.
            bool isPlain = document.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
            if (!services.TryAdd(name, new OpenApiOptions
            {
                Name = name,
                Document = document,
                ToJson = YamlDocument.ToJson,
                AllowHttp = isPlain,
                RefreshInterval = parsed.GetValue(_refresh),
            }))
                throw new UsageException($"the service \"{name}\" is defined twice.");
        }

        foreach (string given in parsed.GetValue(_base)!)
        {
            (string name, string text) = Split("--openapi-base", given, "NAME=URL");
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)) throw new UsageException($"--openapi-base is \"{given}\"; it takes NAME=URL.");
            Change("--openapi-base", name, (service) => service with { BaseAddress = address, AllowHttp = service.AllowHttp || address.Scheme == "http" });
        }

        foreach (string given in parsed.GetValue(_secret)!)
        {
            (string place, string secret) = Split("--openapi-secret", given, "NAME:SCHEME=SECRET or NAME=SECRET");
            string[] parts = place.Split(':', 2);
            Change("--openapi-secret", parts[0], (service) => parts.Length == 1
                ? service with { Credential = HttpCredential.Bearer(secret) }
                : service with { Secrets = new Dictionary<string, string>(service.Secrets, StringComparer.Ordinal) { [parts[1]] = secret } });
            if (Secrets(parsed) is null) throw new UsageException("--openapi-secret needs a folder of secrets: add --secrets DIR.");
        }

        return [.. services.Values];

        void Change(string option, string name, Func<OpenApiOptions, OpenApiOptions> change)
        {
            if (!services.TryGetValue(name, out OpenApiOptions? service))
                throw new UsageException($"{option} names the service \"{name}\", which no --openapi defines.");
            services[name] = change(service);
        }
    }

    private static (string Name, string Value) Split(string option, string given, string form)
    {
        int equals = given.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < given.Length - 1
            ? (given[..equals], given[(equals + 1)..])
            : throw new UsageException($"{option} is \"{given}\"; it takes {form}.");
    }

    private static Option<string[]> Several(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = (_) => [] };
}
