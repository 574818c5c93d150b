using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>A tool class, bound to the argument and result types of its interface.</summary>
internal sealed class ScopedTool
{
    private static readonly MethodInfo s_add = typeof(ScopedTool).GetMethod(nameof(Add), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly MethodInfo _add;

    private ScopedTool(MethodInfo add) => _add = add;

    /// <exception cref="ArgumentException">The class is not a tool, or is several.</exception>
    public static ScopedTool Of<TTool>()
        where TTool : class, ITool
    {
        Type[] interfaces = [.. typeof(TTool).GetInterfaces().Where((type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ITool<,>))];
        if (interfaces.Length != 1)
            throw new ArgumentException($"{typeof(TTool)} implements ITool<TArguments, TResult> {interfaces.Length} times; a tool implements it once.");
        return new ScopedTool(s_add.MakeGenericMethod([typeof(TTool), .. interfaces[0].GetGenericArguments()]));
    }

    public void AddTo(ToolCollection tools, IServiceScopeFactory scopes, ToolOptions options) =>
        _add.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [tools, scopes, options], null);

    private static void Add<TTool, TArguments, TResult>(ToolCollection tools, IServiceScopeFactory scopes, ToolOptions options)
        where TTool : class, ITool<TArguments, TResult>
    {
        tools.Add(TTool.Name, (Func<TArguments, ToolContext, CancellationToken, Task<TResult>>)CallAsync, options);

        async Task<TResult> CallAsync(TArguments arguments, ToolContext context, CancellationToken token)
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                // A collection of runs comes later than the services, so its classes may not be among them. The scope disposes only its own.
                TTool? known = scope.ServiceProvider.GetService<TTool>();
                TTool tool = known ?? ActivatorUtilities.CreateInstance<TTool>(scope.ServiceProvider);
                try
                {
                    return await tool.CallAsync(arguments, context, token).ConfigureAwait(false);
                }
                finally
                {
                    if (known is null) await DisposeAsync(tool).ConfigureAwait(false);
                }
            }
        }
    }

    private static ValueTask DisposeAsync(object tool)
    {
        if (tool is IAsyncDisposable later) return later.DisposeAsync();
        (tool as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
