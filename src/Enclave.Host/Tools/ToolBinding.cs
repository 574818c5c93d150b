using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>Adds a tool class to a collection. The class's interface makes it, because there the types of arguments and result are known when the
/// program is compiled.</summary>
internal abstract class ToolBinding
{
    /// <param name="tools">The collection.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="scopes">Each call has its own scope.</param>
    /// <param name="make">The class's object for a call, and if the call disposes it.</param>
    /// <param name="options">Its limits.</param>
    public abstract void AddTo(
        ToolCollection tools, string name, IServiceScopeFactory scopes, Func<IServiceProvider, (object Tool, bool IsOwned)> make, ToolOptions options);
}
