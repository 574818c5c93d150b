using Enclave.Engine;

namespace Enclave.Attacks.Tests;

/// <summary>A folder with the engine that a test may damage: links to the right files, until one is changed.</summary>
internal sealed class EngineCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-seal-");

    public EngineCopy()
    {
        EngineFiles right = EngineFiles.Find(null);
        Engine = _folder.CreateSubdirectory("engine").FullName;
        foreach (string name in EngineFiles.EngineNames) File.CreateSymbolicLink(Path.Combine(Engine, name), Path.Combine(right.EngineDirectory, name));
        Files = new EngineFiles(Engine);
    }

    public string Engine { get; }

    /// <summary>A place for the file of remembered hashes.</summary>
    public string Memory => Path.Combine(_folder.FullName, "memory");

    public EngineFiles Files { get; }

    /// <summary>Replaces a file with a copy in which one bit is changed.</summary>
    public string Flip(string name)
    {
        string path = Path.Combine(Engine, name);
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

    public void Dispose() => _folder.Delete(recursive: true);
}
