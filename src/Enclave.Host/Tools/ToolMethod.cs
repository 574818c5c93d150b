using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>Makes a tool from a method or function. Its parameters are members of the script's object, the run's context, a token, or services.</summary>
internal sealed class ToolMethod
{
    private readonly MethodInfo _invoked;
    private readonly Func<IServiceProvider?, object?> _target;
    private readonly ToolServices? _services;
    private readonly ParameterInfo[] _parameters;
    private readonly bool[] _isGiven;
    private readonly ToolReturn _return;
    private readonly bool _needsScope;

    private ToolMethod(MethodInfo invoked, ParameterInfo[] parameters, Func<IServiceProvider?, object?> target, ToolServices? services, bool targetIsScoped)
    {
        (_invoked, _parameters, _target, _services) = (invoked, parameters, target, services);
        _return = ToolReturn.Of(invoked.ReturnType);
        _isGiven = [.. parameters.Select((parameter) => !IsContext(parameter.ParameterType) && !IsService(parameter))];
        _needsScope = targetIsScoped || parameters.Any(IsService);
    }

    /// <exception cref="ArgumentException">A parameter or the name is invalid, or an option is out of its range.</exception>
    public static ToolDefinition Of(string name, Delegate function, ToolOptions? options, ToolServices? services)
    {
        // Names, defaults and annotations come from the written function. The call goes through the delegate, which has the target.
        ParameterInfo[] written = function.Method.GetParameters();
        MethodInfo invoked = InvokeOf(function);
        int bound = written.Length - invoked.GetParameters().Length;
        return new ToolMethod(invoked, written[bound..], (_) => function, services, targetIsScoped: false).Define(name, options, function.Method);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Invoke is a part of every delegate, and is never trimmed.")]
    private static MethodInfo InvokeOf(Delegate function) => function.GetType().GetMethod("Invoke")!;

    /// <param name="target">Returns the method's object for each call; null for a static method.</param>
    /// <param name="services">The application's services; null for none.</param>
    /// <param name="targetIsScoped">True if the object comes from the call's scope.</param>
    /// <inheritdoc cref="Of(string, Delegate, ToolOptions?, ToolServices?)"/>
    public static ToolDefinition Of(string name, MethodInfo method, Func<IServiceProvider?, object?> target, ToolOptions? options, ToolServices? services,
        bool targetIsScoped) =>
        new ToolMethod(method, method.GetParameters(), target, services, targetIsScoped).Define(name, options, method);

    private ToolDefinition Define(string name, ToolOptions? options, MethodInfo written)
    {
        ToolCollection.CheckName(name);
        options ??= new ToolOptions();
        ToolOptionsCheck.Check(options);
        if (options.Description is null && written.GetCustomAttribute<DescriptionAttribute>() is { } text)
            options = options with { Description = text.Description };
        ParameterInfo[] given = [.. _parameters.Where((parameter, i) => _isGiven[i])];
        // A single parameter with members is the whole object, as with the other ways to add a tool.
        if (given is [var only] && ArgumentBinder.TakesWhole(name, only.ParameterType))
            return new ToolDefinition(name, options, only.ParameterType, _return.Type, (arguments, context, token) => CallAsync([arguments], context, token));
        var parameters = new ToolParameters([.. given.Select((parameter) => new ToolParameter(name, parameter))]);
        return new ToolDefinition(name, options, parameters, _return.Type, (arguments, context, token) => CallAsync((object?[])arguments!, context, token));
    }

    private async Task<object?> CallAsync(object?[] given, ToolContext context, CancellationToken token)
    {
        if (!_needsScope) return await InvokeAsync(given, context, null, token).ConfigureAwait(false);
        AsyncServiceScope scope = _services!.Scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false)) return await InvokeAsync(given, context, scope.ServiceProvider, token).ConfigureAwait(false);
    }

    private Task<object?> InvokeAsync(object?[] given, ToolContext context, IServiceProvider? services, CancellationToken token)
    {
        var values = new object?[_parameters.Length];
        for (int i = 0, next = 0; i < values.Length; i++) values[i] = _isGiven[i] ? given[next++] : Value(_parameters[i], context, services, token);
        return _return.AwaitAsync(_invoked.Invoke(_target(services), BindingFlags.DoNotWrapExceptions, null, values, null));
    }

    private static object? Value(ParameterInfo parameter, ToolContext context, IServiceProvider? services, CancellationToken token)
    {
        if (parameter.ParameterType == typeof(CancellationToken)) return token;
        if (parameter.ParameterType == typeof(ToolContext)) return context;
        if (parameter.ParameterType == typeof(IServiceProvider)) return services;
        return parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? ((IKeyedServiceProvider)services!).GetRequiredKeyedService(parameter.ParameterType, keyed.Key)
            : services!.GetRequiredService(parameter.ParameterType);
    }

    private static bool IsContext(Type type) => type == typeof(ToolContext) || type == typeof(CancellationToken);

    private bool IsService(ParameterInfo parameter) =>
        _services is not null && !IsContext(parameter.ParameterType)
        && (parameter.ParameterType == typeof(IServiceProvider) || parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is not null
        || _services.Known.IsService(parameter.ParameterType));
}
