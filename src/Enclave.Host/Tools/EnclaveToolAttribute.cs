namespace Enclave;

/// <summary>
/// Makes a method a tool (<see cref="ToolCollection.AddMethods"/>). Scripts provide its parameters, except for a <see cref="ToolContext"/>, a
/// <see cref="CancellationToken"/> and services.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnclaveToolAttribute : Attribute
{
    /// <summary>A tool with the name of its method: in camel case, without <c>Async</c> at its end.</summary>
    public EnclaveToolAttribute()
    {
    }

    /// <summary>A tool of this name.</summary>
    public EnclaveToolAttribute(string name) => Name = name;

    /// <summary>The tool's name, after the prefix; null for the method's name.</summary>
    public string? Name { get; }

    /// <summary>A description for people and models. Default: the method's <see cref="System.ComponentModel.DescriptionAttribute"/>, if it has one.</summary>
    public string? Description { get; set; }

    /// <summary>As <see cref="ToolOptions.Effects"/>. Default: nothing declared.</summary>
    public ToolEffects Effects { get; set; }

    /// <summary>As <see cref="ToolOptions.RequiresApproval"/>. Default: false.</summary>
    public bool RequiresApproval { get; set; }

    /// <summary>As <see cref="ToolOptions.MaxCalls"/>. Range: 0 to 1,000,000. Default: -1, no limit of its own.</summary>
    public int MaxCalls { get; set; } = -1;

    /// <summary>As <see cref="ToolOptions.Timeout"/>, in milliseconds. Range: 1 to 86,400,000. Default: 0, the run's own deadline.</summary>
    public int TimeoutMilliseconds { get; set; }
}
