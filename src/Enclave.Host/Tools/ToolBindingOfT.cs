using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <inheritdoc/>
internal sealed class ToolBinding<TArguments, TResult> : ToolBinding
{
    /// <inheritdoc/>
    public override void AddTo(
        ToolCollection tools, string name, IServiceScopeFactory scopes, Func<IServiceProvider, (object Tool, bool IsOwned)> make, ToolOptions options)
    {
        tools.Add(name, (Func<TArguments, ToolContext, CancellationToken, Task<TResult>>)CallAsync, options);

        async Task<TResult> CallAsync(TArguments arguments, ToolContext context, CancellationToken token)
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                (object tool, bool isOwned) = make(scope.ServiceProvider);
                try
                {
                    return await ((ITool<TArguments, TResult>)tool).CallAsync(arguments, context, token).ConfigureAwait(false);
                }
                finally
                {
                    if (isOwned) await DisposeAsync(tool).ConfigureAwait(false);
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
