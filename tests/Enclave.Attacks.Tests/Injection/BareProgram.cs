using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A program that waits for input without any isolation. Root may do everything in it, so an attack that fails elsewhere is a real attack.</summary>
internal sealed class BareProgram : IDisposable
{
    private readonly ChildProcess _process;
    private bool _reaped;

    private BareProgram(ChildProcess process) => _process = process;

    public int Pid => _process.Pid;

    public static async Task<BareProgram> Start()
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        TestLauncher.Command("/bin/cat").Launch(
            TestLauncher.Setup, (process) => started.SetResult((ChildProcess)process), (why, _) => started.SetException(new InvalidOperationException(why)));
        return new BareProgram(await Within.Deadline(started.Task, "start of cat"));
    }

    public static async Task<CallOutcome> Try(Func<Tracee, CallOutcome> attack)
    {
        using BareProgram program = await Start();
        CallOutcome outcome = await Injector.Inside(program.Pid, attack);
        Assert.True(outcome.Signal == 0, $"with nothing around it the program ended by {outcome}");
        return outcome;
    }

    public void Kill() => _process.Kill();

    public bool TryReap() => _reaped = _reaped || _process.TryReap(out _);

    public void Dispose()
    {
        Kill();
        while (!TryReap())
        {
        }

        _process.Close();
    }
}
