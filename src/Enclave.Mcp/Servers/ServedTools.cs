using System.Text.Json;
using Enclave.Models;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Servers;

/// <summary>The descriptions of the tools that a server of scripts offers to its clients.</summary>
internal sealed class ServedTools(ICodeHost host, CodeServerOptions options)
{
    public const string Run = "run_code", Search = "search_tools", Describe = "describe_tools";

    private const string Rest =
        "A script is the body of an async JavaScript or TypeScript function: it may use await and return at its top level. It has no modules, no network and "
        + "no files: tools are its only way out. The instructions of this server have the language, the limits and the tools as they were when you connected. "
        + "search_tools finds tools by words of what they do. describe_tools gives their declarations: read them before you call a tool.";

    private static readonly JsonElement s_code = JsonElement.Parse(CodeAnswer.Arguments);

    private static readonly JsonElement s_wait = JsonElement.Parse(CodeRuns.Arguments);

    private static readonly JsonElement s_query = JsonElement.Parse(
        $$"""
        {
          "type": "object", "required": ["query"], "additionalProperties": false,
          "properties": {
            "query": { "type": "string", "description": "Words of what the tool does." },
            "limit": { "type": "integer", "minimum": 1, "maximum": {{ToolIndex.MaxFound}}, "default": 10 }
          }
        }
        """);

    private static readonly JsonElement s_names = JsonElement.Parse(
        $$"""
        {
          "type": "object", "required": ["names"], "additionalProperties": false,
          "properties": { "names": { "type": "array", "items": { "type": "string" }, "maxItems": {{ToolIndex.MaxDescribed}} } }
        }
        """);

    private static readonly JsonElement s_found = JsonElement.Parse(
        """
        {
          "type": "object", "required": ["tools"],
          "properties": { "tools": { "type": "array", "items": {
            "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "description": { "type": "string" } }
          } } }
        }
        """);

    public async ValueTask<ListToolsResult> ListAsync(CancellationToken cancellationToken) => new()
    {
        Tools =
        [
            new Tool
            {
                Name = Run,
                Title = "Run a script",
                Description = options.Description == CodeDescription.Brief
                    ? CodeAnswer.Purpose(options.MaxResultTokens) + Rest
                    // Written again for each request, because tools of services and servers may have changed.
                    : CodeAnswer.Purpose(options.MaxResultTokens)
                        + await host.DescribeForModelAsync(options.MaxToolTokens, options.Run, cancellationToken).ConfigureAwait(false),
                InputSchema = s_code,
                OutputSchema = JsonElement.Parse(CodeAnswer.Schema),
            },
            new Tool
            {
                Name = Search,
                Title = "Search tools",
                Description = "Finds the tools that scripts of run_code can call, by words of what they do.",
                InputSchema = s_query,
                OutputSchema = s_found,
                Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
            },
            new Tool
            {
                Name = Describe,
                Title = "Describe tools",
                Description = "Gives the TypeScript declarations of tools by their names: read them before you call a tool in a script.",
                InputSchema = s_names,
                Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
            },
            .. Waiting(),
        ],
    };

    /// <summary>The tool that waits, where runs answer before they end.</summary>
    private Tool[] Waiting() => options.YieldAfter is null || options.AnswersFrom is not null ? [] :
    [
        new Tool
        {
            Name = CodeRuns.Wait,
            Title = "Wait for a script",
            Description = CodeRuns.Purpose,
            InputSchema = s_wait,
            OutputSchema = JsonElement.Parse(CodeAnswer.Schema),
        },
    ];
}
