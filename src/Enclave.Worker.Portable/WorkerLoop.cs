using System.Runtime.InteropServices;
using System.Text.Unicode;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>The life of a worker: hello, libraries, ready, and one job after another.</summary>
internal sealed class WorkerLoop
{
    private const int LibraryBytes = ProtocolLimits.LibrarySourceBytes + 1024;

    /// <summary>The V8 of the referenced ClearScript, which does not tell it.</summary>
    private const string Engine = "14.7.173.23";

    private readonly FrameOutput _output;
    private readonly ScriptClock _clock;
    private readonly FrameInput _input;
    private readonly Prelude _prelude = new();

    public WorkerLoop(Stream input, Stream output)
    {
        _output = new FrameOutput(output);
        _clock = new ScriptClock(_output.TryFlush);
        _input = new FrameInput(input, _clock, _output);
    }

    public void Run()
    {
        HelloMessage hello = HelloMessage.Read(_input.ReadEarly(FrameType.Hello, ProtocolLimits.HelloBytes));
        var sources = new (string Name, string Source)[hello.Libraries?.Count ?? 0];
        for (int i = 0; i < sources.Length; i++) sources[i] = ReadLibrary();
        var libraries = new Libraries(sources, hello, _clock, _output);
        ScriptRuntime next = Start(hello, libraries);
        _input.Start(hello.MaxFrameBytes);
        _output.Send(new ReadyMessage(hello.Nonce, Engine, "portable", []).Write);
        for (; ; )
        {
            (FrameType type, byte[] body) = _input.Next();
            switch (type)
            {
                case FrameType.Execute:
                    if (!Execute(ReadExecute(body), ref next, hello, libraries)) WaitForTheEnd();
                    next.Dispose();
                    next = Make(hello.HeapLimit, hello, libraries);
                    break;
                // The frames may cross with the result.
                case FrameType.Cancel or FrameType.ToolResult or FrameType.Deadline or FrameType.Suspend:
                    break;
                case FrameType.Shutdown:
                    ShutdownMessage.Read(body);
                    Ending.Exit(WorkerExit.Shutdown);
                    break;
                default:
                    throw ProtocolException.At(0, $"a frame of type {type} between jobs");
            }
        }
    }

    private ScriptRuntime Start(HelloMessage hello, Libraries libraries)
    {
        try
        {
            using (ScriptRuntime first = ScriptRuntime.Make(_prelude, hello.HeapLimit, [], hello.ClockStep)) WarmUp.Run(first, _clock, _input);
            return Make(hello.HeapLimit, hello, libraries);
        }
        catch (TypeLoadException)
        {
            string system = RuntimeInformation.RuntimeIdentifier;
            Ending.Exit(WorkerExit.Start,
                $"ClearScript's library for {system} is missing: add Microsoft.ClearScript.V8.Native.{system} to the application (docs/portable-engine.md)");
            throw;
        }
        catch (Exception fault)
        {
            Ending.Exit(WorkerExit.Start, $"the engine cannot start: {fault.Message}");
            throw;
        }
    }

    private (string Name, string Source) ReadLibrary()
    {
        (string name, string source) = LibraryMessage.Read(_input.ReadEarly(FrameType.Library, LibraryBytes));
        return name.Length > 0 ? (name, source) : throw ProtocolException.At(0, "a library without a name");
    }

    private static ExecuteMessage ReadExecute(byte[] body)
    {
        ExecuteMessage message = ExecuteMessage.Read(body);
        bool isText = Utf8.IsValid(message.Source.Span) && Utf8.IsValid(message.SourceName.Span);
        return isText ? message : throw ProtocolException.At(0, "a source that is not UTF-8");
    }

    private ScriptRuntime Make(long memory, HelloMessage hello, Libraries libraries)
    {
        var runtime = ScriptRuntime.Make(_prelude, memory, hello.RemovedGlobals, hello.ClockStep);
        libraries.Load(runtime);
        return runtime;
    }

    private bool Execute(in ExecuteMessage message, ref ScriptRuntime runtime, HelloMessage hello, Libraries libraries)
    {
        RunLimits limits = message.Limits;
        if (runtime.Memory != limits.MemoryBytes)
        {
            runtime.Dispose();
            runtime = Make(limits.MemoryBytes, hello, libraries);
        }

        _output.Begin(message.JobId);
        _clock.Begin(message.JobId, limits.TimeoutMicroseconds, limits.CpuMicroseconds);
        _input.BeginJob(message.Origin.IsRepeatable ? limits.MaxToolCalls + ProtocolLimits.MaxTimeCalls : 0);
        bool isReady = new Job(runtime, _clock, _input, _output, message).Execute();
        _input.EndJob();
        _clock.End();
        return isReady;
    }

    /// <summary>Waits after a run whose runtime is not trusted. The host knows that from the result, and ends the process.</summary>
    private void WaitForTheEnd()
    {
        while (_input.Next().Type != FrameType.Shutdown) { }
        Ending.Exit(WorkerExit.Shutdown);
    }
}
