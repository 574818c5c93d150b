namespace Enclave.Tests;

/// <summary>The engine that the tests run on: the native one, or with <c>./test.sh --engine portable</c> the portable one.</summary>
internal static class TestedEngine
{
    public static bool IsPortable { get; } = Environment.GetEnvironmentVariable("ENCLAVE_TEST_ENGINE") == "portable";

    /// <summary>The folder of the native engine. <c>ENCLAVE_TEST_NATIVE</c> names that of another build (eng/test-native.sh).</summary>
    public static string NativeFolder { get; } =
        Path.Combine(Repository.Root, "artifacts", Environment.GetEnvironmentVariable("ENCLAVE_TEST_NATIVE") ?? "engine");

    /// <summary>Skips a test on the portable engine, with the promise that it does not make.</summary>
    public static void NeedsNative(string promise) => Assert.SkipWhen(IsPortable, $"the portable engine does not promise: {promise}");
}
