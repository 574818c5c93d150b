using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
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
    private const int MaxPages = 1_000, MaxSkipped = 500, NameCharacters = 200, SkippedCharacters = 500;

    /// <exception cref="McpSourceException">The server has more tools or pages than the limits allow.</exception>
    public async Task<ToolList> ReadAsync(McpClient client, ToolList before, CancellationToken token)
    {
        var tools = new List<ToolDefinition>();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        var skipped = new List<string>();
        var names = new ScriptNames();
        foreach (Tool listed in await PagesAsync(client, token).ConfigureAwait(false))
        {
            string shown = LenientJson.OneLine(secrets.Mask.Of(listed.Name ?? ""), NameCharacters) ?? "a tool without a name";
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
            string fingerprint = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(tool, McpJsonUtilities.DefaultOptions)));
            bool isSame = before.Fingerprints.GetValueOrDefault(name) == fingerprint;
            try
            {
                tools.Add(isSame ? before.ByName[name] : Definition(name, listed.Name ?? "", tool, known));
            }
            catch (ArgumentException fault) when (fault.ParamName == "argumentsSchema")
            {
                Skip(skipped, LenientJson.OneLine($"{shown}: {fault.Message}", SkippedCharacters)!);
                continue;
            }

            fingerprints.Add(name, fingerprint);
        }

        return new ToolList(tools, tools.ToFrozenDictionary((tool) => tool.Name, StringComparer.Ordinal), fingerprints, skipped);
    }

    private async Task<List<Tool>> PagesAsync(McpClient client, CancellationToken token)
    {
        var all = new List<Tool>();
        string? cursor = null;
        for (int page = 0; page < MaxPages; page++)
        {
            ListToolsResult result = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, token).ConfigureAwait(false);
            all.AddRange(result.Tools ?? []);
            if (all.Count > options.MaxTools)
                throw new McpSourceException($"the MCP server {options.Name} has more than {options.MaxTools} tools: raise MaxTools if that is meant");
            // A server that repeats a cursor would be read forever.
            if (result.NextCursor is not { } next || next == cursor) return all;
            cursor = next;
        }

        throw new McpSourceException($"the MCP server {options.Name} lists its tools on more than {MaxPages} pages");
    }

    private ToolDefinition Definition(string name, string own, Tool tool, McpTool known) => ToolDefinition.Create(
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
