using System.Runtime.CompilerServices;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave;

/// <content>Functions as they are, methods of classes, and tools whose schemas exist already.</content>
public sealed partial class ToolCollection
{
    /// <summary>Adds a function as it is, sync or async: <c>(int a, int b) => a + b</c>. Its parameters are members of the script's object, by name in camel case; those with a default may be left out.</summary>
    /// <param name="name">What scripts call it by: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="function">
    /// The function. A <see cref="ToolContext"/> and a <see cref="CancellationToken"/> among its parameters are the call's own. One parameter alone whose type has members
    /// is the whole object. Services are for those that are added with <c>AddEnclave(...).AddTool(name, function)</c>.
    /// </param>
    /// <param name="options">Its limits; null for none. Its description is by default the function's <see cref="System.ComponentModel.DescriptionAttribute"/>.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">The name is not one, or is taken, an option is out of its range, or a script cannot give what a parameter takes.</exception>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have this one.</exception>
    [OverloadResolutionPriority(-1)]
    public ToolCollection Add(string name, Delegate function, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add(ToolMethod.Of(name, function, options, services: null));
    }

    /// <summary>Adds a tool whose schemas exist already.</summary>
    /// <returns>This collection.</returns>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have this one.</exception>
    /// <inheritdoc cref="ToolDefinition.Create"/>
    public ToolCollection Add(
        string name, JsonElement argumentsSchema, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler, JsonElement? resultSchema = null, ToolOptions? options = null) =>
        Add(ToolDefinition.Create(name, argumentsSchema, handler, resultSchema, options));

    /// <summary>Adds the methods of an object that have an <see cref="EnclaveToolAttribute"/>, static ones too.</summary>
    /// <param name="target">The object. Its methods may be called at the same time.</param>
    /// <param name="prefix">What their names begin with, before a colon; null for nothing.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">It has none, a name is taken or is none, or a script cannot give what a parameter takes.</exception>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have these.</exception>
    public ToolCollection AddMethods(object target, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        foreach (ToolDefinition tool in AttributedTools.Of(target.GetType(), (_) => target, prefix, services: null, targetIsScoped: false)) Add(tool);
        return this;
    }
}
