using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.Networks;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>Makes the tools of a service from its document. Unchanged operations keep their tools.</summary>
/// <param name="options">The service.</param>
/// <param name="at">The document's address, to which relative addresses refer; null for a file.</param>
/// <param name="reach">The networks that its names may lead to.</param>
/// <param name="before">The result of the previous reading.</param>
/// <param name="send">Sends a request.</param>
internal sealed class ServiceReader(
    OpenApiOptions options, Uri? at, NetworkReach reach, ServiceTools before, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
{
    private const int ReasonsTold = 5, ReasonsKept = 100;

    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    private readonly List<string> _skipped = [];
    private readonly Dictionary<string, int> _reasons = new(StringComparer.Ordinal);

    /// <exception cref="OpenApiException">The document cannot be read, or exceeds a limit.</exception>
    /// <exception cref="ArgumentException">A value from the operator's functions is out of its range.</exception>
    public ServiceTools Read(ReadOnlyMemory<byte> utf8)
    {
        using OpenApiDocument document = OpenApiDocument.Parse(utf8);
        ServiceAddress address = Address(document.Root);
        List<ReadOperation> operations = Operations(document, address);
        var tools = new List<ToolDefinition>();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, ReadOperation operation) in new OperationNames(options.Name, operations).All())
        {
            string fingerprint = operation.Fingerprint();
            bool isSame = before.Fingerprints.GetValueOrDefault(name) == fingerprint;
            fingerprints.Add(name, fingerprint);
            tools.Add(isSame ? before.ByName[name] : Tool(name, operation, address));
        }

        string version = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', tools.Select((tool) => $"{tool.Name} {fingerprints[tool.Name]}")))))[..32];
        DateTimeOffset updated = before.Address is not null && version == before.Version ? before.Updated : options.TimeProvider.GetUtcNow();
        return new ServiceTools(
            tools, tools.ToFrozenDictionary((tool) => tool.Name, StringComparer.Ordinal), fingerprints, version, _skipped, WhySkipped(), address,
            updated);
    }

    private ServiceAddress Address(JsonElement root)
    {
        ServiceAddress address;
        if (options.BaseAddress is { } own)
        {
            address = ServiceAddress.Of(own, options.AllowHttp);
        }
        else
        {
            JsonElement server = root.Member("servers").Items().FirstOrDefault();
            string? url = ServerTemplate.Fill(server.Text("url") ?? "/", server.Member("variables"));
            if (url is null || !(at is null ? Uri.TryCreate(url, UriKind.Absolute, out Uri? named) : Uri.TryCreate(at, url, out named)))
                throw new OpenApiException("the document names no server with a whole address: name it (BaseAddress)");
            address = ServiceAddress.Of(named, options.AllowHttp);
            if (reach.Refusal(named.IdnHost) is { } place)
                throw new OpenApiException($"the document names a server at {named.IdnHost}, {place}: if that is meant, name it yourself (BaseAddress)");
        }

        // A changed document must not send secrets to another address.
        return before.Address is null || before.Address == address
            ? address
            : throw new OpenApiException("the document names another server than before: name the one that is meant (BaseAddress), and load it anew");
    }

    private List<ReadOperation> Operations(OpenApiDocument document, ServiceAddress address)
    {
        var reader = new OperationReader(document, options, address);
        var operations = new List<ReadOperation>();
        int seen = 0;
        foreach (JsonProperty place in document.Root.Member("paths").Members())
        {
            if (place.Name.Length > OpenApiLimits.AddressCharacters || !document.TryFollow(place.Value, out JsonElement path))
            {
                Skip(LenientJson.OneLine(place.Name, OpenApiLimits.NameCharacters) ?? "", "its reference leads nowhere, or its path is too long");
                continue;
            }

            foreach (string method in s_methods)
            {
                if (path.Member(method) is not { ValueKind: JsonValueKind.Object } operation) continue;
                if (++seen > OpenApiLimits.OperationsSeen) throw new OpenApiException($"the document has more than {OpenApiLimits.OperationsSeen} operations");
                OpenApiOperation known = Known(place.Name, method, operation);
                if (options.Include?.Invoke(known) == false) continue;
                if (reader.Read(known, path, operation, out string why) is { } read) operations.Add(read);
                else Skip(LenientJson.OneLine(known.ToString(), OpenApiLimits.NameCharacters)!, why);
                if (operations.Count > options.MaxOperations) throw new OpenApiException($"the document has more than {options.MaxOperations} operations " +
                    "that would become tools: choose among them (Include), or raise MaxOperations");
            }
        }

        return operations;
    }

    private static OpenApiOperation Known(string path, string method, JsonElement operation) => new()
    {
        OperationId = operation.Text("operationId") is { Length: > 0 and <= OpenApiLimits.NameCharacters } id ? id : null,
        Method = method.ToUpperInvariant(),
        Path = path,
        Tags = [.. operation.Texts("tags").Where((tag) => tag.Length <= OpenApiLimits.NameCharacters).Take(50)],
        IsDeprecated = operation.Is("deprecated"),
    };

    private ToolDefinition Tool(string name, ReadOperation operation, ServiceAddress address)
    {
        string[] secrets = [.. operation.Credentials.Select((credential) => credential.Secret).Distinct(StringComparer.Ordinal)];
        ToolOptions limits = new()
        {
            Description = operation.Description,
            Timeout = options.Timeout,
            Effects = Effects(operation.Known.Method),
            Secrets = secrets,
        };
        if (options.Tool is { } change)
            limits = change(operation.Known, limits) ?? throw new ArgumentException($"OpenApiOptions.Tool gave null for {operation.Known}.");
        // The operator's function cannot remove the secrets from calls.
        limits = limits with { Secrets = [.. secrets.Union(limits.Secrets, StringComparer.Ordinal)] };
        ToolOptionsCheck.Check(limits);
        var plan = new OperationPlan
        {
            Tool = name,
            Method = new HttpMethod(operation.Known.Method),
            Path = operation.Template,
            Parameters = operation.Parameters,
            Body = operation.Body,
            Credentials = operation.Credentials,
            Address = address,
            MaxResponseBytes = options.MaxResponseBytes,
        };
        var tool = new ToolDefinition(
            name, options.Name, limits, operation.Arguments, operation.Held, operation.Result,
            (arguments, context, token) => CallAsync(plan, (ScriptValue)arguments!, context, token));
        _ = tool.Declaration;
        return tool;
    }

    private async Task<object?> CallAsync(OperationPlan plan, ScriptValue arguments, ToolContext context, CancellationToken token)
    {
        using HttpRequestMessage request = new OperationRequest(plan, arguments, context).Make();
        using HttpResponseMessage response = await send(request, token).ConfigureAwait(false);
        return await new ServiceAnswer(plan, response, context).ReadAsync(token).ConfigureAwait(false);
    }

    /// <summary>The effects by the method's meaning in HTTP. Data that is sent to a service leaves the application.</summary>
    private static ToolEffects Effects(string method) => method switch
    {
        "GET" or "HEAD" or "OPTIONS" => ToolEffects.Reads,
        "DELETE" => ToolEffects.Deletes,
        _ => ToolEffects.Writes | ToolEffects.Sends,
    };

    private void Skip(string operation, string why)
    {
        if (_skipped.Count < OpenApiLimits.SkippedTold) _skipped.Add($"{operation}: {why}");
        string kept = _reasons.Count < ReasonsKept || _reasons.ContainsKey(why) ? why : "other reasons";
        _reasons[kept] = _reasons.GetValueOrDefault(kept) + 1;
    }

    private string WhySkipped()
    {
        KeyValuePair<string, int>[] most = [.. _reasons.OrderByDescending((reason) => reason.Value).ThenBy((reason) => reason.Key, StringComparer.Ordinal)];
        if (most.Length == 0) return "";
        string told = string.Join(", ", most.Take(ReasonsTold).Select((reason) => $"{reason.Key} ({reason.Value})"));
        return $"{most.Sum((reason) => reason.Value)} operations are left out: {told}{(most.Length > ReasonsTold ? " and other reasons" : "")}";
    }
}
