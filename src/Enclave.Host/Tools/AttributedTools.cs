using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace Enclave.Tools;

/// <summary>Finds the methods of a class that are tools.</summary>
internal static class AttributedTools
{
    /// <summary>The members of a class that may be tools.</summary>
    public const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <exception cref="ArgumentException">There is no such method, or one of them cannot be a tool.</exception>
    public static IReadOnlyList<ToolDefinition> Of(
        [DynamicallyAccessedMembers(Members)] Type type, Func<IServiceProvider?, object?> target, string? prefix, ToolServices? services, bool targetIsScoped)
    {
        // Sorted by their place in the class, because reflection has no order; by name where places are not known, as in a program compiled ahead.
        (MethodInfo Method, EnclaveToolAttribute Tool)[] methods =
        [
            .. type.GetMethods(All).OrderBy(PlaceOf).ThenBy((method) => method.Name, StringComparer.Ordinal)
            .Select((method) => (method, method.GetCustomAttribute<EnclaveToolAttribute>(inherit: true)!)).Where((pair) => pair.Item2 is not null),
        ];
        if (methods.Length == 0) throw new ArgumentException($"{type} has no method with [EnclaveTool].");
        return [.. methods.Select((pair) => ToolMethod.Of(
            NameOf(pair.Method, pair.Tool, prefix), pair.Method, target, Options(pair.Tool), services, targetIsScoped && !pair.Method.IsStatic))];
    }

    private static int PlaceOf(MethodInfo method) => method.HasMetadataToken() ? method.GetMetadataToken() : 0;

    private static string NameOf(MethodInfo method, EnclaveToolAttribute tool, string? prefix)
    {
        string own = method.Name.Length > 5 && method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^5] : method.Name;
        string name = tool.Name ?? JsonNamingPolicy.CamelCase.ConvertName(own);
        return prefix is null ? name : $"{prefix}:{name}";
    }

    private static ToolOptions Options(EnclaveToolAttribute tool) => new()
    {
        Description = tool.Description,
        Effects = tool.Effects,
        RequiresApproval = tool.RequiresApproval,
        MaxCalls = tool.MaxCalls < 0 ? null : tool.MaxCalls,
        Timeout = tool.TimeoutMilliseconds == 0 ? null : TimeSpan.FromMilliseconds(tool.TimeoutMilliseconds),
    };
}
