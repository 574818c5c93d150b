using System.Security.Cryptography;
using Microsoft.ClearScript;
using Microsoft.ClearScript.JavaScript;
using Microsoft.ClearScript.V8;
using Microsoft.ClearScript.V8.FastProxy;

namespace Enclave.Worker.Portable;

/// <summary>
/// A V8 runtime with the prelude, for one job: no object of a job is in the runtime of another. Scripts reach none of the objects of ClearScript and .NET:
/// the functions of this type are arguments of the prelude, whose own functions alone call them.
/// </summary>
internal sealed class ScriptRuntime : IDisposable
{
    private const V8ScriptEngineFlags Flags = V8ScriptEngineFlags.DisableGlobalMembers | V8ScriptEngineFlags.HideHostExceptions;

    // V8 ends the process at its own limit. That limit is above the run's, because ClearScript checks the heap only at intervals.
    private const long SpareHeap = 64 << 20;

    private const int StackBytes = 1 << 20;

    /// <summary>The first engine has the old text, and two more that run while .NET compiles its method again.</summary>
    private const int Attempts = 4;

    private static readonly TimeSpan s_heapLook = TimeSpan.FromMilliseconds(5);

    private readonly V8Runtime _runtime;
    private readonly V8ScriptEngine _engine;
    private readonly ScriptObject? _enter;
    private readonly SteppedClock _time;
    private IScriptCalls? _calls;
    private SplitMix _random;
    private RepeatableBytes? _bytes;

    private ScriptRuntime(Prelude prelude, long memory, IReadOnlyList<string> removedGlobals, int clockStep)
    {
        Memory = memory;
        _time = new SteppedClock(clockStep);
        _runtime = new V8Runtime(new V8RuntimeConstraints
        {
            MaxOldSpaceSize = (int)Math.Min(((memory * 3 / 2) + SpareHeap) >> 20, int.MaxValue),
            MaxArrayBufferAllocation = (ulong)memory,
        })
        { MaxStackUsage = StackBytes };
        _engine = _runtime.CreateScriptEngine(Flags);
        ScriptObject make = prelude.Evaluate(_engine);
        _enter = make.InvokeAsFunction(
            Function((in args, in result) => result.Set(_calls!.CallTool(args.GetUInt32(0), args.GetString(1), Text(args, 2)))),
            Function((in args, in _) => _calls?.WriteLine(args.GetInt32(0), Text(args, 1), args.GetInt64(2))),
            Function((in args, in _) => _calls!.LimitIterations(args.GetDouble(0), args.GetDouble(1))),
            Function((in args, in _) => Refill(args.Get<ITypedArray<double>>(0))),
            Function((in _, in result) => result.Set(_time.Now)),
            Function((in args, in _) => _calls!.Finish(Text(args, 0))),
            Function((in args, in _) => _calls!.Fail(
                args.GetInt32(0), args.GetString(1), args.GetString(2), args.GetString(3), args.GetString(4), args.GetString(5), args.GetString(6),
                args.GetString(7))),
            Function((in args, in _) => FillRandom(args.Get<ITypedArray<byte>>(0)))) as ScriptObject;
        if (_enter is null) return;
        Enter("remove", [.. removedGlobals]);
        Enter("setClock", clockStep);
        _engine.PromiseRejectionCallback = OnRejection;
    }

    private delegate void HostCall(in V8FastArgs args, in V8FastResult result);

    /// <summary>The clock of scripts.</summary>
    public SteppedClock Time => _time;

    /// <summary>The limit of heap and buffers that it was made for.</summary>
    public long Memory { get; }

    /// <summary>The bytes that heap and buffers hold now, garbage included.</summary>
    public long HeldBytes
    {
        get
        {
            V8RuntimeHeapInfo heap = _runtime.GetHeapInfo();
            return (long)(heap.UsedHeapSize + heap.TotalExternalSize);
        }
    }

    /// <exception cref="InvalidOperationException">ClearScript's global cannot be deleted.</exception>
    public static ScriptRuntime Make(Prelude prelude, long memory, IReadOnlyList<string> removedGlobals, int clockStep)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var runtime = new ScriptRuntime(prelude, memory, removedGlobals, clockStep);
            if (runtime._enter is not null) return runtime;
            runtime.Dispose();
            EngineScript.MakeGlobalDeletable();
        }

        throw new InvalidOperationException("this version of ClearScript has another script of its own: EngineInternal cannot be deleted");
    }

    /// <summary>A run begins.</summary>
    /// <param name="calls">The run.</param>
    /// <param name="seed">The seed of <c>Math.random</c>.</param>
    /// <param name="bytes">The random bytes of a repeatable run; null for the machine's.</param>
    public void Begin(IScriptCalls calls, ulong seed, RepeatableBytes? bytes = null)
    {
        _calls = calls;
        _bytes = bytes;
        _random = new SplitMix(seed);
    }

    /// <summary>Ends the run when the heap is larger by this many bytes than it is now.</summary>
    public void LimitHeap(long bytes)
    {
        _runtime.MaxHeapSize = (UIntPtr)((long)_runtime.GetHeapInfo().TotalHeapSize + bytes);
        _runtime.HeapSizeSampleInterval = s_heapLook;
    }

    /// <summary>Calls a function of Prelude/run.js.</summary>
    public object Enter(string function, params object[] arguments) => _enter!.InvokeMethod(function, arguments);

    public V8Script Compile(string name, string text) => _engine.Compile(new DocumentInfo(name) { Flags = DocumentFlags.None }, text);

    public object Evaluate(V8Script script) => _engine.Evaluate(script);

    /// <summary>Ends the script that runs, on any thread. No script code can catch it.</summary>
    public void Interrupt() => _engine.Interrupt();

    public void CollectGarbage() => _runtime.CollectGarbage(exhaustive: true);

    public void Dispose()
    {
        _engine.Dispose();
        _runtime.Dispose();
    }

    private static ReadOnlySpan<char> Text(in V8FastArgs args, int index) =>
        args.TryGet(index, out ReadOnlySpan<char> text) ? text : throw new ArgumentException("not a text");

    /// <summary>Catches the exceptions of a host function: otherwise they would become exceptions of the script.</summary>
    private V8FastHostFunction Function(HostCall call) => new((bool _, in V8FastArgs args, in V8FastResult result) =>
    {
        try
        {
            call(args, result);
        }
        catch (Exception fault)
        {
            _calls?.Fault(fault);
        }
    });

    private void Refill(ITypedArray<double> numbers)
    {
        double[] next = new double[numbers.Length];
        for (int i = 0; i < next.Length; i++) next[i] = _random.Next();
        numbers.Write(next, 0, (ulong)next.Length, 0);
    }

    private void FillRandom(ITypedArray<byte> bytes)
    {
        byte[] next = new byte[bytes.Length];
        if (_bytes is null) RandomNumberGenerator.Fill(next);
        else _bytes.Fill(next);
        bytes.Write(next, 0, (ulong)next.Length, 0);
    }

    private void OnRejection(V8PromiseRejectionEventKind kind, ScriptObject promise, object value)
    {
        try
        {
            if (kind == V8PromiseRejectionEventKind.RejectedWithoutHandler) Enter("rejected", promise, value);
            else if (kind == V8PromiseRejectionEventKind.HandlerAddedAfterRejection) Enter("handled", promise);
        }
        catch (Exception fault) when (fault is ScriptInterruptedException or ScriptEngineException)
        {
            // The run ends, or its stack is full: V8 tells the script.
        }
    }
}
