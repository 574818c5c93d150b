using System.Text.Json;
using Enclave.Networks;
using Enclave.Tools;

namespace Enclave.Fetch;

/// <summary>The tool behind the global <c>fetch</c>.</summary>
internal static class FetchTool
{
    public const string Name = "fetch";

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    private static readonly JsonElement s_arguments = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "url": { "type": "string" },
            "method": { "type": "string", "description": "Default: GET." },
            "headers": { "type": "object", "additionalProperties": { "type": "string" } },
            "body": { "type": "string", "description": "Text or bytes." },
            "redirect": { "enum": ["follow", "error", "manual"], "description": "Default: follow." }
          },
          "required": ["url"],
          "additionalProperties": false
        }
        """);

    private static readonly JsonElement s_result = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "status": { "type": "integer" },
            "statusText": { "type": "string" },
            "url": { "type": "string" },
            "redirected": { "type": "boolean" },
            "headers": { "type": "array", "items": { "type": "array", "items": { "type": "string" } }, "description": "Pairs of name and value." },
            "body": { "description": "Bytes; null if there is none." }
          },
          "required": ["status", "statusText", "url", "redirected", "headers", "body"]
        }
        """);

    /// <exception cref="ArgumentException">Options are out of their ranges.</exception>
    public static ToolDefinition Of(FetchOptions options)
    {
        FetchOptionsCheck.Check(options);
        var policy = new FetchPolicy(options);
        ToolOptions tool = Limits(options);
        if (options.Tool is { } change) tool = change(tool);
        SocketsHttpHandler handler = new NetworkConnector(policy.Reach, options.Resolve).CreateHandler(s_connectTimeout);
        // The handler's pool closes idle connections by itself, so the client needs no disposal.
        var client = new HttpMessageInvoker(handler);
        ToolDefinition definition = ToolDefinition.Create(
            Name, s_arguments,
            async (arguments, context, token) => await new FetchExchange(options, policy, client, context)
            {
                FollowsElsewhere = !tool.RequiresApproval,
            }.RunAsync(arguments, token).ConfigureAwait(false),
            s_result, tool);
        definition.FindsSecrets = true;
        return definition;
    }

    private static ToolOptions Limits(FetchOptions options) => new()
    {
        Description = "Sends an HTTP request to an origin that the operator allows.",
        Timeout = options.Timeout,
        Effects = FetchMethods.EffectsOf(options.Origins.SelectMany((origin) => origin.Methods)),
        Secrets = [.. options.Origins.Select((origin) => origin.Credential?.Secret).OfType<string>().Distinct(StringComparer.Ordinal)],
        AllowedTenants = options.Origins.All((origin) => origin.AllowedTenants is not null)
            ? [.. options.Origins.SelectMany((origin) => origin.AllowedTenants!).Distinct(StringComparer.Ordinal)]
            : null,
    };
}
