using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Schemas.Calls;
using Enclave.Schemas.Checks;
using Enclave.Tools;

namespace Enclave;

/// <summary>A registered tool: its name, the schemas of its arguments and result, and its limits.</summary>
public sealed partial class ToolDefinition : ICalledTool
{
    private readonly Lazy<JsonNode> _arguments, _result;
    private readonly Lazy<SchemaNode> _held;
    private readonly Lazy<string> _schemaHash;
    private readonly Lazy<SchemaNode?> _answer;
    private readonly Lazy<EffectDeclaration?> _declaration;
    private readonly HashSet<string>? _tenants;

    internal ToolDefinition(string name, ToolOptions options, Type argumentsType, Type? resultType, ToolBody body)
    {
        ArgumentBinder.CheckResult(name, resultType);
        (Name, Options, ArgumentsType, ResultType, Body) = (name, options, argumentsType, resultType, body);
        _arguments = new Lazy<JsonNode>(() => ToolSchema.Of(argumentsType));
        _held = new Lazy<SchemaNode>(() => SchemaCompiler.Compile(
            Parameters is { IsEmpty: true } ? new JsonObject { ["type"] = "object" } : SharedArgumentsSchema, SchemaHold.Shape));
        _result = new Lazy<JsonNode>(() => resultType is null ? new JsonObject { ["type"] = "null" } : ToolSchema.Of(resultType));
        _schemaHash = new Lazy<string>(() => ToolSchema.HashOf(SharedArgumentsSchema, _result!.Value));
        _answer = new Lazy<SchemaNode?>(CompileAnswer);
        _declaration = new Lazy<EffectDeclaration?>(() => EffectDeclaration.Of(this));
        if (options.AllowedTenants is { } tenants) _tenants = new HashSet<string>(tenants, StringComparer.Ordinal);
    }

    /// <summary>A tool with foreign schemas, for example a service's. Arguments are checked against their schema, and reach the body unchanged.</summary>
    internal ToolDefinition(string name, string? service, ToolOptions options, JsonNode arguments, SchemaNode held, JsonNode result, ToolBody body)
        : this(name, options, typeof(ScriptValue), typeof(ScriptValue), body)
    {
        Service = service;
        IsHeldToSchema = true;
        _arguments = new Lazy<JsonNode>(arguments);
        _held = new Lazy<SchemaNode>(held);
        _result = new Lazy<JsonNode>(result);
    }

    /// <summary>A tool that reads its arguments itself, after they were checked against their schema.</summary>
    internal ToolDefinition(string name, ToolOptions options, ToolParameters parameters, Type? resultType, ToolBody body)
        : this(name, options, typeof(object[]), resultType, body)
    {
        Parameters = parameters;
        IsHeldToSchema = true;
        _arguments = new Lazy<JsonNode>(parameters.Schema);
    }

    /// <summary>The name that scripts call it by.</summary>
    public string Name { get; }

    /// <summary>Its limits and description.</summary>
    public ToolOptions Options { get; }

    /// <summary>Its description; null if there is none.</summary>
    public string? Description => Options.Description;

    /// <summary>A copy of the JSON schema of its arguments, generated from their C# type, or as it was given.</summary>
    public JsonNode ArgumentsSchema => _arguments.Value.DeepClone();

    /// <summary>
    /// A copy of the JSON schema of its result, generated from its C# type, or as it was given. A tool without a result has the schema of null.
    /// </summary>
    public JsonNode ResultSchema => _result.Value.DeepClone();

    /// <summary>The C# type that arguments are bound to.</summary>
    internal Type ArgumentsType { get; }

    /// <summary>The C# type of the result; null if there is none.</summary>
    internal Type? ResultType { get; }

    internal ToolBody Body { get; }

    /// <summary>The parameters that its arguments are bound to; null if they are bound to one object.</summary>
    internal ToolParameters? Parameters { get; }

    /// <summary>True if its body looks up the secrets that a call needs, of those that its options name.</summary>
    internal bool FindsSecrets { get; set; }

    /// <summary>True if arguments are checked against the schema itself, because there is no type.</summary>
    internal bool IsHeldToSchema { get; }

    /// <summary>The service of the operation; null for a tool of the application.</summary>
    public string? Service { get; }

    /// <summary>True if the application gave the schemas: such schemas say which members of a result may be missing.</summary>
    internal bool IsSchemaGiven => IsHeldToSchema && Parameters is null && Service is null;

    /// <summary>Its declared effects; null if there are none.</summary>
    internal EffectDeclaration? Declaration => _declaration.Value;

    /// <summary>As <see cref="ArgumentsSchema"/>, but shared, so it must not be changed.</summary>
    internal JsonNode SharedArgumentsSchema => _arguments.Value;

    /// <summary>A hash of both schemas.</summary>
    internal string SchemaHash => _schemaHash.Value;

    /// <summary>The compiled schema, against which arguments are checked.</summary>
    internal SchemaNode HeldSchema => _held.Value;

    SchemaNode ICalledTool.HeldSchema => HeldSchema;

    bool ICalledTool.IsHeldToSchema => IsHeldToSchema;

    SchemaNode? ICalledTool.AnswerSchema => AnswerSchema;

    /// <summary>The form of its result's schema that scripts are compared with before they run; null if it cannot be read.</summary>
    internal SchemaNode? AnswerSchema => _answer.Value;

    /// <summary>True if runs of this tenant may call it.</summary>
    public bool IsOpenTo(string? tenant) => _tenants is null || (tenant is not null && _tenants.Contains(tenant));

    private SchemaNode? CompileAnswer()
    {
        try
        {
            return SchemaCompiler.Compile(_result.Value, SchemaHold.Shape);
        }
        catch (UnheldSchemaException)
        {
            // A result is not held to its schema: it is only shown to models.
            return null;
        }
    }
}
