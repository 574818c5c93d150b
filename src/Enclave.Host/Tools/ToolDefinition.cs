using System.Text.Json.Nodes;
using Enclave.Tools;

namespace Enclave;

/// <summary>A registered tool: its name, the shapes of what it takes and gives, and its limits.</summary>
public sealed class ToolDefinition
{
    private readonly Lazy<JsonNode> _arguments, _result;

    internal ToolDefinition(string name, ToolOptions options, Type argumentsType, Type? resultType, ToolBody body)
    {
        (Name, Options, ArgumentsType, ResultType, Body) = (name, options, argumentsType, resultType, body);
        _arguments = new Lazy<JsonNode>(() => ToolSchema.Of(argumentsType));
        _result = new Lazy<JsonNode>(() => resultType is null ? new JsonObject { ["type"] = "null" } : ToolSchema.Of(resultType));
    }

    /// <summary>The name that scripts call it by.</summary>
    public string Name { get; }

    /// <summary>Its limits, and what is said of it.</summary>
    public ToolOptions Options { get; }

    /// <summary>What it does; null when it was not said.</summary>
    public string? Description => Options.Description;

    /// <summary>The JSON schema of its arguments, made from their C# type: a copy that may be changed.</summary>
    public JsonNode ArgumentsSchema => _arguments.Value.DeepClone();

    /// <summary>The JSON schema of its result, made from its C# type: a copy that may be changed. A tool without a result has the schema of null.</summary>
    public JsonNode ResultSchema => _result.Value.DeepClone();

    /// <summary>The C# type that arguments are bound to.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>The C# type of the result; null when there is none.</summary>
    internal Type? ResultType { get; }

    internal ToolBody Body { get; }

    /// <summary>As <see cref="ArgumentsSchema"/>, but shared: nobody changes it.</summary>
    internal JsonNode SharedArgumentsSchema => _arguments.Value;
}
