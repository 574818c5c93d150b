using System.Collections.Concurrent;
using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers.Peers;

/// <summary>The child of <see cref="JobProcess"/>: one job after another over standard input and output, each in a new context of one runtime.</summary>
internal sealed class JobProcessProgram(int memoryMb) : IDisposable
{
    private readonly V8Runtime _runtime = ClearScriptRuntime.Make(memoryMb);
    private readonly Stream _input = Console.OpenStandardInput(), _output = Console.OpenStandardOutput();
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _calls = new();
    private int _lastCall;

    public void Run()
    {
        Send(new JobFrame(FrameKind.Ready, 0, ""));
        while (JobFrame.Read(_input) is { } frame)
        {
            if (frame.Kind == FrameKind.Run) _ = RunAsync(frame.First, frame.Second);
            else if (_calls.TryRemove(frame.Number, out TaskCompletionSource<string>? call)) call.SetResult(frame.First);
        }
    }

    public void Dispose() => _runtime.Dispose();

    /// <summary>Runs on the reading thread up to its first wait. The host has the time limit, and kills.</summary>
    private async Task RunAsync(string source, string argsText)
    {
        JobFrame reply;
        try
        {
            using V8ScriptEngine engine = ClearScriptRuntime.EngineOf(_runtime);
            reply = new JobFrame(FrameKind.Done, 0, await ClearScriptJob.EvaluateAsync(engine, source, argsText, CallAsync));
        }
        catch (Exception failure)
        {
            reply = new JobFrame(FrameKind.Failed, 0, failure.Message);
        }

        Send(reply);
    }

    private Task<string> CallAsync(string name, string text)
    {
        var call = new TaskCompletionSource<string>();
        int number = Interlocked.Increment(ref _lastCall);
        _calls[number] = call;
        Send(new JobFrame(FrameKind.Call, number, name, text));
        return call.Task;
    }

    private void Send(JobFrame frame)
    {
        lock (_writing) frame.Write(_output);
    }
}
