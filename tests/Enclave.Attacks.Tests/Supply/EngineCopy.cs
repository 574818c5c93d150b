using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>Folders of the engine and the worker that a test may spoil: links to the right files, until one is changed.</summary>
internal sealed class EngineCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-seal-");

    public EngineCopy()
    {
        EngineFiles right = EngineFiles.Find(null);
        Engine = Link("engine", right.EngineDirectory, EngineFiles.EngineNames);
        Worker = Link("worker", right.WorkerDirectory, EngineFiles.WorkerNames);
        Files = new EngineFiles(Engine, Worker, right.FrameworkDirectory);
    }

    public string Engine { get; }

    public string Worker { get; }

    /// <summary>Where a memory of hashes may lie.</summary>
    public string Memory => Path.Combine(_folder.FullName, "memory");

    public EngineFiles Files { get; }

    /// <summary>Puts a copy with one bit changed in the place of a file.</summary>
    public string FlipEngine(string name) => Flip(Path.Combine(Engine, name));

    /// <inheritdoc cref="FlipEngine"/>
    public string FlipWorker(string name) => Flip(Path.Combine(Worker, name));

    public void Dispose() => _folder.Delete(recursive: true);

    private string Link(string name, string source, string[] files)
    {
        DirectoryInfo folder = _folder.CreateSubdirectory(name);
        foreach (string file in files) File.CreateSymbolicLink(Path.Combine(folder.FullName, file), Path.Combine(source, file));
        return folder.FullName;
    }

    private static string Flip(string path)
    {
        string source = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        File.Delete(path);
        File.Copy(source, path);
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        int one = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(one ^ 1));
        return path;
    }
}
