namespace Enclave.Guard;

/// <summary>Says if scripts are checked before they run. They are parsed, transformed and limited in either case.</summary>
internal enum StaticChecks
{
    /// <summary>Scripts are judged.</summary>
    On,

    /// <summary>Only the protections at run time apply.</summary>
    Off,
}
