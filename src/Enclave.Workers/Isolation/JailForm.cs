namespace Enclave.Isolation;

/// <summary>The protection of the file system.</summary>
internal enum JailForm
{
    /// <summary>None.</summary>
    None,

    /// <summary>Landlock, in the host's own namespaces.</summary>
    Landlock,

    /// <summary>Bubblewrap's root of read-only binds and its namespaces, with Landlock inside if the kernel has it.</summary>
    Bubblewrap,
}
