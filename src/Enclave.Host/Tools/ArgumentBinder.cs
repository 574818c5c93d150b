using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Enclave.JavaScript.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Schemas.Checks;

namespace Enclave.Tools;

/// <summary>Binds a script's arguments to a tool's types, or describes the first mismatch. Names of C# types never reach the script.</summary>
internal static class ArgumentBinder
{
    /// <summary>Types that take the script's object unchanged.</summary>
    private static readonly Type[] s_open = [typeof(ScriptValue), typeof(JsonElement), typeof(JsonNode), typeof(JsonObject), typeof(object)];

    /// <summary>True if a script's object can be bound to the type as a whole.</summary>
    /// <exception cref="ArgumentException">No value can be bound to the type.</exception>
    public static bool TakesWhole(string tool, Type type)
    {
        if (s_open.Contains(type)) return true;
        try
        {
            JsonTypeInfo info = ToolJson.ContractOf(type);
            return info.Kind == JsonTypeInfoKind.Dictionary || (info.Kind == JsonTypeInfoKind.Object && !type.IsAbstract);
        }
        catch (Exception fault) when (fault is NotSupportedException or InvalidOperationException)
        {
            throw new ArgumentException($"Tool {tool}: {fault.Message}", fault);
        }
    }

    /// <summary>Refuses a result without a contract where its tool is added. With reflection every type has one, which is made when it is needed.</summary>
    /// <exception cref="ArgumentException">The type has no contract.</exception>
    public static void CheckResult(string tool, Type? type)
    {
        if (JsonSerializer.IsReflectionEnabledByDefault || type is null) return;
        try
        {
            ContractResolver.Of(type, OtherObjects.Options);
        }
        catch (NotSupportedException fault)
        {
            throw new ArgumentException($"Tool {tool}: {fault.Message}", fault);
        }
    }

    /// <exception cref="ArgumentException">No object can be bound to the type.</exception>
    public static void Check(string tool, Type type)
    {
        if (TakesWhole(tool, type)) return;
        throw new ArgumentException($"Tool {tool}: a script gives its arguments as an object, and {type} is not a type that one can be bound to; " +
            "use a class or record with a property for each argument.");
    }

    /// <exception cref="ToolException">The arguments do not fit.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public static object? Bind(ToolDefinition tool, ScriptValue arguments, ArgumentWork work, ToolContext context, bool verbose)
    {
        try
        {
            return BindAsGiven(tool, arguments, work, context, verbose);
        }
        catch (ToolException refused) when (refused.Code == ToolCode.InvalidArguments)
        {
            ScriptValue lesser = Bounded(tool, work, (meter) => AbsentNulls.Without(tool.HeldSchema, arguments, meter), context.CancellationToken);
            if (ReferenceEquals(lesser, arguments)) throw;
            return BindAsGiven(tool, lesser, work, context, verbose);
        }
    }

    private static object? BindAsGiven(ToolDefinition tool, ScriptValue arguments, ArgumentWork work, ToolContext context, bool verbose)
    {
        if (tool.IsHeldToSchema && FirstDifference(tool, arguments, work, context.CancellationToken) is { } differs) throw Refusal(tool, differs);
        if (tool.ArgumentsType == typeof(ScriptValue)) return arguments;
        try
        {
            if (tool.Parameters is { } parameters) return parameters.Bind(arguments, context, out string? fault) ?? throw Refusal(tool, fault!);
            object? bound = ContractResolver.Read(ArgumentJson.ToUtf8(arguments, context).Span, tool.ArgumentsType, ToolJson.Options);
            if (bound is not null && !s_open.Contains(tool.ArgumentsType) && Annotations.FirstFault(bound) is { } refused) throw Refusal(tool, refused);
            return bound;
        }
        catch (JsonException fault)
        {
            throw Refusal(tool, FirstDifference(tool, arguments, work, context.CancellationToken) ?? Elsewhere(fault.Path), fault);
        }
#pragma warning disable CA1031 // Constructors, setters and annotations of the arguments are the application's code, and may throw anything.
        catch (Exception fault) when (fault is not (ToolException or OperationCanceledException))
#pragma warning restore CA1031
        {
            throw Refusal(tool, verbose ? fault.Message : "they were refused", fault);
        }
    }

    /// <summary>The first place that differs from the schema; null if there is none.</summary>
    /// <exception cref="ToolException">The check could not be completed. Unchecked arguments are not passed on.</exception>
    private static string? FirstDifference(ToolDefinition tool, ScriptValue arguments, ArgumentWork work, CancellationToken token) =>
        Bounded(tool, work, (meter) => SchemaCheck.FirstDifference(tool.HeldSchema, arguments, meter), token);

    private static T Bounded<T>(ToolDefinition tool, ArgumentWork work, Func<WorkMeter, T> check, CancellationToken token)
    {
        try
        {
            return work.Do(check, token);
        }
        catch (WorkLimitException)
        {
            throw ToolFault.TooMuchWork(tool.Name, $"the host spends {ToolFault.Time(work.Limit)} of CPU time on the arguments of one run " +
                "(CpuTimeout), and it is used up");
        }
        catch (CheckLimitException fault)
        {
            throw ToolFault.TooMuchWork(tool.Name, fault.Message);
        }
    }

    private static ToolException Refusal(ToolDefinition tool, string what, Exception? cause = null) =>
        ToolFault.Of(ToolCode.InvalidArguments, $"the arguments of {tool.Name} do not fit: {what}", cause);

    /// <summary>Mismatches that the schema does not cover: a number out of its type's range, a text that is not a date.</summary>
    public static string Elsewhere(string? path) => $"{(path is null or "" ? "$" : path)} is not in the range or form of its type";
}
