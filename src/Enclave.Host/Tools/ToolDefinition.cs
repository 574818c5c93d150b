using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave;

/// <summary>A registered tool: its name, the shapes of what it takes and gives, and its limits.</summary>
public sealed partial class ToolDefinition
{
    private readonly Lazy<JsonNode> _arguments, _result;
    private readonly Lazy<EffectDeclaration?> _declaration;
    private readonly HashSet<string>? _tenants;

    internal ToolDefinition(string name, ToolOptions options, Type argumentsType, Type? resultType, ToolBody body)
    {
        (Name, Options, ArgumentsType, ResultType, Body) = (name, options, argumentsType, resultType, body);
        _arguments = new Lazy<JsonNode>(() => ToolSchema.Of(argumentsType));
        _result = new Lazy<JsonNode>(() => resultType is null ? new JsonObject { ["type"] = "null" } : ToolSchema.Of(resultType));
        _declaration = new Lazy<EffectDeclaration?>(() => EffectDeclaration.Of(this));
        if (options.AllowedTenants is { } tenants) _tenants = new HashSet<string>(tenants, StringComparer.Ordinal);
    }

    /// <summary>A tool whose shapes are somebody else's, perhaps a service's: arguments are held to their schema, and reach the body as they are.</summary>
    internal ToolDefinition(string name, string? service, ToolOptions options, JsonNode arguments, JsonNode result, ToolBody body)
        : this(name, options, typeof(ScriptValue), typeof(ScriptValue), body)
    {
        Service = service;
        IsHeldToSchema = true;
        _arguments = new Lazy<JsonNode>(arguments);
        _result = new Lazy<JsonNode>(result);
    }

    /// <summary>A tool that takes its arguments apart by itself, after they were held to their schema.</summary>
    internal ToolDefinition(string name, ToolOptions options, ToolParameters parameters, Type? resultType, ToolBody body)
        : this(name, options, typeof(object[]), resultType, body)
    {
        Parameters = parameters;
        IsHeldToSchema = true;
        _arguments = new Lazy<JsonNode>(parameters.Schema);
    }

    /// <summary>The name that scripts call it by.</summary>
    public string Name { get; }

    /// <summary>Its limits, and what is said of it.</summary>
    public ToolOptions Options { get; }

    /// <summary>What it does; null when it was not said.</summary>
    public string? Description => Options.Description;

    /// <summary>The JSON schema of its arguments, made from their C# type, or as it was given: a copy that may be changed.</summary>
    public JsonNode ArgumentsSchema => _arguments.Value.DeepClone();

    /// <summary>The JSON schema of its result, made from its C# type, or as it was given: a copy that may be changed. A tool without a result has the schema of null.</summary>
    public JsonNode ResultSchema => _result.Value.DeepClone();

    /// <summary>The C# type that arguments are bound to.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>The C# type of the result; null when there is none.</summary>
    internal Type? ResultType { get; }

    internal ToolBody Body { get; }

    /// <summary>What its arguments become, one by one; null where they become one object.</summary>
    internal ToolParameters? Parameters { get; }

    /// <summary>True if arguments are held to the schema itself, since no type says more.</summary>
    internal bool IsHeldToSchema { get; }

    /// <summary>The service that it is an operation of; null for a tool of the application's own.</summary>
    public string? Service { get; }

    /// <summary>True if the application gave the schemas with the tool: they say which members of a result may be missing.</summary>
    internal bool IsSchemaGiven => IsHeldToSchema && Parameters is null && Service is null;

    /// <summary>What it declares of its effects; null if nothing.</summary>
    internal EffectDeclaration? Declaration => _declaration.Value;

    /// <summary>As <see cref="ArgumentsSchema"/>, but shared: nobody changes it.</summary>
    internal JsonNode SharedArgumentsSchema => _arguments.Value;

    /// <summary>True if runs of this tenant may call it.</summary>
    public bool IsOpenTo(string? tenant) => _tenants is null || (tenant is not null && _tenants.Contains(tenant));
}
