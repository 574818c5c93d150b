namespace Enclave.Isolation;

/// <summary>Whom a worker that starts takes the cores from.</summary>
internal enum StartPace
{
    /// <summary>Everybody alike: it is waited for, or nobody else is at work.</summary>
    AtOnce,

    /// <summary>Jobs come first, where a control group can say so: nobody waits for it yet.</summary>
    Aside,
}
