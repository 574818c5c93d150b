using System.Reflection;
using System.Runtime.InteropServices;

namespace Enclave.Worker.Engine;

/// <summary>native/engine.h, word for word. The module is already in the process: the program's own symbols are where it is found.</summary>
internal static unsafe partial class NativeEngine
{
    private const string Module = "enclave-engine";

    public static void Bind() => NativeLibrary.SetDllImportResolver(typeof(NativeEngine).Assembly, Resolve);

    [LibraryImport(Module)]
    public static partial int ee_start(Config* config);

    [LibraryImport(Module)]
    public static partial byte* ee_v8_version();

    [LibraryImport(Module)]
    public static partial nint ee_take(ulong memoryLimit);

    [LibraryImport(Module)]
    public static partial void ee_drop(nint isolate);

    [LibraryImport(Module)]
    public static partial int ee_ready();

    [LibraryImport(Module)]
    public static partial void ee_run(nint isolate, Job* job, Outcome* outcome);

    [LibraryImport(Module)]
    public static partial void ee_set_time(nint isolate, double milliseconds);

    [LibraryImport(Module)]
    public static partial void ee_resolve(nint isolate, uint callId, byte* value, nuint length, Outcome* outcome);

    [LibraryImport(Module)]
    public static partial void ee_reject(nint isolate, uint callId, byte* error, nuint length, Outcome* outcome);

    [LibraryImport(Module)]
    public static partial void ee_terminate(nint isolate, int reason);

    [LibraryImport(Module)]
    public static partial uint ee_lock(LockPlan* plan);

    [LibraryImport(Module)]
    public static partial int ee_landlock();

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Module ? NativeLibrary.GetMainProgramHandle() : 0;

    [StructLayout(LayoutKind.Sequential)]
    public struct Config
    {
        public delegate* unmanaged<uint, byte*, nuint, byte*, nuint, int> OnToolCall;
        public delegate* unmanaged<int, byte*, nuint, ulong, int> OnConsole;
        public byte* RemovedGlobals;
        public ulong HeapLimit;
        public int Prewarm;
        public int ClockStep;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Job
    {
        public byte* Source;
        public nuint SourceLength;
        public byte* SourceName;
        public nuint SourceNameLength;
        public byte* CodeKey;
        public byte* Globals;
        public nuint GlobalsLength;
        public ulong MaxValueBytes;
        public ulong MaxConsoleBytes;
        public uint MaxValueDepth;
        public uint MaxValueProperties;
        public ulong MaxIterations;
        public ulong MaxTotalIterations;
        public int Repeatable;
        public ulong Seed;
        public double Now;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LockPlan
    {
        public uint Layers;
        public uint Uid;
        public ulong DataBytes;
        public ulong CpuSeconds;
        public byte* Filter;
        public nuint FilterLength;
        public int Learning;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Outcome
    {
        public int Status;
        public int Reason;
        public byte* Body;
        public nuint BodyLength;
        public ulong Iterations;
        public ulong Where;
    }
}
