using System.Runtime.InteropServices;
using Enclave.Linux;

namespace Enclave.Engine;

/// <summary>Finds the engine's files (docs/deployment.md).</summary>
internal sealed record EngineFiles(string EngineDirectory)
{
    /// <summary>The files of the engine's folder.</summary>
    public static readonly string[] EngineNames = ["node", "libenclave-engine.so", "snapshot.bin"];

    /// <summary>Finds the engine: by the option, then the environment variable, then engine/ beside the program, then artifacts/engine/ above it.</summary>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux x64 with a new enough glibc.</exception>
    /// <exception cref="DirectoryNotFoundException">The engine is missing; the message says how to get it.</exception>
    public static EngineFiles Find(string? option)
    {
        CheckPlatform();
        return new EngineFiles(EngineFolder.Find(option, "engine", EngineNames) ?? throw new DirectoryNotFoundException(
            $"The engine (node, libenclave-engine.so, snapshot.bin) was not found beside {AppContext.BaseDirectory} or above it. " +
            $"The package Enclave.Host puts it there for programs that run on linux-x64 (docs/packages.md); in a checkout ./enclave builds it. " +
                $"Or name its folder in EngineDirectory or {EngineFolder.EnvironmentVariable}."));
    }

    /// <exception cref="PlatformNotSupportedException">Workers cannot run here; the message says what they need.</exception>
    public static unsafe void CheckPlatform()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new PlatformNotSupportedException(
                $"The native engine runs on Linux x64; this is {RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}. Run the host in " +
                "a Debian 12 container, or choose the portable engine (docs/portable-engine.md).");
        }

        string version;
        try
        {
            version = Marshal.PtrToStringUTF8((nint)Libc.gnu_get_libc_version())!;
        }
        catch (Exception fault) when (fault is EntryPointNotFoundException or DllNotFoundException)
        {
            throw new PlatformNotSupportedException(
                "The native engine needs glibc 2.36 or newer; this system has another C library. Use a Debian 12 image rather than Alpine.", fault);
        }

        if (Version.Parse(version) < new Version(2, 36))
        {
            throw new PlatformNotSupportedException($"The native engine needs glibc 2.36 or newer; this is {version}. Use Debian 12, Ubuntu 23.04 or newer.");
        }
    }
}
