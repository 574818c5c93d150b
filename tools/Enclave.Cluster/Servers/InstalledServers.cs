using Enclave.Cluster.Clocks;

namespace Enclave.Cluster.Servers;

/// <summary>The installed servers of a cluster, at Debian's paths.</summary>
internal sealed record InstalledServers(string PostgresFolder, string RabbitProgram)
{
    private const string Rabbit = "/usr/lib/rabbitmq/bin/rabbitmq-server", Postgres = "/usr/lib/postgresql";

    /// <summary>Finds them.</summary>
    /// <exception cref="IOException">A server is missing. The message names it and its package.</exception>
    public static InstalledServers Find(ClusterRequest request)
    {
        string? postgres = Directory.Exists(Postgres)
            ? Directory.GetDirectories(Postgres).OrderDescending(StringComparer.Ordinal)
                .Select((version) => Path.Combine(version, "bin")).FirstOrDefault((bin) => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        var missing = new List<(string What, string Package)>();
        if (postgres is null) missing.Add(($"{Postgres}/*/bin/initdb", "postgresql"));
        if (!File.Exists(Rabbit)) missing.Add((Rabbit, "rabbitmq-server"));
        if (OnPath("setpriv") is null || OnPath("setsid") is null) missing.Add(("setpriv or setsid", "util-linux"));
        if (OnPath("epmd") is null) missing.Add(("epmd", "erlang-base"));
        if (request.Clocks && StepClock.Library is null) missing.Add(("libfaketimeMT.so.1", "libfaketime"));
        if (missing.Count == 0) return new InstalledServers(postgres!, Rabbit);
        throw new IOException($"a cluster needs programs that are not installed ({string.Join(", ", missing.Select((one) => one.What))}): apt-get install -y " +
            $"{string.Join(' ', missing.Select((one) => one.Package))}");
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select((folder) => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
