using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Tenants.Policies;

/// <summary>A file with policies.</summary>
internal static class PolicyFile
{
    // People read and edit it.
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads and checks the policies of a file.</summary>
    /// <exception cref="ArgumentException">They are malformed or out of their ranges. The message names the file and the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TenantPolicies Read(string path)
    {
        byte[] bytes = Bytes(path);
        try
        {
            return PolicyJson.Read(bytes);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"{path}: {fault.Message}");
        }
    }

    /// <summary>
    /// Changes the state of one tenant in a file. Everything else stays as it was. The file is replaced as a whole: a reader sees the one before or the one
    /// after. A tenant without a policy gets the default one with this state.
    /// </summary>
    /// <returns>The states before and after.</returns>
    /// <exception cref="ArgumentException">The file is malformed.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static (TenantState From, TenantState To) Change(string path, string tenant, TenantState state)
    {
        // A link stays a link.
        path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        byte[] bytes = Bytes(path);
        TenantPolicies policies;
        try
        {
            policies = PolicyJson.Read(bytes);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"{path}: {fault.Message}");
        }

        var root = (JsonObject)JsonNode.Parse(bytes)!;
        if (root["tenants"] is not JsonObject tenants) root["tenants"] = tenants = [];
        TenantPolicy before = policies.Tenants.GetValueOrDefault(tenant) ?? policies.Default;
        if (tenants[tenant] is not JsonObject policy) tenants[tenant] = policy = (JsonObject?)root["default"]?.DeepClone() ?? [];
        policy["state"] = QuotaRule.Name(state);
        Write(path, Encoding.UTF8.GetBytes(root.ToJsonString(s_readable) + "\n"));
        return (before.State, state);
    }

    private static byte[] Bytes(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > PolicyJson.MaxBytes) throw new ArgumentException($"{path} has {file.Length} bytes; at most {PolicyJson.MaxBytes} are read");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        // The mark at the beginning that some editors write is not JSON.
        return bytes.AsSpan().StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
    }

    private static void Write(string path, byte[] bytes)
    {
        string fresh = $"{path}.{Guid.NewGuid():n}";
        try
        {
            using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(path));
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
