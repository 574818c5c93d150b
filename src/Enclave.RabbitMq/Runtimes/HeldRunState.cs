namespace Enclave.RabbitMq.Runtimes;

/// <summary>How far a run has come here.</summary>
internal enum HeldRunState
{
    /// <summary>Its broker was asked whether it may begin.</summary>
    Asked,

    /// <summary>The runtime stops: its broker was told that it does not begin here, and says so when it has heard.</summary>
    Returning,

    /// <summary>It may, and its delivery is acknowledged.</summary>
    Begun,

    /// <summary>It has ended, or will not begin.</summary>
    Over,
}
