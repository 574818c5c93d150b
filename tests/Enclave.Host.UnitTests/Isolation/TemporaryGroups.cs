namespace Enclave.Host.Tests;

/// <summary>A folder that looks like mounted control groups, with the files that a kernel would make.</summary>
internal sealed class TemporaryGroups : IDisposable
{
    private static readonly string[] s_version2 = ["cgroup.procs", "memory.max", "memory.swap.max", "memory.events", "pids.max", "cpu.weight"];

    public string Root { get; } = Directory.CreateTempSubdirectory("enclave-groups-").FullName;

    /// <summary>A group of version 2.</summary>
    /// <param name="folder">Its path from the root.</param>
    /// <param name="controllers">The controllers that it may use.</param>
    /// <param name="enabled">The controllers that the groups below it may use.</param>
    public void MakeVersion2(string folder, string controllers, string enabled)
    {
        Make(folder);
        Write(folder, "cgroup.controllers", controllers + "\n");
        Write(folder, "cgroup.subtree_control", enabled + "\n");
    }

    /// <summary>A worker's group of version 2, with the files of a new group.</summary>
    public void MakeWorkersVersion2(string folder)
    {
        Make(folder);
        foreach (string file in s_version2) Write(folder, file, "");
    }

    public void Make(string folder) => Directory.CreateDirectory(Root + folder);

    public void Write(string folder, string file, string text) => File.WriteAllText(Path.Combine(Root + folder, file), text);

    public string Read(string folder, string file) => File.ReadAllText(Path.Combine(Root + folder, file));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
