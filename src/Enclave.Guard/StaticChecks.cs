namespace Enclave.Guard;

/// <summary>Whether scripts are judged before they run. They are parsed, transformed and bounded either way.</summary>
internal enum StaticChecks
{
    On,

    /// <summary>Only what happens when the script runs stands against it.</summary>
    Off,
}
