namespace Enclave;

/// <summary>A tool's effects, as the application declares them. They are never guessed from names: docs/tool-effects.md.</summary>
[Flags]
public enum ToolEffects
{
    /// <summary>Nothing declared: the sequence policy ignores the tool.</summary>
    None = 0,

    /// <summary>It gives the script new data.</summary>
    Reads = 1,

    /// <summary>It changes or adds data.</summary>
    Writes = 2,

    /// <summary>Its arguments leave the application's control: mail, a webhook, another company's service.</summary>
    Sends = 4,

    /// <summary>It removes data.</summary>
    Deletes = 8,
}
