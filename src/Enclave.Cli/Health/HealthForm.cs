namespace Enclave.Cli.Health;

/// <summary>The output format of the check.</summary>
internal enum HealthForm
{
    /// <summary>The response unchanged, and faults on standard error.</summary>
    Text,

    /// <summary>One JSON object on standard output, healthy or not.</summary>
    Json,
}
