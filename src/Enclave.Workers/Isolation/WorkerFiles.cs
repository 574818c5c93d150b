using System.Runtime.Versioning;
using Enclave.Engine;

namespace Enclave.Isolation;

/// <summary>The files of a worker, and their paths in a jail. All are required: without one the start fails.</summary>
[SupportedOSPlatform("linux")]
internal static class WorkerFiles
{
    internal const string Loader = "/lib/ld-linux-x86-64.so.2", Engine = "/engine", Libraries = "/lib";

    /// <summary>The path of the C library's loader on every system with the x86-64 ABI.</summary>
    public const string SystemLoader = "/lib64/ld-linux-x86-64.so.2";

    /// <summary>Maps the machine's paths to the jail's.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    internal static IReadOnlyList<JailBind> Binds(EngineFiles files)
    {
        string libraries = SystemLibraries.Folder();
        if (SystemLibraries.Missing(libraries) is { } missing) throw new FileNotFoundException($"The engine needs {missing.What}: {missing.Remedy}");
        List<JailBind> binds = [new JailBind(Real(SystemLoader), Loader)];
        foreach ((string file, _) in SystemLibraries.All) binds.Add(new JailBind(Real(Path.Combine(libraries, file)), $"{Libraries}/{file}"));
        foreach (string name in EngineFiles.EngineNames) binds.Add(new JailBind(Real(Path.Combine(files.EngineDirectory, name)), $"{Engine}/{name}"));
        return binds;
    }

    /// <summary>Names an untrusted user who may write one of them, with the remedy; null if there is none.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    public static (string What, string Remedy)? Writers(EngineFiles files)
    {
        // Check the given names too, because a link on the path can be replaced as well.
        IEnumerable<string> named = EngineFiles.EngineNames.Select((name) => Path.Combine(files.EngineDirectory, name));
        return EngineSeal.Writers(named.Concat(Binds(files).Select((bind) => bind.Source)));
    }

    private static string Real(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"{path} is missing: a worker cannot live without it.", path);
        return (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName;
    }
}
