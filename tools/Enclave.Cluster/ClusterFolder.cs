using System.Diagnostics;
using System.Globalization;
using System.Text;
using Enclave.Cli;
using Enclave.Cli.Processes;
using Enclave.Cluster.Children;

namespace Enclave.Cluster;

/// <summary>
/// The folder for all files of the cluster, private to this user, and the guard that removes it. The guard is a process that outlives this one, ends all
/// remaining children, and removes the folder, also if this process was killed.
/// </summary>
internal sealed class ClusterFolder : IAsyncDisposable
{
    /// <summary>
    /// The guard waits for the end of its input. PostgreSQL ends its own processes and frees its shared
    /// memory on a signal; the other processes are gone after half a second.
    /// </summary>
    private const string Script = """
        read -r _
        if pid=$(head -n 1 "$3/data/postmaster.pid" 2>/dev/null); then
          all="$pid $(cat "/proc/$pid/task/"*/children 2>/dev/null)"
          kill -QUIT "$pid" 2>/dev/null
          kill -CONT $all 2>/dev/null
        fi
        n=0
        while [ $n -lt 100 ]; do
          left=$(grep -slxz -- "$4=$1" /proc/[0-9]*/environ | cut -d/ -f3)
          [ -n "$left" ] || break
          [ $n -lt 5 ] || kill -KILL $left 2>/dev/null
          n=$((n + 1))
          sleep 0.1
        done
        # Files that libfaketime leaves in memory for a killed process.
        while read -r pid; do rm -f "/dev/shm/faketime_shm_$pid" "/dev/shm/sem.faketime_sem_$pid"; done <"$2/pids"
        n=0
        until rm -rf -- "$2" "$3" 2>/dev/null || [ $n -ge 20 ]; do
          n=$((n + 1))
          sleep 0.1
        done
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Process _guard;

    private ClusterFolder(string folder, string database, Process guard) => (_folder, Database, _guard) = (folder, database, guard);

    /// <summary>PostgreSQL's own folder, because it may run as another user.</summary>
    public string Database { get; }

    /// <summary>The value in the environment of all children, and of no other process.</summary>
    public string Mark => Path.GetFileName(_folder);

    public static ClusterFolder Create()
    {
        string folder = Directory.CreateTempSubdirectory("enclave-cluster-").FullName;
        // The user of PostgreSQL has no access to a folder of root.
        string database = Environment.IsPrivilegedProcess
            ? Directory.CreateTempSubdirectory("enclave-cluster-db-").FullName
            : Directory.CreateDirectory(Path.Combine(folder, "db")).FullName;
        // Detached: killing this process and all its children does not reach it.
        var start = new ProcessStartInfo(ChildEnvironment.Program("setsid"), ["--fork", "/bin/sh", "-c",
            Script, "guard", Path.GetFileName(folder), folder, database, ChildProcess.Mark])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        ChildEnvironment.Limit(start, []);
        return new ClusterFolder(folder, database, Process.Start(start)!);
    }

    /// <summary>The path of a file or folder inside.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Records a child for the guard.</summary>
    public void Remember(int pid)
    {
        lock (_gate) File.AppendAllText(At("pids"), string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
    }

    /// <summary>Creates a folder inside.</summary>
    public string Make(string name) => Directory.CreateDirectory(At(name)).FullName;

    /// <summary>Writes a file that only this user can read.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        string path = At(name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        await using (stream.ConfigureAwait(false)) await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n") + "\n")).ConfigureAwait(false);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        // Its output ends when it does.
        await Task.WhenAny(_guard.StandardOutput.ReadToEndAsync(), Task.Delay(s_patience)).ConfigureAwait(false);
        _guard.Dispose();
    }
}
