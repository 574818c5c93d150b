using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Enclave.Configuration;

/// <summary>Options out of an application's configuration (docs/hosting.md).</summary>
/// <remarks>
/// The framework's binder is not used: it would set the properties of the shared presets themselves, knows neither presets by name nor sizes like 64MB, and says nothing of a section that is missing.
/// </remarks>
internal static class EnclaveConfiguration
{
    /// <summary>The settings of an adapter's own section, in place of the pool's.</summary>
    private static readonly (string Adapter, string Pool)[] s_same =
    [
        (nameof(PoolAdapterOptions.PoolSize), nameof(WorkerPoolOptions.MinWorkers)), (nameof(PoolAdapterOptions.PoolSize), nameof(WorkerPoolOptions.MaxWorkers)),
        (nameof(PoolAdapterOptions.MaxWorkerMemory), nameof(WorkerPoolOptions.MemoryLimitPerWorker)),
        (nameof(PoolAdapterOptions.MaxExecutionsPerWorker), nameof(WorkerPoolOptions.MaxExecutionsPerWorker)), (nameof(PoolAdapterOptions.IdleTimeout), nameof(WorkerPoolOptions.IdleTimeout)),
    ];

    /// <exception cref="OptionsValidationException">A key is not known, or a value cannot be read: all of them, each with its path.</exception>
    public static void Apply(IConfigurationSection section, EnclaveOptions options)
    {
        var reader = new SectionReader(options);
        // A section that was misspelled would otherwise run scripts with the defaults, and nobody would know.
        if (section.Exists()) reader.Fill(section, options);
        else reader.Faults.Add($"the configuration has no section '{section.Path}': write it, or call AddEnclave without it");
        foreach ((string own, string pool) in s_same)
        {
            string first = $"{nameof(options.Adapter)}:{own}", second = $"{nameof(options.WorkerPool)}:{pool}";
            if (section[first] is not null && section[second] is not null) reader.Faults.Add($"{section.Path}:{second} would be ignored, since {section.Path}:{first} says the same: leave one of them out");
        }

        if (reader.Faults.Count > 0) throw new OptionsValidationException(Options.DefaultName, typeof(EnclaveOptions), reader.Faults);
    }
}
