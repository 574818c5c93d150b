using Enclave.Tools;

namespace Enclave;

/// <summary>A tool as a class: its name and limits. Implement <see cref="ITool{TArguments, TResult}"/>.</summary>
public interface ITool
{
    /// <summary>The tool's name: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</summary>
    static abstract string Name { get; }

    /// <summary>Its limits and description. Default: none.</summary>
    static virtual ToolOptions Options => new();

    /// <summary>Adds the class with the types of its arguments and result; null if it does not implement the interface with both.</summary>
    internal static virtual ToolBinding? Binding => null;
}
