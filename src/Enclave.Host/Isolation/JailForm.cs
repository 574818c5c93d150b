namespace Enclave.Isolation;

/// <summary>What holds the file system.</summary>
internal enum JailForm
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>Landlock, in the namespaces the host is in.</summary>
    Landlock,

    /// <summary>Bubblewrap's root of read-only binds and its namespaces, with Landlock inside where the kernel has it.</summary>
    Bubblewrap,
}
