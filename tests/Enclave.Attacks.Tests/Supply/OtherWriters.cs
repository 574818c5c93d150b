using System.Diagnostics;
using Enclave.Engine;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>An engine in folders that a test gives to another user: real copies of the small files, a link to the large one.</summary>
internal sealed class OtherWriters : IDisposable
{
    /// <summary>A user id that no user and no worker has.</summary>
    public const int User = 63_001;

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("enclave-writers-");

    public OtherWriters()
    {
        EngineFiles right = EngineFiles.Find(null);
        // Everyone may enter the folder.
        Shell("chmod", "755", _top.FullName);
        Engine = _top.CreateSubdirectory("above").CreateSubdirectory("engine").FullName;
        foreach (string name in EngineFiles.EngineNames)
        {
            string source = Path.Combine(right.EngineDirectory, name), target = Path.Combine(Engine, name);
            if (name == "node") File.CreateSymbolicLink(target, source);
            else File.Copy(source, target);
        }

        Files = right with { EngineDirectory = Engine };
    }

    public string Engine { get; }

    public string Above => Path.GetDirectoryName(Engine)!;

    public string Module => Path.Combine(Engine, "libenclave-engine.so");

    public EngineFiles Files { get; }

    /// <summary>A place for the file of remembered hashes.</summary>
    public string Memory => Path.Combine(_top.FullName, "memory");

    public static void Shell(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo($"/usr/bin/{program}", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A process of that user, with a shared mapping of the module and a dirty page in it (Enclave.TestHost/Dirty.cs).</summary>
    public async Task<Process> HoldModule()
    {
        Process holder = Process.Start(new ProcessStartInfo(
            "/usr/bin/setpriv",
            ["--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--", Repository.DotNet, "exec", Repository.Built("Enclave.TestHost"),
                "dirty", Module])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = "/nonexistent" },
        })!;
        Assert.Equal("dirty", await Within.Deadline(holder.StandardOutput.ReadLineAsync(), "word of the other user's process"));
        return holder;
    }

    public static async Task Change(Process holder)
    {
        await holder.StandardInput.WriteLineAsync();
        Assert.Equal("changed", await Within.Deadline(holder.StandardOutput.ReadLineAsync(), "change by the other user's process"));
    }

    public void Dispose() => _top.Delete(recursive: true);
}
