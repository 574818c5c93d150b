using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Microsoft.ClearScript;
using Microsoft.ClearScript.V8;

namespace Enclave.Worker.Portable;

/// <summary>Evaluates the host's libraries in each new runtime: a CommonJS function without a node module.</summary>
internal sealed class Libraries(IReadOnlyList<(string Name, string Source)> sources, HelloMessage hello, ScriptClock clock, FrameOutput output)
{
    // On a busy machine the process may get a small share of a core.
    private const int WallForCpu = 3;

    private static readonly RunLimits s_limits = new()
    {
        TimeoutMicroseconds = long.MaxValue,
        CpuMicroseconds = long.MaxValue,
        MemoryBytes = long.MaxValue,
        MaxToolCalls = 0,
        MaxPendingToolCalls = 0,
        MaxIterations = 0,
        MaxConsoleCalls = 0,
        MaxConsoleBytes = 0,
        MaxValueDepth = 0,
        MaxValueProperties = 0,
        MaxValueBytes = 0,
    };

    /// <summary>Reports the first library that cannot be evaluated, and exits.</summary>
    public void Load(ScriptRuntime runtime)
    {
        if (hello.Libraries is not { } plan) return;
        runtime.CollectGarbage();
        long before = runtime.HeldBytes;
        clock.Begin(null, plan.CpuMicroseconds * WallForCpu, plan.CpuMicroseconds);
        runtime.LimitHeap(plan.HeldBytes + hello.LargestLimit);
        for (int i = 0; i < sources.Count; i++) Evaluate(runtime, i);
        runtime.Enter("endLibraries");
        runtime.Enter("setTime", Undefined.Value);
        runtime.CollectGarbage();
        if (runtime.HeldBytes - before > plan.HeldBytes) Refuse(sources.Count - 1, StopReason.Memory, null);
    }

    private void Evaluate(ScriptRuntime runtime, int index)
    {
        (string name, string source) = sources[index];
        var run = new Run(runtime, clock, output, s_limits);
        // The seed is the same in every worker, so that a replay has the same libraries as the recorded run.
        runtime.Begin(run, seed: 0);
        string document = $"library:{name}";
        if (!clock.TryEnter(runtime)) Refuse(index, clock.Reason, null);
        try
        {
            runtime.Enter("setTime", 0);
            runtime.Enter("setSource", document);
            string declared = $"typeof {name} === \"undefined\" ? undefined : {name}";
            string text = $"(function (module, exports, require, global, self, window) {{\n{source}\n;return {declared};\n}})";
            using V8Script script = runtime.Compile(document, text);
            runtime.Enter("beginLibrary", name, runtime.Evaluate(script));
            if (runtime.Enter("endLibrary") is true && clock.Reason == StopReason.None) return;
        }
        catch (ScriptInterruptedException)
        {
            clock.Stop(StopReason.Deadline);
        }
        catch (ScriptEngineException fault) when (fault.IsFatal)
        {
            clock.Stop(StopReason.Memory);
        }
        catch (ScriptEngineException fault)
        {
            var error = new CompileError(fault, document);
            run.Fail((int)ScriptErrorKind.Syntax, error.Name, error.Message, error.Stack, "", "");
        }
        finally
        {
            clock.Leave();
        }

        Refuse(index, clock.Reason, run);
    }

    /// <summary>The host reads the report before it notices the end of the process.</summary>
    private void Refuse(int index, StopReason reason, Run? run)
    {
        output.Send((frames) =>
        {
            if (reason != StopReason.None || run is null) LibraryFaultMessage.WriteStopped(frames, index, reason);
            else LibraryFaultMessage.WriteError(frames, index, run.Payload);
        });
        Ending.Exit(WorkerExit.Library);
    }
}
