using System.Runtime.InteropServices;
using System.Text;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>V8, in this process, through the native module. One per process.</summary>
internal sealed unsafe class V8Engine : IScriptEngine
{
    private static IScriptEvents? s_events;

    private V8Engine() => Version = Marshal.PtrToStringUTF8((nint)NativeEngine.ee_v8_version())!;

    public string Version { get; }

    public int Ready => NativeEngine.ee_ready();

    /// <summary>Waits for V8 and makes the first isolate.</summary>
    /// <exception cref="InvalidOperationException">V8 did not start; the reason is on the log.</exception>
    public static V8Engine Start(HelloMessage hello, IScriptEvents events)
    {
        NativeEngine.Bind();
        s_events = events;
        // Kept for the life of the process: the engine reads the names whenever it makes a context.
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\n', hello.RemovedGlobals) + '\0');
        var removed = (byte*)NativeMemory.Alloc((nuint)names.Length);
        names.CopyTo(new Span<byte>(removed, names.Length));
        var config = new NativeEngine.Config
        {
            OnToolCall = &OnToolCall,
            OnConsole = &OnConsole,
            RemovedGlobals = removed,
            HeapLimit = (ulong)hello.HeapLimit,
            Prewarm = hello.Prewarm,
            ClockStep = hello.ClockStep,
        };
        int failed = NativeEngine.ee_start(&config);
        return failed == 0 ? new V8Engine() : throw new InvalidOperationException($"the engine did not start: {failed}");
    }

    public IScriptIsolate Take(long memoryLimit) => new V8Isolate(NativeEngine.ee_take((ulong)memoryLimit));

    [UnmanagedCallersOnly]
    private static int OnToolCall(uint callId, byte* name, nuint nameLength, byte* args, nuint argsLength) =>
        (int)s_events!.OnToolCall(callId, new ReadOnlySpan<byte>(name, (int)nameLength), new ReadOnlySpan<byte>(args, (int)argsLength));

    [UnmanagedCallersOnly]
    private static int OnConsole(int level, byte* text, nuint textLength, ulong wholeLength) =>
        (int)s_events!.OnConsole(level, new ReadOnlySpan<byte>(text, (int)textLength), (long)wholeLength);
}
