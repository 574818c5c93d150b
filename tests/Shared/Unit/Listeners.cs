using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Enclave.Tests;

/// <summary>Tells which sockets that listen belong to this process.</summary>
internal static class Listeners
{
    /// <summary>Returns the address in words if another process listens there, or another machine has it.</summary>
    /// <param name="address">As the events of .NET write it: the family, the size, and the bytes of <c>struct sockaddr</c> after the family, such as
    /// <c>InterNetwork:16:{31,144,127,0,0,1,0,0,0,0,0,0,0,0}</c>.</param>
    public static string? Foreign(string address)
    {
        int open = address.IndexOf('{', StringComparison.Ordinal);
        byte[] bytes = [.. address[(open + 1)..^1].Split(',').Select((text) => byte.Parse(text, CultureInfo.InvariantCulture))];
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return address[..address.IndexOf(':', StringComparison.Ordinal)] switch
        {
            "Unix" => Others(() => OfPath(Encoding.UTF8.GetString(bytes).TrimEnd('\0')), address),
            "InterNetwork" => bytes[2] == 127 ? Others(() => OfPort(port), $"port {port} of another process") : address,
            // The port, four bytes of flow, and the address: ::1 or ::ffff:127.x.x.x.
            "InterNetworkV6" => bytes.AsSpan(6, 15).IndexOfAnyExcept((byte)0) < 0 || bytes[18] == 127
                ? Others(() => OfPort(port), $"port {port} of another process") : address,
            _ => address,
        };
    }

    private static string? Others(Func<HashSet<string>> listening, string words)
    {
        HashSet<string> seen = listening();
        if (seen.Count == 0 || seen.Overlaps(Own())) return null;
        // One of this process that was closed meanwhile is gone from the list, too.
        return listening().Overlaps(seen) ? words : null;
    }

    /// <summary>The inodes of the sockets that listen on the port: <c>/proc/net/tcp</c>, where the state 0A listens (proc_pid_net(5)).</summary>
    private static HashSet<string> OfPort(ushort port) =>
    [
        .. Rows("/proc/self/net/tcp").Concat(Rows("/proc/self/net/tcp6"))
            .Where((words) => words.Length > 9 && words[3] == "0A" && words[1].EndsWith($":{port:X4}", StringComparison.Ordinal)).Select((words) => words[9]),
    ];

    private static HashSet<string> OfPath(string path) =>
        [.. Rows("/proc/self/net/unix").Where((words) => words.Length > 7 && words[7] == path).Select((words) => words[6])];

    private static IEnumerable<string[]> Rows(string file) => File.Exists(file)
        ? File.ReadLines(file).Select((line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : [];

    private static IEnumerable<string> Own()
    {
        foreach (string descriptor in Directory.EnumerateFiles("/proc/self/fd"))
        {
            // A descriptor that was closed meanwhile has no target.
            if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal)) yield return target[8..^1];
        }
    }
}
