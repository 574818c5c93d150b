namespace Enclave.Runs;

/// <summary>A part of a host that a feature has made, and that ends with the host.</summary>
internal interface IFeaturePart
{
    /// <summary>Takes no more work. The host ends its workers next.</summary>
    void Close();

    /// <summary>Completes when all its work has ended.</summary>
    /// <param name="patience">The longest wait for work that has begun.</param>
    Task EndAsync(TimeSpan patience);
}
