using System.Net.Sockets;

namespace Enclave.Tests.Servers;

/// <summary>Debian's PostgreSQL with its own data, on a socket in a folder. It refuses to run as root; then it runs as <c>postgres</c>.</summary>
internal sealed class PostgresProgram
{
    /// <summary>The message if PostgreSQL is not installed.</summary>
    public const string Missing = "/usr/lib/postgresql/*/bin/initdb is missing: apt-get install -y postgresql";

    private readonly string[] _command;
    private readonly UnixDomainSocketEndPoint _address;

    private PostgresProgram(string[] command, UnixDomainSocketEndPoint address) => (_command, _address) = (command, address);

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .Select((version) => Path.Combine(version, "bin")).FirstOrDefault((bin) => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    /// <summary>Creates the data in <c>data</c> below the folder; null if PostgreSQL is not installed.</summary>
    /// <param name="folder">The folder of the socket.</param>
    /// <param name="settings">Settings such as <c>max_connections=400</c>.</param>
    public static async Task<PostgresProgram?> MakeAsync(DirectoryInfo folder, params string[] settings)
    {
        if (Programs is not { } programs) return null;
        string data = Path.Combine(folder.FullName, "data");
        string[] user = [];
        if (Environment.UserName == "root")
        {
            await ServerProcess.RunAsync("chown", "postgres", folder.FullName);
            user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];
        }

        await ServerProcess.RunAsync("setpriv", [
            .. user, "--no-new-privs", Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
        string[] given = [.. settings.Prepend("fsync=off").Prepend("listen_addresses=").SelectMany((setting) => (string[])["-c", setting])];
        return new PostgresProgram([.. user, "--no-new-privs", Path.Combine(programs, "postgres"), "-D", data, "-k", folder.FullName, .. given],
            new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, ".s.PGSQL.5432")));
    }

    /// <summary>Starts the server, and waits until the socket accepts connections, which happens a moment before the server does.</summary>
    public Task<ServerProcess> StartAsync() => ServerProcess.StartAsync("setpriv", _command, _address);
}
