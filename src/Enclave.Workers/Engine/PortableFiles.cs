using System.Reflection;
using System.Runtime.InteropServices;

namespace Enclave.Engine;

/// <summary>Finds the portable engine's files (docs/portable-engine.md), and decides where it runs.</summary>
/// <param name="Folder">The folder with all of them.</param>
internal sealed record PortableFiles(string Folder)
{
    private const string Worker = "Enclave.Worker.Portable.dll", Library = "ClearScript.V8.dll";

    /// <summary>The worker's program.</summary>
    public string Program => Path.Combine(Folder, Worker);

    /// <summary>The version of the library that brings V8.</summary>
    public string Version => $"ClearScript {AssemblyName.GetAssemblyName(Path.Combine(Folder, Library)).Version}";

    /// <summary>True if a host with these options runs its scripts in the portable engine.</summary>
    public static bool AreChosen(ScriptEngine engine, string? directory)
    {
        if (engine != ScriptEngine.Default) return engine == ScriptEngine.Portable;
        if (EngineFolder.Named(directory) is { } named && File.Exists(Path.Combine(named, Worker))) return true;
        return !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64;
    }

    /// <summary>
    /// Finds the files: by the option, the environment variable, in engine-portable/ beside the program, in artifacts/engine-portable/ above it.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The files are missing; the message says how to get them.</exception>
    public static PortableFiles Find(string? option) => new(
        EngineFolder.Find(option, "engine-portable", [Worker, Library]) ?? throw new DirectoryNotFoundException(
            $"The portable engine ({Worker}) was not found beside {AppContext.BaseDirectory} or above it. Add the package Enclave.Engine.Portable; in a " +
            $"checkout: dotnet build src/Enclave.Worker.Portable. Or name its folder in EngineDirectory or {EngineFolder.EnvironmentVariable} " +
            "(docs/portable-engine.md)."));
}
