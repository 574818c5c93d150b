using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Mcp.Transports;
using Enclave.Schemas;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>
/// Reads a server's tools, page by page, and makes tools of scripts of them. A tool that has not changed since the last reading stays the same object, so it
/// keeps its counts.
/// </summary>
internal sealed class ToolListReader(McpSourceOptions options, ToolCaller caller, SourceSecrets secrets)
{
    private const int MaxTools = 1_000, MaxPages = 1_000, MaxSkipped = 500, NameCharacters = 200, ReasonCharacters = 400;

    /// <exception cref="McpSourceException">The server has more tools or pages than the limits allow.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ToolList> ReadAsync(McpClient client, ToolList before, CancellationToken token)
    {
        var tools = new List<ToolDefinition>();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        var skipped = new List<string>();
        var names = new ScriptNames();
        await foreach (JsonNode? declared in DeclaredAsync(client, token).ConfigureAwait(false))
        {
            // The work for each tool is bounded; the token bounds the time of all tools.
            token.ThrowIfCancellationRequested();
            string shown = NameOf(declared) is { } named ? Shown(named, NameCharacters) : "a tool without a name";
            if (Read(declared, out string? fault) is not { } listed)
            {
                Skip(skipped, $"{shown}: its declaration cannot be read ({Shown(fault ?? "it is null", ReasonCharacters)})");
                continue;
            }

            if (IsTask(declared))
            {
                Skip(skipped, $"{shown}: it runs only as a task, and tasks are not supported");
                continue;
            }

            if (CoveredTool.Of(listed, secrets) is not { } tool)
            {
                Skip(skipped, $"{shown}: its schemas cannot be read");
                continue;
            }

            if (names.Next(tool.Name ?? "") is not { } scriptName)
            {
                Skip(skipped, $"{shown}: its name has neither letters nor digits");
                continue;
            }

            McpTool known = ToolLimits.Shown(tool, scriptName);
            if (options.Include?.Invoke(known) == false) continue;
            string name = $"{options.Name}:{scriptName}";
            string fingerprint = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(tool, McpContracts.Of<Tool>())));
            bool isSame = before.Fingerprints.GetValueOrDefault(name) == fingerprint;
            try
            {
                tools.Add(isSame ? before.ByName[name] : Definition(name, listed.Name ?? "", tool, known));
            }
            catch (ArgumentException refused) when (refused.ParamName == "argumentsSchema")
            {
                Skip(skipped, $"{shown}: {Shown(refused.Message, ReasonCharacters)}");
                continue;
            }

            fingerprints.Add(name, fingerprint);
        }

        return new ToolList(tools, tools.ToFrozenDictionary((tool) => tool.Name, StringComparer.Ordinal), fingerprints, skipped);
    }

    /// <summary>The declarations as the server sent them. The SDK reads a page as a whole, and refuses all of it for one wrong tool.</summary>
    private async IAsyncEnumerable<JsonNode?> DeclaredAsync(McpClient client, [EnumeratorCancellation] CancellationToken token)
    {
        int count = 0;
        string? cursor = null;
        for (int page = 0; page < MaxPages; page++)
        {
            JsonObject result = await client.SendRequestAsync<ListToolsRequestParams, JsonObject>(
                RequestMethods.ToolsList, new ListToolsRequestParams { Cursor = cursor }, McpJsonUtilities.DefaultOptions, cancellationToken: token)
                .ConfigureAwait(false);
            JsonArray tools = result["tools"]?.AsArray() ?? [];
            count += tools.Count;
            if (count > MaxTools) throw new McpSourceException($"the MCP server {options.Name} has more than {MaxTools} tools");
            foreach (JsonNode? declared in tools) yield return declared;
            // A server that repeats a cursor would be read forever.
            if (result["nextCursor"]?.GetValue<string>() is not { } next || next == cursor) yield break;
            cursor = next;
        }

        throw new McpSourceException($"the MCP server {options.Name} lists its tools on more than {MaxPages} pages");
    }

    private string Shown(string text, int most) => LenientJson.OneLine(secrets.Mask.Of(text), most) ?? "a tool without a name";

    private static string? NameOf(JsonNode? declared) =>
        declared is JsonObject tool && tool["name"] is JsonValue name && name.TryGetValue(out string? text) ? text : null;

    /// <summary>A server refuses other calls of such a tool (MCP 2025-11-25, "Tasks").</summary>
    private static bool IsTask(JsonNode? declared) =>
        declared is JsonObject tool && tool["execution"] is JsonObject execution
        && execution["taskSupport"] is JsonValue support && support.TryGetValue(out string? text) && text == "required";

    private static Tool? Read(JsonNode? declared, out string? fault)
    {
        fault = null;
        try
        {
            return DeclaredTool.Mended(declared).Deserialize(McpContracts.Of<Tool>());
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            fault = wrong.Message;
            return null;
        }
    }

    private ToolDefinition Definition(string name, string own, Tool tool, McpTool known) => ToolDefinition.CreateForeign(
        name,
        tool.InputSchema,
        (arguments, context, token) => caller.CallAsync(name, own, arguments, context, token),
        tool.OutputSchema ?? CallAnswer.Unstructured,
        ToolLimits.Of(known, options));

    private static void Skip(List<string> skipped, string what)
    {
        if (skipped.Count < MaxSkipped) skipped.Add(what);
    }
}
