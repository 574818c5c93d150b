using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Enclave.Protocol;

namespace Enclave.Testing.Tests;

/// <summary>Tests of this project must not call the system's own library: the project also runs on other systems.</summary>
public sealed class EverywhereTests
{
    private static int s_refused;

    [Fact]
    public async Task A_run_with_tools_a_crash_and_a_cancelled_run_call_nothing_native()
    {
        await using var enclave = new TestEnclave((options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.ToolHandler = static (_, args, _) => new(args);
        });
        using var cancel = new CancellationTokenSource();
        enclave.When("return 'tool'").Runs(async (script) => (await script.CallAsync("echo", new { text = new string('x', 3_000_000) }))["text"]);
        enclave.When("return 'crash'").Meets(ErrorCode.WorkerCrashed);
        enclave.When("return 'wait'").Runs(async (script) =>
        {
            await cancel.CancelAsync();
            await new TaskCompletionSource().Task.WaitAsync(script.Ended);
            return null;
        });
        int before = Volatile.Read(ref s_refused);

        ExecutionResult tool = await enclave.Host.RunAsync("return 'tool'"), crash = await enclave.Host.RunAsync("return 'crash'");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enclave.Host.RunAsync("return 'wait'", null, cancel.Token));

        Assert.Equal(3_000_000, tool.Success ? tool.Value.AsString().Length : -1);
        Assert.Equal(ErrorCode.WorkerCrashed, crash.Error!.Code);
        Assert.All(enclave.Host.GetIsolationReport().Workers, (worker) => Assert.Equal(Environment.ProcessId, worker.ProcessId));
        Assert.Equal(before, Volatile.Read(ref s_refused));
    }

    /// <summary>Shows that the test above detects such calls.</summary>
    [Fact]
    public void A_real_host_is_refused_here()
    {
        PlatformNotSupportedException fault = Assert.Throws<PlatformNotSupportedException>(() => new EnclaveHost());

        Assert.Contains("no native code in this project", fault.ToString(), StringComparison.Ordinal);
        Assert.True(Volatile.Read(ref s_refused) > 0);
    }

#pragma warning disable CA2255 // Before the first call of any test, whichever it is: a library that is loaded once is not asked for again.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Refuse()
    {
        Type[] ofEach = [typeof(EnclaveHost), typeof(ErrorCode), typeof(TestEnclave), typeof(ScriptValue)];
        foreach (Assembly assembly in ofEach.Select((type) => type.Assembly))
        {
            NativeLibrary.SetDllImportResolver(assembly, static (name, _, _) =>
            {
                Interlocked.Increment(ref s_refused);
                throw new DllNotFoundException($"{name}: no native code in this project");
            });
        }
    }
}
