using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>A parameter of a method that a script provides as a member of its object.</summary>
internal sealed class ToolParameter
{
    private readonly Type _type;
    private readonly bool _takesNull;
    private readonly object? _default;
    private readonly ValidationAttribute[] _rules;

    public ToolParameter(string tool, ParameterInfo parameter)
    {
        Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        _type = parameter.ParameterType;
        if (_type.IsByRef || _type.IsPointer || _type.IsByRefLike)
            throw new ArgumentException($"Tool {tool}: the parameter {parameter.Name} of type {_type} is not data that a script can give.");
        // Reports a bad type now, not at the first call.
        bool isData = ArgumentBinder.TakesWhole(tool, _type) || !(_type.IsAbstract || _type.IsInterface) || JsonKinds.IsCollection(_type);
        if (!isData) throw new ArgumentException($"Tool {tool}: the parameter {parameter.Name} of type {_type} is neither data nor a service of the " +
            "application. Tools with services are added with AddEnclave(...).AddTool(name, function).");
        _takesNull = Nullable.GetUnderlyingType(_type) is not null
            || (!_type.IsValueType && TakesNull(parameter));
        IsRequired = !parameter.HasDefaultValue;
        if (!IsRequired) _default = parameter.DefaultValue
            ?? (_type.IsValueType && Nullable.GetUnderlyingType(_type) is null ? ZeroOf(_type) : null);
        _rules = [.. parameter.GetCustomAttributes<ValidationAttribute>(inherit: true)];
        Schema = SchemaOf(parameter);
    }

    /// <summary>The member's name.</summary>
    public string Name { get; }

    public bool IsRequired { get; }

    public JsonNode Schema { get; }

    /// <summary>The parameter's value, or the mismatch.</summary>
    /// <exception cref="Exception">Thrown by constructors and setters of its type.</exception>
    public object? Bind(ScriptValue arguments, ToolContext context, out string? fault)
    {
        fault = null;
        ScriptValue given = arguments[Name];
        if (given.Kind == ScriptValueKind.Undefined) return _default;
        if (_type == typeof(ScriptValue)) return given;
        object? value;
        try
        {
            value = ContractResolver.Read(ArgumentJson.ToUtf8(given, context).Span, _type, ToolJson.Options);
        }
        catch (JsonException mismatch)
        {
            fault = ArgumentBinder.Elsewhere($"$.{Name}{(mismatch.Path is { Length: > 1 } path ? path[1..] : "")}");
            return null;
        }

        if (value is null && !_takesNull) fault = $"$.{Name} is null";
        foreach (ValidationAttribute rule in _rules)
        {
            fault ??= rule.GetValidationResult(value, new ValidationContext(value ?? this, Name, null, null) { MemberName = Name }) is { } refused
                ? $"$.{Name}: {refused.ErrorMessage?.TrimEnd('.')}"
                : null;
        }

        if (fault is null && value is not null && Annotations.FirstFault(value) is { } inside) fault = $"$.{Name}{inside[1..]}";
        return value;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A value of zeros needs no constructor.")]
    private static object ZeroOf(Type type) => RuntimeHelpers.GetUninitializedObject(type);

    // A program that is trimmed knows the nullability of parameters only if NullabilityInfoContextSupport is set. Otherwise a parameter of a reference type
    // takes no null.
    private static bool TakesNull(ParameterInfo parameter) =>
        (!AppContext.TryGetSwitch("System.Reflection.NullabilityInfoContext.IsSupported", out bool isSupported) || isSupported)
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;

    private JsonNode SchemaOf(ParameterInfo parameter)
    {
        JsonNode node = ToolSchema.Of(_type);
        if (node is not JsonObject schema) return node;
        // A type that contains itself refers to the root. Here the parameter is not the root.
        Move(schema, $"#/properties/{Name}");
        if (_takesNull) AllowNull(schema);
        foreach (Attribute attribute in parameter.GetCustomAttributes(inherit: true).Cast<Attribute>()) ToolSchema.Annotate(schema, attribute);
        if (!IsRequired) schema["default"] = JsonSerializer.SerializeToNode(_default, ToolJson.ContractOf(_type));
        return schema;
    }

    private static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue one && (string?)one is { } type && type != "null") schema["type"] = new JsonArray(type, "null");
        if (schema["enum"] is JsonArray members && !members.Any((member) => member is null)) members.Add((JsonNode?)null);
    }

    // Recursion is as deep as schemas of types.
    private static void Move(JsonNode? node, string to)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items) Move(item, to);
        }
        else if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference && (string?)reference is { } target && target.StartsWith('#')) members["$ref"] = to + target[1..];
            foreach ((_, JsonNode? member) in members) Move(member, to);
        }
    }
}
