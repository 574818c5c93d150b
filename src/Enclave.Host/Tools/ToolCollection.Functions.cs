using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave;

/// <content>Functions, methods of classes, and tools with existing schemas.</content>
public sealed partial class ToolCollection
{
    /// <summary>
    /// Adds a function, sync or async: <c>(int a, int b) => a + b</c>. Its parameters are members of the script's
    /// object, by name in camel case. Those with a default are optional.
    /// </summary>
    /// <param name="name">The tool's name: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="function">
    /// The function. A <see cref="ToolContext"/> and a <see cref="CancellationToken"/> among its parameters
    /// belong to the call. A single parameter whose type has members
    /// is the whole object. Services are parameters too with <c>AddEnclave(...).AddTool(name, function)</c>, and in a collection that was created with
    /// services.
    /// </param>
    /// <param name="options">Its limits; null for none. Its default description is the function's
    /// <see cref="System.ComponentModel.DescriptionAttribute"/>.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">The name is invalid or taken, an option is out of its range, or a script cannot provide a parameter.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have this one.</exception>
    [OverloadResolutionPriority(-1)]
    public ToolCollection Add(string name, Delegate function, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add(ToolMethod.Of(name, function, options, _services));
    }

    /// <summary>
    /// Adds a tool class to a collection that was created with services. Each call has its own service scope, from which the tool and its dependencies come;
    /// a class that is not registered is made for the call.
    /// </summary>
    /// <typeparam name="TTool">Implements <see cref="ITool{TArguments, TResult}"/> once.</typeparam>
    /// <param name="options">Its limits; null for those of its class.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">The class does not implement that interface; its name is taken.</exception>
    /// <exception cref="InvalidOperationException">The collection has no services, or a host was already created with these tools.</exception>
    public ToolCollection AddTool<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTool>(ToolOptions? options = null)
        where TTool : class, ITool
    {
        if (_services is null) throw new InvalidOperationException(
            $"{typeof(TTool)} needs services: create the collection with new ToolCollection(services), or add the class with AddEnclave(...).AddTool<T>().");
        ScopedTool.Of<TTool>().AddTo(this, _services.Scopes, options ?? TTool.Options);
        return this;
    }

    /// <summary>Adds a tool with existing schemas.</summary>
    /// <returns>This collection.</returns>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have this one.</exception>
    /// <inheritdoc cref="ToolDefinition.Create"/>
    public ToolCollection Add(
        string name, JsonElement argumentsSchema, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler,
        JsonElement? resultSchema = null, ToolOptions? options = null) =>
        Add(ToolDefinition.Create(name, argumentsSchema, handler, resultSchema, options));

    /// <summary>Adds the methods of an object that have an <see cref="EnclaveToolAttribute"/>, also static ones.</summary>
    /// <param name="target">The object. Its methods may be called concurrently.</param>
    /// <param name="prefix">The part of their names before a colon; null for none.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">It has no such method, a name is invalid or taken, or a script cannot provide a parameter.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have these.</exception>
    [RequiresUnreferencedCode("The methods of an object whose class is not known may be trimmed. Pass the object as its own class: AddMethods<T>(target).")]
    public ToolCollection AddMethods(object target, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        foreach (ToolDefinition tool in AttributedTools.Of(target.GetType(), (_) => target, prefix, _services, targetIsScoped: false)) Add(tool);
        return this;
    }

    /// <typeparam name="T">The class of the object. Methods of a class derived from it are tools as well, except in a program that is trimmed.</typeparam>
    /// <inheritdoc cref="AddMethods(object, string?)"/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The methods of T are kept; T says that those of a derived class are not.")]
    public ToolCollection AddMethods<[DynamicallyAccessedMembers(AttributedTools.Members)] T>(T target, string? prefix = null)
        where T : class => AddMethods((object)target, prefix);
}
