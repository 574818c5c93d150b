using Enclave.JavaScript.RegExp;

namespace Enclave.JavaScript.Tests.RegExp;

/// <summary>Where the pinned V8 leaves the language, and the check does not follow it.</summary>
internal static class EngineDifferences
{
    public static bool IsKnown(string pattern, string flags, RegExpFault? ours, string? engine) => false;
}
