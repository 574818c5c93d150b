namespace Enclave.Guard;

/// <summary>Whether scripts are judged before they run. They are parsed, transformed and bounded either way.</summary>
public enum StaticChecks
{
    /// <summary>Scripts are judged.</summary>
    On,

    /// <summary>Only what happens when the script runs stands against it.</summary>
    Off,
}
