using System.Text.RegularExpressions;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>A form over which the compiler's parser and ours differ, and why ours is meant to.</summary>
/// <param name="What">What differs, and the reason.</param>
/// <param name="Example">A text over which we differ.</param>
/// <param name="Explains">Whether it is the reason for a finding.</param>
internal sealed partial record CompilerDeviation(string What, string Example, Func<Finding, bool> Explains)
{
    public static ImmutableArray<CompilerDeviation> All { get; } = [];

    public static CompilerDeviation? Of(Finding found) => All.FirstOrDefault((deviation) => deviation.Explains(found));
}
