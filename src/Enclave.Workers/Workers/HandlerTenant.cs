namespace Enclave.Workers;

/// <summary>The runs of one tenant that hold threads for the application's code, or wait for them. <see cref="HandlerThreads"/> guards it.</summary>
internal sealed class HandlerTenant
{
    /// <summary>The runs that may have a thread, in the order of their turns.</summary>
    public Queue<HandlerTurns> Listed { get; } = new();

    /// <summary>Runs that hold a thread or wait for one.</summary>
    public int Runs { get; set; }

    /// <summary>The threads that they hold.</summary>
    public int Held { get; set; }

    /// <summary>True while the tenant waits for its turn.</summary>
    public bool IsListed { get; set; }
}
