namespace Enclave;

/// <summary>What a tool does, as whoever registers it declares. Nothing is ever guessed from a name: docs/tool-effects.md.</summary>
[Flags]
public enum ToolEffects
{
    /// <summary>Nothing declared: the sequence policy never judges the tool.</summary>
    None = 0,

    /// <summary>It gives the script data that it did not have.</summary>
    Reads = 1,

    /// <summary>It changes or adds data.</summary>
    Writes = 2,

    /// <summary>What it is given leaves for where the application has no say: mail, a webhook, another company's service.</summary>
    Sends = 4,

    /// <summary>It removes data.</summary>
    Deletes = 8,
}
