using System.Reflection;

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
        return new ToolReturn(result, typeof(ToolReturn)
            .GetMethod(way, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(result).CreateDelegate<Func<object?, Task<object?>>>());
    }

    private static async Task<object?> TaskAsync<T>(object? task) => await ((Task<T>)task!).ConfigureAwait(false);

    private static async Task<object?> ValueTaskAsync<T>(object? task) => await ((ValueTask<T>)task!).ConfigureAwait(false);
}
