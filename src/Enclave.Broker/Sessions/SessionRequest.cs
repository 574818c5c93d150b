using System.Text.Json;
using Enclave.Broker.Filters;
using Enclave.Broker.Json;
using Enclave.Protocol;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>A client's request to open a session, checked.</summary>
internal sealed record SessionRequest
{
    /// <summary>Maximum nesting of a body. The deepest legitimate part is a filter's rules.</summary>
    private const int MaxDepth = 32;

    private const int MaxIdCharacters = 128;

    private const string NoText = "a text outside of context is not valid Unicode: it has bytes that are not UTF-8, or the escape of a lone surrogate. " +
        "A script can write that escape itself";

    /// <summary>The script.</summary>
    public required string Code { get; init; }

    /// <summary>The script's language; null for <see cref="ScriptLanguage.Either"/>.</summary>
    public ScriptLanguage? Language { get; init; }

    /// <summary>True if a model wrote the script. Never read from a body.</summary>
    public bool OfModel { get; init; }

    /// <summary>The session's name; null if the broker should choose one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The limits that it asks for. The broker's options bound them.</summary>
    public SessionLimits Limits { get; init; } = new();

    internal EventFilter? Filter { get; init; }

    /// <summary>The client's half of a handshake, and whether encryption is required; null for none.</summary>
    public JsonElement? Encryption { get; init; }

    /// <summary>Tools that the client answers itself, each once.</summary>
    public IReadOnlyList<string> ClientTools { get; init; } = [];

    /// <summary>Globals of the script; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? Globals { get; init; }

    /// <summary>True if the session outlives its broker (docs/broker.md, Durable sessions).</summary>
    public bool Durable { get; init; }

    /// <summary>The key under which a repeated request gets the same session; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the body of a request with a key; empty without a key.</summary>
    public ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>True if a text is a valid key: 1 to 200 visible ASCII characters.</summary>
    public static bool IsKey(string text) => text.Length is > 0 and <= 200 && text.All((letter) => letter is > ' ' and <= '~');

