using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>A tool class whose objects come from the scope of each call.</summary>
internal sealed class ScopedTool
{
    private readonly ToolBinding _binding;
    private readonly string _name;
    private readonly Func<IServiceProvider, (object Tool, bool IsOwned)> _make;

    private ScopedTool(ToolBinding binding, string name, Func<IServiceProvider, (object Tool, bool IsOwned)> make) =>
        (_binding, _name, _make) = (binding, name, make);

    /// <exception cref="ArgumentException">The class is not a tool.</exception>
    public static ScopedTool Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTool>()
        where TTool : class, ITool =>
        new(TTool.Binding ?? throw new ArgumentException($"{typeof(TTool)} does not implement ITool<TArguments, TResult>."), TTool.Name, Make<TTool>);

    public void AddTo(ToolCollection tools, IServiceScopeFactory scopes, ToolOptions options) => _binding.AddTo(tools, _name, scopes, _make, options);

    // A collection of runs comes later than the services, so its classes may not be among them. The scope disposes only its own.
    private static (object Tool, bool IsOwned) Make<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTool>(
        IServiceProvider services)
        where TTool : class =>
        services.GetService<TTool>() is { } known ? (known, false) : (ActivatorUtilities.CreateInstance<TTool>(services), true);
}
