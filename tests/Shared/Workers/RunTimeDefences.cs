using Enclave.Guard;

namespace Enclave.Tests;

/// <summary>Options for tests of limits at run time, whose scripts no preset accepts.</summary>
internal static class RunTimeDefences
{
    /// <summary>The same options without examination, and without the loop limit that would be reached first.</summary>
    public static EnclaveOptions WithoutGuard(this EnclaveOptions options)
    {
        options.Validate = false;
        // Not even keys are looked at when they are used.
        options.Preset = GuardPreset.JavaScript;
        options.MaxIterations ??= 1_000_000_000;
        return options;
    }
}
