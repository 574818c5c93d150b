using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Enclave.Tools;

/// <summary>The result of a method: its type without the task around it, and how to get it.</summary>
/// <param name="Type">The type of the result; null if there is none.</param>
/// <param name="AwaitAsync">Awaits the method's return value.</param>
internal sealed record ToolReturn(Type? Type, Func<object?, Task<object?>> AwaitAsync)
{
    public static ToolReturn Of(Type type)
    {
        if (type == typeof(void)) return new ToolReturn(null, (_) => Task.FromResult<object?>(null));
        if (type == typeof(Task)) return new ToolReturn(null, async (task) =>
        {
            await ((Task)task!).ConfigureAwait(false);
            return null;
        });
        if (type == typeof(ValueTask)) return new ToolReturn(null, async (task) =>
        {
            await ((ValueTask)task!).ConfigureAwait(false);
            return null;
        });
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)) return Awaiting(nameof(TaskAsync), type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)) return Awaiting(nameof(ValueTaskAsync), type);
        return new ToolReturn(type, Task.FromResult);
    }

    private static ToolReturn Awaiting(string way, Type type)
    {
        Type result = type.GetGenericArguments()[0];
        return result.IsValueType && !RuntimeFeature.IsDynamicCodeSupported
            ? new ToolReturn(result, AwaitingMembers(type))
            : new ToolReturn(result, AwaitingCode(way, result));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The methods demand nothing of T.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "For reference types, whose code is shared; for value types only where code can be made.")]
    private static Func<object?, Task<object?>> AwaitingCode(string way, Type result) => typeof(ToolReturn)
        .GetMethod(way, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(result).CreateDelegate<Func<object?, Task<object?>>>();

    // Ahead of time there is no code of ours for the value type, but the task has its own.
    private static Func<object?, Task<object?>> AwaitingMembers(Type type)
    {
        if (type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            var asTask = (MethodInfo)type.GetMemberWithSameMetadataDefinitionAs(typeof(ValueTask<>).GetMethod(nameof(ValueTask<>.AsTask))!);
            Func<object?, Task<object?>> awaitTask = AwaitingMembers(asTask.ReturnType);
            return (task) => awaitTask(asTask.Invoke(task, null));
        }

        var result = (PropertyInfo)type.GetMemberWithSameMetadataDefinitionAs(typeof(Task<>).GetProperty(nameof(Task<>.Result))!);
        return async (task) =>
        {
            await ((Task)task!).ConfigureAwait(false);
            return result.GetValue(task);
        };
    }

    private static async Task<object?> TaskAsync<T>(object? task) => await ((Task<T>)task!).ConfigureAwait(false);

    private static async Task<object?> ValueTaskAsync<T>(object? task) => await ((ValueTask<T>)task!).ConfigureAwait(false);
}
