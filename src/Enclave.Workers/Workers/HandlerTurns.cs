namespace Enclave.Workers;

/// <summary>The calls of one run whose code of the application holds a thread or waits for one.</summary>
/// <param name="tenant">The key of the run's tenant.</param>
internal sealed class HandlerTurns(string tenant)
{
    /// <summary>The key of the run's tenant.</summary>
    public string Tenant => tenant;

    /// <summary>
    /// The work that waits for a thread, at most one item for each open call of the run. The lock of <see cref="HandlerThreads"/> guards this and the following
    /// members.
    /// </summary>
    public Queue<IThreadPoolWorkItem> Waiting { get; } = new(0);

    /// <summary>The threads that the run holds.</summary>
    public int Held { get; set; }

    /// <summary>True while the run stands in its tenant's queue.</summary>
    public bool IsListed { get; set; }

    /// <summary>Its tenant while the run holds a thread or waits for one.</summary>
    public HandlerTenant? Place { get; set; }

    /// <summary>Runs code of the application on one of the threads for it, in this context, and returns its task. Never on the caller's stack.</summary>
    public Task<T> Run<T>(Func<Task<T>> work)
    {
        var item = new HandlerWork<T>(work);
        HandlerThreads.Post(this, item);
        return item.Answer;
    }
}
