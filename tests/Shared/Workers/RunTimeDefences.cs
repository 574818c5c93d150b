using Enclave.Guard;

namespace Enclave.Tests;

/// <summary>For tests of what stands against a script once it runs: their scripts are ones that no preset accepts.</summary>
internal static class RunTimeDefences
{
    /// <summary>The same options with nothing judged before it runs, and no loop counted out before another limit meets it.</summary>
    public static EnclaveOptions WithoutGuard(this EnclaveOptions options)
    {
        options.Validate = false;
        // Not even keys are looked at when they are used.
        options.Preset = GuardPreset.JavaScript;
        options.MaxIterations ??= 1_000_000_000;
        return options;
    }
}
