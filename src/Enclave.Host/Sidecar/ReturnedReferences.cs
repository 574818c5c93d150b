namespace Enclave;

/// <summary>How references in a script's returned value are treated.</summary>
public enum ReturnedReferences
{
    /// <summary>The caller gets the values themselves.</summary>
    Resolve,

    /// <summary>The caller gets references with new ids, each valid for <see cref="IEnclave.OpenReferenceAsync"/> until its time to live has passed.</summary>
    Token,
}
