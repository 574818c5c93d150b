using Enclave.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Enclave.DependencyInjection;

/// <summary>
/// A section of an application's configuration from which a host has its options. A host keeps the options that it was started with, so each key that changes
/// later is logged.
/// </summary>
/// <param name="Name">The name of the host.</param>
/// <param name="Section">The section.</param>
internal sealed record BoundSection(string Name, IConfigurationSection Section)
{
    /// <summary>Logs later changes until it is disposed.</summary>
    public IDisposable Watch(ILogger log)
    {
        Dictionary<string, string?> known = Read();
        var gate = new Lock();
        return ChangeToken.OnChange(Section.GetReloadToken, () =>
        {
            // A provider may report one change several times.
            lock (gate)
            {
                Dictionary<string, string?> now = Read();
                string[] changed = [.. known.Keys.Union(now.Keys).Where((key) => known.GetValueOrDefault(key) != now.GetValueOrDefault(key)).Order()];
                known = now;
                if (changed.Length > 0) Log.OptionsChanged(log, LogText.Detail(string.Join(", ", changed)));
            }
        });
    }

    private Dictionary<string, string?> Read() => Section.AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
}
