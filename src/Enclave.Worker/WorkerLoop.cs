using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;
using Enclave.Worker.Jobs;
using Enclave.Worker.Pipes;

namespace Enclave.Worker;

/// <summary>The life of a worker: hello, warm-up, ready, jobs one after another, shutdown.</summary>
internal sealed class WorkerLoop(FramePipe pipe)
{
    /// <summary>.NET writes code for a call through an interface when it is made the second time, and again when it meets a second type there.</summary>
    private const int FrozenWarmUps = 3;

    public ExitCode Run()
    {
        if (Next() is not { } first) return ExitCode.Orphan;
        if (first.Type != FrameType.Hello) throw ProtocolException.At(0, $"a {first.Type} frame before the hello");
        HelloMessage hello = HelloMessage.Read(first.Body);
        pipe.SetLimit(hello.MaxFrameBytes);
        var outbox = new Outbox(pipe);
        var budget = new JobBudget(outbox);
        V8Engine engine = V8Engine.Start(hello, budget);
        var runner = new JobRunner(pipe, engine, budget, outbox, new Watchdog(pipe, outbox));
        // Without V8's JIT .NET writes code through a second mapping of a file (native/main.cc), and the lock closes every file, whatever its layers.
        bool frozen = (hello.Lock.Layers & LockLayers.NoExec) != 0 || Environment.GetEnvironmentVariable("DOTNET_EnableWriteXorExecute") == "1";
        if (frozen) ColdCode.Prepare();
        outbox.Silence = true;
        for (int i = 0; i < (frozen ? FrozenWarmUps : 1); i++)
        {
            WarmUp.Run(pipe, runner, outbox, hello.HeapLimit);
            SendReady(outbox, hello, engine, FinalLock.Describe(LockLayers.All, 1));
        }

        outbox.Silence = false;
        SendReady(outbox, hello, engine, FinalLock.Apply(hello.Lock));
        while (Next() is { } frame)
        {
            switch (frame.Type)
            {
                case FrameType.Execute: runner.Run(ExecuteMessage.Read(frame.Body)); break;
                case FrameType.Ping: outbox.Send(new PongMessage(PingMessage.Read(frame.Body).Token).Write); break;
                // They may cross the result on the wire.
                case FrameType.Cancel or FrameType.ToolResult or FrameType.Deadline: break;
                case FrameType.Shutdown: return ExitCode.Shutdown;
                default: throw ProtocolException.At(0, $"a {frame.Type} frame between jobs");
            }
        }

        return ExitCode.Orphan;
    }

    private static void SendReady(Outbox outbox, HelloMessage hello, V8Engine engine, List<string> claims) =>
        outbox.Send(new ReadyMessage(hello.Nonce, engine.Version, Environment.Version.ToString(), claims).Write);

    private OwnedFrame? Next() => pipe.Read(0, out _);
}