    /// <summary>Reads a body; <paramref name="problem"/> says why it is refused.</summary>
    /// <param name="body">The body.</param>
    /// <param name="clientTools">The tools that a client may answer.</param>
    /// <param name="problem">The reason.</param>
    public static SessionRequest? Read(ReadOnlyMemory<byte> body, IReadOnlyCollection<string> clientTools, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, clientTools, out problem);
        }
        catch (JsonException fault)
        {
            problem = body.IsEmpty
                ? "Missing or invalid \"code\" field"
                : $"the body is not valid JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}";
            return null;
        }
    }

    private static SessionRequest? Read(JsonElement body, IReadOnlyCollection<string> clientTools, out string problem)
    {
        problem = NoText;
        if (!IsText(body)) return null;
        problem = "Missing or invalid \"code\" field";
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("code", out JsonElement code) || code.ValueKind != JsonValueKind.String) return null;
        string? id = null;
        if (body.TryGetProperty("sessionId", out JsonElement named))
        {
            id = named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            problem = $"sessionId must begin with {StreamProtocol.SessionPrefix} and have at most {MaxIdCharacters} letters, digits, _ . : and -";
            if (!IsName(id)) return null;
        }

        problem = WireLanguage.Problem;
        if (!TryLanguage(body, out ScriptLanguage? language)) return null;
        problem = "durable must be true or false";
        if (!TryDurable(body, out bool durable)) return null;
        SessionLimits limits = new();
        foreach (string member in (string[])["limits", "config"])
        {
            if (!body.TryGetProperty(member, out JsonElement given)) continue;
            if (!SessionLimits.TryRead(given, out SessionLimits? read, out string? wrong))
            {
                problem = $"{member}.{wrong}";
                return null;
            }

            limits = read.WithDefaults(limits);
        }

        // The alias POST /execute has limits beside the code.
        if (!SessionLimits.TryRead(body, out SessionLimits? beside, out problem!)) return null;
        EventFilter? filter = null;
        if (body.TryGetProperty("filter", out JsonElement asked) && !EventFilter.TryParse(asked, out filter, out string? why))
        {
            problem = $"filter: {why}";
            return null;
        }

        if (Tools(body, clientTools, out problem) is not { } tools) return null;
        if (!TryGlobals(body, out IReadOnlyDictionary<string, object?>? globals, out problem)) return null;
        var request = new SessionRequest
        {
            Code = code.GetString()!,
            Language = language,
            SessionId = id,
            Limits = limits.WithDefaults(beside),
            Filter = filter,
            Encryption =
                body.TryGetProperty("encryption", out JsonElement encryption) && encryption.ValueKind != JsonValueKind.Null ? encryption.Clone() : null,
            ClientTools = tools,
            Globals = globals,
            Durable = durable,
        };
        problem = durable ? request.NotDurable ?? "" : "";
        return problem.Length == 0 ? request : null;
    }

    /// <summary>Names appear in paths and logs, so their characters are limited.</summary>
    public static bool IsName(string? id) =>
        StreamProtocol.IsSessionId(id)
            && id!.Length <= MaxIdCharacters && id.All((letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ':');

    /// <summary>
    /// True if all texts are valid Unicode. Globals may hold invalid ones, because they are data; everything else is shown and encoded as UTF-8.
    /// </summary>
    private static bool IsText(JsonElement body) =>
        body.IsReadable() || (body.ValueKind == JsonValueKind.Object
            && body.HasReadableNames() && body.EnumerateObject().All(static (member) => member.NameEquals("context"u8) || member.Value.IsReadable()));

    /// <summary>A part of the request that a durable session cannot have, and why; null if there is none.</summary>
    private string? NotDurable =>
        Encryption is not null ? "encryption: events of a durable session are read at any broker, and cannot be encrypted"
        : Limits.DeadlineMs is not null ? "limits.deadlineMs: a durable session has none; sessionTtlMs limits the time in which it runs"
        : Limits.CancelOnFirstError is true ? "limits.cancelOnFirstError: a durable session has no such limit; its script catches errors"
        : null;

    private static bool TryDurable(JsonElement body, out bool durable)
    {
        durable = body.TryGetProperty("durable", out JsonElement asked) && asked.ValueKind == JsonValueKind.True;
        return durable || asked.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False;
    }

    private static bool TryLanguage(JsonElement body, out ScriptLanguage? language)
    {
        language = null;
        if (!body.TryGetProperty("language", out JsonElement name) || name.ValueKind == JsonValueKind.Null) return true;
        return name.ValueKind == JsonValueKind.String && WireLanguage.TryParse(name.GetString(), out language);
    }

    /// <summary>Reads names of tools. A body may name more than a broker allows, so the first foreign one is refused, and each is kept once.</summary>
    private static List<string>? Tools(JsonElement body, IReadOnlyCollection<string> allowed, out string problem)
    {
        problem = "tools must be a list of names";
        var tools = new List<string>();
        if (!body.TryGetProperty("tools", out JsonElement named)) return tools;
        if (named.ValueKind != JsonValueKind.Array) return null;
        foreach (JsonElement tool in named.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.String) return null;
            string name = tool.GetString()!;
            if (tools.Contains(name)) continue;
            if (!allowed.Contains(name))
            {
                problem = $"tools: '{name}' is not among those that a client may answer (ClientTools)";
                return null;
            }

            tools.Add(name);
        }

        return tools;
    }

    private static bool TryGlobals(JsonElement body, out IReadOnlyDictionary<string, object?>? globals, out string problem)
    {
        (globals, problem) = (null, "context must be an object");
        if (!body.TryGetProperty("context", out JsonElement context) || context.ValueKind == JsonValueKind.Null) return true;
        if (context.ValueKind != JsonValueKind.Object) return false;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        try
        {
            foreach ((string name, ScriptValue value) in ScriptValue.From(context).Properties) values[name] = value;
        }
        catch (ArgumentException wrong)
        {
            problem = $"context: {wrong.Message}";
            return false;
        }

        globals = values;
        return true;
    }
}
