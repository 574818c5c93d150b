using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A program that waits for input without any isolation. Root may do everything in it, so an attack that fails elsewhere is a real attack.</summary>
internal sealed class BareProgram : IDisposable
{
    private readonly ChildProcess _process;

    private BareProgram(ChildProcess process) => _process = process;

    public static async Task<CallOutcome> Try(Func<Tracee, CallOutcome> attack)
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        TestLauncher.Command("/bin/cat").Launch(
            TestLauncher.Setup, (process) => started.SetResult((ChildProcess)process), (why, _) => started.SetException(new InvalidOperationException(why)));
        using var program = new BareProgram(await Within.Deadline(started.Task, "start of cat"));
        CallOutcome outcome = await Injector.Inside(program._process.Pid, attack);
        Assert.True(outcome.Signal == 0, $"with nothing around it the program ended by {outcome}");
        return outcome;
    }

    public void Dispose()
    {
        _process.Kill();
        while (!_process.TryReap(out _))
        {
        }

        _process.Close();
    }
}
