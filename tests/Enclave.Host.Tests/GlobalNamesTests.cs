using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The globals of a script: the language's, our functions, nothing else. This test fails first if a new engine brings a new name.</summary>
public sealed class GlobalNamesTests
{
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task I1_The_names_are_those_of_the_list(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new EnclaveHost(
            new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() }.WithoutGuard());

        ExecutionResult result = await host.RunAsync("return Object.getOwnPropertyNames(globalThis).sort()");

        // ClearScript's V8 is built without it.
        string[] absent = TestedEngine.IsPortable ? ["Temporal"] : [];
        string[] hardened = level is SecurityLevel.Strict or SecurityLevel.Secure ? ["Atomics", "FinalizationRegistry", "WeakRef"] : [];
        Assert.Equal(File.ReadAllLines(List).Except(hardened).Except(absent), result.Value.Items.Select((name) => name.AsString()));
    }

    [Theory]
    [InlineData("require")]
    [InlineData("process")]
    [InlineData("Deno")]
    [InlineData("read")]
    [InlineData("os")]
    [InlineData("std")]
    [InlineData("fetch")]
    [InlineData("WebSocket")]
    [InlineData("__bridge")]
    public async Task I1_No_door_to_files_or_host_is_there(string name)
    {
        await using var host = new EnclaveHost(new EnclaveOptions().WithoutGuard());

        ExecutionResult result = await host.RunAsync($"return [typeof {name}, typeof globalThis.{name}, typeof (function () {{ return this; }})()]");

        Assert.Equal("[\"undefined\",\"undefined\",\"undefined\"]", result.Value.ToJsonString());
    }

    private static string List => Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "global-names.txt");
}
