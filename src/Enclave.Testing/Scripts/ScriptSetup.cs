using Enclave.Protocol.Messages;
using Enclave.Testing.Scripts;

namespace Enclave.Testing;

/// <summary>Defines the behaviour of a script. By default it returns undefined.</summary>
public sealed class ScriptSetup
{
    private volatile Func<FakeScript, Task<object?>> _body = static (_) => Task.FromResult<object?>(null);

    internal ScriptSetup(Func<ScriptRun, bool> condition) => Condition = condition;

    internal Func<ScriptRun, bool> Condition { get; }

    internal Func<FakeScript, Task<object?>> Body => _body;

    /// <summary>The script returns this value.</summary>
    /// <param name="value">Anything that <see cref="Enclave.Protocol.ScriptValue.From"/> accepts.</param>
    public void Returns(object? value) => _body = (_) => Task.FromResult(value);

    /// <summary>The script throws an error: the run ends with <see cref="ErrorCode.RuntimeError"/>.</summary>
    /// <param name="message">The error's message.</param>
    /// <param name="name">The error's name. Default: <c>Error</c>.</param>
    public void Throws(string message, string name = "Error")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _body = (_) => throw new ThrownError(name, message);
    }

    /// <summary>The script exceeds a limit, or its worker crashes.</summary>
    /// <param name="code">
    /// One of <see cref="ErrorCode.Timeout"/>, <see cref="ErrorCode.MemoryLimitExceeded"/>,
    /// <see cref="ErrorCode.MaxToolCalls"/>, <see cref="ErrorCode.MaxIterations"/>,
    /// <see cref="ErrorCode.OutputLimit"/>, <see cref="ErrorCode.WorkerCrashed"/>. It happens at once, also for a timeout.
    /// </param>
    /// <exception cref="ArgumentException">Another code, which a script cannot cause in a worker.</exception>
    public void Meets(ErrorCode code)
    {
        if (code == ErrorCode.WorkerCrashed)
        {
            _body = (_) => throw new CrashException();
            return;
        }

        StopReason reason = code switch
        {
            ErrorCode.Timeout => StopReason.Deadline,
            ErrorCode.MemoryLimitExceeded => StopReason.Memory,
            ErrorCode.MaxToolCalls => StopReason.ToolCalls,
            ErrorCode.MaxIterations => StopReason.Iterations,
            ErrorCode.OutputLimit => StopReason.ConsoleBytes,
            _ => throw new ArgumentException($"{code.ToCode()} cannot be caused by a script in its worker.", nameof(code)),
        };
        _body = (script) => throw script.Stop(reason);
    }

    /// <summary>The script waits until its time limit, or until its caller cancels.</summary>
    public void Hangs() => _body = static async (script) =>
    {
        await Task.Delay(Timeout.Infinite, script.Ended).ConfigureAwait(false);
        return null;
    };

    /// <summary>The script runs this function, which may call tools, print, return or throw. An exception ends the run like an error of the script.</summary>
    public void Runs(Func<FakeScript, Task<object?>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
    }
}
