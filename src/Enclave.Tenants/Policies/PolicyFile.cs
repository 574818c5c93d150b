using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Linux;

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
    public static TenantPolicies Read(string path) => Parse(path, Bytes(path));

    /// <summary>
    /// Changes the state of one tenant in a file. Everything else stays as it was. The file is replaced as a whole: a reader sees the one before or the one
    /// after. A tenant without a policy gets the default one with this state.
    /// </summary>
    /// <returns>The policies of the tenant before and after.</returns>
    /// <exception cref="ArgumentException">The file is malformed.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static (TenantPolicy From, TenantPolicy To) Change(string path, string tenant, TenantState state) => Change(path, tenant, (tenants, root, before) =>
    {
        if (tenants[tenant] is not JsonObject policy) tenants[tenant] = policy = (JsonObject?)root["default"]?.DeepClone() ?? [];
        policy["state"] = QuotaRule.Name(state);
        return before with { State = state };
    });

    /// <summary>Gives one tenant another policy. Everything else stays as it was.</summary>
    /// <inheritdoc cref="Change(string, string, TenantState)"/>
    public static (TenantPolicy From, TenantPolicy To) Put(string path, string tenant, TenantPolicy policy) => Change(path, tenant, (tenants, _, _) =>
    {
        tenants[tenant] = PolicyJson.Write(policy);
        return policy;
    });

    private static (TenantPolicy From, TenantPolicy To) Change(
        string path, string tenant, Func<JsonObject, JsonObject, TenantPolicy, TenantPolicy> change)
    {
        // A link stays a link.
        path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        byte[] bytes = Bytes(path);
        TenantPolicies policies = Parse(path, bytes);
        var root = (JsonObject)JsonNode.Parse(bytes)!;
        if (root["tenants"] is not JsonObject tenants) root["tenants"] = tenants = [];
        TenantPolicy before = policies.Tenants.GetValueOrDefault(tenant) ?? policies.Default;
        TenantPolicy after = change(tenants, root, before);
        FreshFile.Write(path, Encoding.UTF8.GetBytes(root.ToJsonString(s_readable) + "\n"), (fresh) =>
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fresh, File.GetUnixFileMode(path));
            File.Move(fresh, path, overwrite: true);
        });
        return (before, after);
    }

    private static TenantPolicies Parse(string path, byte[] bytes)
    {
        try
        {
            return PolicyJson.Read(bytes);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"{path}: {fault.Message}");
        }
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
}
