using System.Runtime.InteropServices;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Microsoft.ClearScript;
using Microsoft.ClearScript.V8;

namespace Enclave.Worker.Portable;

/// <summary>A worker on ClearScript: it speaks the protocol of docs/protocol.md on standard input and output, on every system that .NET runs on.</summary>
internal static class Program
{
    /// <summary>Scripts use at most 1 MB of it (<see cref="ScriptRuntime"/>); the prelude, V8 and .NET have the rest.</summary>
    private const int StackBytes = 16 << 20;

    private static int Main(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--native" && i + 1 < arguments.Length) FindLibraryIn(arguments[++i]);
            else if (arguments[i] == "--jitless") V8Settings.GlobalFlags |= V8GlobalFlags.DisableJITCompilation;
            else return Refuse(arguments[i]);
        }

        Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
        // A stray line must not get into a frame.
        Console.SetOut(Console.Error);
        var worker = new Thread(() => Work(input, output), StackBytes) { Name = "scripts" };
        worker.Start();
        worker.Join();
        return (int)WorkerExit.Fatal;
    }

    /// <summary>
    /// Looks for ClearScript's native library where a build of an application puts those of its packages: beside it for one system, in a folder for each
    /// otherwise. ClearScript searches by its setting, and .NET once more for each of ClearScript's imports.
    /// </summary>
    private static void FindLibraryIn(string folder)
    {
        string[] folders = [folder, Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
        HostSettings.AuxiliarySearchPath = string.Join(';', folders);
        NativeLibrary.SetDllImportResolver(typeof(V8ScriptEngine).Assembly, (name, _, _) =>
            folders.Select((place) => Path.Combine(place, name)).FirstOrDefault(File.Exists) is { } file ? NativeLibrary.Load(file) : 0);
    }

    private static int Refuse(string argument)
    {
        Console.Error.WriteLine($"enclave-portable: '{argument}' is unknown; the arguments are [--native FOLDER] [--jitless]");
        return (int)WorkerExit.Usage;
    }

    private static void Work(Stream input, Stream output)
    {
        Ending.EnterScripts();
        try
        {
            new WorkerLoop(input, output).Run();
        }
        catch (ProtocolException fault)
        {
            Ending.Exit(WorkerExit.Protocol, fault.Message);
        }
        catch (OutOfMemoryException)
        {
            Ending.Exit(WorkerExit.NativeMemory, "out of memory");
        }
        catch (Exception fault)
        {
            Ending.Exit(WorkerExit.Fatal, fault.ToString());
        }
    }
}
